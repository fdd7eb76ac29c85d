package io.hexsocket.core.session;

import io.hexsocket.apps.Audience;
import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.routing.Route;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The hub of a server whose sessions are spread over event loops. Any thread. */
final class ServerHub implements Hub {

    private final ServerScope scope;
    private final Audience everyone = new Everyone();
    private final ConcurrentMap<String, AtomicInteger> subscribers = new ConcurrentHashMap<>();

    ServerHub(ServerScope scope) {
        this.scope = scope;
    }

    @Override
    public Audience everyone() {
        return everyone;
    }

    @Override
    public Audience app(String pattern) {
        Route route = scope.routes().find(pattern);
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
        LiveSession session = scope.directory().find(target);
        if (session == null) {
            return Delivery.UNKNOWN;
        }
        return switch (session.send(message)) {
            case SENT, QUEUEING -> Delivery.DELIVERED;
            case FULL -> Delivery.SLOW;
            case CLOSED -> Delivery.UNKNOWN;
        };
    }

    void countSubscriber(String topic, int change) {
        subscribers.compute(topic, (name, count) -> {
            AtomicInteger counted = count == null ? new AtomicInteger() : count;
            return counted.addAndGet(change) == 0 ? null : counted;
        });
    }

    /** An audience that has members on every loop. */
    private abstract class Spread implements Audience {

        abstract void deliver(LoopSessions loop, FanOut message, @Nullable LiveSession except);

        @Override
        public void send(Message message, @Nullable Session except) {
            LiveSession left = except instanceof LiveSession live ? live : null;
            // here, on the sender's thread: the message may be gone when the other loops get to it
            Broadcast encoded = Broadcast.of(message);
            LoopSessions here = null;
            List<LoopSessions> loops = scope.loops();
            // by index: an iterator would be what a broadcast allocates
            for (int i = 0; i < loops.size(); i++) {
                LoopSessions loop = loops.get(i);
                if (loop.isHere()) {
                    here = loop;
                } else {
                    loop.post(() -> deliver(loop, loop.fanOut(encoded), left));
                }
            }
            if (here != null) {
                here.openMail();
                deliver(here, here.fanOut(encoded), left);
            }
        }
    }

    private final class Everyone extends Spread {
        @Override
        void deliver(LoopSessions loop, FanOut message, @Nullable LiveSession except) {
            loop.deliverToEveryone(message, except);
        }

        @Override
        public int size() {
            return scope.sessions();
        }
    }

    private final class OfRoute extends Spread {
        private final Route route;

        OfRoute(Route route) {
            this.route = route;
        }

        @Override
        void deliver(LoopSessions loop, FanOut message, @Nullable LiveSession except) {
            loop.deliverToRoute(route.index(), message, except);
        }

        @Override
        public int size() {
            return scope.population(route).get();
        }
    }

    private final class OfTopic extends Spread {
        private final String topic;

        OfTopic(String topic) {
            this.topic = topic;
        }

        @Override
        void deliver(LoopSessions loop, FanOut message, @Nullable LiveSession except) {
            loop.deliverToTopic(topic, message, except);
        }

        @Override
        public int size() {
            AtomicInteger count = subscribers.get(topic);
            return count == null ? 0 : count.get();
        }
    }
}
