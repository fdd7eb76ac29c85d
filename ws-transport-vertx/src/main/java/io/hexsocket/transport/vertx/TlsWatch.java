package io.hexsocket.transport.vertx;

import io.hexsocket.core.tls.ServerTls;
import io.hexsocket.core.tls.TlsMaterialException;
import io.vertx.core.Vertx;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the files behind a server's TLS looked at now and then, on the host's worker threads, since disks are slow. Any thread. */
final class TlsWatch {

    private static final Logger log = LoggerFactory.getLogger(TlsWatch.class);

    private final Vertx vertx;
    private final ServerTls tls;
    private long timer;
    private boolean stopped;

    TlsWatch(Vertx vertx, ServerTls tls) {
        this.vertx = vertx;
        this.tls = tls;
    }

    void start() {
        if (!tls.lookEvery().isZero()) {
            lookLater();
        }
    }

    synchronized void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
    }

    /** Each look begins a while after the end of the one before: a disk that hangs takes one worker thread, not all. */
    private synchronized void lookLater() {
        if (!stopped) {
            timer = vertx.setTimer(
                    tls.lookEvery().toMillis(),
                    due -> vertx.executeBlocking(this::look, false).onComplete(looked -> lookLater()));
        }
    }

    /** Gives nothing, to whom a worker thread must give something. */
    private @Nullable Void look() {
        try {
            tls.look(Instant.now());
        } catch (TlsMaterialException broken) {
            log.warn("the certificates from before are served on: {}", broken.getMessage());
        } catch (RuntimeException defect) {
            log.error("looking at the files for TLS failed", defect);
        }
        return null;
    }
}
