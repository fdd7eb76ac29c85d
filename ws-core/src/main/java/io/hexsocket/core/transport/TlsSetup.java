package io.hexsocket.core.transport;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;

/**
 * How the connections of a server are secured.
 *
 * @param engines for the server's side of a connection each; called on event loops
 * @param handshake from accept to the end of the handshake, at most
 * @param offload runs delegated tasks of handshakes, which take milliseconds, on {@link #threads} threads that are no event loops. What
 *     waits is bounded by the number of connections, and is given up by those whose time is over
 */
public record TlsSetup(Supplier<SSLEngine> engines, Duration handshake, Executor offload) {

    /** How long a thread for delegated tasks stays without one. */
    public static final Duration THREADS_STAY = Duration.ofSeconds(10);

    /**
     * How many threads are to run delegated tasks. Signing is the better part of a handshake's cost: a flood of handshakes must leave a
     * good part of the machine to existing connections.
     */
    public static int threads(int processors) {
        return Math.max(1, processors / 2);
    }
}
