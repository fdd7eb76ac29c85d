package io.hexsocket.demo;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.LoggerFactory;

/** A program that runs out of memory in the place that its first word names, and would otherwise go on for ever. */
final class OutOfMemoryProcess {

    private static final OutOfMemoryError ERROR = new OutOfMemoryError("as this test wants it");

    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private OutOfMemoryProcess() {}

    public static void main(String[] words) throws Exception {
        OutOfMemoryExit.install();
        Logs.start(LogFormat.TEXT, null);
        switch (words[0]) {
            case "thread" -> new Thread(OutOfMemoryProcess::fail).start();
            case "executor" ->
                Executors.newSingleThreadScheduledExecutor().submit(OutOfMemoryExit.guarded(OutOfMemoryProcess::fail));
            case "log" -> LoggerFactory.getLogger("library").warn("caught in {}", "a library", ERROR);
            case "log at a level that is off" ->
                LoggerFactory.getLogger("library").debug("caught", ERROR);
            case "cause" -> LoggerFactory.getLogger("library").warn("caught", new IOException("closed", ERROR));
            case "listener" ->
                new Overview(
                                new ServerLog(LoggerFactory.getLogger("server"), LoggerFactory.getLogger("server")),
                                new Program())
                        .onFatal(ERROR);
            case "swallowed" -> fillHeap();
            case "error output that nobody reads" -> {
                fillPipe();
                fail();
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
        new CompletableFuture<>().join();
    }

    private static void fail() {
        throw ERROR;
    }

    /** Returns when the pipe is full, with a thread in the middle of a write to it. */
    private static void fillPipe() throws Exception {
        Thread writer = new Thread(() -> {
            while (true) {
                System.err.println("nobody reads this");
            }
        });
        writer.setDaemon(true);
        writer.start();
        StackTraceElement[] before = {};
        for (int same = 0; same < 5; ) {
            writer.join(20);
            StackTraceElement[] now = writer.getStackTrace();
            same = Arrays.equals(before, now) ? same + 1 : 0;
            before = now;
        }
    }

    private static void fillHeap() {
        Object[] ballast = null;
        while (true) {
            try {
                Object[] next = new Object[1024];
                next[0] = ballast;
                ballast = next;
            } catch (OutOfMemoryError swallowed) {
                // as some libraries do, which try again a moment later
                LockSupport.parkNanos(MOMENT_NANOS);
            }
        }
    }

    private record Program() implements Host {

        @Override
        public Configuration configuration() {
            throw new AssertionError("nobody reloads");
        }

        @Override
        public void logLevels(LogLevels levels) {}

        @Override
        public void drain(String by) {}

        @Override
        public long lostLogLines() {
            return 0;
        }

        @Override
        public long droppedLogLines() {
            return 0;
        }

        @Override
        public void onFatal(Error error) {
            OutOfMemoryExit.onThrown(error);
        }
    }
}
