package io.hexsocket.core.connection;

/**
 * Watches whether a connection whose end has begun comes to it. It begins anew whenever the client has taken enough of what waits for it:
 * a close frame comes behind all that was sent before, and cannot be answered before it has arrived. On the event loop.
 */
final class CloseDeadline {

    private final LoopState loop;
    private int since;
    /** How much output waited then, in bytes. */
    private int waiting;

    /** Begins. */
    CloseDeadline(LoopState loop, long queuedBytes) {
        this.loop = loop;
        begin(queuedBytes);
    }

    /** Whether the time is up. */
    boolean hasPassed(long queuedBytes) {
        int taken = waiting - (int) queuedBytes;
        if (taken > 0 && taken >= Ticks.slowestBytes(loop.tick() - since)) {
            begin(queuedBytes);
            return false;
        }
        return loop.hasPassed(since, loop.ticks().close());
    }

    private void begin(long queuedBytes) {
        since = loop.tick();
        waiting = (int) queuedBytes;
    }
}
