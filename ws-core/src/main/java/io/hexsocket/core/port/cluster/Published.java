package io.hexsocket.core.port.cluster;

import org.jspecify.annotations.Nullable;

/**
 * What became of a {@linkplain ClusterEngine#publish published} envelope. Whatever it is but {@link Outcome#SENT}, the subscribed nodes
 * are told of a gap as soon as they hear of this node again.
 *
 * @param outcome what happened
 * @param receivers how many other nodes it went to, a moment old; -1 if unknown, which it always is without
 *     {@link Capability#INTEREST_COUNT} and for another outcome than {@link Outcome#SENT}
 * @param at its place in the channel's history, if that is kept
 */
public record Published(
        Outcome outcome, int receivers, @Nullable Position at) {

    /** The engine is down, or stopped, or not started. */
    public static final Published DOWN = new Published(Outcome.DOWN, -1, null);

    /** There is no room. */
    public static final Published FULL = new Published(Outcome.FULL, -1, null);

    /** The connection broke. */
    public static final Published UNCERTAIN = new Published(Outcome.UNCERTAIN, -1, null);

    /** What may happen. */
    public enum Outcome {
        /** The store has taken it for all nodes that are subscribed. */
        SENT,
        /** The engine was down, stopped, or not started: not sent, and never will be. */
        DOWN,
        /** More bytes are waiting to be sent than the engine's limit, or it is too large for the engine: not sent, and never will be. */
        FULL,
        /** The connection broke before the store had answered: some nodes may have it, or all, or none. */
        UNCERTAIN
    }

    /** Sent. */
    public static Published sent(int receivers) {
        return new Published(Outcome.SENT, receivers, null);
    }
}
