package io.hexsocket.core.port.cluster;

/** Who holds a name that several nodes claim. All claims of one name follow the same rule. */
public enum Claim {
    /** Who has it keeps it until it is released or its lease has run out. */
    FIRST_WINS,
    /** The latest claim takes it from whoever has it, and that node is told by {@link ClusterInbound#onNameLost}. */
    NEWEST_WINS
}
