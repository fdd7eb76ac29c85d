package io.hexsocket.transport.nio;

import io.hexsocket.core.tls.ServerTls;
import io.hexsocket.core.transport.TlsSetup;
import io.hexsocket.core.transport.TlsWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that TLS takes: those that run delegated tasks, and the one that watches files. Any thread. */
final class NioTls {

    private static final Logger log = LoggerFactory.getLogger(NioTls.class);

    private final ThreadPoolExecutor offload;

    NioTls() {
        int threads = TlsSetup.threads(Runtime.getRuntime().availableProcessors());
        AtomicInteger number = new AtomicInteger();
        offload = new ThreadPoolExecutor(
                threads,
                threads,
                TlsSetup.THREADS_STAY.toSeconds(),
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> OwnThreads.daemon(task, "hexsocket-tls-" + number.getAndIncrement()));
        offload.allowCoreThreadTimeOut(true);
    }

    TlsSetup setup(ServerTls material, Duration handshake) {
        return new TlsSetup(material::newEngine, handshake, offload);
    }

    /** Lets the threads go when their tasks are done. */
    void close() {
        offload.shutdown();
    }

    /** Looks at the files every now and then; gives what ends that. */
    static Runnable start(TlsWatch watch) {
        if (watch.interval().isZero()) {
            return () -> {};
        }
        Thread thread = OwnThreads.daemon(() -> watchFiles(watch), "hexsocket-tls-files");
        thread.start();
        return thread::interrupt;
    }

    private static void watchFiles(TlsWatch watch) {
        try {
            while (true) {
                Thread.sleep(watch.interval().toMillis());
                watch.look(Instant.now());
            }
        } catch (InterruptedException stopped) {
            log.trace("the server has ended", stopped);
        }
    }
}
