package io.hexsocket.core.hub;

import io.hexsocket.apps.Audience;
import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.connection.LoopState;
import io.hexsocket.core.connection.ServerState;
import io.hexsocket.core.port.transport.Entropy;
import io.hexsocket.core.routing.Directory;
import io.hexsocket.core.routing.Route;
import io.hexsocket.core.routing.Routes;
import io.hexsocket.core.routing.SessionIds;
import io.hexsocket.core.session.SessionHub;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The hub of a server whose sessions are spread over event loops. Any thread. */
public final class ServerHub implements Hub {

    private final Routes routes;
    private final HubState state;
    private final List<LoopHub> loops = new CopyOnWriteArrayList<>();
    private final Audience everyone = new Everyone();

    /**
     * A hub without sessions.
     *
     * @param entropy for the ids of sessions
     */
    public ServerHub(ServerState server, Entropy entropy) {
        this.routes = server.routes();
        this.state = new HubState(
                new Directory<>(new SessionIds(entropy)),
                routes.all().size(),
                server.limits().aliases());
    }

    /** Takes an event loop into service, before it has sessions. On that loop. */
    public SessionHub attach(LoopState loop) {
        LoopHub hub = new LoopHub(loop, this, state);
        loops.add(hub);
        return hub;
    }

    /** How many sessions are open. */
    public int sessions() {
        return state.sessions();
    }

    /** How many names are in use: ids, aliases and idents. */
    public int names() {
        return state.directory().size();
    }

    @Override
    public Audience everyone() {
        return everyone;
    }

    @Override
    public Audience app(String pattern) {
        Route route = routes.find(pattern);
        if (route == null) {
            throw new IllegalArgumentException("no app is registered for " + pattern);
        }
        return new OfRoute(route);
    }

    @Override
    public Audience topic(String name) {
        return new OfTopic(Objects.requireNonNull(name, "name"));
    }

    @Override
    public Delivery send(Target target, Message message) {
        Session session = state.directory().find(target);
        if (session == null) {
            return Delivery.UNKNOWN;
        }
        return switch (session.send(message)) {
            case SENT, QUEUEING -> Delivery.DELIVERED;
            case FULL -> Delivery.SLOW;
            case CLOSED -> Delivery.UNKNOWN;
        };
    }

    /** An audience that has members on every loop. */
    private abstract class Spread implements Audience {

        abstract void deliver(LoopHub loop, Broadcast message, @Nullable Session except);

        @Override
        public void send(Message message, @Nullable Session except) {
            // on the sender's thread: the message may be gone when the other loops get to it
            Broadcast broadcast = Broadcast.of(message);
            LoopHub here = null;
            // by index: an iterator would be what a broadcast allocates
            for (int i = 0; i < loops.size(); i++) {
                LoopHub loop = loops.get(i);
                if (loop.isHere()) {
                    here = loop;
                } else {
                    loop.post(there -> deliver(there, broadcast, except));
                }
            }
            if (here != null) {
                deliver(here.enter(), broadcast, except);
            }
        }
    }

    private final class Everyone extends Spread {
        @Override
        void deliver(LoopHub loop, Broadcast message, @Nullable Session except) {
            loop.deliverToEveryone(message, except);
        }

        @Override
        public int size() {
            return state.sessions();
        }
    }

    private final class OfRoute extends Spread {
        private final Route route;

        OfRoute(Route route) {
            this.route = route;
        }

        @Override
        void deliver(LoopHub loop, Broadcast message, @Nullable Session except) {
            loop.deliverToRoute(route, message, except);
        }

        @Override
        public int size() {
            return state.sessions(route);
        }
    }

    private final class OfTopic extends Spread {
        private final String topic;

        OfTopic(String topic) {
            this.topic = topic;
        }

        @Override
        void deliver(LoopHub loop, Broadcast message, @Nullable Session except) {
            loop.deliverToTopic(topic, message, except);
        }

        @Override
        public int size() {
            return state.subscribers(topic);
        }
    }
}
