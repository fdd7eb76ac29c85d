package io.hexsocket.core.connection;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** How many connections there are, in all and from each network. All are counted, whatever the limits are: those may change. Any thread. */
final class ConnectionCounts {

    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentMap<Network, Integer> byNetwork = new ConcurrentHashMap<>();

    /** Counts a connection; gives null, or why it is one too many. Counted it is either way, until {@link #release}. */
    @Nullable String take(int limit) {
        return all.incrementAndGet() <= limit ? null : "The server has as many connections as it takes.";
    }

    /**
     * Counts a connection among those of its client's network; gives the same, and counts in the same way, until {@link #leave}.
     *
     * @param limit 0 for none
     */
    @Nullable String join(InetAddress client, int limit) {
        int count = byNetwork.merge(Network.of(client), 1, Integer::sum);
        return limit == 0 || count <= limit
                ? null
                : "There are as many connections from this address as the server takes.";
    }

    /** Whether so many are over the limit that another one gets no answer. */
    boolean isFarOver(int limit) {
        return all.get() > limit + 16L;
    }

    void release() {
        all.decrementAndGet();
    }

    void leave(InetAddress client) {
        byNetwork.computeIfPresent(Network.of(client), (network, count) -> count == 1 ? null : count - 1);
    }

    /** How many networks there are connections from. */
    int networks() {
        return byNetwork.size();
    }

    int all() {
        return all.get();
    }
}
