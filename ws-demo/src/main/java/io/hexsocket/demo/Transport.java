package io.hexsocket.demo;

import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.tls.TlsMaterialException;
import io.hexsocket.transport.nio.NioServer;
import io.hexsocket.transport.vertx.VertxServer;
import java.io.IOException;

/** The I/O libraries that the demo can be started on. */
enum Transport {
    /** {@code java.nio} and nothing else. */
    NIO {
        @Override
        Running start(ServerConfig config) throws IOException {
            NioServer server = NioServer.start(config);
            return new Running(server.address(), server::close, server::reloadTls);
        }
    },
    /** The {@code NetServer} of Vert.x. */
    VERTX {
        @Override
        Running start(ServerConfig config) throws IOException {
            // One address is looked up, which the JDK does; Vert.x's own resolver is not in the fat jar
            System.setProperty("vertx.disableDnsResolver", "true");
            VertxServer server = VertxServer.start(config);
            return new Running(server.address(), server::close, server::reloadTls);
        }
    };

    /** Starts a server that accepts connections on return. */
    abstract Running start(ServerConfig config) throws IOException;

    /**
     * A server that runs.
     *
     * @param address where it listens, with the real port
     * @param close ends it: tells every client, waits as long as the configuration says, and returns when it is over
     * @param reload reads the files for TLS again
     */
    record Running(ServerAddress address, Runnable close, Reload reload) {}

    /** Reads the files for TLS again. */
    @FunctionalInterface
    interface Reload {

        /**
         * Does so.
         *
         * @return whether they have changed
         * @throws TlsMaterialException naming what is wrong with which file
         */
        boolean run() throws TlsMaterialException;
    }
}
