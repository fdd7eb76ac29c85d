package io.hexsocket.core.connection;

import io.hexsocket.core.config.Limits;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How many connections a second come from each network. Nothing is kept of those from which none has come for a while. Any thread. */
final class ConnectionRates {

    private final ConcurrentMap<Network, TokenBucket> byNetwork = new ConcurrentHashMap<>();

    /**
     * Counts a connection; false if it is one too many.
     *
     * @param perSecond from one network; 0 for no limit
     */
    boolean take(InetAddress client, int tick, int perSecond) {
        if (perSecond == 0) {
            return true;
        }
        boolean[] taken = new boolean[1];
        byNetwork.compute(Network.of(client), (network, known) -> {
            TokenBucket bucket =
                    known == null ? new TokenBucket(tick, perSecond, Limits.CONNECTION_BURST_SECONDS) : known;
            taken[0] = bucket.take(tick, perSecond, 1);
            return bucket;
        });
        return taken[0];
    }

    /** Forgets the networks whose connections are too long ago to count. */
    void trim(int tick, int perSecond) {
        byNetwork
                .keySet()
                .forEach(network -> byNetwork.computeIfPresent(
                        network, (same, bucket) -> perSecond == 0 || bucket.isFull(tick, perSecond) ? null : bucket));
    }

    /** How many networks are remembered. */
    int networks() {
        return byNetwork.size();
    }
}
