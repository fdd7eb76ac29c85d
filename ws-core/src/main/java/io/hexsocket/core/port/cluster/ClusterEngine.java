package io.hexsocket.core.port.cluster;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Joins this node with the others of a cluster. Whoever writes one implements this and calls {@link ClusterInbound}.
 *
 * <h2>Threads</h2>
 *
 * Every method may be called from any thread, event loops among them, and inside a call of {@link ClusterInbound}. None blocks, waits
 * for a lock that is held during input or output, or calls {@link ClusterInbound} before it returns. An engine has threads of its own;
 * stages complete on them, or are complete when they are returned. What depends on a stage runs there and must not block.
 *
 * <h2>Failure</h2>
 *
 * Failure is a value. Stages complete exceptionally only where it says so; methods throw only for a null argument, or for a deadline
 * that is not positive ({@link IllegalArgumentException}). While the engine is down (see {@link ClusterInbound}), and before
 * {@link #start} has completed and after {@link #stop} was called, the stages of {@link #publish}, {@link #direct}, {@link #ask} and
 * {@link #claim} are complete when they are returned and say so; nothing is queued for later but what this page says is. Those that are
 * open when the engine goes down complete in a moment, with {@link Published.Outcome#UNCERTAIN} and {@link Claimed#PENDING}; answers to
 * {@link #direct} and {@link #ask} may still come before the deadline. An engine finds
 * out by itself that its connection is dead, within seconds, even if nothing closes it, and connects again for as long as it is not
 * stopped, less and less often and not in step with the other nodes.
 *
 * <h2>Bounds</h2>
 *
 * What waits to be sent is bounded in bytes, see {@link Published.Outcome#FULL}. What arrives is passed on as it is read, so that a slow
 * core makes the engine read slower and never makes it store more; if the store then drops this node, that is an interruption like any
 * other.
 *
 * <h2>Order and loss</h2>
 *
 * Envelopes that one thread publishes to one channel, or threads whose calls happen one before the other, arrive at each subscribed node
 * in this order. Between channels and between origins nothing is promised. An envelope arrives at most once, and each that does not
 * arrive is told: to the sender by {@link Published}, to the receivers by {@link ClusterInbound#onGap}.
 *
 * <h2>Deadlines</h2>
 *
 * Measured from the call by the engine's own monotonic clock; an engine may be up to 100 ms late, never early.
 */
public interface ClusterEngine {

    /** What this engine can do beyond the rest of this page. Always the same. */
    Set<Capability> capabilities();

    /**
     * How long a node that has died or is cut off goes on holding its names, at most, and being a peer of the others. Always the same.
     */
    Duration lease();

    /**
     * Joins the cluster. Once; before the server accepts its first connection.
     *
     * @param self a name that no other node of the cluster has
     * @return complete when the node can be reached by all others, and {@link #peers()} knows them. Exceptionally if the store cannot be
     *     reached or refuses (a wrong password, say) or another live node has the name, best with a {@link JoinException}, which says so to
     *     the operator; then the engine is stopped, and what it held is given back
     * @throws IllegalStateException if it was started before
     */
    CompletionStage<Void> start(NodeId self, ClusterInbound inbound);

    /**
     * Subscribes this node to a channel. Calls for one channel take effect in their order; a second one changes nothing. While the engine
     * is down, the subscription is kept for when it is up.
     *
     * @param since null; with {@link Capability#HISTORY}, the position after which everything is to be passed on
     * @return complete when everything that is published from then on arrives here; exceptionally if the channel is unsubscribed from or
     *     the engine stopped before that, or if the start has not begun
     */
    CompletionStage<Void> subscribe(Channel channel, @Nullable Position since);

    /**
     * Ends a subscription, if there is one.
     *
     * @return complete when the last call of {@link ClusterInbound#onMessage} or {@link ClusterInbound#onGap} for this channel has
     *     returned, unless it is subscribed to again meanwhile; in time while down as well
     */
    CompletionStage<Void> unsubscribe(Channel channel);

    /**
     * Sends an envelope to all other nodes that are subscribed to a channel. Whether this node is subscribed makes no difference: it gets
     * nothing of what it publishes.
     *
     * <p>Envelopes that are published shortly after each other leave together: a caller need not collect them.
     */
    CompletionStage<Published> publish(Channel channel, Envelope envelope);

    /**
     * Sends an envelope to one node, this one included, and waits for its answer.
     *
     * @param deadline how long at most
     */
    CompletionStage<Receipt> direct(Address to, Envelope envelope, Duration deadline);

    /**
     * Asks all other nodes, for who is present or how many for example, and collects their answers.
     *
     * @param deadline how long at most
     * @return complete when all have answered or cannot any more, or the deadline has passed: with what there is then
     */
    CompletionStage<Answers> ask(Envelope question, Duration deadline);

    /**
     * Claims a name for this node. The engine keeps the lease alive by itself until {@link #release}, {@link #stop} or
     * {@link ClusterInbound#onNameLost}. Calls for one name take effect in their order. To claim what this node holds already answers
     * {@link Claimed#HELD} and, with {@link Claim#NEWEST_WINS}, counts as the latest claim; which of its own sessions has the name is the
     * node's own matter.
     *
     * <p>Within {@link #lease()} after a node has died or was cut off, its names are free for others. A node that was cut off claims its
     * names again when it is back, as old as these claims are. If another node has one then, so that there are two owners, one loses it
     * and is told. With {@link Claim#NEWEST_WINS}, the older claim loses. With {@link Claim#FIRST_WINS}, a claim whose lease has run out
     * loses against one whose lease has not; of two that have not (each on its side of a partition, where the store allows that) the
     * younger claim loses.
     */
    CompletionStage<Claimed> claim(Name name, Claim rule);

    /**
     * Gives a name back, if this node has it. While the engine is down, this node forgets it at once, and the store as soon as it can.
     *
     * @return complete when others can have it, as far as this node is concerned
     */
    CompletionStage<Void> release(Name name);

    /**
     * The other live nodes as far as this one knows, a moment old. A node that ends in order is gone at once, any other within
     * {@link #lease()}. While the engine is down they are those from before, until their leases have run out.
     */
    Set<NodeId> peers();

    /** How many bytes wait to be sent, or were sent and are not yet acknowledged by the store. */
    long queuedBytes();

    /**
     * How long the last message of this node to itself by way of the store was under way, with all that waits on the way; longer if one is
     * under way that has taken longer. Zero before the first. Says nothing of other nodes.
     *
     * @since 0.2
     */
    Duration roundTrip();

    /**
     * Leaves the cluster: what was published is sent, as far as that is possible within a second, names are given back, threads end. Open
     * stages complete: of {@link #publish} with {@link Published.Outcome#UNCERTAIN}, of {@link #direct} with {@link Receipt#EXPIRED}, of
     * {@link #ask} with what there is, of {@link #claim} with {@link Claimed#PENDING}, of {@link #subscribe} exceptionally. Before the
     * start it forbids the start. A second call changes nothing.
     *
     * @return complete when all this is done, never exceptionally; the same for every call
     */
    CompletionStage<Void> stop();
}
