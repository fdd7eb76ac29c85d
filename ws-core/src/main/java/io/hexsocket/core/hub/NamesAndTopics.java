package io.hexsocket.core.hub;

import io.hexsocket.core.session.Recipient;
import io.hexsocket.core.session.Registration;
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
    public void subscribe(String topic) {
        if (subscriptions.stream().noneMatch(one -> one.topic.equals(topic))) {
            Subscription subscription = new Subscription(session, topic);
            subscriptions.add(subscription);
            loop.subscribe(subscription);
        }
    }

    @Override
    public void unsubscribe(String topic) {
        subscriptions.removeIf(subscription -> {
            boolean leaves = subscription.topic.equals(topic);
            if (leaves) {
                loop.unsubscribe(subscription);
            }
            return leaves;
        });
    }

    @Override
    public void end() {
        subscriptions.forEach(loop::unsubscribe);
        subscriptions.clear();
        giveUpNames();
    }
}
