package io.hexsocket.core.hub;

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
    public synchronized boolean alias(String alias) {
        if (aliases.contains(alias)) {
            return true;
        }
        if (!session.session().isOpen()
                || aliases.size() >= state.limits().aliases()
                || !state.directory().enterAlias(alias, session.session())) {
            return false;
        }
        aliases.add(alias);
        return true;
    }

    private synchronized void giveUpNames() {
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
