package io.hexsocket.core.testkit;

import io.hexsocket.core.port.cluster.Address;
import io.hexsocket.core.port.cluster.Answers;
import io.hexsocket.core.port.cluster.Capability;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Claim;
import io.hexsocket.core.port.cluster.Claimed;
import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.ClusterInbound;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.JoinException;
import io.hexsocket.core.port.cluster.Name;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Position;
import io.hexsocket.core.port.cluster.Published;
import io.hexsocket.core.port.cluster.Receipt;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One node of a {@link MemoryCluster}, whose lock guards it. */
final class MemoryNode implements ClusterEngine {

    static final int MAX_QUEUED_BYTES = 16 * 1024 * 1024;

    private enum State {
        NEW,
        STARTING,
        UP,
        DOWN,
        STOPPED,
        DEAD
    }

    private final MemoryCluster cluster;
    private final MemorySubscriptions subscriptions;
    private final MemoryCalls calls;
    private final Map<MemoryNode, Long> contacts = new HashMap<>();
    private final Map<MemoryNode, Long> arrivals = new HashMap<>();
    private final Set<Name> lost = new LinkedHashSet<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private State state = State.NEW;
    private @Nullable NodeId id;
    private @Nullable ClusterInbound inbound;
    private long queuedBytes;
    private boolean isCut;
    private boolean isLeaving;
    private long cuts;
    private long diedAt;
    int side;

