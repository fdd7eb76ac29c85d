package io.hexsocket.core.contract;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what must come. How long it takes proves nothing; that it never comes does. */
public final class Await {

    public static final long PATIENCE_SECONDS = 40;

    private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private Await() {}

    public static void until(String what, BooleanSupplier came) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!came.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("never came: " + what);
            }
            LockSupport.parkNanos(GLANCE_NANOS);
        }
    }

    public static <T> T result(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException never) {
            throw new AssertionError("never came", never);
        } catch (ExecutionException failed) {
            throw new AssertionError("it failed: " + failed.getCause(), failed.getCause());
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    public static void latch(CountDownLatch latch) {
        try {
            if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("never came");
            }
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
