package io.hexsocket.core.transport;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Where a transport reports what was thrown and should not have been. A defect goes to the log. An {@link OutOfMemoryError} goes to the
 * host, and then the server is shut down: which of its invariants still hold is not known. Any thread.
 */
public final class Faults {

    private final Consumer<? super Error> onFatal;
    private final BiConsumer<String, Throwable> log;
    private volatile boolean outOfMemory;
    private volatile Runnable shutdown = () -> {};

    /**
     * Reports to these two.
     *
     * @param onFatal is told when the virtual machine has no memory any more
     * @param log takes a sentence and what was thrown
     */
    public Faults(Consumer<? super Error> onFatal, BiConsumer<String, Throwable> log) {
        this.onFatal = onFatal;
        this.log = log;
    }

    /**
     * Says how the server is shut down, now that it runs: at once if the virtual machine has been out of memory before.
     *
     * @param shutdown does not block; is called again for each further OutOfMemoryError
     */
    public void shutdownOnFatal(Runnable shutdown) {
        this.shutdown = shutdown;
        if (outOfMemory) {
            shutdown.run();
        }
    }

    /** Reports, and throws nothing itself, or the event loop would end. */
    public void report(String what, Throwable thrown) {
        Throwable fault = thrown;
        if (!(thrown instanceof OutOfMemoryError)) {
            try {
                log.accept(what, thrown);
                return;
            } catch (RuntimeException | Error again) {
                fault = again;
            }
        }
        if (fault instanceof OutOfMemoryError fatal) {
            onOutOfMemory(fatal);
        }
    }

    private void onOutOfMemory(OutOfMemoryError fatal) {
        outOfMemory = true;
        try {
            try {
                onFatal.accept(fatal);
            } finally {
                shutdown.run();
            }
        } catch (RuntimeException | Error again) {
            // nobody else could be told; the next OutOfMemoryError shuts down again
        }
    }

    /** Runs a task of an event loop, and reports what it throws. */
    public void guard(Runnable task) {
        try {
            task.run();
        } catch (Throwable failed) {
            report("a task of an event loop failed", failed);
        }
    }
}
