package io.hexsocket.cluster.redis;

import io.hexsocket.core.port.cluster.ClusterInbound;
import io.hexsocket.core.port.cluster.NodeId;
import io.lettuce.core.RedisCommandExecutionException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One started engine: its connection, and who gets what comes over it. On the engine's thread where it says nothing else.
 *
 * <pre>
 *   CONNECTING -> SUBSCRIBING -> REGISTERING -> UP
 *       ^______________|______________|_________|        any of them -> STOPPING -> ENDED
 * </pre>
 */
final class RedisNode implements Wires {

    private static final Logger LOG = LoggerFactory.getLogger(RedisNode.class);

    private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);
    private static final Duration FAREWELL = Duration.ofSeconds(1);
    private static final Duration NAME_TTL = Duration.ofHours(1);

    private enum Phase {
        /** There is no connection, or not both. */
        CONNECTING,
        /** Redis has not confirmed all subscriptions. */
        SUBSCRIBING,
        /** It is not yet known whether this node's name is its own, and whether it hears itself. */
        REGISTERING,
        /** Everything works. */
        UP,
        /** The last words are on their way. */
        STOPPING,
        /** Nothing is left. */
        ENDED
    }

    private final RedisClusterConfig config;
    private final String id;
    private final ClusterInbound inbound;
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped;
    private final RedisRuntime runtime;
    private final EngineLoop loop;
    private final Keyspace keys;
    private final Scripts scripts;
    final Publisher publisher;
    final Subscriptions subscriptions;
    final Peers peers;
    final Calls calls;
    final Leases leases;
    final Pulses pulses = new Pulses();
    private final Frames frames;
    private final Duration tick;
    private volatile boolean isServing;
    private Phase phase = Phase.CONNECTING;
    private @Nullable RedisLink link;
    private int attempts;
    private long lastPulse;
    private long lastTick;
    private long nextHeartbeat;
    private boolean wasUp;
    private boolean isRegistered;
    private boolean hasPulse;
    private long awaitedPeers = Long.MAX_VALUE;

    RedisNode(RedisClusterConfig config, NodeId self, ClusterInbound inbound, CompletableFuture<Void> stopped) {
        this.config = config;
        this.id = self.value();
        this.inbound = inbound;
        this.stopped = stopped;
        runtime = new RedisRuntime(config, id);
        loop = new EngineLoop(runtime.loop(), this::flush);
        keys = new Keyspace(config.prefix());
        Duration lease = config.lease();
        long nameMillis = Math.max(NAME_TTL.toMillis(), 20 * lease.toMillis());
        scripts = new Scripts(keys, id, UUID.randomUUID().toString(), lease.toMillis(), nameMillis);
        subscriptions = new Subscriptions(this, keys, id);
        publisher = new Publisher(
                loop,
                this,
                keys,
                id,
                subscriptions::isInForce,
                config.maxQueuedBytes(),
                min(Duration.ofSeconds(1), lease.dividedBy(4)));
        peers = new Peers(id, lease, this::onPeerLost, subscriptions::forget);
        calls = new Calls(loop, this, keys, id, peers);
        leases = new Leases(
                this, keys, scripts, (int) (nameMillis / 2 / lease.dividedBy(4).toMillis()));
        frames = new Frames(loop, this, keys, id, publisher, subscriptions, peers, calls, leases) {
            @Override
            void onPulse() {
                RedisNode.this.onPulse();
            }

            @Override
            void onPeer() {
                startedIfPeersAreKnown();
            }
        };
        tick = min(config.silence().dividedBy(4), lease.dividedBy(16));
    }

    /** Any thread. */
    boolean post(Runnable task) {
        return loop.post(task);
    }

    /** Whether calls are taken. Any thread. */
    boolean isServing() {
        return isServing;
    }

    CompletionStage<Void> start() {
        loop.post(() -> {
            lastTick = System.nanoTime();
            connect();
            loop.later(this::tick, tick);
        });
        return started.copy();
    }

    private void connect() {
        if (phase != Phase.CONNECTING) {
            return;
        }
        RedisLink next = new RedisLink(loop, frames::onFrame, this::onSubscribed, this::onBroken);
        link = next;
        lastPulse = System.nanoTime() + config.connectTimeout().toNanos();
        try {
            next.connect(runtime.client(), config.uri(), this::onConnected);
        } catch (RuntimeException refused) {
            next.fail(refused);
        }
    }

    private void onConnected() {
        phase = Phase.SUBSCRIBING;
        isRegistered = false;
        hasPulse = false;
        pulses.begin();
        lastPulse = System.nanoTime() + config.connectTimeout().toNanos();
        link().subscribe(subscriptions.begin(Set.of(keys.all(), keys.node(id))));
    }

    private void onSubscribed(String channel) {
        subscriptions.confirmed(channel, phase == Phase.UP);
        if (phase == Phase.SUBSCRIBING && subscriptions.areAllConfirmed()) {
            phase = Phase.REGISTERING;
            // Redis answers in this order: whoever can be heard is known before this node is up
            send(Reply.number(scripts.register(), this::onRegistered, this::onUnregistered));
            send(Reply.publish(
                    keys.all(),
                    Frame.of(Frame.Type.HELLO, id),
                    heard -> {
                        awaitedPeers = heard - 1;
                        startedIfPeersAreKnown();
                    },
                    this::onFailure));
            pulse();
        }
    }

    private void onFailure(Throwable cause) {
        if (link != null && (phase == Phase.REGISTERING || phase == Phase.UP)) {
            link.fail(cause);
        }
    }

    private void onRegistered(long isOurs) {
        if (isOurs == 1) {
            isRegistered = true;
            upIfComplete();
        } else if (wasUp) {
            LOG.error("another node is called {}, too: this one waits until it is gone", id);
            onFailure(new IOException("another live node is called " + id));
        } else {
            onFailure(new IllegalStateException("a live node is called " + id));
        }
    }

    private void onUnregistered(Throwable cause) {
        if (wasUp && cause instanceof RedisCommandExecutionException) {
            LOG.warn("node {} has no lease until Redis takes it: {}", id, cause.toString());
            onRegistered(1);
        } else {
            onFailure(cause);
        }
    }

    private void pulse() {
        pulses.sent(System.nanoTime());
        send(Reply.publish(keys.node(id), Frame.of(Frame.Type.PULSE, id), heard -> {}, interrupted -> {}));
    }

    private void onPulse() {
        lastPulse = System.nanoTime();
        pulses.heard(lastPulse);
        hasPulse = true;
        upIfComplete();
    }

    private void upIfComplete() {
        if (phase != Phase.REGISTERING || !isRegistered || !hasPulse) {
            return;
        }
        phase = Phase.UP;
        attempts = 0;
        nextHeartbeat = System.nanoTime();
        if (wasUp) {
            LOG.info("node {} reaches Redis again", id);
            peers.resume(System.nanoTime());
            isServing = true;
            call(ClusterInbound::onUp);
            subscriptions.resume();
            publisher.markAll();
            frames.askForMarks();
        } else {
            wasUp = true;
            subscriptions.resume();
            loop.later(this::onStarted, FAREWELL);
            startedIfPeersAreKnown();
        }
        leases.resume();
    }

    private void startedIfPeersAreKnown() {
        if (phase == Phase.UP && peers.alive().size() >= awaitedPeers) {
            onStarted();
        }
    }

    private void onStarted() {
        if (phase == Phase.UP && !started.isDone()) {
            isServing = true;
            started.complete(null);
        }
    }

    private void onPeerLost(String peer) {
        LOG.info("node {} is not heard any more", peer);
        calls.lost(peer);
    }

    private void tick() {
        if (phase == Phase.ENDED) {
            return;
        }
        loop.later(this::tick, tick);
        long now = System.nanoTime();
        // that this thread stood still, is no silence of Redis
        lastPulse += Math.max(0, now - lastTick - 2 * tick.toNanos());
        lastTick = now;
        peers.tick(now, phase == Phase.UP);
        if (link != null && now - lastPulse > config.silence().toNanos()) {
            link.fail(new IOException(
                    "nothing was heard of Redis for " + config.silence().toMillis() + " ms"));
        }
        if (phase != Phase.UP) {
            return;
        }
        pulse();
        publisher.tick(now);
        if (now - nextHeartbeat >= 0) {
            nextHeartbeat = now + config.lease().toNanos() / 4;
            send(Reply.number(
                    scripts.heartbeat(),
                    isOurs -> {
                        if (isOurs == 0) {
                            onRegistered(0);
                        }
                    },
                    failure -> LOG.warn("the lease of node {} could not be renewed: {}", id, failure.toString())));
            leases.heartbeat();
        }
    }

    private void onBroken(RedisLink broken, Throwable cause) {
        if (broken != link) {
            return;
        }
        link = null;
        switch (phase) {
            case CONNECTING, SUBSCRIBING, REGISTERING -> {
                LOG.debug("node {} does not reach Redis", id, cause);
                if (!wasUp) {
                    started.completeExceptionally(cause);
                    stop();
                    return;
                }
            }
            case UP -> {
                LOG.warn("node {} has lost Redis: {}", id, cause.toString());
                isServing = false;
                if (started.isDone()) {
                    phase = Phase.CONNECTING;
                    call(in -> in.onDown(cause));
                } else {
                    started.completeExceptionally(cause);
                    stop();
                    return;
                }
            }
            case STOPPING -> {
                end();
                return;
            }
            case ENDED -> {
                return;
            }
        }
        phase = Phase.CONNECTING;
        long doubled = FIRST_BACKOFF.toMillis() << Math.min(attempts++, 10);
        long most = Math.min(MAX_BACKOFF.toMillis(), doubled);
        // half of it by chance, so that nodes do not come back in step
        loop.later(
                this::connect,
                Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1)));
    }

    /** Any thread. */
    void stop() {
        isServing = false;
        loop.post(this::shutDown);
    }

    private void shutDown() {
        if (phase == Phase.STOPPING || phase == Phase.ENDED) {
            return;
        }
        boolean hasConnection = phase == Phase.UP;
        phase = Phase.STOPPING;
        isServing = false;
        started.completeExceptionally(new IllegalStateException("stopped"));
        subscriptions.end();
        calls.end();
        if (hasConnection) {
            send(Reply.number(scripts.leave(), left -> {}, unheard -> {}));
            loop.later(this::end, FAREWELL);
            endIfIdle();
        } else {
            end();
        }
    }

    private void endIfIdle() {
        if (phase == Phase.STOPPING) {
            if (link == null || link.isIdle()) {
                end();
            } else {
                loop.later(this::endIfIdle, Duration.ofMillis(1));
            }
        }
    }

    private void end() {
        if (phase == Phase.ENDED) {
            return;
        }
        phase = Phase.ENDED;
        if (link != null) {
            link.close(new IOException("stopped"));
        }
        loop.end();
        runtime.end(() -> stopped.complete(null));
    }

    @Override
    public boolean isUp() {
        return phase == Phase.UP;
    }

    @Override
    public void send(Reply<?> command) {
        if (link == null) {
            command.completeExceptionally(new IOException("no connection to Redis"));
        } else {
            link.send(command);
        }
    }

    @Override
    public void tell(String channel, Frame frame) {
        send(Reply.publish(channel, frame, receivers -> {}, interrupted -> {}));
    }

    @Override
    public boolean subscribe(String channel) {
        boolean canSubscribe = link != null && phase != Phase.CONNECTING;
        if (canSubscribe) {
            link().subscribe(List.of(channel));
        }
        return canSubscribe;
    }

    @Override
    public void unsubscribe(String channel) {
        if (link != null && phase != Phase.CONNECTING) {
            link.unsubscribe(channel);
        }
    }

    @Override
    public void call(Consumer<ClusterInbound> call) {
        if (phase != Phase.STOPPING && phase != Phase.ENDED) {
            try {
                call.accept(inbound);
            } catch (RuntimeException thrown) {
                LOG.error("the core failed in a call of the cluster engine", thrown);
            }
        }
    }

    private void flush() {
        if (link != null) {
            link.flush();
        }
    }

    private RedisLink link() {
        if (link == null) {
            throw new IllegalStateException("there is no connection");
        }
        return link;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
