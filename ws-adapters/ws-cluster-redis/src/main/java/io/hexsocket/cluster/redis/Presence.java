package io.hexsocket.cluster.redis;

import io.hexsocket.core.port.cluster.JoinException;
import io.lettuce.core.RedisCommandExecutionException;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether this node has its lease and hears itself, on one connection after the other. On the engine's thread. */
final class Presence {

    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

    private final Wires wires;
    private final Keyspace keys;
    private final Scripts scripts;
    private final String id;
    private final Duration lease;
    private final Duration silence;
    private final Duration connectTimeout;
    private final Runnable onPresent;
    private final Consumer<Throwable> onFailure;
    private final Runnable onKeysLost;
    private final SparseLog log = new SparseLog(LOG);
    private final Pulses pulses;
    private boolean isRejoin;
    private boolean hasLease;
    private boolean hasPulse;
    private long lastPulse;
    private long nextHeartbeat;

    /**
     * For one node.
     *
     * @param onPresent told once for each connection, when both are so
     * @param onFailure told why they are not to be had on this one
     * @param onKeysLost told that Redis has forgotten the lease, and perhaps more
     */
    Presence(
            Wires wires,
            Keyspace keys,
            Scripts scripts,
            String id,
            RedisClusterConfig config,
            Pulses pulses,
            Runnable onPresent,
            Consumer<Throwable> onFailure,
            Runnable onKeysLost) {
        this.wires = wires;
        this.keys = keys;
        this.scripts = scripts;
        this.id = id;
        this.lease = config.lease();
        this.silence = config.silence();
        this.connectTimeout = config.connectTimeout();
        this.pulses = pulses;
        this.onPresent = onPresent;
        this.onFailure = onFailure;
        this.onKeysLost = onKeysLost;
    }

    /** Something is under way to a connection that works, which may take a while. */
    void awaitConnection() {
        lastPulse = System.nanoTime() + connectTimeout.toNanos();
    }

    /** There is a new connection. */
    void begin() {
        hasLease = false;
        hasPulse = false;
        pulses.begin();
        awaitConnection();
    }

    /**
     * Takes the lease.
     *
     * @param isAgain whether it had it on an earlier connection
     */
    void register(boolean isAgain) {
        isRejoin = isAgain;
        wires.send(Reply.number(scripts.register(), this::onRegistered, this::onUnregistered));
        pulse(onFailure);
    }

    private void onRegistered(long isOurs) {
        if (isOurs == 1) {
            hasLease = true;
            presentIfComplete();
        } else if (isRejoin) {
            log.warn("another node is called " + id + ", too: this one waits until it is gone");
            onFailure.accept(new LinkException("knows another live node called " + id));
        } else {
            onFailure.accept(new JoinException(JoinException.Reason.NAME, "a live node is called " + id));
        }
    }

    private void onUnregistered(Throwable cause) {
        if (isRejoin && cause instanceof RedisCommandExecutionException && !isReadOnly(cause)) {
            log.warn("node " + id + " has no lease until Redis takes it: " + Diagnosis.text(cause));
            onRegistered(1);
        } else {
            onFailure.accept(cause);
        }
    }

    /** Whether it is a replica by now: who is connected to it hears only those who are, too. */
    private static boolean isReadOnly(Throwable cause) {
        return Diagnosis.text(cause).startsWith("READONLY");
    }

    private void pulse(Consumer<Throwable> failed) {
        pulses.sent(System.nanoTime());
        wires.send(Reply.publish(keys.node(id), Frame.of(Frame.Type.PULSE, id), heard -> {}, failed));
    }

    /** This node has heard itself. */
    void onPulse() {
        lastPulse = System.nanoTime();
        pulses.heard(lastPulse);
        if (!hasPulse) {
            hasPulse = true;
            presentIfComplete();
        }
    }

    private void presentIfComplete() {
        if (hasLease && hasPulse) {
            nextHeartbeat = System.nanoTime();
            onPresent.run();
        }
    }

    /**
     * Gives a dead connection up.
     *
     * @param stoodStill for how long this thread did, in nanoseconds: that is no silence of Redis
     */
    void tick(long now, long stoodStill) {
        log.tick(now);
        lastPulse += stoodStill;
        if (now - lastPulse > silence.toNanos()) {
            onFailure.accept(new LinkException("has been silent for " + silence.toMillis() + " ms"));
        }
    }

    /**
     * Shows that the connection works, and renews the lease if that is due.
     *
     * @return whether it was
     */
    boolean beat(long now) {
        pulse(interrupted -> {});
        if (now - nextHeartbeat < 0) {
            return false;
        }
        nextHeartbeat = now + lease.toNanos() / 4;
        wires.send(Reply.number(
                scripts.heartbeat(),
                isOurs -> {
                    if (isOurs == 0) {
                        onRegistered(0);
                    } else if (isOurs == 2) {
                        log.warn("Redis has forgotten the lease of node " + id + ": the node claims its names again");
                        onKeysLost.run();
                    }
                },
                failure -> {
                    if (isReadOnly(failure)) {
                        onFailure.accept(failure);
                    } else if (failure instanceof RedisCommandExecutionException) {
                        log.warn("the lease of node " + id + " is not renewed until Redis takes it: "
                                + Diagnosis.text(failure));
                    }
                }));
        return true;
    }

    /** Gives the lease back. */
    void leave() {
        wires.send(Reply.number(scripts.leave(), left -> {}, unheard -> {}));
    }
}
