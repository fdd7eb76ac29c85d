package io.hexsocket.cluster.redis;

import io.hexsocket.core.port.cluster.Address;
import io.hexsocket.core.port.cluster.Answers;
import io.hexsocket.core.port.cluster.Capability;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Claim;
import io.hexsocket.core.port.cluster.Claimed;
import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.ClusterInbound;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.Name;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Position;
import io.hexsocket.core.port.cluster.Published;
import io.hexsocket.core.port.cluster.Receipt;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An engine over one Redis or Valkey, standalone or with replicas behind Sentinel: from Redis 6.2, not Redis Cluster. Two connections
 * and one thread, beside that of a timer; see {@code docs/clustering.md} for what it promises and how Redis is to be set up.
 */
public final class RedisClusterEngine implements ClusterEngine {

    private final RedisClusterConfig config;
    private final AtomicBoolean isUsed = new AtomicBoolean();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile @Nullable RedisNode node;

    /** Connects to nothing yet. */
    public RedisClusterEngine(RedisClusterConfig config) {
        this.config = Objects.requireNonNull(config, "config");
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.INTEREST_COUNT);
    }

    @Override
    public Duration lease() {
        return config.lease();
    }

    @Override
    public CompletionStage<Void> start(NodeId self, ClusterInbound inbound) {
        Objects.requireNonNull(self, "self");
        Objects.requireNonNull(inbound, "inbound");
        if (!isUsed.compareAndSet(false, true)) {
            throw new IllegalStateException("an engine is started once");
        }
        RedisNode started = new RedisNode(config, self, inbound, stopped);
        node = started;
        return started.start();
    }

    @Override
    public CompletionStage<Void> subscribe(Channel channel, @Nullable Position since) {
        Objects.requireNonNull(channel, "channel");
        CompletableFuture<Void> result = new CompletableFuture<>();
        RedisNode there = node;
        boolean isPosted = there != null
                && there.post(() -> there.subscriptions.subscribe(channel).whenComplete((done, failure) -> {
                    if (failure == null) {
                        result.complete(null);
                    } else {
                        result.completeExceptionally(failure);
                    }
                }));
        if (!isPosted) {
            result.completeExceptionally(new IllegalStateException("not started, or stopped"));
        }
        return result;
    }

    @Override
    public CompletionStage<Void> unsubscribe(Channel channel) {
        Objects.requireNonNull(channel, "channel");
        CompletableFuture<Void> result = new CompletableFuture<>();
        RedisNode there = node;
        boolean isPosted = there != null
                && there.post(() -> {
                    there.subscriptions.unsubscribe(channel);
                    result.complete(null);
                });
        if (!isPosted) {
            result.complete(null);
        }
        return result;
    }

    @Override
    public CompletionStage<Published> publish(Channel channel, Envelope envelope) {
        Objects.requireNonNull(channel, "channel");
        Objects.requireNonNull(envelope, "envelope");
        RedisNode there = node;
        if (there == null) {
            return CompletableFuture.completedFuture(Published.DOWN);
        }
        if (!there.isServing()) {
            there.publisher.refuse(channel);
            return CompletableFuture.completedFuture(Published.DOWN);
        }
        return there.publisher.publish(channel, envelope);
    }

    @Override
    public CompletionStage<Receipt> direct(Address to, Envelope envelope, Duration deadline) {
        Objects.requireNonNull(to, "to");
        long end = end(deadline);
        long bytes = envelope.payload().length + (long) Publisher.OVERHEAD_BYTES;
        RedisNode there = node;
        if (there == null || !there.isServing() || !there.publisher.reserve(bytes)) {
            return CompletableFuture.completedFuture(Receipt.NOT_SENT);
        }
        CompletableFuture<Receipt> result = new CompletableFuture<>();
        result.whenComplete((receipt, failure) -> there.publisher.release(bytes));
        if (!there.post(() -> there.calls.direct(to, envelope, end, result))) {
            result.complete(Receipt.NOT_SENT);
        }
        return result;
    }

    @Override
    public CompletionStage<Answers> ask(Envelope question, Duration deadline) {
        Objects.requireNonNull(question, "question");
        long end = end(deadline);
        CompletableFuture<Answers> result = new CompletableFuture<>();
        RedisNode there = node;
        if (there == null || !there.isServing() || !there.post(() -> there.calls.ask(question, end, result))) {
            result.complete(new Answers(Map.of(), peers()));
        }
        return result;
    }

    @Override
    public CompletionStage<Claimed> claim(Name name, Claim rule) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(rule, "rule");
        CompletableFuture<Claimed> result = new CompletableFuture<>();
        RedisNode there = node;
        boolean isServing = there != null && there.isServing();
        boolean isPosted = there != null && there.post(() -> there.leases.claim(name, rule, result));
        if (!isServing || !isPosted) {
            return CompletableFuture.completedFuture(Claimed.PENDING);
        }
        return result;
    }

    @Override
    public CompletionStage<Void> release(Name name) {
        Objects.requireNonNull(name, "name");
        CompletableFuture<Void> result = new CompletableFuture<>();
        RedisNode there = node;
        boolean isServing = there != null && there.isServing();
        boolean isPosted = there != null && there.post(() -> there.leases.release(name, result));
        if (!isServing || !isPosted) {
            return CompletableFuture.completedFuture(null);
        }
        return result;
    }

    @Override
    public Set<NodeId> peers() {
        RedisNode there = node;
        return there == null ? Set.of() : Set.copyOf(there.peers.alive());
    }

    @Override
    public long queuedBytes() {
        RedisNode there = node;
        return there == null ? 0 : there.publisher.queuedBytes();
    }

    @Override
    public Duration roundTrip() {
        RedisNode there = node;
        return there == null ? Duration.ZERO : there.pulses.roundTrip(System.nanoTime());
    }

    @Override
    public CompletionStage<Void> stop() {
        boolean wasNew = isUsed.compareAndSet(false, true);
        RedisNode there = node;
        if (there != null) {
            there.stop();
        } else if (wasNew) {
            stopped.complete(null);
        }
        return stopped.copy();
    }

    private static long end(Duration deadline) {
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("a deadline is positive");
        }
        return System.nanoTime() + deadline.toNanos();
    }
}
