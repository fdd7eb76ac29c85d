package io.hexsocket.core.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The tasks of one event loop, in order. A turn runs those that are there when it begins: what they add waits for the next one, or a few
 * of them could keep the loop from its sockets. {@link #runTurn} on the loop, all else on any thread.
 */
public final class TaskQueue {

    // Then readiness has its turn
    private static final int TASKS_PER_TURN = 1024;
    // Behind the tasks of a turn, or of several if there are more than one turn does
    private static final Runnable END_OF_TURN = () -> {};

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Faults faults;
    /** Whether the end of a turn is among them. */
    private boolean endMarked;

    /** An empty queue; what tasks throw is reported. */
    public TaskQueue(Faults faults) {
        this.faults = faults;
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
        for (int left = TASKS_PER_TURN; left > 0; left--) {
            Runnable task = tasks.poll();
            if (task == null || task == END_OF_TURN) {
                endMarked = false;
                return;
            }
            faults.guard(task);
        }
    }
}
