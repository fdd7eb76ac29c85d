package io.hexsocket.demo;

import java.util.concurrent.atomic.AtomicInteger;

/** Lets through so many events of a kind between two reports, and counts the rest. Any thread; never blocks. */
final class Sampler {

    private final int most;
    private final AtomicInteger seen = new AtomicInteger();

    Sampler(int most) {
        this.most = most;
    }

    /** Counts an event, and says whether it is let through. */
    boolean admits() {
        return seen.getAndIncrement() < most;
    }

    /** How many events were not let through since the last report. Begins anew. */
    int report() {
        return Math.max(0, seen.getAndSet(0) - most);
    }
}
