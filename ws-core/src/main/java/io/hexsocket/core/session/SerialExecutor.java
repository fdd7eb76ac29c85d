package io.hexsocket.core.session;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs the callbacks of one session on the app's executor, one at a time and in order, and has reading paused while too many wait.
 * While the app pauses, messages that wait already are held back, and all other callbacks pass them. The event loop adds, the executor
 * runs.
 */
final class SerialExecutor implements Runnable {

    /** Who is told how many callbacks wait. */
    interface Gate {
        /** Too many wait. On the event loop. */
        void onHighWater();

        /** Few wait again. Any thread. */
        void onLowWater();

        /** The executor takes no more tasks; the callbacks go on on the event loop. On the event loop. */
        void onRejected(Throwable cause);
    }

    // Enough to keep a pool busy between two turns of the event loop, little enough to be no queue
    private static final int HIGH_WATERMARK = 32;
    private static final int HIGH_WATERMARK_BYTES = 256 * 1024;
    private static final int LOW_WATERMARK = 8;
    // Two lambdas, a record, a node, a message and the header of its array
    private static final int CALL_BYTES = 160;
    // Then others of the executor have their turn
    private static final int CALLS_PER_TURN = 64;

    private record Call(Runnable task, int bytes) {}

    private final Gate gate;
    private final Executor loop;
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicBoolean high = new AtomicBoolean();
    /** What must not come while the app pauses. Belongs to the callback that runs. */
    private final ArrayDeque<Call> heldBack = new ArrayDeque<>(0);

    private volatile Executor executor;
    private volatile boolean holding;
    private volatile boolean anyHeldBack;
    private volatile int heldBackBytes;
    /** Whether nothing is held back any more. Belongs to the callback that runs. */
    private boolean over;

    SerialExecutor(Executor executor, Executor loop, Gate gate) {
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
        if ((held > HIGH_WATERMARK || heldBytes > HIGH_WATERMARK_BYTES) && high.compareAndSet(false, true)) {
            gate.onHighWater();
            // the executor may have been through with all of it before it could see the flag
            tellIfLow();
        }
    }

    /** Adds a callback that waits while the app pauses, and so do those that are added after it in the same way. On the event loop. */
    void addMessage(Runnable task, int bytes) {
        add(() -> runUnlessHolding(new Call(task, bytes)), bytes);
    }

    /** Holds messages back, from the next one on. Any thread. */
    void hold() {
        holding = true;
    }

    /** Lets messages come again. On the event loop. */
    void release() {
        holding = false;
        add(this::runHeldBack, 0);
    }

    /** Forgets what is held back, and holds back no more. On the event loop. */
    void forgetHeldBack() {
        add(
                () -> {
                    over = true;
                    heldBack.clear();
                    heldBackBytes = 0;
                    anyHeldBack = false;
                },
                0);
    }

    /** Whether a callback waits or runs, or is held back. Any thread. */
    boolean isBusy() {
        return waiting.get() > 0 || anyHeldBack;
    }

    /** How many bytes are kept for callbacks that wait or are held back, and what they are made of. Any thread. */
    int heldBytes() {
        int calls = waiting.get();
        return calls == 0 && heldBackBytes == 0
                ? 0
                : (int) Math.min(waitingBytes.get(), Integer.MAX_VALUE / 4) + calls * CALL_BYTES + heldBackBytes;
    }

    /** Whether reading is to be paused. Any thread. */
    boolean isHigh() {
        return high.get();
    }

    @Override
    public void run() {
        for (int i = 0; i < CALLS_PER_TURN; i++) {
            Call call = calls.poll();
            if (call == null) {
                throw new IllegalStateException("the executor was started without a callback");
            }
            call.task.run();
            waitingBytes.addAndGet(-call.bytes);
            boolean last = waiting.decrementAndGet() == 0;
            tellIfLow();
            if (last) {
                return;
            }
        }
        start();
    }

    private void start() {
        try {
            executor.execute(this);
        } catch (RuntimeException | Error refusal) {
            // it has ended, or is full, or can make no thread
            executor = loop;
            loop.execute(() -> gate.onRejected(refusal));
            loop.execute(this);
        }
    }

    private void runUnlessHolding(Call call) {
        if (!over && (holding || anyHeldBack)) {
            heldBack.add(call);
            countHeldBack(call.bytes + CALL_BYTES);
            anyHeldBack = true;
        } else {
            call.task.run();
        }
    }

    private void runHeldBack() {
        while (!holding && !heldBack.isEmpty()) {
            Call call = heldBack.remove();
            countHeldBack(-call.bytes - CALL_BYTES);
            call.task.run();
        }
        anyHeldBack = !heldBack.isEmpty();
    }

    private void countHeldBack(int bytes) {
        int before = heldBackBytes;
        heldBackBytes = before + bytes;
    }

    private void tellIfLow() {
        if (high.get()
                && waiting.get() <= LOW_WATERMARK
                && waitingBytes.get() <= HIGH_WATERMARK_BYTES / 2
                && high.compareAndSet(true, false)) {
            gate.onLowWater();
        }
    }
}
