package io.hexsocket.core.hub;

import io.hexsocket.apps.Audience;
import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.connection.LoopState;
import io.hexsocket.core.connection.ServerState;
import io.hexsocket.core.port.transport.Entropy;
import io.hexsocket.core.routing.Directory;
import io.hexsocket.core.routing.Member;
import io.hexsocket.core.routing.Members;
import io.hexsocket.core.routing.Route;
import io.hexsocket.core.routing.Routes;
import io.hexsocket.core.routing.SessionIds;
import io.hexsocket.core.session.Recipient;
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
                new Directory<>(new SessionIds(entropy)), routes.all().size(), server.limits());
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
    private abstract class OnLoops implements Audience, Spread<LoopHub> {

        @Override
        public SendResult send(Message message, @Nullable Session except) {
            // by index: an iterator would be what a broadcast allocates
            for (int i = 0; i < loops.size(); i++) {
                if (loops.get(i).backlog().isFull()) {
                    loops.get(i).loop().tellPoster();
                    return SendResult.FULL;
                }
            }
            // on the sender's thread: the message may be gone when the other loops get to it
            Broadcast broadcast = Broadcast.of(message);
            int deliveries = size() / loops.size() + 1;
            LoopHub here = null;
            boolean high = false;
            for (int i = 0; i < loops.size(); i++) {
                LoopHub loop = loops.get(i);
                if (loop.isHere()) {
                    here = loop;
                } else {
                    loop.post(new FanOut(loop, this, broadcast, except, deliveries));
                    high |= loop.backlog().isHigh();
                }
            }
            if (here != null) {
                high |= sendHere(here.enter(), broadcast, except);
            }
            return high ? SendResult.QUEUEING : SendResult.SENT;
        }

        private boolean sendHere(LoopHub here, Broadcast broadcast, @Nullable Session except) {
            FanOut own = new FanOut(here, this, broadcast, except, 0);
            here.backlog().add(own.weight());
            here.begin(own);
            here.loop().spendDeliveries(own.deliveries());
            if (!here.backlog().isHigh()) {
                return false;
            }
            here.loop().tellPoster();
            return true;
        }
    }

    private final class Everyone extends OnLoops {
        @Override
        public int lists(LoopHub loop) {
            return routes.all().size();
        }

        @Override
        public Members<? extends Member> list(LoopHub loop, int index) {
            return loop.members(index);
        }

        @Override
        public boolean has(Recipient session) {
            return true;
        }

        @Override
        public int size() {
            return state.sessions();
        }
    }

    private final class OfRoute extends OnLoops {
        private final Route route;

        OfRoute(Route route) {
            this.route = route;
        }

        @Override
        public int lists(LoopHub loop) {
            return 1;
        }

        @Override
        public Members<? extends Member> list(LoopHub loop, int index) {
            return loop.members(route.index());
        }

        @Override
        public boolean has(Recipient session) {
            return session.route() == route;
        }

        @Override
        public int size() {
            return state.sessions(route);
        }
    }

    private final class OfTopic extends OnLoops {
        private final String topic;

        OfTopic(String topic) {
            this.topic = topic;
        }

        @Override
        public int lists(LoopHub loop) {
            return 1;
        }

        @Override
        public Members<? extends Member> list(LoopHub loop, int index) {
            return loop.members(topic);
        }

        @Override
        public boolean has(Recipient session) {
            return session.registrationIfAny() instanceof NamesAndTopics known && known.isIn(topic);
        }

        @Override
        public int size() {
            return state.subscribers(topic);
        }
    }
}
