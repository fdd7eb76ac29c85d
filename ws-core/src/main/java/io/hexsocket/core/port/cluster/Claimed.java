package io.hexsocket.core.port.cluster;

/** What became of a {@linkplain ClusterEngine#claim claim}. */
public enum Claimed {
    /** This node holds the name, until it releases it or is told by {@link ClusterInbound#onNameLost}. */
    HELD,
    /** Another node holds it: the claim is forgotten, and nothing needs to be released. */
    TAKEN,
    /**
     * The store cannot say, because the engine is down or the store refuses to write. The claim is kept and made as soon as it can be,
     * as old as it is then; if another node has the name then, this one is told by {@link ClusterInbound#onNameLost}. A release forgets it,
     * and so does the end of the engine; before its start, nothing is kept.
     */
    PENDING
}
