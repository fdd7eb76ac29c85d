package io.hexsocket.core.contract.cluster;

import io.hexsocket.core.testkit.MemoryCluster;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A {@link MemoryCluster} whose time passes by itself, for nodes on real sockets. Its thread is the one that the engines call on. */
public final class LiveMemoryCluster extends OverMemory {

    private static final Duration STEP = Duration.ofMillis(1);

    private final Thread clock = new Thread(this::run, "memory-cluster");
    private volatile boolean isOver;

    /** Begins. */
    public LiveMemoryCluster() {
        memory.delay(Duration.ZERO, Duration.ofMillis(2));
        clock.setDaemon(true);
        clock.start();
    }

    private void run() {
        while (!isOver) {
            LockSupport.parkNanos(STEP.toNanos());
            memory.advance(STEP);
        }
    }

    @Override
    public void await(String what, BooleanSupplier came) {
        long end = nanoTime() + 10 * memory.engine().lease().toNanos();
        while (!came.getAsBoolean()) {
            if (nanoTime() - end > 0) {
                throw new AssertionError("never came: " + what);
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    @Override
    public void pass(Duration time) {
        long end = nanoTime() + time.toNanos();
        await("the end of " + time, () -> nanoTime() - end >= 0);
    }

    @Override
    public void close() {
        isOver = true;
    }
}
