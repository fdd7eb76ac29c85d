package io.hexsocket.core.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The tasks of one event loop, in order. A turn runs those that are there when it begins: what they add waits for the next one, or a few
 * of them could keep the loop from its sockets. {@link #runTurn} on the loop, all else on any thread.
 */
public final class TaskQueue {

    // Then readiness has its turn: as long as one client's turn takes, which may be a task
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    // Behind the tasks of a turn, or of several if they take longer than one
    private static final Runnable END_OF_TURN = () -> {};

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Faults faults;
    private final LongSupplier nanoTime;
    /** Whether the end of a turn is among them. */
    private boolean endMarked;

    /**
     * An empty queue; what tasks throw is reported.
     *
     * @param nanoTime the loop's clock
     */
    public TaskQueue(Faults faults, LongSupplier nanoTime) {
        this.faults = faults;
        this.nanoTime = nanoTime;
    }

    /** Adds a task at the end. */
    public void add(Runnable task) {
        tasks.add(task);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Forgets all. */
    public void clear() {
        tasks.clear();
    }

    /** Runs the tasks of one turn. */
    public void runTurn() {
        if (tasks.isEmpty()) {
            return;
        }
        if (!endMarked) {
            endMarked = true;
            tasks.add(END_OF_TURN);
        }
        long start = nanoTime.getAsLong();
        do {
            Runnable task = tasks.poll();
            if (task == null || task == END_OF_TURN) {
                endMarked = false;
                return;
            }
            faults.guard(task);
        } while (nanoTime.getAsLong() - start < TURN_NANOS);
    }
}
