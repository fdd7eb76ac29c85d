package io.hexsocket.core.port.transport;

import java.util.concurrent.Executor;

/**
 * One thread that serves connections, and the tasks that are to run on it. A connection belongs to one event loop for life, and
 * everything the core does for it happens there. The transport implements this.
 */
public interface EventLoop extends Executor {

    /** Whether the caller is on the loop's thread. Any thread. */
    boolean isInLoop();

    /**
     * Runs a task on the loop, never inside this call, in the order of the calls of one thread. Any thread. Ignored once the loop has
     * ended.
     */
    @Override
    void execute(Runnable task);

    /**
     * Runs a task on the loop when a time has passed. On the loop only.
     *
     * @param delayNanos not negative; the task may come some milliseconds late
     */
    void executeLater(Runnable task, long delayNanos);

    /** The time of a clock that is not put forward or back, in nanoseconds since any moment. Any thread. */
    long nanoTime();
}
