package io.hexsocket.core.connection;

import java.time.Duration;

/**
 * A server that its sessions are to leave: when each of them is told, spread evenly over a window, and when it may come back. Both follow
 * from the connection's number, so that nothing has to be remembered for it. On the event loop whose connections they are.
 */
public final class Drain {

    // Those who come back to a server that took no time to leave need some all the same
    private static final int LEAST_MILLIS_TO_COME_BACK = 2000;

    // A second for apps on executors that are behind
    private static final int TICKS_FOR_THE_LAST = 4;

    private final LoopState loop;
    private boolean begun;
    private int begunAt;
    private final int window;
    /** Who was due up to this tick has been told. */
    private int toldUntil;

    Drain(LoopState loop, long windowNanos) {
        this.loop = loop;
        this.window = Ticks.ticks(Duration.ofNanos(windowNanos));
        if (window == 0) {
            begin();
        }
    }

    /** The window begins, unless it has. With a tick: until then, the clock of a busy loop stands still. */
    void begin() {
        if (!begun) {
            begun = true;
            begunAt = loop.tick();
            toldUntil = begunAt - 1;
        }
    }

    /** Whether it is this connection's turn now; true once for each. */
    public boolean isDue(long number) {
        int due = begunAt + Ticks.share(number, window);
        return begun && due > toldUntil && due <= loop.tick();
    }

    /** How long its client had better wait: until the last one has left, and then its own time of a second window. */
    public Duration reconnectIn(long number) {
        int windowMillis = window * LoopState.TICK_MILLIS;
        int left = Math.max(0, windowMillis - (loop.tick() - begunAt) * LoopState.TICK_MILLIS);
        // another hash: who leaves late must not come back late for that
        int own = Ticks.share(number * 2_246_822_519L, Math.max(windowMillis, LEAST_MILLIS_TO_COME_BACK));
        return Duration.ofMillis(left + own);
    }

    /** Everybody who was due has been told. */
    void onTold() {
        if (begun) {
            toldUntil = loop.tick();
        }
    }

    /** Whether all have had their turn, and their apps a moment to use it. */
    boolean isOver() {
        return begun && loop.tick() - begunAt > window + TICKS_FOR_THE_LAST;
    }
}
