package io.hexsocket.core.contract;

import io.hexsocket.core.Server;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.port.transport.Acceptor;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * How a transport plugs into the contract. The class needs a constructor without parameters, by which a process with few descriptors
 * makes an instance of its own.
 */
public interface TransportUnderTest {

    /** What its clients have to speak. Servers are started with addresses and certificates that fit. */
    default Wire wire() {
        return Wire.PLAIN;
    }

    /**
     * Runs something on the ports alone. It accepts connections when this returns.
     *
     * @throws IOException if it cannot listen
     */
    Running run(Acceptor core, Setup setup) throws IOException;

    /**
     * Starts a server, as a host program does.
     *
     * @throws IOException if it cannot listen
     */
    RunningServer start(ServerConfig config) throws IOException;

    /** How many bytes outside the heap it has in use that the virtual machine knows nothing of. */
    default long bytesElsewhere() {
        return 0;
    }

    /**
     * How to run.
     *
     * @param port where to listen at 127.0.0.1; 0 for any
     * @param eventLoops how many threads serve connections
     * @param drain how long connections have to end after {@link Running#shutdown()}, before they are cut
     */
    record Setup(int port, int eventLoops, Duration drain) {}

    /** A transport that listens. */
    interface Running extends AutoCloseable {

        /** Where. */
        int port();

        /** Begins the end: the port is free first, then the core is told; completes when nothing is left. */
        CompletableFuture<Void> shutdown();

        @Override
        default void close() {
            shutdown().join();
        }
    }

    /** A server that listens. */
    interface RunningServer extends Running {

        /** What a host has of it. */
        Server server();

        @Override
        default int port() {
            return server().address().port();
        }

        @Override
        default CompletableFuture<Void> shutdown() {
            return server().shutdown().toCompletableFuture();
        }

        /** How many sessions are open. */
        default int sessions() {
            return server().sessions();
        }

        /** How many connections there are. */
        default int connections() {
            return server().connections();
        }

        /** How many names of sessions are in use. */
        int names();

        /** How many buffers its connections hold; nothing, where nobody counts them. */
        default int buffers() {
            return 0;
        }

        /** Has something done where the sums of TLS handshakes are done. */
        void doAside(Runnable sums);
    }
}
