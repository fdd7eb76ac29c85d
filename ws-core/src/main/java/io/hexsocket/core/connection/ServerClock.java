package io.hexsocket.core.connection;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The time that all event loops of a server have in common, in ticks since the first of them began. Any thread. */
final class ServerClock {

    private final AtomicReference<@Nullable Long> origin = new AtomicReference<>();
    private volatile int tick;

    /** A loop knows what time it is. */
    void advance(long nowNanos) {
        Long began = origin.get();
        if (began == null) {
            origin.compareAndSet(null, nowNanos);
        } else {
            // two loops at once: the last one counts, and is wrong by no more than what lies between them
            tick = (int) ((nowNanos - began) / Ticks.NANOS);
        }
    }

    int tick() {
        return tick;
    }
}
