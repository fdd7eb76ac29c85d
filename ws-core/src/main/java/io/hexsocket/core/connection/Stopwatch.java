package io.hexsocket.core.connection;

import io.hexsocket.core.port.host.Timings;
import java.time.Duration;

/** Adds up how long something takes. On one event loop. */
final class Stopwatch {

    private long count;
    private long totalNanos;
    private long worstNanos;

    void took(long nanos) {
        count++;
        totalNanos += nanos;
        worstNanos = Math.max(worstNanos, nanos);
    }

    /** The sums so far; the worst is forgotten. */
    Timings report() {
        Duration worst = Duration.ofNanos(worstNanos);
        worstNanos = 0;
        return new Timings(count, Duration.ofNanos(totalNanos), worst);
    }
}
