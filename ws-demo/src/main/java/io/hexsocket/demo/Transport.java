package io.hexsocket.demo;

import io.hexsocket.core.Server;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.transport.nio.NioServer;
import io.hexsocket.transport.vertx.VertxServer;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/** The I/O libraries that the demo can be started on. */
enum Transport {
    /** {@code java.nio} and nothing else. */
    NIO {
        @Override
        Server start(ServerConfig config, @Nullable ServerSocketChannel listening) throws IOException {
            return listening == null ? NioServer.start(config) : NioServer.start(config, listening);
        }
    },
    /** The {@code NetServer} of Vert.x. */
    VERTX {
        @Override
        Server start(ServerConfig config, @Nullable ServerSocketChannel listening) throws IOException, UsageException {
            if (listening != null) {
                throw new UsageException("the standard input is a socket that listens, and Vert.x opens its own;"
                        + " transport = nio takes it");
            }
            // One address is looked up, which the JDK does; Vert.x's own resolver is not in the fat jar
            System.setProperty("vertx.disableDnsResolver", "true");
            return VertxServer.start(config);
        }
    };

    /**
     * Starts a server that accepts connections on return.
     *
     * @param listening where it does so, if this is not for it to open
     * @throws UsageException if it has to open it
     */
    abstract Server start(ServerConfig config, @Nullable ServerSocketChannel listening)
            throws IOException, UsageException;
}
