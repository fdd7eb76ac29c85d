package io.hexsocket.core.config;

import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How a server is joined with other nodes. For one start: an engine is started once, and a node that is started again takes another name.
 * Immutable: each setter returns a changed copy.
 *
 * @since 0.2
 */
public final class ClusterConfig {

    // the greeting of the seed's dialogue has to stay within 256 bytes, and holds it in hexadecimal digits
    private static final int MAX_NODE_CHARS = 32;
    // as many as the HMAC has
    private static final int MIN_SECRET_BYTES = 32;

    private final ClusterEngine engine;
    private final NodeId node;
    private final List<byte[]> secrets;

    private ClusterConfig(ClusterEngine engine, NodeId node, List<byte[]> secrets) {
        this.engine = Objects.requireNonNull(engine, "engine");
        this.node = node;
        if (node.value().length() > MAX_NODE_CHARS) {
            throw new IllegalArgumentException(
                    "the name of a server's node has at most " + MAX_NODE_CHARS + " characters, and " + node.value()
                            + " has " + node.value().length());
        }
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("nodes of a cluster share a secret; there is none");
        }
        List<byte[]> copies = new ArrayList<>();
        for (byte[] secret : secrets) {
            if (secret.length < MIN_SECRET_BYTES) {
                throw new IllegalArgumentException(
                        "a secret has at least " + MIN_SECRET_BYTES + " bytes, and this one " + secret.length);
            }
            copies.add(secret.clone());
        }
        this.secrets = List.copyOf(copies);
    }

    /**
     * A node of a cluster.
     *
     * @param node 1 to 32 ASCII letters, digits, hyphens and underscores
     * @param secret what ids of sessions are signed with, 32 bytes or more; the same on all nodes
     * @throws IllegalArgumentException naming the one that is no such
     */
    public static ClusterConfig of(ClusterEngine engine, String node, byte[] secret) {
        return new ClusterConfig(engine, new NodeId(node), List.of(secret));
    }

    /** What joins them; the server starts it before it accepts the first connection, and stops it when it ends. */
    public ClusterEngine engine() {
        return engine;
    }

    /** A name that no other node of the cluster has, nor had within the engine's lease. */
    public NodeId node() {
        return node;
    }

    /** What ids of sessions are signed with: the first signs, all are accepted. */
    public List<byte[]> secrets() {
        return secrets;
    }

    /**
     * Sets {@link #secrets()}: several while they are exchanged, otherwise one, the same on all nodes.
     *
     * @throws IllegalArgumentException if there is none, or one of fewer than 32 bytes
     */
    public ClusterConfig secrets(List<byte[]> secrets) {
        return new ClusterConfig(engine, node, secrets);
    }
}
