package io.hexsocket.core.config;

import java.time.Duration;

/**
 * How long the server waits. Deadlines are checked about every 250 ms.
 *
 * @param head from accept to the end of the opening handshake, whatever trickles in
 * @param idle without a message either way, then the session is closed with 1001; zero for no limit
 * @param ping between keep-alive pings; a client that has not answered one by the next is closed with 1008. Zero for none
 * @param close from our close frame to the end of the connection, once the client has taken what was sent before, or has stopped
 *     taking it
 * @param writeStall with output waiting that the client takes slower than {@value #SLOWEST_BYTES_PER_SECOND} bytes a second
 * @param slowFrame with a frame begun that arrives slower than that
 * @param drain from the call of {@code close} to the end of the server
 * @param tlsHandshake from accept to the end of the TLS handshake, whatever trickles in; an honest one takes a few round trips
 */
public record Timeouts(
        Duration head,
        Duration idle,
        Duration ping,
        Duration close,
        Duration writeStall,
        Duration slowFrame,
        Duration drain,
        Duration tlsHandshake) {

    /** The rate below which a peer counts as stalled; what Kestrel asks of a request body. */
    public static final int SLOWEST_BYTES_PER_SECOND = 240;

    /** What a server waits that is told nothing. */
    public static final Timeouts DEFAULT = new Timeouts(
            Duration.ofSeconds(5),
            Duration.ZERO,
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(8),
            Duration.ofSeconds(3));

    /**
     * Checks each.
     *
     * @throws IllegalArgumentException naming the one that makes no sense
     */
    public Timeouts {
        positive(head, "head");
        notNegative(idle, "idle");
        notNegative(ping, "ping");
        positive(close, "close");
        positive(writeStall, "writeStall");
        positive(slowFrame, "slowFrame");
        positive(drain, "drain");
        positive(tlsHandshake, "tlsHandshake");
    }

    /** The same with another time for the opening handshake. */
    public Timeouts head(Duration head) {
        return new Timeouts(head, idle, ping, close, writeStall, slowFrame, drain, tlsHandshake);
    }

    /** The same with another time between pings. */
    public Timeouts ping(Duration ping) {
        return new Timeouts(head, idle, ping, close, writeStall, slowFrame, drain, tlsHandshake);
    }

    /** The same with another limit for silence. */
    public Timeouts idle(Duration idle) {
        return new Timeouts(head, idle, ping, close, writeStall, slowFrame, drain, tlsHandshake);
    }

    private static void positive(Duration value, String name) {
        notNegative(value, name);
        if (value.isZero()) {
            throw new IllegalArgumentException(name + " is zero, must be longer");
        }
    }

    private static void notNegative(Duration value, String name) {
        if (value.isNegative() || value.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", must be between zero and a day");
        }
    }
}
