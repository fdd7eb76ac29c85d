package io.hexsocket.demo;

import io.hexsocket.core.Server;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.transport.nio.NioServer;
import io.hexsocket.transport.vertx.VertxServer;
import java.io.IOException;

/** The I/O libraries that the demo can be started on. */
enum Transport {
    /** {@code java.nio} and nothing else. */
    NIO {
        @Override
        Server start(ServerConfig config) throws IOException {
            return NioServer.start(config);
        }
    },
    /** The {@code NetServer} of Vert.x. */
    VERTX {
        @Override
        Server start(ServerConfig config) throws IOException {
            // One address is looked up, which the JDK does; Vert.x's own resolver is not in the fat jar
            System.setProperty("vertx.disableDnsResolver", "true");
            return VertxServer.start(config);
        }
    };

    /** Starts a server that accepts connections on return. */
    abstract Server start(ServerConfig config) throws IOException;
}
