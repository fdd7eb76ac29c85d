package io.hexsocket.core.simulation;

import java.time.Duration;
import java.util.Random;

/**
 * What lies between a client and the server, the same in both directions.
 *
 * @param latency from one end to the other
 * @param bytesPerSecond how much goes through
 * @param slice the most that arrives in one piece, in bytes
 * @param window the most that is under way or waits to be read by the other end, in bytes: then the writer has to wait
 */
public record Line(Duration latency, long bytesPerSecond, int slice, int window) {

    /** Takes everything at once. */
    public static final Line PERFECT = new Line(Duration.ZERO, Long.MAX_VALUE, Integer.MAX_VALUE, 1 << 20);

    /** Checks each. */
    public Line {
        if (latency.isNegative() || bytesPerSecond < 1 || slice < 1 || window < 1) {
            throw new IllegalArgumentException("a line takes at least one byte, and no negative time: " + latency + ", "
                    + bytesPerSecond + " bytes/s, slices of " + slice + ", a window of " + window);
        }
    }

    /** Any line on which a patient client gets along: from loopback to a bad mobile network. */
    public static Line any(Random random) {
        return new Line(
                Duration.ofMillis(random.nextInt(random.nextBoolean() ? 3 : 400)),
                20_000L << random.nextInt(16),
                random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 1 + random.nextInt(20_000),
                2_000 << random.nextInt(8));
    }

    /** How long so many bytes take to enter the line, in nanoseconds. */
    long nanosFor(int bytes) {
        return bytesPerSecond == Long.MAX_VALUE ? 0 : bytes * 1_000_000_000L / bytesPerSecond;
    }
}
