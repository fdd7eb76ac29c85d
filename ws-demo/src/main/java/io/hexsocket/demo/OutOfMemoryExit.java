package io.hexsocket.demo;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends the program when the JVM is out of memory, from any thread, with a line on the standard error. All that this takes is allocated
 * when it is installed.
 *
 * <p>An OutOfMemoryError that is thrown reaches {@link #onThrown} by the server's listener, by a thread that ends of it, by
 * {@link #guarded}, or by the log, where libraries write what they catch. One that others swallow is met again by a thread that does
 * nothing but allocate, four times a second: the heap cannot be full for longer.
 */
final class OutOfMemoryExit {

    /** The status that the JVM has with {@code -XX:+ExitOnOutOfMemoryError}. */
    static final int STATUS = 3;

    private static final byte[] LAST_LINE = "ws-demo: out of memory, so it ends here; give it more with java -Xmx\n"
            .getBytes(StandardCharsets.US_ASCII);
    private static final FileOutputStream ERR = new FileOutputStream(FileDescriptor.err);

    private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    // as much as a read of a socket; larger than what is left in a heap that cannot start the thread of a signal
    private static final int PROBE_BYTES = 16 * 1024;
    // 250 ms in all: a standard error that is full and that nobody reads would keep the process for ever
    private static final int LAST_LINE_STEPS = 5;
    private static final long LAST_LINE_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final Runtime RUNTIME = Runtime.getRuntime();
    private static final Thread HALTER = daemon(OutOfMemoryExit::haltWhenEnding, "out of memory: halt");
    private static final Thread PROBER = daemon(OutOfMemoryExit::probe, "out of memory: probe");

    private static final AtomicBoolean ENDING = new AtomicBoolean();
    /** Where the JIT has to put what is allocated. */
    @SuppressWarnings("unused")
    private static volatile byte @Nullable [] probe;

    private OutOfMemoryExit() {}

    /** From now on the program ends when there is no memory. Once. */
    static void install() {
        Thread.setDefaultUncaughtExceptionHandler(OutOfMemoryExit::onUncaught);
        rehearse();
        HALTER.start();
        PROBER.start();
    }

    /** A class or a VarHandle that is first used when memory is short takes some of it, so all that the end needs is used now. */
    private static void rehearse() {
        Thread neverStarted = new Thread(() -> {});
        // java.lang.Shutdown, without which halt() throws
        RUNTIME.addShutdownHook(neverStarted);
        RUNTIME.removeShutdownHook(neverStarted);
        onThrown(new IllegalStateException("a rehearsal"));
        end(true);
        haltLater(true);
    }

    /** Ends the program if this, or what caused it, is an OutOfMemoryError. Allocates nothing. */
    static void onThrown(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        // a chain of causes may be a circle
        for (int depth = 0; cause != null && depth < 16; depth++) {
            if (cause instanceof OutOfMemoryError) {
                end(false);
            }
            cause = cause.getCause();
        }
    }

    /** The same task for an executor, which would keep what it throws in a future. */
    static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable thrown) {
                onThrown(thrown);
                throw thrown;
            }
        };
    }

    private static void end(boolean rehearsal) {
        if (!ENDING.compareAndSet(false, !rehearsal)) {
            haltLater(false);
        }
        LockSupport.unpark(HALTER);
        try {
            ERR.write(LAST_LINE, 0, rehearsal ? 0 : LAST_LINE.length);
        } catch (IOException closed) {
            // there is no line, then
        } finally {
            if (!rehearsal) {
                RUNTIME.halt(STATUS);
            }
        }
    }

    private static void haltWhenEnding() {
        while (!ENDING.get()) {
            LockSupport.park();
        }
        haltLater(false);
    }

    private static void haltLater(boolean rehearsal) {
        for (int i = 0; i < LAST_LINE_STEPS; i++) {
            LockSupport.parkNanos(rehearsal ? 0 : LAST_LINE_STEP_NANOS);
            // an interrupted thread does not park
            Thread.interrupted();
        }
        if (!rehearsal) {
            RUNTIME.halt(STATUS);
        }
    }

    private static void probe() {
        try {
            while (true) {
                probe = new byte[PROBE_BYTES];
                probe = null;
                LockSupport.parkNanos(PROBE_NANOS);
            }
        } catch (OutOfMemoryError full) {
            end(false);
        }
    }

    private static void onUncaught(Thread thread, Throwable thrown) {
        onThrown(thrown);
        System.err.print("Exception in thread \"" + thread.getName() + "\" ");
        thrown.printStackTrace();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
