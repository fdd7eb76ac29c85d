package io.hexsocket.cluster.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How long what a node says to itself by way of Redis is under way. On the engine's thread, but for {@link #roundTrip}. */
final class Pulses {

    private final Deque<Long> underWay = new ArrayDeque<>();
    private volatile long lastNanos;
    /** When the oldest that is under way was sent, in the time of the clock; 0 if none is. */
    private volatile long oldest;

    /** There is a new connection, on which none is under way. */
    void begin() {
        underWay.clear();
        oldest = 0;
    }

    void sent(long now) {
        underWay.add(now);
        oldest = underWay.element();
    }

    void heard(long now) {
        Long sent = underWay.poll();
        if (sent != null) {
            lastNanos = now - sent;
            Long next = underWay.peek();
            oldest = next == null ? 0 : next;
        }
    }

    /** Any thread. */
    Duration roundTrip(long now) {
        long since = oldest;
        return Duration.ofNanos(since == 0 ? lastNanos : Math.max(lastNanos, now - since));
    }
}
