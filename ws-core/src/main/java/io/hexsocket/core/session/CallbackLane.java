package io.hexsocket.core.session;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs the callbacks of one session on the app's executor, one at a time and in order, and has reading paused while too many wait.
 * The event loop adds, the executor runs.
 */
final class CallbackLane implements Runnable {

    /** What the lane needs of its session. */
    interface Gate {
        /** The app is behind. On the event loop. */
        void onBehind();

        /** The app has caught up. Any thread. */
        void onCaughtUp();

        /** The executor takes no more tasks; the callbacks go on on the event loop. On the event loop. */
        void onRefused(RejectedExecutionException cause);
    }

    // Enough to keep a pool busy between two turns of the event loop, little enough to be no queue
    private static final int MOST_WAITING = 32;
    private static final int MOST_WAITING_BYTES = 256 * 1024;
    private static final int FEW_WAITING = 8;
    // Then others of the executor have their turn
    private static final int CALLS_A_TURN = 64;

    private record Call(Runnable task, int bytes) {}

    private final Gate gate;
    private final Executor loop;
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();
    private volatile Executor executor;
    private volatile boolean behind;

    CallbackLane(Executor executor, Executor loop, Gate gate) {
        this.executor = executor;
        this.loop = loop;
        this.gate = gate;
    }

    /** Adds a callback. On the event loop. */
    void add(Runnable task, int bytes) {
        calls.add(new Call(task, bytes));
        long heldBytes = waitingBytes.addAndGet(bytes);
        int held = waiting.incrementAndGet();
        if (held == 1) {
            start();
        }
        if (!behind && (held > MOST_WAITING || heldBytes > MOST_WAITING_BYTES)) {
            behind = true;
            gate.onBehind();
            // the executor may have been through with all of it before it could see the flag
            tellIfCaughtUp();
        }
    }

    /** Whether a callback waits or runs. Any thread. */
    boolean isBusy() {
        return waiting.get() > 0;
    }

    @Override
    public void run() {
        for (int i = 0; i < CALLS_A_TURN; i++) {
            Call call = calls.poll();
            if (call == null) {
                throw new IllegalStateException("the lane was started without a callback");
            }
            call.task.run();
            waitingBytes.addAndGet(-call.bytes);
            boolean last = waiting.decrementAndGet() == 0;
            if (behind) {
                tellIfCaughtUp();
            }
            if (last) {
                return;
            }
        }
        try {
            executor.execute(this);
        } catch (RejectedExecutionException ended) {
            refused(ended);
        }
    }

    private void start() {
        try {
            executor.execute(this);
        } catch (RejectedExecutionException ended) {
            refused(ended);
        }
    }

    private void refused(RejectedExecutionException cause) {
        executor = loop;
        loop.execute(() -> gate.onRefused(cause));
        loop.execute(this);
    }

    private void tellIfCaughtUp() {
        if (waiting.get() <= FEW_WAITING && waitingBytes.get() <= MOST_WAITING_BYTES / 2 && behind) {
            behind = false;
            gate.onCaughtUp();
        }
    }
}
