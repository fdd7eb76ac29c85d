package com.example.chat;

import io.hexsocket.apps.Hub;
import io.hexsocket.core.Server;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.transport.nio.NioServer;
import io.hexsocket.transport.vertx.VertxServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

// doc> spring lifecycle
/** The server lives as long as the application context: it starts last and ends first, after it has told its clients. */
@Component
public class WebSockets implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(WebSockets.class);

    private final ServerConfig config;
    private final HexsocketProperties.Transport transport;
    private volatile Server server;

    public WebSockets(HexsocketProperties properties, ChatApp chat) {
        this.config = ServerConfig.at(properties.address()).app("/chat", chat).build();
        this.transport = properties.transport();
    }

    @Override
    public void start() {
        try {
            server = switch (transport) {
                case NIO -> NioServer.start(config);
                case VERTX -> VertxServer.start(config);
            };
            log.info("listening at {}", server.address());
        } catch (IOException refused) {
            throw new UncheckedIOException(refused.getMessage(), refused);
        }
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable stopped) {
        Server ending = server;
        server = null;
        ending.shutdown().whenComplete((done, failed) -> stopped.run());
    }

    @Override
    public boolean isRunning() {
        return server != null;
    }

    /** For other beans, once the context has started. */
    public Hub hub() {
        return server.hub();
    }

    /** The port, which the system has chosen if the address said 0. */
    public int port() {
        return server.address().port();
    }
}
// <doc
