package io.hexsocket.core.port.cluster;

/** What became of a {@linkplain ClusterEngine#direct direct} envelope. The first three are the answer of the addressee's node. */
public enum Receipt {
    /** The session has taken it: it is on its way to the client. */
    DELIVERED,
    /** The session has more waiting than its node's limit: not taken. */
    SLOW,
    /** Nobody has this address: no session on the node, no such node, or no live holder of the name. Not delivered. */
    UNKNOWN,
    /** The node was lost after the envelope had left and before it answered. Delivered or not: nobody knows. */
    NODE_LOST,
    /** The deadline has passed without an answer. Delivered or not: nobody knows, and it may still be. */
    EXPIRED,
    /** The sending engine is down, stopped, or has no room: not sent. */
    NOT_SENT;

    /** Whether it is certain that the envelope was not delivered, so that sending it again makes no second one. */
    public boolean isUndelivered() {
        return this == SLOW || this == UNKNOWN || this == NOT_SENT;
    }
}
