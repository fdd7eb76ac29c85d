package io.hexsocket.core.connection;

import java.util.function.Consumer;

/**
 * What belongs to an event loop, as any thread may hold it. There is no other way to it, so that nothing that is done there can overtake
 * what other threads have posted before.
 *
 * @param <T> what only the loop may touch
 */
public interface LoopSide<T> {

    /** Whether the caller is on the loop. Any thread. */
    boolean isHere();

    /** Does what was posted before this call; then the loop may act. On the loop, and not in what was posted. */
    T enter();

    /** Has the loop act, behind all that the caller has posted before; the operation calls no app. Any other thread. */
    void post(Consumer<T> operation);

    /** Enters, or posts. Any thread. */
    default void run(Consumer<T> operation) {
        if (isHere()) {
            operation.accept(enter());
        } else {
            post(operation);
        }
    }
}
