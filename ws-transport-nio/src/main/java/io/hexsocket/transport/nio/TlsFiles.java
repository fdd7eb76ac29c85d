package io.hexsocket.transport.nio;

import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.port.ServerListener;
import io.hexsocket.core.tls.ServedCertificate;
import io.hexsocket.core.tls.ServerTls;
import io.hexsocket.core.tls.TlsMaterialException;
import java.nio.file.Files;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files behind a server's TLS, and the thread that looks at them now and then: not an event loop, since disks are slow. Any thread. */
final class TlsFiles implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TlsFiles.class);

    private final ServerTls material;
    private final ServerListener listener;
    private final Thread watcher;

    private TlsFiles(ServerTls material, ServerListener listener) {
        this.material = material;
        this.listener = listener;
        this.watcher = new Thread(this::lookNowAndThen, "hexsocket-tls-files");
        watcher.setDaemon(true);
    }

    /**
     * Reads what the configuration names.
     *
     * @throws TlsMaterialException naming what is wrong with which file
     */
    static TlsFiles load(TlsConfig config, ServerListener listener) throws TlsMaterialException {
        return new TlsFiles(ServerTls.load(config, Files::readAllBytes, Instant.now()), listener);
    }

    /** What engines are made of. */
    ServerTls material() {
        return material;
    }

    /** The server shows its certificates from now on, and new ones when the files change. */
    void watch() {
        served();
        if (!material.lookEvery().isZero()) {
            watcher.start();
        }
    }

    /** Reads the files now. */
    void reload() throws TlsMaterialException {
        try {
            if (material.reload(Files::readAllBytes, Instant.now())) {
                served();
            } else {
                log.info("the files for TLS are the same as before");
            }
        } catch (TlsMaterialException broken) {
            kept(broken);
            throw broken;
        }
    }

    private void lookNowAndThen() {
        try {
            while (true) {
                Thread.sleep(material.lookEvery().toMillis());
                look();
            }
        } catch (InterruptedException ended) {
            log.trace("the server has ended", ended);
        }
    }

    private void look() {
        try {
            if (material.look(Files::readAllBytes, Instant.now())) {
                served();
            }
        } catch (TlsMaterialException broken) {
            kept(broken);
        } catch (RuntimeException defect) {
            log.error("looking at the files for TLS failed", defect);
        }
    }

    private void served() {
        Instant now = Instant.now();
        for (ServedCertificate certificate : material.certificates()) {
            log.info("serving {}", certificate.summary(now));
        }
        listener.onTlsServed(material.certificates());
    }

    private void kept(TlsMaterialException broken) {
        log.warn("the certificates from before are served on: {}", broken.getMessage());
        listener.onTlsKept(String.valueOf(broken.getMessage()));
    }

    /** Looks no more. */
    @Override
    public void close() {
        watcher.interrupt();
    }
}
