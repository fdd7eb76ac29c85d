package io.hexsocket.core.config;

import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.NodeId;
import java.util.Objects;

/**
 * How a server is joined with other nodes. For one start: an engine is started once, and a node that is started again takes another name.
 *
 * @param engine what joins them; the server starts it before it accepts the first connection, and stops it when it ends
 * @param node a name that no other node of the cluster has, nor had within the engine's lease
 * @since 0.2
 */
public record ClusterConfig(ClusterEngine engine, NodeId node) {

    /** Needs both. */
    public ClusterConfig {
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(node, "node");
    }

    /**
     * A node of a cluster.
     *
     * @param node 1 to 64 ASCII letters, digits, hyphens and underscores
     * @throws IllegalArgumentException if the node's name is no such
     */
    public static ClusterConfig of(ClusterEngine engine, String node) {
        return new ClusterConfig(engine, new NodeId(node));
    }
}
