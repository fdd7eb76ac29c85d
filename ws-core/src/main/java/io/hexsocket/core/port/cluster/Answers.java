package io.hexsocket.core.port.cluster;

import java.util.Map;
import java.util.Set;

/**
 * What the other nodes said to a {@linkplain ClusterEngine#ask question}.
 *
 * @param answers by node; never this one, which knows its own
 * @param silent the nodes that were peers when the question was asked and have not answered: too late, lost, or failed to
 */
public record Answers(Map<NodeId, Envelope> answers, Set<NodeId> silent) {

    /** Copies both. */
    public Answers {
        answers = Map.copyOf(answers);
        silent = Set.copyOf(silent);
    }
}
