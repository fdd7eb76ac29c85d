package io.hexsocket.core.hub;

import io.hexsocket.core.port.cluster.Published;
import java.util.concurrent.atomic.AtomicLong;

/** What has gone to other nodes and come from them. Any thread. */
final class ClusterCounts {

    final AtomicLong published = new AtomicLong();
    final AtomicLong unsent = new AtomicLong();
    final AtomicLong uncertain = new AtomicLong();
    final AtomicLong direct = new AtomicLong();
    final AtomicLong received = new AtomicLong();
    final AtomicLong missed = new AtomicLong();
    final AtomicLong gaps = new AtomicLong();
    final AtomicLong reconnects = new AtomicLong();
    /** From the join on. */
    volatile boolean isUp;

    void countUnsent(Published.Outcome why) {
        (why == Published.Outcome.UNCERTAIN ? uncertain : unsent).incrementAndGet();
    }

    void countGap(long messages) {
        gaps.incrementAndGet();
        missed.addAndGet(messages);
    }
}
