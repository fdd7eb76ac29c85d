package io.hexsocket.demo.admin;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for what event loops answer, all together no longer than once. For one thread.
 *
 * @param startNanos when the waiting began
 * @param patience how long it may take in all
 */
record Stages(long startNanos, Duration patience) {

    /** From now on. */
    static Stages within(Duration patience) {
        return new Stages(System.nanoTime(), patience);
    }

    /** What it comes to; null if it takes too long. */
    <T> @Nullable T await(CompletionStage<T> stage) {
        long left = patience.toNanos() - (System.nanoTime() - startNanos);
        try {
            return stage.toCompletableFuture().get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException e) {
            throw new IllegalStateException("an event loop has failed", e.getCause());
        }
    }
}
