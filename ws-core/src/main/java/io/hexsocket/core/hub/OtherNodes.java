package io.hexsocket.core.hub;

import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Sizes;
import io.hexsocket.core.config.ClusterConfig;
import io.hexsocket.core.connection.Backlog;
import io.hexsocket.core.connection.ServerState;
import io.hexsocket.core.port.cluster.Address;
import io.hexsocket.core.port.cluster.Answers;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.ClusterInbound;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.JoinException;
import io.hexsocket.core.port.cluster.Name;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Published;
import io.hexsocket.core.port.cluster.Published.Outcome;
import io.hexsocket.core.port.host.ClusterStats;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The way from this node to the others of its cluster. Any thread. */
final class OtherNodes {

    private static final CompletionStage<Delivery> UNKNOWN = CompletableFuture.completedStage(Delivery.UNKNOWN);

    // what a person waits for without asking what is wrong
    static final Duration DEADLINE = Duration.ofSeconds(2);

    private final ClusterEngine engine;
    private final ClusterConfig config;
    private final ServerState server;
    private final NameClaims names;
    private final SharedSecrets secrets;
    private final ClusterCounts counts = new ClusterCounts();
    /** What the engine has taken and not yet sent, so that clients who send more than that are slowed. */
    private final Backlog unsent = new Backlog();

    /**
     * Not joined yet.
     *
     * @param keyNumbers of the secrets that ids are signed with
     */
    OtherNodes(ClusterConfig config, ServerState server, List<String> keyNumbers) {
        this.engine = config.engine();
        this.config = config;
        this.server = server;
        this.names = new NameClaims(engine);
        this.secrets = new SharedSecrets(config.node(), keyNumbers, server.listener());
    }

    /** This node. */
    NodeId self() {
        return config.node();
    }

    /** What it has claimed. */
    NameClaims names() {
        return names;
    }

    /** Whether the others accept the ids of its sessions. */
    SharedSecrets secrets() {
        return secrets;
    }

    /** What goes to other nodes and comes from them is counted here. */
    ClusterCounts counts() {
        return counts;
    }

    /** How it is with them. */
    ClusterStats stats() {
        return new ClusterStats(
                self().value(),
                counts.isUp,
                engine.peers().stream().map(NodeId::value).collect(Collectors.toSet()),
                engine.roundTrip(),
                engine.queuedBytes(),
                counts.published.get(),
                counts.unsent.get(),
                counts.uncertain.get(),
                counts.direct.get(),
                counts.received.get(),
                counts.missed.get(),
                counts.gaps.get(),
                counts.reconnects.get());
    }

    /** The others that are alive, as far as this node knows. */
    Set<NodeId> peers() {
        return engine.peers();
    }

    /** Asks all of them. */
    CompletionStage<Answers> ask(Envelope question, Duration deadline) {
        return engine.ask(question, deadline);
    }

    /**
     * Joins the cluster, and hears what is for everyone, whoever is there.
     *
     * @return exceptionally if that cannot be, with a {@link JoinException} if none of the nodes that are there has the same secret
     */
    CompletionStage<Void> join(ClusterInbound inbound) {
        return engine.start(config.node(), inbound)
                .thenCompose(joined -> engine.ask(secrets.question(), DEADLINE))
                .thenCompose(answers -> {
                    String refusal = secrets.refusal(answers);
                    if (refusal != null) {
                        return CompletableFuture.failedFuture(new JoinException(JoinException.Reason.SECRET, refusal));
                    }
                    counts.isUp = true;
                    return engine.subscribe(Channel.EVERYONE, null);
                });
    }

    /** The other nodes can be reached again, and there may be others than before. */
    void compareSecrets() {
        engine.ask(secrets.question(), DEADLINE).thenAccept(secrets::compare);
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
        counts.published.incrementAndGet();
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
                counts.countUnsent(outcome);
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
        counts.direct.incrementAndGet();
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

    /**
     * How many members an audience has on each node.
     *
     * @param here how many on this one
     */
    CompletionStage<Sizes> sizes(@Nullable Channel channel, IntSupplier here) {
        CompletionStage<Answers> others = channel == null
                ? CompletableFuture.completedStage(new Answers(Map.of(), Set.of()))
                : engine.ask(ClusterMessages.sizeOf(channel), DEADLINE);
        return others.thenApply(said -> {
            Map<String, Integer> byNode = new HashMap<>();
            Set<String> silent = new HashSet<>();
            said.silent().forEach(node -> silent.add(node.value()));
            said.answers().forEach((node, answer) -> {
                Integer members = ClusterMessages.asSize(answer);
                if (members == null) {
                    silent.add(node.value());
                } else {
                    byNode.put(node.value(), members);
                }
            });
            byNode.put(self().value(), here.getAsInt());
            return new Sizes(byNode, silent);
        });
    }
}
