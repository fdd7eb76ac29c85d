package io.hexsocket.transport.nio;

import io.hexsocket.core.tls.ServerTls;
import io.hexsocket.core.tls.TlsMaterialException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the files behind a server's TLS now and then, on a thread of its own, since disks are slow. Any thread. */
final class TlsWatch {

    private static final Logger log = LoggerFactory.getLogger(TlsWatch.class);

    private final ServerTls tls;
    private final Thread thread;

    TlsWatch(ServerTls tls) {
        this.tls = tls;
        this.thread = OwnThreads.daemon(this::lookNowAndThen, "hexsocket-tls-files");
    }

    void start() {
        if (!tls.lookEvery().isZero()) {
            thread.start();
        }
    }

    void stop() {
        thread.interrupt();
    }

    private void lookNowAndThen() {
        try {
            while (true) {
                Thread.sleep(tls.lookEvery().toMillis());
                look();
            }
        } catch (InterruptedException stopped) {
            log.trace("the server has ended", stopped);
        }
    }

    private void look() {
        try {
            tls.look(Instant.now());
        } catch (TlsMaterialException broken) {
            log.warn("the certificates from before are served on: {}", broken.getMessage());
        } catch (RuntimeException defect) {
            log.error("looking at the files for TLS failed", defect);
        }
    }
}
