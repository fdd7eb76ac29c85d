package io.hexsocket.core.config;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a server demands of its clients, and may be told anew while it runs. Immutable: each setter returns a changed copy.
 *
 * <p>Not all of it can change: {@link Limits#memoryBytes()}, {@link Limits#compressionContextBytes()}, {@link Timeouts#drain()} and {@link
 * Timeouts#tlsHandshake()} are what memory and threads are set up by at the start.
 *
 * @since 0.2
 */
public final class Policy {

    /** What a server demands that is told nothing, and has no trusted proxies. */
    public static final Policy DEFAULT = new Policy(Limits.DEFAULT, Timeouts.DEFAULT, Origins.same(), RawDoor.LOOPBACK);

    private final Limits limits;
    private final Timeouts timeouts;
    private final Origins allowedOrigins;
    private final RawDoor rawDoor;

    private Policy(Limits limits, Timeouts timeouts, Origins allowedOrigins, RawDoor rawDoor) {
        this.limits = Objects.requireNonNull(limits, "limits");
        this.timeouts = Objects.requireNonNull(timeouts, "timeouts");
        this.allowedOrigins = Objects.requireNonNull(allowedOrigins, "allowedOrigins");
        this.rawDoor = Objects.requireNonNull(rawDoor, "rawDoor");
    }

    /** How much it takes. */
    public Limits limits() {
        return limits;
    }

    /** Sets {@link #limits()}. */
    public Policy limits(Limits limits) {
        return new Policy(limits, timeouts, allowedOrigins, rawDoor);
    }

    /** How long it waits. */
    public Timeouts timeouts() {
        return timeouts;
    }

    /** Sets {@link #timeouts()}. */
    public Policy timeouts(Timeouts timeouts) {
        return new Policy(limits, timeouts, allowedOrigins, rawDoor);
    }

    /** Whose pages may connect. */
    public Origins allowedOrigins() {
        return allowedOrigins;
    }

    /** Sets {@link #allowedOrigins()}. */
    public Policy allowedOrigins(Origins origins) {
        return new Policy(limits, timeouts, origins, rawDoor);
    }

    /** Who may skip WebSocket. */
    public RawDoor rawDoor() {
        return rawDoor;
    }

    /** Sets {@link #rawDoor()}. */
    public Policy rawDoor(RawDoor door) {
        return new Policy(limits, timeouts, allowedOrigins, door);
    }

    /**
     * What a running server would have of it: the same, with what is read at a start only as it is in the policy from before.
     *
     * @param before what the server was started with
     */
    public Policy whileRunning(Policy before) {
        return limits(limits.memoryBytes(before.limits.memoryBytes())
                        .compressionContextBytes(before.limits.compressionContextBytes()))
                .timeouts(timeouts.drain(before.timeouts.drain()).tlsHandshake(before.timeouts.tlsHandshake()));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Policy that
                && limits.equals(that.limits)
                && timeouts.equals(that.timeouts)
                && allowedOrigins.equals(that.allowedOrigins)
                && rawDoor.equals(that.rawDoor);
    }

    @Override
    public int hashCode() {
        return Objects.hash(limits, timeouts, allowedOrigins, rawDoor);
    }

    @Override
    public String toString() {
        return "Policy[limits=" + limits + ", timeouts=" + timeouts + ", allowedOrigins=" + allowedOrigins
                + ", rawDoor=" + rawDoor + "]";
    }
}
