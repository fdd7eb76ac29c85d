package io.hexsocket.core.port.host;

import java.time.Duration;
import java.util.Set;

/**
 * What a node and the others of its cluster have said to each other since it has started, and how it is now. Sums only grow.
 *
 * @param node its name
 * @param isUp whether it can reach the others
 * @param peers the names of the others that are alive, a moment old
 * @param roundTrip how long the last message of this node to itself by way of the engine's store was under way; longer if one is under way that
 *     takes longer; zero before the first
 * @param queuedBytes what waits for the store to take it
 * @param published messages to many that were to be sent to other nodes
 * @param unsent those of them that were not, because the others could not be reached or too much was waiting
 * @param uncertain those of them of which it is not known
 * @param direct messages to one session of another node
 * @param received messages of other nodes to many that were handed to sessions of this one
 * @param missed messages of other nodes to many that were counted as missing here
 * @param gaps how often messages were missing, counted or not, on one audience
 * @param reconnects how often the others could be reached again
 * @since 0.2
 */
public record ClusterStats(
        String node,
        boolean isUp,
        Set<String> peers,
        Duration roundTrip,
        long queuedBytes,
        long published,
        long unsent,
        long uncertain,
        long direct,
        long received,
        long missed,
        long gaps,
        long reconnects) {

    /** Copies the peers. */
    public ClusterStats {
        peers = Set.copyOf(peers);
    }
}
