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

    private final long limit;
    private final ServerListener listener;
    private final List<LoopMemory> loops = new CopyOnWriteArrayList<>();
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong peak = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final AtomicLong paused = new AtomicLong();
    private final AtomicBoolean near = new AtomicBoolean();
    /** Whether a loop has been asked to make room, and has not done so yet. */
    private final AtomicBoolean relieving = new AtomicBoolean();

    MemoryBudget(long limit, ServerListener listener) {
        this.limit = limit;
        this.listener = listener;
    }

    /** How it is spent. */
    public MemoryUse use() {
        return new MemoryUse(limit, used.get(), peak.get(), ended.get(), paused.get());
    }

    long limit() {
        return limit;
    }

    void add(LoopMemory loop) {
        loops.add(loop);
    }

    /** Takes what a loop's connections hold more, or less than nothing. */
    void charge(long bytes) {
        long now = used.addAndGet(bytes);
        if (bytes > 0) {
            if (now > peak.get()) {
                peak.accumulateAndGet(now, Math::max);
            }
            if (now > limit - limit / 8 && near.compareAndSet(false, true)) {
                listener.onMemoryPressure(use());
            }
            if (now > limit) {
                relieve();
            }
        } else if (near.get() && now < limit - limit / 4) {
            near.set(false);
        }
    }

    /** Whether it is spent, but for an eighth, or was and a quarter is not free yet. */
    boolean isNear() {
        return near.get();
    }

    boolean isSpent() {
        return used.get() > limit;
    }

    /** What the largest holder of the server holds, in bytes. */
    long largest() {
        long largest = 0;
        for (LoopMemory loop : loops) {
            largest = Math.max(largest, loop.largest());
        }
        return largest;
    }

    void countEnded() {
        ended.incrementAndGet();
    }

    void countPaused() {
        paused.incrementAndGet();
    }

    /** Has the loop with the largest holder make room, unless one is about to. */
    void relieve() {
        if (!relieving.compareAndSet(false, true)) {
            return;
        }
        LoopMemory first = null;
        for (LoopMemory loop : loops) {
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