    MemoryNode(MemoryCluster cluster) {
        this.cluster = cluster;
        this.subscriptions = new MemorySubscriptions(cluster, this);
        this.calls = new MemoryCalls(cluster, this);
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Duration lease() {
        return cluster.lease();
    }

    @Override
    public CompletionStage<Void> start(NodeId self, ClusterInbound in) {
        Objects.requireNonNull(self, "self");
        Objects.requireNonNull(in, "inbound");
        synchronized (cluster) {
            if (state != State.NEW) {
                throw new IllegalStateException("an engine is started once");
            }
            state = State.STARTING;
            id = self;
            inbound = in;
            CompletableFuture<Void> started = new CompletableFuture<>();
            soon(() -> {
                if (state == State.STARTING && cluster.join(this)) {
                    state = State.UP;
                    cluster.names.resolve(this);
                    started.complete(null);
                    subscriptions.enforce();
                } else {
                    started.completeExceptionally(
                            new JoinException(JoinException.Reason.NAME, "stopped, or a live node is called " + self));
                    stop();
                }
            });
            return started;
        }
    }

    @Override
    public CompletionStage<Void> subscribe(Channel channel, @Nullable Position since) {
        synchronized (cluster) {
            CompletableFuture<Void> inForce = subscriptions.add(Objects.requireNonNull(channel));
            if (state == State.NEW || hasEnded()) {
                subscriptions.end();
            } else if (isUp()) {
                soon(() -> {
                    if (isUp()) {
                        inForce.complete(null);
                    }
                });
            }
            return inForce;
        }
    }

    @Override
    public CompletionStage<Void> unsubscribe(Channel channel) {
        synchronized (cluster) {
            subscriptions.remove(Objects.requireNonNull(channel));
            return CompletableFuture.completedFuture(null);
        }
    }

    @Override
    public CompletionStage<Published> publish(Channel channel, Envelope envelope) {
        Objects.requireNonNull(channel, "channel");
        int bytes = envelope.payload().length;
        synchronized (cluster) {
            boolean isFull = queuedBytes + bytes > MAX_QUEUED_BYTES;
            List<MemoryNode> others = id == null ? List.of() : cluster.others(this);
            if (state != State.UP || isFull) {
                others.forEach(node -> node.subscriptions.miss(channel, this));
                return CompletableFuture.completedFuture(state == State.UP ? Published.FULL : Published.DOWN);
            }
            for (MemoryNode node : others) {
                cluster.carry(
                        this,
                        node,
                        () -> node.subscriptions.receive(channel, this, envelope),
                        () -> node.subscriptions.miss(channel, this));
            }
            queuedBytes += bytes;
            CompletableFuture<Published> published = new CompletableFuture<>();
            soon(() -> {
                queuedBytes -= bytes;
                published.complete(isCut ? Published.UNCERTAIN : Published.sent(-1));
            });
            return published;
        }
    }

    @Override
    public CompletionStage<Receipt> direct(Address to, Envelope envelope, Duration deadline) {
        Objects.requireNonNull(envelope, "envelope");
        requirePositive(deadline);
        synchronized (cluster) {
            if (state != State.UP) {
                return CompletableFuture.completedFuture(Receipt.NOT_SENT);
            }
            MemoryNode node = to instanceof Address.OnNode on
                    ? cluster.find(on.node())
                    : cluster.names.holder(this, ((Address.Named) to).name());
            CompletableFuture<Receipt> receipt = new CompletableFuture<>();
            if (node == null || !cluster.seems(this, node)) {
                soon(() -> receipt.complete(Receipt.UNKNOWN));
            } else {
                calls.open(
                        node,
                        deadline,
                        there -> there.onDirect(to, id(), envelope),
                        receipt::complete,
                        () -> receipt.complete(Receipt.NODE_LOST),
                        () -> receipt.complete(Receipt.EXPIRED));
            }
            return receipt;
        }
    }

    @Override
    public CompletionStage<Answers> ask(Envelope question, Duration deadline) {
        Objects.requireNonNull(question, "question");
        requirePositive(deadline);
        synchronized (cluster) {
            return state == State.UP
                    ? calls.ask(question, peers(), deadline)
                    : CompletableFuture.completedFuture(new Answers(Map.of(), peers()));
        }
    }

    @Override
    public CompletionStage<Claimed> claim(Name name, Claim rule) {
        Objects.requireNonNull(rule, "rule");
        synchronized (cluster) {
            Claimed claimed =
                    state == State.NEW || hasEnded() ? Claimed.PENDING : cluster.names.claim(this, name, rule);
            CompletableFuture<Claimed> result = new CompletableFuture<>();
            if (state == State.UP) {
                soon(() -> result.complete(claimed));
            } else {
                result.complete(claimed);
            }
            return result;
        }
    }

    @Override
    public CompletionStage<Void> release(Name name) {
        synchronized (cluster) {
            cluster.names.release(this, Objects.requireNonNull(name));
            return CompletableFuture.completedFuture(null);
        }
    }

    @Override
    public Set<NodeId> peers() {
        synchronized (cluster) {
            return state != State.UP && state != State.DOWN
                    ? Set.of()
                    : cluster.others(this).stream()
                            .filter(node -> cluster.seems(this, node))
                            .map(MemoryNode::id)
                            .collect(Collectors.toUnmodifiableSet());
        }
    }

    @Override
    public Duration roundTrip() {
        // there is no store: envelopes go from node to node
        return Duration.ZERO;
    }

    @Override
    public long queuedBytes() {
        synchronized (cluster) {
            return queuedBytes;
        }
    }

    @Override
    public CompletionStage<Void> stop() {
        synchronized (cluster) {
            if (isDead()) {
                // nobody hears of it, but the server above it is to end
                soon(() -> stopped.complete(null));
            }
            if (hasEnded()) {
                return stopped;
            }
            if (isCut) {
                cluster.changeNetwork(this::die);
                soon(() -> stopped.complete(null));
            } else {
                isLeaving = state == State.UP || state == State.DOWN;
                state = State.STOPPED;
                // what it has sent is on its way
                cluster.at(cluster.now() + cluster.longestDelay(), () -> {
                    isLeaving = false;
                    cluster.leave(this);
                    stopped.complete(null);
                });
            }
            subscriptions.end();
            calls.end();
            return stopped;
        }
    }

    NodeId id() {
        return Objects.requireNonNull(id);
    }

    boolean isUp() {
        return state == State.UP;
    }

    boolean isConnected() {
        return !isCut && (state == State.UP || state == State.DOWN || isLeaving);
    }

    boolean isDead() {
        return state == State.DEAD;
    }

    long diedAt() {
        return diedAt;
    }

    void cutOff() {
        if (isCut || hasEnded()) {
            return;
        }
        isCut = true;
        long cut = ++cuts;
        cluster.after(MemoryCluster.NOTICE, () -> {
            if (isCut && cut == cuts && state == State.UP) {
                state = State.DOWN;
                told(in -> in.onDown(new IOException("cut off")));
            }
        });
        cluster.after(cluster.lease(), () -> {
            if (isCut && cut == cuts) {
                cluster.names.lapse(this);
            }
        });
    }

    void mend() {
        isCut = false;
        cluster.after(MemoryCluster.NOTICE, this::comeBack);
    }

    private void comeBack() {
        if (isCut || state != State.DOWN) {
            return;
        }
        state = State.UP;
        told(ClusterInbound::onUp);
        subscriptions.tellInterruption();
        subscriptions.enforce();
        Set.copyOf(lost).forEach(this::loseName);
        cluster.names.resolve(this);
    }

    void die() {
        state = State.DEAD;
        diedAt = cluster.now();
    }

    /** Another node's claim has won. */
    void loseName(Name name) {
        lost.add(name);
        cluster.at(cluster.now() + cluster.someDelay(), () -> {
            if (state == State.UP && lost.remove(name) && !cluster.names.holds(this, name)) {
                told(in -> in.onNameLost(name));
            }
        });
    }

    /** Ends the calls whose nodes are gone. */
    void checkPeers() {
        calls.loseUnseen();
    }

    long lastContact(MemoryNode other) {
        return contacts.getOrDefault(other, Long.MIN_VALUE / 2);
    }

    void contactedAt(MemoryNode other, long time) {
        contacts.put(other, time);
    }

    long lastArrival(MemoryNode from) {
        return arrivals.getOrDefault(from, 0L);
    }

    void arrivesAt(MemoryNode from, long time) {
        arrivals.put(from, time);
    }

    boolean hasEnded() {
        return state == State.STOPPED || state == State.DEAD;
    }

    void tell(Consumer<ClusterInbound> call) {
        if (state == State.UP) {
            told(call);
        }
    }

    void told(Consumer<ClusterInbound> call) {
        try {
            call.accept(Objects.requireNonNull(inbound));
        } catch (RuntimeException thrown) {
            // what the core throws changes nothing
        }
    }

    private void soon(Runnable task) {
        cluster.at(cluster.now() + cluster.someDelay(), task);
    }

    private static void requirePositive(Duration deadline) {
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("a deadline is positive");
        }
    }
}
