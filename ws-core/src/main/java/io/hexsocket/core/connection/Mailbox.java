package io.hexsocket.core.connection;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What other threads ask of the sessions of one event loop, in the order in which each thread did, whether it is for one session or
 * for many. No task calls an app, so the loop drains the mailbox before it does anything that must come after what was asked before,
 * even in the middle of a callback. Any thread posts, the loop drains.
 */
final class Mailbox {

    // Then the connections of the loop have their turn, however much is posted meanwhile
    private static final int TASKS_PER_TURN = 1024;

    private final Executor loop;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean announced = new AtomicBoolean();
    /** Whether a task runs: those behind it must not overtake it, whatever it does. */
    private boolean running;

    Mailbox(Executor loop) {
        this.loop = loop;
    }

    /** Adds a task; the loop will run it. */
    void post(Runnable task) {
        tasks.add(task);
        announce();
    }

    /** Runs all that was posted before this call; nothing inside a task, which has come to its turn already. */
    void drain() {
        // a task whose sender has not announced it yet has not been posted before anything
        if (!running && announced.get()) {
            announced.set(false);
            run(Integer.MAX_VALUE);
        }
    }

    private void announce() {
        if (!announced.get() && announced.compareAndSet(false, true)) {
            loop.execute(this::runTurn);
        }
    }

    private void runTurn() {
        announced.set(false);
        run(TASKS_PER_TURN);
        if (!tasks.isEmpty()) {
            announce();
        }
    }

    private void run(int max) {
        for (int i = 0; i < max; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            running = true;
            try {
                task.run();
            } catch (RuntimeException | Error broken) {
                // the tasks behind it are others'
                announce();
                throw broken;
            } finally {
                running = false;
            }
        }
    }
}
