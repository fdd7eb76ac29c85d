package io.hexsocket.core.hub;

import io.hexsocket.core.session.Recipient;
import io.hexsocket.core.session.Registration;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
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
    private final List<Subscription> subscriptions = new ArrayList<>(0);

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
                || aliases.size() >= state.maxAliases()
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
    public void subscribe(String topic) {
        if (subscriptions.stream().noneMatch(one -> one.name.equals(topic))) {
            Subscription subscription = new Subscription(session, topic);
            subscriptions.add(subscription);
            loop.enter(Group.TOPIC, subscription);
        }
    }

    @Override
    public void unsubscribe(String topic) {
        subscriptions.removeIf(subscription -> {
            boolean leaves = subscription.name.equals(topic);
            if (leaves) {
                loop.leave(Group.TOPIC, subscription);
            }
            return leaves;
        });
    }

    @Override
    public void end() {
        subscriptions.forEach(subscription -> loop.leave(Group.TOPIC, subscription));
        subscriptions.clear();
        leave(Group.USER, user);
        leave(Group.IDENT, ident);
        giveUpNames();
    }
}
