package io.hexsocket.core.testkit;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** An app's executor that runs its tasks when the test says so, and on a thread that is not a loop's. */
public final class ManualExecutor implements Executor {

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean ended;

    @Override
    public void execute(Runnable task) {
        if (ended) {
            throw new RejectedExecutionException("the executor has ended");
        }
        tasks.add(task);
    }

    /** Takes no more tasks. */
    public void end() {
        ended = true;
    }

    /** How many tasks wait. */
    public int size() {
        return tasks.size();
    }

    /** Runs one task. */
    public void runOne() {
        tasks.remove().run();
    }

    /** Runs tasks, and what they add, until there is none. */
    public void runAll() {
        while (!tasks.isEmpty()) {
            runOne();
        }
    }

    /** Runs tasks and the server's loops until neither has anything to do. */
    public void runWith(MemoryServer server) {
        server.run();
        while (!tasks.isEmpty()) {
            runAll();
            server.run();
        }
    }
}
