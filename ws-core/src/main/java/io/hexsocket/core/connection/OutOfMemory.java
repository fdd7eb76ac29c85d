package io.hexsocket.core.connection;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What a thread outside of the event loops threw, when it was an OutOfMemoryError: the transport has to hear of it. */
public final class OutOfMemory {

    private OutOfMemory() {}

    /** Throws it again if it is an OutOfMemoryError, or a future's wrapper of one. On the event loop. */
    public static void rethrow(@Nullable Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        if (cause instanceof OutOfMemoryError fatal) {
            throw fatal;
        }
    }
}
