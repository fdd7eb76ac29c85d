package io.hexsocket.core.port.cluster;

/** What an engine can do beyond what every engine has to. */
public enum Capability {
    /** Keeps past envelopes of a channel, and gives them positions. No engine has it yet; its methods come with it. */
    HISTORY,
    /**
     * Knows at once how many nodes an envelope goes to: {@link Published#receivers()} is never -1 for what was sent, and a direct envelope
     * to a node that does not exist is answered with {@link Receipt#UNKNOWN} before its deadline.
     */
    INTEREST_COUNT
}
