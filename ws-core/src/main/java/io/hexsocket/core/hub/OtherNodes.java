package io.hexsocket.core.hub;

import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.SendResult;
import io.hexsocket.core.config.ClusterConfig;
import io.hexsocket.core.connection.Backlog;
import io.hexsocket.core.connection.ServerState;
import io.hexsocket.core.port.cluster.Address;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.ClusterInbound;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.Name;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Published;
import io.hexsocket.core.port.cluster.Published.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The way from this node to the others of its cluster. Any thread. */
final class OtherNodes {

    private static final CompletionStage<Delivery> UNKNOWN = CompletableFuture.completedStage(Delivery.UNKNOWN);

    // what a person waits for without asking what is wrong
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private final ClusterEngine engine;
    private final ClusterConfig config;
    private final ServerState server;
    private final NameClaims names;
    /** What the engine has taken and not yet sent, so that clients who send more than that are slowed. */
    private final Backlog unsent = new Backlog();

    OtherNodes(ClusterConfig config, ServerState server) {
        this.engine = config.engine();
        this.config = config;
        this.server = server;
        this.names = new NameClaims(engine);
    }

    /** This node. */
    NodeId self() {
        return config.node();
    }

    /** What it has claimed. */
    NameClaims names() {
        return names;
    }

    /** Joins the cluster, and hears what is for everyone, whoever is there. */
    CompletionStage<Void> join(ClusterInbound inbound) {
        return engine.start(config.node(), inbound).thenCompose(joined -> engine.subscribe(Channel.EVERYONE, null));
    }

    /** Leaves the cluster; the same stage for every call. */
    CompletionStage<Void> leave() {
        return engine.stop();
    }

    /** The first session of this node is a member. */
    void subscribe(Channel channel) {
        // only the end of the engine keeps it from being in force sooner or later
        engine.subscribe(channel, null).exceptionally(ended -> null);
    }

    /** The last session of this node is no member any more. */
    void unsubscribe(Channel channel) {
        engine.unsubscribe(channel);
    }

    /**
     * Sends to the members of an audience on all other nodes.
     *
     * @param channel the audience; null if its name is one that no engine carries
     * @param here what became of it on this node
     */
    SendResult publish(@Nullable Channel channel, Envelope envelope, SendResult here) {
        if (channel == null) {
            return SendResult.PARTIAL;
        }
        Sending sending = new Sending(channel, envelope.payload().length + (long) Backlog.DELIVERY);
        engine.publish(channel, envelope).whenComplete(sending::onPublished);
        if (sending.isRefused) {
            return SendResult.PARTIAL;
        }
        if (unsent.isHigh()) {
            server.slowPoster(unsent);
            return SendResult.QUEUEING;
        }
        return here;
    }

    /** An envelope on its way to the engine's store. */
    private final class Sending {
        private final Channel channel;
        private final long weight;
        /** Read by the thread that publishes, right after it has; what is found out later does not matter to it. */
        private volatile boolean isRefused;

        Sending(Channel channel, long weight) {
            this.channel = channel;
            this.weight = weight;
            unsent.add(weight);
        }

        void onPublished(@Nullable Published published, @Nullable Throwable failed) {
            unsent.done(weight);
            Outcome outcome = published == null ? Outcome.UNCERTAIN : published.outcome();
            if (outcome != Outcome.SENT) {
                isRefused = outcome == Outcome.DOWN || outcome == Outcome.FULL;
                server.listener().onClusterUnsent(channel, outcome);
            }
        }
    }

    /** Sends to a session of another node, and tells what became of it. */
    CompletionStage<Delivery> direct(Address to, Envelope envelope) {
        // one that is gone, and its ids with it, costs nothing
        if (to instanceof Address.OnNode session && !engine.peers().contains(session.node())) {
            return UNKNOWN;
        }
        return engine.direct(to, envelope, DEADLINE).thenApply(receipt -> switch (receipt) {
            case DELIVERED -> Delivery.DELIVERED;
            case SLOW -> Delivery.SLOW;
            case UNKNOWN -> Delivery.UNKNOWN;
            case NODE_LOST -> Delivery.NODE_LOST;
            case EXPIRED -> Delivery.TIMEOUT;
            case NOT_SENT -> Delivery.NOT_SENT;
        });
    }

    /** The last session of this node that had an ident is gone: the nodes that have others claim it. */
    void passOn(Name ident) {
        engine.publish(new Channel(Channel.Kind.IDENT, ident.value()), ClusterMessages.identIsFree());
    }

    /** How many members an audience has on all other nodes that answer. */
    CompletionStage<Integer> size(@Nullable Channel channel) {
        if (channel == null) {
            return CompletableFuture.completedStage(0);
        }
        return engine.ask(ClusterMessages.sizeOf(channel), DEADLINE)
                .thenApply(said -> said.answers().values().stream()
                        .mapToInt(ClusterMessages::asSize)
                        .sum());
    }
}
