package io.hexsocket.bench;

import java.util.Arrays;

/** From when a message was due to its answer: how many there were of each microsecond, up to a second. */
final class Delays {

    private static final int LONGEST_MICROS = 1_000_000;

    private final int[] counts = new int[LONGEST_MICROS + 1];
    private long all;

    void add(long nanos) {
        counts[(int) Math.min(LONGEST_MICROS, nanos / 1000)]++;
        all++;
    }

    void clear() {
        Arrays.fill(counts, 0);
        all = 0;
    }

    /** The delay in microseconds that so many of a thousand did not exceed. */
    int permille(double permille) {
        long wanted = (long) Math.ceil(all * permille / 1000);
        long seen = 0;
        for (int micros = 0; micros < LONGEST_MICROS; micros++) {
            seen += counts[micros];
            if (seen >= wanted) {
                return micros;
            }
        }
        return LONGEST_MICROS;
    }
}
