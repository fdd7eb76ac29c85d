package io.hexsocket.core.connection;

import io.hexsocket.core.config.Limits;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How many connections there are, in all and from each network, against their limits. Any thread. */
final class ConnectionCounts {

    private final Limits limits;
    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentMap<Network, Integer> byNetwork = new ConcurrentHashMap<>();

    ConnectionCounts(Limits limits) {
        this.limits = limits;
    }

    /** Counts a connection; gives null, or why it is one too many. Counted it is either way, until {@link #release}. */
    @Nullable String take() {
        return all.incrementAndGet() <= limits.connections() ? null : "The server has as many connections as it takes.";
    }

    /** Counts a connection among those of its client's network; gives the same, and counts in the same way, until {@link #leave}. */
    @Nullable String join(InetAddress client) {
        if (limits.connectionsPerAddress() == 0) {
            return null;
        }
        return byNetwork.merge(Network.of(client), 1, Integer::sum) <= limits.connectionsPerAddress()
                ? null
                : "There are as many connections from this address as the server takes.";
    }

    /** Whether so many are over the limit that another one gets no answer. */
    boolean isFarOver() {
        return all.get() > limits.connections() + 16;
    }

    void release() {
        all.decrementAndGet();
    }

    void leave(InetAddress client) {
        if (limits.connectionsPerAddress() != 0) {
            byNetwork.computeIfPresent(Network.of(client), (network, count) -> count == 1 ? null : count - 1);
        }
    }

    /** How many networks there are connections from. */
    int networks() {
        return byNetwork.size();
    }

    int all() {
        return all.get();
    }
}
