package io.hexsocket.core.hub;

import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.connection.LoopSide;
import io.hexsocket.core.connection.LoopState;
import io.hexsocket.core.routing.Members;
import io.hexsocket.core.routing.Route;
import io.hexsocket.core.session.Recipient;
import io.hexsocket.core.session.Registration;
import io.hexsocket.core.session.SessionHub;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Which sessions of one event loop are in which audience. On that loop, unless it says otherwise. */
final class LoopHub implements SessionHub, LoopSide<LoopHub> {

    private final LoopState loop;
    private final Hub hub;
    private final HubState state;
    private final List<Members<Recipient>> byRoute = new ArrayList<>();
    private final Map<String, Members<Subscription>> topics = new HashMap<>();

    LoopHub(LoopState loop, Hub hub, HubState state) {
        this.loop = loop;
        this.hub = hub;
        this.state = state;
        loop.server().routes().all().forEach(route -> byRoute.add(new Members<>()));
    }

    // ---- the way in from any thread

    @Override
    public boolean isHere() {
        return loop.isHere();
    }

    @Override
    public LoopHub enter() {
        loop.drainMailbox();
        return this;
    }

    @Override
    public void post(Consumer<LoopHub> operation) {
        loop.post(() -> operation.accept(this));
    }

    // ---- sessions

    @Override
    public Hub hub() {
        return hub;
    }

    @Override
    public void join(Recipient session) {
        byRoute.get(session.route().index()).add(session);
        state.countSession(session.route(), 1);
        String ident = session.ident();
        if (ident != null) {
            tellIfShared(ident, session);
            state.directory().enterIdent(ident, session.session());
        }
    }

    private void tellIfShared(String ident, Recipient session) {
        Session other = state.directory().find(Target.ident(ident));
        InetSocketAddress there = other == null ? null : other.request().remoteAddress();
        InetSocketAddress here = session.session().request().remoteAddress();
        if (there != null && !Objects.equals(there.getAddress(), here.getAddress())) {
            loop.server().listener().onIdentShared(session.number(), session.session(), ident, there);
        }
    }

    @Override
    public void leave(Recipient session) {
        byRoute.get(session.route().index()).remove(session);
        state.countSession(session.route(), -1);
        String ident = session.ident();
        if (ident != null) {
            state.directory().leaveIdent(ident, session.session());
        }
        Registration registration = session.registrationIfAny();
        if (registration != null) {
            registration.end();
        }
    }

    @Override
    public Registration register(Recipient session) {
        return new NamesAndTopics(session, this, state);
    }

    void subscribe(Subscription subscription) {
        topics.computeIfAbsent(subscription.topic, name -> new Members<>()).add(subscription);
        state.countSubscriber(subscription.topic, 1);
    }

    void unsubscribe(Subscription subscription) {
        Members<Subscription> members = topics.get(subscription.topic);
        if (members != null) {
            members.remove(subscription);
            if (members.size() == 0) {
                topics.remove(subscription.topic);
            }
        }
        state.countSubscriber(subscription.topic, -1);
    }

    // ---- broadcasts

    void deliverToRoute(Route route, Broadcast message, @Nullable Session except) {
        deliver(byRoute.get(route.index()), fanOut(message), except);
    }

    void deliverToEveryone(Broadcast message, @Nullable Session except) {
        FanOut shared = fanOut(message);
        for (int i = byRoute.size() - 1; i >= 0; i--) {
            deliver(byRoute.get(i), shared, except);
        }
    }

    void deliverToTopic(String topic, Broadcast message, @Nullable Session except) {
        Members<Subscription> members = topics.get(topic);
        if (members == null) {
            return;
        }
        FanOut shared = fanOut(message);
        for (int i = members.size() - 1; i >= 0; i--) {
            deliver(members.at(i).session, shared, except);
        }
    }

    private static void deliver(Members<Recipient> members, FanOut message, @Nullable Session except) {
        for (int i = members.size() - 1; i >= 0; i--) {
            deliver(members.at(i), message, except);
        }
    }

    private static void deliver(Recipient session, FanOut message, @Nullable Session except) {
        if (except == null || session.session() != except) {
            session.receive(message);
        }
    }

    private FanOut fanOut(Broadcast message) {
        return new FanOut(message, loop.deflateStreams());
    }
}
