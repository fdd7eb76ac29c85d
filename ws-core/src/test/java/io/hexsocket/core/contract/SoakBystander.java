package io.hexsocket.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An ordinary client: a few bytes to {@code /echo} every ten milliseconds, whether or not those before have come back, and how long each echo
 * took from when it was due.
 */
final class SoakBystander {

    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final String MESSAGE = "is anybody there";
    private static final long NO_MORE = -1;

    private final WsClient client;
    private final List<Long> nanos = new ArrayList<>();
    /** When those that have not come back were due. */
    private final BlockingQueue<Long> asked = new LinkedBlockingQueue<>();

    private final CompletableFuture<Void> asking;
    private final CompletableFuture<Void> listening;
    private volatile boolean leaves;

    /** Connects, and begins on threads of its own. */
    SoakBystander(int port) {
        client = WsClient.connect(Wire.PLAIN, port, "/echo");
        asking = Aside.run(this::ask);
        listening = Aside.run(this::listen);
    }

    private void ask() {
        long due = System.nanoTime();
        while (!leaves) {
            long pause = due - System.nanoTime();
            if (pause > 0) {
                LockSupport.parkNanos(pause);
                continue;
            }
            asked.add(due);
            client.send(MESSAGE);
            due += EVERY_NANOS;
        }
        asked.add(NO_MORE);
    }

    private void listen() {
        try {
            for (long due = asked.take(); due != NO_MORE; due = asked.take()) {
                assertThat(client.readMessage().text()).isEqualTo(MESSAGE);
                nanos.add(System.nanoTime() - due);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts it", e);
        }
    }

    /** Leaves in order, and tells how long echoes took; fails if its connection was ended by anybody else. */
    long[] leave() {
        leaves = true;
        asking.join();
        listening.join();
        client.leave();
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
