package io.hexsocket.core.config;

import java.util.Objects;

/**
 * What a server demands of its clients, and may be told anew while it runs. Immutable.
 *
 * <p>Not all of it can change: {@link Limits#memoryBytes()}, {@link Limits#compressionContextBytes()}, {@link Timeouts#drain()} and {@link
 * Timeouts#tlsHandshake()} are what memory and threads are set up by at the start.
 *
 * @param limits how much it takes
 * @param timeouts how long it waits
 * @param allowedOrigins whose pages may connect
 * @param rawDoor who may skip WebSocket
 * @since 0.2
 */
public record Policy(Limits limits, Timeouts timeouts, Origins allowedOrigins, RawDoor rawDoor) {

    /** Has all four. */
    public Policy {
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(timeouts, "timeouts");
        Objects.requireNonNull(allowedOrigins, "allowedOrigins");
        Objects.requireNonNull(rawDoor, "rawDoor");
    }

    /** The same with other limits. */
    public Policy limits(Limits limits) {
        return new Policy(limits, timeouts, allowedOrigins, rawDoor);
    }

    /** The same with other timeouts. */
    public Policy timeouts(Timeouts timeouts) {
        return new Policy(limits, timeouts, allowedOrigins, rawDoor);
    }

    /** The same with other origins. */
    public Policy allowedOrigins(Origins origins) {
        return new Policy(limits, timeouts, origins, rawDoor);
    }

    /** The same with another raw door. */
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
}
