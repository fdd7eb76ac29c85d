package io.hexsocket.core.hub;

import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.session.Recipient;
import io.hexsocket.core.session.Registration;
import java.security.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names and topics of one session, from the first that it asks for. */
final class NamesAndTopics implements Registration {

    private final Recipient session;
    private final LoopHub loop;
    private final HubState state;
    private @Nullable String id;
    private final List<String> aliases = new ArrayList<>(0);
    /** What this session has claimed from the cluster, as often as it has; unchanged once it has ended. */
    private final List<String> claimed = new ArrayList<>(0);

    private boolean hasEnded;
    private @Nullable Subscription user;
    private @Nullable Subscription ident;
    /** By topic; changed on the loop only, and under the lock. Most have one or none. */
    private final Map<String, Subscription> subscriptions = new HashMap<>(1);
    /** How many topics other threads have asked for and the loop has not come to. */
    private int reserved;

    NamesAndTopics(Recipient session, LoopHub loop, HubState state) {
        this.session = session;
        this.loop = loop;
        this.state = state;
    }

    // ---- names, any thread

    @Override
    public synchronized String id() {
        String known = id;
        if (known == null) {
            known = state.directory().enter(session.session());
            id = known;
            if (!session.session().isOpen()) {
                state.directory().leave(known);
            }
        }
        return known;
    }

    @Override
    public synchronized @Nullable String idIfAny() {
        return id;
    }

    @Override
    public boolean alias(String alias) {
        Taken taken = take(alias);
        if (taken == Taken.NOW && state.cluster() != null) {
            // not under the lock: an engine has its own
            state.claimAlias(alias, () -> lose(alias));
            if (!keepClaim(alias)) {
                state.releaseAlias(alias);
            }
        }
        return taken != Taken.NOT;
    }

    private enum Taken {
        NOT,
        BEFORE,
        NOW
    }

    /** Takes an alias on this node. */
    private synchronized Taken take(String alias) {
        Session self = session.session();
        boolean isKnown = aliases.contains(alias);
        // one that another node has won is no longer in the directory
        if (isKnown && state.directory().find(Target.alias(alias)) == self) {
            return Taken.BEFORE;
        }
        if (!self.isOpen()
                || !isKnown && aliases.size() >= state.limits().aliases()
                || !state.directory().enterAlias(alias, self)) {
            return Taken.NOT;
        }
        if (!isKnown) {
            aliases.add(alias);
        }
        return Taken.NOW;
    }

    /** Remembers what is to be released at the end; false if that was before. */
    private synchronized boolean keepClaim(String alias) {
        if (!hasEnded) {
            claimed.add(alias);
        }
        return !hasEnded;
    }

    /** A session of another node has it. On any thread. */
    private void lose(String alias) {
        state.directory().leaveAlias(alias, session.session());
        loop.loop().server().listener().onNameLost(session.number(), session.session(), Target.alias(alias));
    }

    private void giveUpNames() {
        leaveDirectory();
        claimed.forEach(state::releaseAlias);
    }

    private synchronized void leaveDirectory() {
        hasEnded = true;
        if (id != null) {
            state.directory().leave(id);
        }
        aliases.forEach(alias -> state.directory().leaveAlias(alias, session.session()));
    }

    // ---- topics, on the session's loop

    @Override
    public void open() {
        Principal principal = session.session().principal();
        user = enter(Group.USER, principal == null ? null : principal.getName());
        ident = enter(Group.IDENT, session.ident());
    }

    private @Nullable Subscription enter(Group group, @Nullable String name) {
        if (name == null) {
            return null;
        }
        Subscription subscription = new Subscription(session, name);
        loop.enter(group, subscription);
        return subscription;
    }

    private void leave(Group group, @Nullable Subscription subscription) {
        if (subscription != null) {
            loop.leave(group, subscription);
        }
    }

    @Override
    public boolean subscribe(String topic) {
        Subscription subscription;
        synchronized (this) {
            if (subscriptions.containsKey(topic)) {
                return true;
            }
            if (isFull()) {
                return false;
            }
            subscription = new Subscription(session, topic);
            subscriptions.put(topic, subscription);
        }
        loop.enter(Group.TOPIC, subscription);
        return true;
    }

    /** Any thread. */
    @Override
    public synchronized boolean reserve(String topic) {
        if (isFull() && !subscriptions.containsKey(topic)) {
            return false;
        }
        reserved++;
        return true;
    }

    @Override
    public synchronized void endReservation() {
        reserved--;
    }

    private boolean isFull() {
        return subscriptions.size() + reserved >= state.limits().topics();
    }

    /** Whether the session is a member of a group. */
    boolean isIn(Group group, String name) {
        return switch (group) {
            case TOPIC -> subscriptions.containsKey(name);
            case USER -> user != null && user.name.equals(name);
            case IDENT -> ident != null && ident.name.equals(name);
        };
    }

    @Override
    public void unsubscribe(String topic) {
        Subscription ended;
        synchronized (this) {
            ended = subscriptions.remove(topic);
        }
        if (ended != null) {
            loop.leave(Group.TOPIC, ended);
        }
    }

    @Override
    public void end() {
        subscriptions.values().forEach(subscription -> loop.leave(Group.TOPIC, subscription));
        synchronized (this) {
            subscriptions.clear();
        }
        leave(Group.USER, user);
        leave(Group.IDENT, ident);
        giveUpNames();
    }
}
