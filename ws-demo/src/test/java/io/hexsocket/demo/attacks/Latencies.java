package io.hexsocket.demo.attacks;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** How long somebody waited, each time. */
final class Latencies {

    private final long[] nanos;

    /** @param nanos of each wait; taken */
    Latencies(long[] nanos) {
        Arrays.sort(nanos);
        this.nanos = nanos;
    }

    int count() {
        return nanos.length;
    }

    Duration median() {
        return at(0.5);
    }

    Duration p99() {
        return at(0.99);
    }

    Duration longest() {
        return at(1);
    }

    private Duration at(double share) {
        return nanos.length == 0
                ? Duration.ZERO
                : Duration.ofNanos(nanos[(int) Math.min(nanos.length - 1, nanos.length * share)]);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.1f/%.1f/%.0f", millis(median()), millis(p99()), millis(longest()));
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
