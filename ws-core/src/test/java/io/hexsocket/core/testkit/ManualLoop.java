package io.hexsocket.core.testkit;

import io.hexsocket.core.port.transport.Acceptor;
import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.port.transport.LoopInbound;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/**
 * An event loop that runs when it is told to, on the thread that tells it, and whose time passes when it is told to. Being on the loop
 * means being inside one of its turns: what a test calls between turns comes from another thread, as far as the core can see.
 *
 * <p>At the end of each turn, everything that was written leaves for the network, as far as that takes it.
 */
public final class ManualLoop implements EventLoop {

    static final long TICK_NANOS = 250_000_000;

    // the clock of a virtual machine may be anywhere, and may pass the largest long while a server runs
    private static final long BIRTH = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();
    private static final int READ_BUFFER_BYTES = 64 * 1024;
    // of what is wrong with ten thousand frames
    private static final int MAX_MESSAGE_CHARS = 4000;

    private record Timer(long due, long number, Runnable task) {}

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(
            (a, b) -> a.due != b.due ? Long.compare(a.due, b.due) : Long.compare(a.number, b.number));
    private final List<MemoryConnection> connections = new ArrayList<>();
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BUFFER_BYTES);
    private final LoopInbound core;
    /** Since the loop began. */
    private long elapsed;

    private long timerNumbers;
    private volatile Thread inTurn;

    ManualLoop(Acceptor acceptor) {
        LoopInbound[] attached = new LoopInbound[1];
        turn(() -> {
            attached[0] = acceptor.attach(this);
            attached[0].onTick(BIRTH);
        });
        this.core = attached[0];
    }

    /** The core's side of the loop. */
    public LoopInbound core() {
        return core;
    }

    @Override
    public boolean isInLoop() {
        return inTurn == Thread.currentThread();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void executeLater(Runnable task, long delayNanos) {
        require(isInLoop(), "executeLater was called outside the loop");
        require(delayNanos >= 0, "a delay is negative");
        timers.add(new Timer(elapsed + delayNanos, timerNumbers++, task));
    }

    @Override
    public long nanoTime() {
        return BIRTH + elapsed;
    }

    /** Lets a callback take so long, on this loop or elsewhere. */
    public void pass(Duration time) {
        elapsed += time.toNanos();
    }

    /** Runs a task as a turn of its own, and nothing else. */
    public void turn(Runnable task) {
        require(inTurn == null, "a turn begins inside another");
        inTurn = Thread.currentThread();
        try {
            task.run();
            settle();
        } finally {
            inTurn = null;
        }
    }

    /** Inside a turn: runs something as if on another thread. */
    public void elsewhere(Runnable task) {
        require(isInLoop(), "this is not a turn");
        Thread self = inTurn;
        inTurn = null;
        try {
            task.run();
        } finally {
            inTurn = self;
        }
    }

    /** Runs what is due at this moment, and what that leads to, until nothing is. */
    public void run() {
        while (runATurn()) {
            require(inTurn == null, "the loop runs inside a turn");
        }
    }

    /** Runs until a latch opens and nothing is left to do: other threads are at work. */
    public void runUntil(CountDownLatch done) {
        while (done.getCount() > 0) {
            if (!runATurn()) {
                Thread.onSpinWait();
            }
        }
        run();
    }

    /**
     * One turn for the tasks that are there, and one for each connection where something has arrived.
     *
     * @return whether there was any
     */
    public boolean runATurn() {
        boolean any = !tasks.isEmpty();
        if (any) {
            // as many as there are: what they add has to wait for the next turn
            List<Runnable> due = new ArrayList<>();
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                due.add(task);
            }
            turn(() -> due.forEach(Runnable::run));
        }
        for (MemoryConnection connection : List.copyOf(connections)) {
            if (connection.hasArrivals()) {
                turn(connection::arrive);
                any = true;
            }
        }
        return any;
    }

    /** Whether a task waits for its turn. */
    public boolean hasTasks() {
        return !tasks.isEmpty();
    }

    /** Lets a time pass: timers and ticks come when they are due, each in a turn of its own, and all that they lead to is run. */
    public void advance(Duration time) {
        run();
        long end = elapsed + time.toNanos();
        while (true) {
            long tick = (elapsed / TICK_NANOS + 1) * TICK_NANOS;
            Timer timer = timers.peek();
            long next = timer == null ? tick : Math.min(tick, Math.max(timer.due, elapsed));
            if (next > end) {
                elapsed = end;
                return;
            }
            elapsed = next;
            if (timer != null && timer.due <= next) {
                timers.remove();
                turn(timer.task);
            } else {
                turn(() -> core.onTick(BIRTH + elapsed));
            }
            run();
        }
    }

    List<MemoryConnection> connections() {
        return connections;
    }

    ByteBuffer readBuffer() {
        return readBuffer.clear();
    }

    void requireTurn(String call) {
        require(isInLoop(), call + " was called outside the loop");
    }

    private void settle() {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (MemoryConnection connection : List.copyOf(connections)) {
                moved |= connection.settle();
            }
        }
    }

    static void require(boolean kept, String broken) {
        if (!kept) {
            boolean isLong = broken.length() > MAX_MESSAGE_CHARS;
            throw new AssertionError(
                    isLong
                            ? broken.substring(0, MAX_MESSAGE_CHARS) + "... (" + broken.length() + " characters)"
                            : broken);
        }
    }
}
