package io.hexsocket.cluster.redis;

import io.hexsocket.core.port.cluster.ClusterInbound;
import io.hexsocket.core.port.cluster.JoinException;
import io.hexsocket.core.port.cluster.NodeId;
import io.lettuce.core.RedisCommandExecutionException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
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
    final Publisher publisher;
    final Subscriptions subscriptions;
    final Peers peers;
    final Calls calls;
    final Leases leases;
    final Pulses pulses = new Pulses();
    private final Presence presence;
    private final Frames frames;
    private final SparseLog coreFailures = new SparseLog(LOG);
    private final Connector redis;
    private final Duration tick;
    private volatile boolean isServing;
    private Phase phase = Phase.CONNECTING;
    /** Why there is no connection, as the log or the core has it. */
    private String trouble = "";

    private long lastTick;
    private boolean wasUp;
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
        Scripts scripts = new Scripts(keys, id, UUID.randomUUID().toString(), lease.toMillis(), nameMillis);
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
                presence.onPulse();
            }

            @Override
            void onPeer() {
                startedIfPeersAreKnown();
            }
        };
        presence =
                new Presence(this, keys, scripts, id, config, pulses, this::onPresent, this::onFailure, leases::resume);
        redis = new Connector(
                loop,
                runtime.client(),
                config.uri(),
                frames::onFrame,
                this::onConnected,
                this::onSubscribed,
                this::onBroken);
        tick = min(config.silence().dividedBy(3), lease.dividedBy(16));
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
        presence.awaitConnection();
        redis.connect();
    }

    private void onConnected() {
        phase = Phase.SUBSCRIBING;
        presence.begin();
        send(Reply.hello(
                mode -> {
                    if (!mode.equals("standalone") && !mode.isEmpty()) {
                        onFailure(new RedisCommandExecutionException("mode " + mode));
                    }
                },
                unknown -> {}));
        redis.subscribe(subscriptions.begin(Set.of(keys.all(), keys.node(id))));
    }

    private void onSubscribed(String channel) {
        subscriptions.confirmed(channel, phase == Phase.UP);
        if (phase == Phase.SUBSCRIBING && subscriptions.areAllConfirmed()) {
            phase = Phase.REGISTERING;
            // Redis answers in this order: whoever can be heard is known before this node is up
            presence.register(wasUp);
            send(Reply.publish(
                    keys.all(),
                    Frame.of(Frame.Type.HELLO, id),
                    heard -> {
                        awaitedPeers = heard - 1;
                        startedIfPeersAreKnown();
                    },
                    this::onFailure));
        }
    }

    private void onFailure(Throwable cause) {
        redis.fail(cause);
    }

    private void onPresent() {
        if (phase != Phase.REGISTERING) {
            return;
        }
        phase = Phase.UP;
        redis.hasWorked();
        trouble = "";
        if (wasUp) {
            LOG.debug("node {} reaches Redis again", id);
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
        calls.lost(peer);
    }

    private void tick() {
        if (phase == Phase.ENDED) {
            return;
        }
        loop.later(this::tick, tick);
        long now = System.nanoTime();
        long stoodStill = Math.max(0, now - lastTick - 2 * tick.toNanos());
        lastTick = now;
        peers.tick(now, phase == Phase.UP);
        frames.tick(now);
        leases.tick(now);
        coreFailures.tick(now);
        if (redis.isOpen()) {
            presence.tick(now, stoodStill);
        }
        if (phase == Phase.UP) {
            publisher.tick(now);
            if (presence.beat(now)) {
                leases.heartbeat();
            }
        }
    }

    private void onBroken(Throwable cause) {
        if (phase == Phase.STOPPING || phase == Phase.ENDED) {
            end();
            return;
        }
        String why = Diagnosis.of(cause, config.uri());
        if (!started.isDone()) {
            started.completeExceptionally(
                    cause instanceof JoinException ? cause : new JoinException(JoinException.Reason.STORE, why, cause));
            stop();
            return;
        }
        boolean wasServing = phase == Phase.UP;
        if (!wasServing && !why.equals(trouble)) {
            LOG.warn("node {} does not reach Redis: {}", id, why);
        }
        trouble = why;
        phase = Phase.CONNECTING;
        if (wasServing) {
            isServing = false;
            call(in -> in.onDown(new IOException(why, cause)));
        }
        loop.later(this::connect, redis.backoff());
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
            presence.leave();
            loop.later(this::end, FAREWELL);
            endIfIdle();
        } else {
            end();
        }
    }

    private void endIfIdle() {
        if (phase == Phase.STOPPING) {
            if (redis.isIdle()) {
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
        redis.close();
        loop.end();
        runtime.end(() -> stopped.complete(null));
    }

    @Override
    public boolean isUp() {
        return phase == Phase.UP;
    }

    @Override
    public void send(Reply<?> command) {
        redis.send(command);
    }

    @Override
    public void tell(String channel, Frame frame) {
        send(Reply.publish(channel, frame, receivers -> {}, interrupted -> {}));
    }

    @Override
    public boolean subscribe(String channel) {
        boolean canSubscribe = redis.isOpen() && phase != Phase.CONNECTING;
        if (canSubscribe) {
            redis.subscribe(List.of(channel));
        }
        return canSubscribe;
    }

    @Override
    public void unsubscribe(String channel) {
        if (phase != Phase.CONNECTING) {
            redis.unsubscribe(channel);
        }
    }

    @Override
    public void call(Consumer<ClusterInbound> call) {
        if (phase != Phase.STOPPING && phase != Phase.ENDED) {
            try {
                call.accept(inbound);
            } catch (RuntimeException thrown) {
                coreFailures.error("the core failed in a call of the cluster engine", thrown);
            }
        }
    }

    private void flush() {
        redis.flush();
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
