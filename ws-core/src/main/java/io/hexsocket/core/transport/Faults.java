package io.hexsocket.core.transport;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Where a transport reports what was thrown and should not have been: defects to the log, the failure of the machine to the host. Any thread. */
public final class Faults {

    private final Consumer<? super Error> onFatal;
    private final BiConsumer<String, Throwable> log;

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

    /** Reports, and throws nothing itself, or the event loop would end. */
    public void report(String what, Throwable thrown) {
        try {
            if (thrown instanceof OutOfMemoryError fatal) {
                onFatal.accept(fatal);
            } else {
                log.accept(what, thrown);
            }
        } catch (RuntimeException | Error again) {
            // there is nobody left to tell
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
