package io.hexsocket.core.hub;

import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.routing.Directory;
import io.hexsocket.core.routing.Route;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** What the hubs of all event loops share: who is found by which name, and how many there are where. Any thread. */
final class HubState {

    private final Directory<Session> directory;
    private final List<AtomicInteger> population;
    private final ConcurrentMap<String, AtomicInteger> subscribers = new ConcurrentHashMap<>();
    private final Limits limits;

    /** Knows no session. */
    HubState(Directory<Session> directory, int routes, Limits limits) {
        this.directory = directory;
        this.population = Stream.generate(AtomicInteger::new).limit(routes).toList();
        this.limits = limits;
    }

    Directory<Session> directory() {
        return directory;
    }

    Limits limits() {
        return limits;
    }

    void countSession(Route route, int change) {
        population.get(route.index()).addAndGet(change);
    }

    /** How many sessions an app has. */
    int sessions(Route route) {
        return population.get(route.index()).get();
    }

    int sessions() {
        return population.stream().mapToInt(AtomicInteger::get).sum();
    }

    void countSubscriber(String topic, int change) {
        subscribers.compute(topic, (name, count) -> {
            AtomicInteger counted = count == null ? new AtomicInteger() : count;
            return counted.addAndGet(change) == 0 ? null : counted;
        });
    }

    /** How many members a topic has. */
    int subscribers(String topic) {
        AtomicInteger count = subscribers.get(topic);
        return count == null ? 0 : count.get();
    }
}
