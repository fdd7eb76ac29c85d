package io.hexsocket.apps;

import java.util.Map;
import java.util.Set;

/**
 * How many members an audience has on each node.
 *
 * @param byNode by the node's name, those without members too; a server that is alone has the empty text for a name
 * @param silent the nodes that are there and have not answered, whose members are not counted
 * @since 0.2
 */
public record Sizes(Map<String, Integer> byNode, Set<String> silent) {

    /** Copies both. */
    public Sizes {
        byNode = Map.copyOf(byNode);
        silent = Set.copyOf(silent);
    }

    /** How many there are on all nodes that have answered. */
    public int total() {
        return byNode.values().stream().mapToInt(Integer::intValue).sum();
    }
}
