package io.hexsocket.core.transport;

import io.hexsocket.core.tls.ServerTls;
import io.hexsocket.core.tls.TlsMaterialException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Looks at the files behind a server's TLS. The transport calls {@link #look} on a thread that may block, each time an interval after the
 * look before has ended: a disk that hangs takes one thread, not all.
 */
public final class TlsWatch {

    private final ServerTls tls;
    private final Faults faults;
    private final Consumer<String> warnings;

    /**
     * A watch that has not looked yet.
     *
     * @param warnings takes sentences for the log, about files that cannot be used
     */
    public TlsWatch(ServerTls tls, Faults faults, Consumer<String> warnings) {
        this.tls = tls;
        this.faults = faults;
        this.warnings = warnings;
    }

    /** The time between two looks; zero if there are to be none. */
    public Duration interval() {
        return tls.pollInterval();
    }

    /** Looks once. Throws nothing. */
    public void look(Instant now) {
        try {
            tls.look(now);
        } catch (TlsMaterialException broken) {
            warnings.accept("the certificates from before are served on: " + broken.getMessage());
        } catch (RuntimeException | Error defect) {
            faults.report("looking at the files for TLS failed", defect);
        }
    }
}
