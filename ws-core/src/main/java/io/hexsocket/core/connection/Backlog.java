package io.hexsocket.core.connection;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What has been posted to one event loop and is not done, as one weight: the bytes that are kept, and {@value #DELIVERY} more for each
 * delivery that it makes. While the weight is high, clients whose messages add to it are not read from; while it is full, senders are
 * refused. Any thread.
 */
public final class Backlog {

    /** What one delivery weighs: as many bytes as are copied in the time that it takes, about. */
    public static final int DELIVERY = 32;

    // 32 Ki deliveries: four turns, which is some ten milliseconds
    private static final long HIGH_WATERMARK = 1024 * 1024;
    private static final long LOW_WATERMARK = HIGH_WATERMARK / 4;
    // Each of the clients that are read from may add one message before it is not
    private static final long FULL = 16 * HIGH_WATERMARK;

    private final AtomicLong weight = new AtomicLong();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    /** Something was posted. */
    public void add(long more) {
        weight.addAndGet(more);
    }

    /** Something of that weight is done. */
    public void done(long less) {
        if (weight.addAndGet(-less) <= LOW_WATERMARK) {
            wake();
        }
    }

    /** What all of it weighs. */
    long weight() {
        return weight.get();
    }

    /** Whether those who add to it are to be slowed. */
    public boolean isHigh() {
        return weight.get() > HIGH_WATERMARK;
    }

    /** Whether nothing more is taken. */
    public boolean isFull() {
        return weight.get() >= FULL;
    }

    /** Runs a task, once and on any thread, when the weight is low. */
    void onLow(Runnable task) {
        waiting.add(task);
        if (weight.get() <= LOW_WATERMARK) {
            wake();
        }
    }

    private void wake() {
        for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
            task.run();
        }
    }
}
