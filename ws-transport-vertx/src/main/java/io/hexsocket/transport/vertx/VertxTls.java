package io.hexsocket.transport.vertx;

import io.hexsocket.core.tls.ServerTls;
import io.hexsocket.core.transport.TlsSetup;
import io.hexsocket.core.transport.TlsWatch;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The worker threads that TLS takes: those that run delegated tasks, and one of the host's to look at files. Any thread. */
final class VertxTls {

    private static final AtomicInteger POOLS = new AtomicInteger();

    private final Vertx vertx;
    private final WorkerExecutor offload;
    private long timer;
    private boolean closed;

    VertxTls(Vertx vertx) {
        this.vertx = vertx;
        this.offload = vertx.createSharedWorkerExecutor(
                "hexsocket-tls-" + POOLS.incrementAndGet(),
                TlsSetup.threads(Runtime.getRuntime().availableProcessors()),
                1,
                TimeUnit.MINUTES);
    }

    TlsSetup setup(ServerTls material, Duration handshake) {
        return new TlsSetup(
                material::newEngine,
                handshake,
                task -> offload.executeBlocking(
                        () -> {
                            task.run();
                            return task;
                        },
                        false));
    }

    /** Looks at the files every now and then. */
    synchronized void start(TlsWatch watch) {
        if (!closed && !watch.interval().isZero()) {
            timer = vertx.setTimer(
                    watch.interval().toMillis(),
                    due -> vertx.executeBlocking(
                                    () -> {
                                        watch.look(Instant.now());
                                        return watch;
                                    },
                                    false)
                            .onComplete(looked -> start(watch)));
        }
    }

    /** Lets the threads go, and looks no more. */
    synchronized void close() {
        closed = true;
        vertx.cancelTimer(timer);
        offload.close();
    }
}
