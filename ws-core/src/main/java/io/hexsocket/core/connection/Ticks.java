package io.hexsocket.core.connection;

import io.hexsocket.core.config.Timeouts;
import java.time.Duration;

/**
 * The deadlines of a server, in ticks: a connection remembers a tick in four bytes, and no deadline needs to be finer.
 *
 * @param head for the head of the request
 * @param admission for the answer to it
 * @param lifetime of a session, 0 for no end
 * @param ping between pings, 0 for none
 * @param close for the end of a connection
 * @param writeStall for a client that reads too slowly
 * @param slowFrame for a frame that arrives too slowly
 * @param slowMessage for a message that does
 */
public record Ticks(
        int head, int admission, int lifetime, int ping, int close, int writeStall, int slowFrame, int slowMessage) {

    /** The length of a tick. */
    static final long NANOS = 250_000_000;

    /** The deadlines of a configuration, rounded up. */
    static Ticks of(Timeouts timeouts) {
        return new Ticks(
                ticks(timeouts.head()),
                ticks(timeouts.admission()),
                ticks(timeouts.lifetime()),
                ticks(timeouts.ping()),
                ticks(timeouts.close()),
                ticks(timeouts.writeStall()),
                ticks(timeouts.slowFrame()),
                ticks(timeouts.slowMessage()));
    }

    /** How many bytes a peer moves in so many ticks that is just fast enough. */
    static int slowestBytes(int ticks) {
        return (int) (Timeouts.SLOWEST_BYTES_PER_SECOND * NANOS * ticks / 1_000_000_000);
    }

    /** A connection's own part of some time, from zero to below all of it: spread evenly over numbers that follow each other. */
    public static int share(long number, int time) {
        // Knuth's multiplicative hash: 2^32 divided by the golden ratio
        long spread = number * 2_654_435_769L & 0xFFFF_FFFFL;
        return (int) (spread * time >>> 32);
    }

    static int ticks(Duration duration) {
        return (int) ((duration.toNanos() + NANOS - 1) / NANOS);
    }
}
