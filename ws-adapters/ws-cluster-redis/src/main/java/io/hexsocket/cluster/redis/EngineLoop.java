package io.hexsocket.cluster.redis;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's one thread. Tasks that are posted together run in one turn, at whose end all that they have written leaves in one flush. */
final class EngineLoop {

    // then what has arrived has its turn
    private static final int TASKS_PER_TURN = 512;

    private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);

    private final EventLoop loop;
    private final Runnable endOfTurn;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isTurnDue = new AtomicBoolean();
    private volatile boolean hasEnded;
    /** On the thread. */
    private boolean isInTurn;

    private final SparseLog bugs = new SparseLog(LOG);

    EngineLoop(EventLoop loop, Runnable endOfTurn) {
        this.loop = loop;
        this.endOfTurn = endOfTurn;
    }

    /**
     * Runs a task on the thread, after those that the caller has posted before. Any thread.
     *
     * @return false if the loop has ended, and the task is not going to run
     */
    boolean post(Runnable task) {
        if (hasEnded) {
            return false;
        }
        tasks.add(task);
        if (isTurnDue.compareAndSet(false, true)) {
            try {
                loop.execute(this::turn);
            } catch (RejectedExecutionException ended) {
                return !tasks.remove(task);
            }
        }
        // it may have ended between both, and does not look again
        return !hasEnded || !tasks.remove(task);
    }

    /** Sees to it that there is an end of a turn soon: something was written. On the thread. */
    void ensureTurn() {
        if (!isInTurn && !hasEnded && isTurnDue.compareAndSet(false, true)) {
            loop.execute(this::turn);
        }
    }

    private void turn() {
        isInTurn = true;
        for (int i = 0; i < TASKS_PER_TURN; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                break;
            }
            run(task);
        }
        endOfTurn.run();
        isInTurn = false;
        isTurnDue.set(false);
        if (!tasks.isEmpty() && isTurnDue.compareAndSet(false, true)) {
            loop.execute(this::turn);
        }
    }

    /** Runs a task when a time has passed. */
    Future<?> later(Runnable task, Duration delay) {
        return loop.schedule(
                () -> {
                    isInTurn = true;
                    run(task);
                    endOfTurn.run();
                    isInTurn = false;
                },
                delay.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    /** Takes no more tasks; runs those that there are. On the thread. */
    void end() {
        hasEnded = true;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            run(task);
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException bug) {
            bugs.error("a task of the cluster engine failed", bug);
        }
    }
}
