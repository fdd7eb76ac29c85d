package io.hexsocket.core.connection;

/** The time that all event loops of a server have in common, in ticks since the first of them began. Any thread. */
final class ServerClock {

    private long origin;
    private boolean hasOrigin;
    private volatile int tick;

    /** A loop knows what time it is. */
    synchronized void advance(long nowNanos) {
        if (!hasOrigin) {
            hasOrigin = true;
            origin = nowNanos;
        }
        tick = Math.max(tick, (int) ((nowNanos - origin) / Ticks.NANOS));
    }

    int tick() {
        return tick;
    }
}
