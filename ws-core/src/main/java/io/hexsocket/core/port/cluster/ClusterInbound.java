package io.hexsocket.core.port.cluster;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The core, as an engine calls it. The calls come one at a time, each happening before the next, on threads of the engine's, none of
 * them inside a call of {@link ClusterEngine}; the first not before {@link ClusterEngine#start} was called, none after
 * {@link ClusterEngine#stop} has completed. They do not block. What one of them throws is logged by the engine and changes nothing.
 *
 * <h2>Order of calls</h2>
 *
 * <pre>
 *   start completes          onDown           onUp, onGap for each live channel
 *        |                     |                   |
 *        v                     v                   v
 *   ---- UP ---------------- DOWN --------------- UP ----- ... ----- stop completes
 *        onMessage, onDirect, onAsk,  onNameLost   onMessage, ...
 *        onGap, onNameLost    and nothing else
 * </pre>
 *
 * <p>An engine is up when {@code start} completes, which calls neither {@code onUp} nor {@code onDown}. Each {@code onDown} is followed
 * by one {@code onUp}, unless the engine is stopped first.
 */
public interface ClusterInbound {

    /**
     * Another node has published an envelope to a channel that this one is subscribed to. Never this node's own envelopes: the engine
     * drops its own echo, by the origin, so that whoever publishes serves its own sessions itself, once.
     *
     * <p>Envelopes of one origin and channel come in the order in which they were published, each at most once; none comes after
     * {@link #onGap} has counted it as missed, however late it arrives.
     *
     * @param at its place in the channel's history; null without one
     */
    void onMessage(Channel channel, NodeId origin, Envelope envelope, @Nullable Position at);

    /**
     * Another node, or this one, has sent an envelope to an address on this node.
     *
     * @param to as the sender wrote it; if it is a name, this node may have lost it meanwhile: then the answer is {@link Receipt#UNKNOWN}
     * @return completed on any thread, best within milliseconds, with {@link Receipt#DELIVERED}, {@link Receipt#SLOW} or
     *     {@link Receipt#UNKNOWN}; if it completes exceptionally, the sender gets no answer before its deadline
     */
    CompletionStage<Receipt> onDirect(Address to, NodeId origin, Envelope envelope);

    /**
     * Another node asks all of its peers.
     *
     * @return completed on any thread; if exceptionally, this node is silent
     */
    CompletionStage<Envelope> onAsk(NodeId origin, Envelope question);

    /**
     * Envelopes are missing here, between what came before this call and what comes after it.
     *
     * <p>Either so many of one origin as the engine has counted: each missing envelope is counted exactly once, from the first envelope
     * of that origin that has come since the node subscribed. They are counted when the engine hears of that origin on that channel
     * again, and before what it hears is passed on; it sees to it that this is within {@link ClusterEngine#lease()} after both are up,
     * even if nothing more is published. If the origin is lost for good, its last ones may remain uncounted.
     *
     * <p>Or, with neither origin nor number: the connection was interrupted, and whatever was published meanwhile may be missing, from
     * origins that have never been heard of as well. This is told after each {@link #onUp}, before any message of that channel, for each
     * channel that was subscribed to when the engine went down and still is. What is known to be missing may be counted after that.
     *
     * @param origin whose envelopes; null if anybody's
     * @param missed how many, more than 0; 0 if unknown, and only then origin is null
     */
    void onGap(Channel channel, @Nullable NodeId origin, long missed);

    /**
     * Another node holds a name that this node held or had claimed, by the rule of {@link Claim}. This node's claim is forgotten; to
     * release it is not needed and does no harm.
     */
    void onNameLost(Name name);

    /** The store cannot be reached any more, as far as this node knows. Until {@link #onUp}, nothing is sent and nothing arrives. */
    void onDown(Throwable cause);

    /**
     * The store can be reached again: all subscriptions are in force, and all names that this node held are claimed again, in a moment
     * if not yet.
     */
    void onUp();
}
