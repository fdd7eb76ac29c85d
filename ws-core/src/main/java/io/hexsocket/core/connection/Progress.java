package io.hexsocket.core.connection;

import io.hexsocket.core.config.Timeouts;

/**
 * Watches whether what a peer has begun moves on: in each window of time it has to move {@value Timeouts#SLOWEST_BYTES_PER_SECOND} bytes a
 * second. There is one only while something is under way. On the event loop.
 */
public final class Progress {

    private int since;
    private int mark;

    /**
     * Begins a window.
     *
     * @param moved bytes so far, modulo 2^32
     */
    public Progress(LoopState loop, int moved) {
        begin(loop, moved);
    }

    /** Whether a whole window has passed in which too little moved. If enough did, the next window begins. */
    public boolean isTooSlow(LoopState loop, int moved, int window) {
        if (!loop.hasPassed(since, window)) {
            return false;
        }
        if (moved - mark < Ticks.slowestBytes(window)) {
            return true;
        }
        begin(loop, moved);
        return false;
    }

    /** Whether a value has not changed for a whole window. */
    public boolean hasStopped(LoopState loop, int value, int window) {
        if (value != mark) {
            begin(loop, value);
        }
        return loop.hasPassed(since, window);
    }

    private void begin(LoopState loop, int moved) {
        since = loop.tick();
        mark = moved;
    }
}
