package io.hexsocket.transport.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.ServerConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Servers at a free port of this host, and clients that are closed after each test. */
final class EchoClients implements AfterEachCallback {

    static final App ECHO = session -> Session::send;
    static final int HOST_LOOPS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The host's Vert.x, which {@link VertxExtension} closes after each test. */
    public static final class EightLoops implements VertxProvider {

        public EightLoops() {}

        @Override
        public Vertx get() {
            return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(HOST_LOOPS));
        }
    }

    private final List<WireClient> clients = new ArrayList<>();

    static ServerConfig.Builder anywhere() {
        return ServerConfig.at("ws://127.0.0.1:0").eventLoops(2);
    }

    static VertxServer start(Vertx vertx, ServerConfig.Builder config) throws TimeoutException {
        return VertxServer.start(vertx, config.build()).await(PATIENCE);
    }

    WireClient open(VertxServer server, String path) throws IOException {
        WireClient client = WireClient.open(server.address().port(), path);
        clients.add(client);
        return client;
    }

    static void assertThatItEchoes(WireClient client) throws IOException {
        assertThat(client.text("hello").frame().text()).isEqualTo("hello");
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        for (WireClient client : clients) {
            client.close();
        }
    }
}
