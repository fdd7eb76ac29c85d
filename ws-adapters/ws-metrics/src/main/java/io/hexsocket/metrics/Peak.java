package io.hexsocket.metrics;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The longest of the last thirty reports, about as many seconds: what happened between two looks of a metrics system is not missed. One
 * thread adds, any thread looks.
 */
final class Peak {

    private static final int REPORTS = 30;

    private final AtomicLongArray nanos = new AtomicLongArray(REPORTS);
    private int next;

    void add(Duration worst) {
        nanos.set(next, worst.toNanos());
        next = (next + 1) % REPORTS;
    }

    long nanos() {
        long longest = 0;
        for (int i = 0; i < REPORTS; i++) {
            longest = Math.max(longest, nanos.get(i));
        }
        return longest;
    }
}
