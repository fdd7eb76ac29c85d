package io.hexsocket.core.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.StringJoiner;

/**
 * How long the server waits. Deadlines are checked about every 250 ms. Immutable: each setter returns a changed copy, and throws
 * {@link IllegalArgumentException}, naming the timeout, for a value that makes no sense; none is longer than a day.
 */
public final class Timeouts {

    /** The rate below which a peer counts as stalled, in bytes a second; what Kestrel asks of a request body. */
    public static final int SLOWEST_BYTES_PER_SECOND = 240;

    private enum Timeout {
        HEAD("head", Duration.ofSeconds(5), false),
        // a slow service's time-out, and some of our own
        ADMISSION("admission", Duration.ofSeconds(10), false),
        LIFETIME("lifetime", Duration.ZERO, true),
        // a page may wait a day for news; the ping finds out who is gone
        IDLE("idle", Duration.ZERO, true),
        // below the 60 s after which common proxies give up a silent connection
        PING("ping", Duration.ofSeconds(30), true),
        CLOSE("close", Duration.ofSeconds(5), false),
        WRITE_STALL("writeStall", Duration.ofSeconds(10), false),
        SLOW_FRAME("slowFrame", Duration.ofSeconds(5), false),
        SLOW_MESSAGE("slowMessage", Duration.ofSeconds(10), false),
        // what remains of the ten seconds that service managers give
        DRAIN("drain", Duration.ofSeconds(8), false),
        TLS_HANDSHAKE("tlsHandshake", Duration.ofSeconds(3), false);

        final String label;
        final Duration preset;
        final boolean mayBeZero;

        Timeout(String label, Duration preset, boolean mayBeZero) {
            this.label = label;
            this.preset = preset;
            this.mayBeZero = mayBeZero;
        }
    }

    private static final Duration MAX_DURATION = Duration.ofDays(1);

    /** What a server waits that is told nothing. */
    public static final Timeouts DEFAULT = new Timeouts(
            Arrays.stream(Timeout.values()).map(timeout -> timeout.preset).toArray(Duration[]::new));

    private final Duration[] values;

    private Timeouts(Duration[] values) {
        this.values = values;
    }

    /** From accept to the end of the request's head, whatever trickles in; 5 s. */
    public Duration head() {
        return get(Timeout.HEAD);
    }

    /** Sets {@link #head()}. */
    public Timeouts head(Duration time) {
        return with(Timeout.HEAD, time);
    }

    /** From the end of the request's head to the app's or the responder's answer; 10 s. */
    public Duration admission() {
        return get(Timeout.ADMISSION);
    }

    /** Sets {@link #admission()}. */
    public Timeouts admission(Duration time) {
        return with(Timeout.ADMISSION, time);
    }

    /**
     * From the opening of a session to its end, whatever it does, then it is closed in order with 1001; zero, which is no limit. Each
     * session gets up to a tenth less, so that those who came together do not come back together.
     */
    public Duration lifetime() {
        return get(Timeout.LIFETIME);
    }

    /** Sets {@link #lifetime()}; zero for no limit. */
    public Timeouts lifetime(Duration time) {
        return with(Timeout.LIFETIME, time);
    }

    /** Without a message either way, then the session is closed with 1001; zero, which is no limit. */
    public Duration idle() {
        return get(Timeout.IDLE);
    }

    /** Sets {@link #idle()}; zero for no limit. */
    public Timeouts idle(Duration time) {
        return with(Timeout.IDLE, time);
    }

    /** Between keep-alive pings; 30 s. A client from which nothing has come from one ping to the next is closed with 1008. */
    public Duration ping() {
        return get(Timeout.PING);
    }

    /** Sets {@link #ping()}; zero for no pings. */
    public Timeouts ping(Duration time) {
        return with(Timeout.PING, time);
    }

    /** From our close frame to the end of the connection, once the client has taken what was sent before, or has stopped taking it; 5 s. */
    public Duration close() {
        return get(Timeout.CLOSE);
    }

    /** Sets {@link #close()}. */
    public Timeouts close(Duration time) {
        return with(Timeout.CLOSE, time);
    }

    /** With output waiting that the client takes at less than {@value #SLOWEST_BYTES_PER_SECOND} bytes a second; 10 s. */
    public Duration writeStall() {
        return get(Timeout.WRITE_STALL);
    }

    /** Sets {@link #writeStall()}. */
    public Timeouts writeStall(Duration time) {
        return with(Timeout.WRITE_STALL, time);
    }

    /** With a frame begun that arrives at less than {@value #SLOWEST_BYTES_PER_SECOND} bytes a second; 5 s. */
    public Duration slowFrame() {
        return get(Timeout.SLOW_FRAME);
    }

    /** Sets {@link #slowFrame()}. */
    public Timeouts slowFrame(Duration time) {
        return with(Timeout.SLOW_FRAME, time);
    }

    /** With a message begun that arrives at less than {@value #SLOWEST_BYTES_PER_SECOND} bytes a second, between its frames as well; 10 s. */
    public Duration slowMessage() {
        return get(Timeout.SLOW_MESSAGE);
    }

    /** Sets {@link #slowMessage()}. */
    public Timeouts slowMessage(Duration time) {
        return with(Timeout.SLOW_MESSAGE, time);
    }

    /** From the call of {@code shutdown} to the end of the server; 8 s. */
    public Duration drain() {
        return get(Timeout.DRAIN);
    }

    /** Sets {@link #drain()}. */
    public Timeouts drain(Duration time) {
        return with(Timeout.DRAIN, time);
    }

    /** From accept to the end of the TLS handshake, whatever trickles in; 3 s. An honest one takes a few round trips. */
    public Duration tlsHandshake() {
        return get(Timeout.TLS_HANDSHAKE);
    }

    /** Sets {@link #tlsHandshake()}. */
    public Timeouts tlsHandshake(Duration time) {
        return with(Timeout.TLS_HANDSHAKE, time);
    }

    private Duration get(Timeout timeout) {
        return values[timeout.ordinal()];
    }

    private Timeouts with(Timeout timeout, Duration time) {
        if (Objects.requireNonNull(time, timeout.label).isNegative() || time.compareTo(MAX_DURATION) > 0) {
            throw new IllegalArgumentException(timeout.label + " is " + time + ", must be between zero and a day");
        }
        if (time.isZero() && !timeout.mayBeZero) {
            throw new IllegalArgumentException(timeout.label + " is zero, must be longer");
        }
        Duration[] changed = values.clone();
        changed[timeout.ordinal()] = time;
        return new Timeouts(changed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Timeouts timeouts && Arrays.equals(values, timeouts.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        StringJoiner all = new StringJoiner(", ", "Timeouts[", "]");
        for (Timeout timeout : Timeout.values()) {
            all.add(timeout.label + "=" + get(timeout));
        }
        return all.toString();
    }
}
