package io.hexsocket.transport.nio;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;

/**
 * How the connections of a server are secured: where engines come from, how long a handshake may take, and the threads that do its
 * sums, so that no event loop has to. Any thread.
 */
final class Tls {

    // Signing is the better part of a handshake's cost. A flood of handshakes must leave a good part of the machine to
    // the connections that there are
    private static final int THREADS = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    private static final long THREADS_STAY_SECONDS = 10;

    private final Supplier<SSLEngine> engines;
    private final Duration handshake;
    private final ThreadPoolExecutor threads;

    /**
     * TLS for one server.
     *
     * @param engines for the server's side of a connection each; called on event loops
     * @param handshake from accept to the end of the handshake
     */
    Tls(Supplier<SSLEngine> engines, Duration handshake) {
        this.engines = engines;
        this.handshake = handshake;
        AtomicInteger number = new AtomicInteger();
        // what waits is bounded by the number of connections, and given up by those whose time is over
        this.threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                THREADS_STAY_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> OwnThreads.daemon(task, "hexsocket-tls-" + number.getAndIncrement()));
        threads.allowCoreThreadTimeOut(true);
    }

    SSLEngine newEngine() {
        return engines.get();
    }

    Duration handshake() {
        return handshake;
    }

    /** Does something that takes its time. */
    void doAside(Runnable sums) {
        threads.execute(sums);
    }

    /** Lets the threads go. */
    void close() {
        threads.shutdown();
    }
}
