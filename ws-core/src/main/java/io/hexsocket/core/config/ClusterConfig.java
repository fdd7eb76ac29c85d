package io.hexsocket.core.config;

import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How a server is joined with other nodes. For one start: an engine is started once, and a node that is started again takes another name.
 *
 * @param engine what joins them; the server starts it before it accepts the first connection, and stops it when it ends
 * @param node a name that no other node of the cluster has, nor had within the engine's lease
 * @param secrets what ids of sessions are signed with: the first signs, all are accepted; the same on all nodes, but while they are exchanged
 * @since 0.2
 */
public record ClusterConfig(ClusterEngine engine, NodeId node, List<byte[]> secrets) {

    // the greeting of the seed's dialogue has to stay within 256 bytes, and holds it in hexadecimal digits
    private static final int MAX_NODE_CHARS = 32;
    // as many as the HMAC has
    private static final int MIN_SECRET_BYTES = 32;

    /**
     * Checks them.
     *
     * @throws IllegalArgumentException if the node's name is longer than 32 characters, if there is no secret, or one of fewer than 32 bytes
     */
    public ClusterConfig {
        Objects.requireNonNull(engine, "engine");
        if (node.value().length() > MAX_NODE_CHARS) {
            throw new IllegalArgumentException(
                    "the name of a server's node has at most " + MAX_NODE_CHARS + " characters");
        }
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("nodes of a cluster share a secret; there is none");
        }
        List<byte[]> copies = new ArrayList<>();
        for (byte[] secret : secrets) {
            if (secret.length < MIN_SECRET_BYTES) {
                throw new IllegalArgumentException("a secret has at least " + MIN_SECRET_BYTES + " bytes");
            }
            copies.add(secret.clone());
        }
        secrets = List.copyOf(copies);
    }

    /**
     * A node of a cluster.
     *
     * @param node 1 to 32 ASCII letters, digits, hyphens and underscores
     * @throws IllegalArgumentException if one of them is no such
     */
    public static ClusterConfig of(ClusterEngine engine, String node, byte[] secret) {
        return new ClusterConfig(engine, new NodeId(node), List.of(secret));
    }
}
