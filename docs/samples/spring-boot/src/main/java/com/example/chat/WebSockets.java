package com.example.chat;

import io.hexsocket.apps.Hub;
import io.hexsocket.core.Server;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.transport.nio.NioServer;
import io.hexsocket.transport.vertx.VertxServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.SslBundles;
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

    public WebSockets(HexsocketProperties properties, ChatApp chat, SslBundles bundles) {
        ServerConfig.Builder builder =
                ServerConfig.at(properties.address()).app("/chat", chat);
        String bundle = properties.sslBundle();
        if (!bundle.isEmpty()) {
            builder.tls(TlsConfig.ofContext(() -> bundles.getBundle(bundle).createSslContext())
                    .pollInterval(Duration.ZERO)); // Spring says when there is another one
            bundles.addBundleUpdateHandler(bundle, changed -> onNewBundle());
        }
        this.config = builder.build();
        this.transport = properties.transport();
    }

    private void onNewBundle() {
        Server running = server;
        if (running == null) {
            return;
        }
        try {
            running.reloadTls();
        } catch (IOException useless) {
            log.warn("the old certificate is served on: {}", useless.getMessage());
        }
    }

    @Override
    public void start() {
        try {
            server = switch (transport) {
                case NIO -> NioServer.start(config);
                case VERTX -> VertxServer.start(config);
            };
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
