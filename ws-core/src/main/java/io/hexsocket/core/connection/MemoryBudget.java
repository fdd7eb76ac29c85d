package io.hexsocket.core.connection;

import io.hexsocket.core.port.host.MemoryUse;
import io.hexsocket.core.port.host.ServerListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all clients of a server together make it hold. Event loops add up what their connections hold in a {@link LoopMemory}
 * of their own and publish it here in steps. Once the limit is passed, the loop with the largest holder ends it, then the one that has the
 * largest then, until there is room. Any thread.
 */
public final class MemoryBudget {

    /** An event loop that adds up what its connections hold. Any thread. */
    interface Loop {

        /** What the largest holder weighs, in bytes; about. */
        long largest();

        /** Ends the largest holder, later; then {@link MemoryBudget#relieved} is called. */
        void makeRoomSoon();
    }

    // What a connection costs that holds nothing: 900 bytes with NIO, a few times that with Vert.x
    private static final int CONNECTION_BYTES = 2 * 1024;

    private final long limit;
    private final ServerListener listener;
    private final ConnectionCounts counts;
    private final List<Loop> loops = new CopyOnWriteArrayList<>();
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong peak = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final AtomicLong paused = new AtomicLong();
    private final AtomicBoolean near = new AtomicBoolean();
    /** Whether a connection was paused since it is near. */
    private volatile boolean hasPaused;
    /** Whether a loop has been asked to make room, and has not done so yet. */
    private final AtomicBoolean relieving = new AtomicBoolean();

    MemoryBudget(long limit, ServerListener listener, ConnectionCounts counts) {
        this.limit = limit;
        this.counts = counts;
        this.listener = listener;
    }

    /** How it is spent. */
    public MemoryUse use() {
        return new MemoryUse(limit, used.get(), peak.get(), ended.get(), paused.get());
    }

    long limit() {
        return limit;
    }

    void add(Loop loop) {
        loops.add(loop);
    }

    /** Takes what a loop's connections hold more, or less than nothing. */
    void charge(long bytes) {
        long now = used.addAndGet(bytes);
        if (bytes > 0) {
            if (now > peak.get()) {
                peak.accumulateAndGet(now, Math::max);
            }
            long room = room();
            if (now > room - room / 8 && near.compareAndSet(false, true)) {
                listener.onMemoryPressure(use());
            }
            if (now > room) {
                relieve();
            }
        } else if (near.get() && now < room() - room() / 4) {
            near.set(false);
            hasPaused = false;
        }
    }

    /** Whether it is spent, but for an eighth, or was and a quarter is not free yet. */
    boolean isNear() {
        return near.get();
    }

    boolean isSpent() {
        return used.get() > room();
    }

    boolean isAbove(long bytes) {
        return used.get() > bytes;
    }

    /**
     * What may be used once room was made: a thirty-second less than now, and than all. To look for the largest takes a look at every
     * connection, so that it is not done for each message that is beyond the limit.
     */
    long enough() {
        long room = room();
        return Math.min(used.get(), room) - room / 32;
    }

    /** Whether so much more than all is spent that no loop can wait for another to make room. */
    boolean isOverdrawn() {
        return used.get() > room() + limit / 8;
    }

    /** What connections leave of the budget that hold nothing more. */
    private long room() {
        return limit - (long) CONNECTION_BYTES * counts.all();
    }

    /** What the largest holder of the server weighs, in bytes. */
    long largest() {
        long largest = 0;
        for (Loop loop : loops) {
            largest = Math.max(largest, loop.largest());
        }
        return largest;
    }

    void countEnded() {
        ended.incrementAndGet();
    }

    void countPaused() {
        paused.incrementAndGet();
        hasPaused = true;
    }

    /** Whether a connection was paused since it is near. */
    boolean hasPaused() {
        return hasPaused;
    }

    /** Has the loop with the largest holder make room, unless one is about to. */
    void relieve() {
        if (!relieving.compareAndSet(false, true)) {
            return;
        }
        Loop first = null;
        for (Loop loop : loops) {
            if (loop.largest() > 0 && (first == null || loop.largest() > first.largest())) {
                first = loop;
            }
        }
        if (first == null) {
            // the next tick asks again
            relieving.set(false);
        } else {
            first.makeRoomSoon();
        }
    }

    /** A loop has been asked to make room and has done what it can: it has ended its largest holder, or has none. */
    void relieved() {
        relieving.set(false);
        if (isSpent()) {
            relieve();
        }
    }
}
