package io.hexsocket.core.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** An ordinary client: a few bytes to {@code /echo} every ten milliseconds, and how long each echo took from when it was due. */
final class SoakBystander {

    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final WsClient client;
    private final List<Long> nanos = new ArrayList<>();
    private final CompletableFuture<Void> end;
    private volatile boolean leaves;

    /** Connects, and begins on a thread of its own. */
    SoakBystander(int port) {
        client = WsClient.connect(Wire.PLAIN, port, "/echo");
        end = Aside.run(this::run);
    }

    private void run() {
        long due = System.nanoTime();
        while (!leaves) {
            long pause = due - System.nanoTime();
            if (pause > 0) {
                java.util.concurrent.locks.LockSupport.parkNanos(pause);
                continue;
            }
            client.echo("is anybody there");
            nanos.add(System.nanoTime() - due);
            due += EVERY_NANOS;
        }
        client.leave();
    }

    /** Leaves in order, and tells how long echoes took; fails if its connection was ended by anybody else. */
    long[] leave() {
        leaves = true;
        end.join();
        return nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    /** The wait that all but a part of them did not exceed, in nanoseconds. */
    static long at(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, sorted.length * share)];
    }

    /** For people: how many, their median and their 99th percentile. */
    static String words(String when, long[] sorted) {
        return String.format(
                Locale.ROOT,
                "%-12s %,8d echoes, p50 %8.2f ms, p99 %8.2f ms%n",
                when,
                sorted.length,
                at(sorted, 0.5) / 1e6,
                at(sorted, 0.99) / 1e6);
    }
}
