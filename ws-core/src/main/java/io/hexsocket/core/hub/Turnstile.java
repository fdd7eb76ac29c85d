package io.hexsocket.core.hub;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets so many questions be worked on at once and so many wait, in their order. Any thread. */
final class Turnstile {

    private final int atOnce;
    private final int waitingAtMost;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int inside;

    Turnstile(int atOnce, int waitingAtMost) {
        this.atOnce = atOnce;
        this.waitingAtMost = waitingAtMost;
    }

    /**
     * Begins something, now or when others are done.
     *
     * @param work begins it; does not throw
     * @return what comes of it; exceptionally if too many wait already
     */
    <T> CompletionStage<T> pass(Supplier<CompletionStage<T>> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable begin = () -> work.get().whenComplete((value, failed) -> {
            if (failed == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failed);
            }
            beginNext();
        });
        switch (admit(begin)) {
            case NOW -> begin.run();
            case LATER -> {}
            case NEVER ->
                result.completeExceptionally(new IllegalStateException("more questions than are answered at once"));
        }
        return result;
    }

    private enum When {
        NOW,
        LATER,
        NEVER
    }

    private synchronized When admit(Runnable begin) {
        if (inside < atOnce) {
            inside++;
            return When.NOW;
        }
        return waiting.size() < waitingAtMost && waiting.add(begin) ? When.LATER : When.NEVER;
    }

    private void beginNext() {
        Runnable next = leave();
        if (next != null) {
            next.run();
        }
    }

    private synchronized @Nullable Runnable leave() {
        Runnable next = waiting.poll();
        if (next == null) {
            inside--;
        }
        return next;
    }
}
