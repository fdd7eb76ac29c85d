package io.hexsocket.transport.vertx;

import static io.hexsocket.transport.vertx.EchoClients.ECHO;
import static io.hexsocket.transport.vertx.EchoClients.anywhere;
import static io.hexsocket.transport.vertx.EchoClients.assertThatItEchoes;
import static io.hexsocket.transport.vertx.EchoClients.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.App;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.junit5.Checkpoint;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How long a server lives, in the host's Vert.x, in a verticle and in a Vert.x of its own. */
@ExtendWith(VertxExtension.class)
class VertxServerTest {

    @RegisterExtension
    private final EchoClients clients = new EchoClients();

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void serverInTheHostsVertxLeavesItToTheHost(Vertx host, VertxTestContext test) throws Exception {
        VertxServer server = start(host, anywhere().app("/echo", ECHO));
        WireClient client = clients.open(server, "/echo");
        assertThatItEchoes(client);
        client.close();
        server.close();

        host.setTimer(1, timer -> test.completeNow());
        assertThat(host.deploymentIDs()).isEmpty();
        assertThatItEchoes(clients.open(start(host, anywhere().app("/echo", ECHO)), "/echo"));
    }

    @Test
    void serverThatHasEndedIsForgottenByTheHostsVertx(Vertx host) throws Exception {
        ReferenceQueue<App> collected = new ReferenceQueue<>();
        WeakReference<App> app = serveOnce(host, collected);
        Reference<? extends App> gone = null;
        for (int i = 0; gone == null; i++) {
            assertThat(i).as("collections").isLessThan(300);
            System.gc();
            gone = collected.remove(100);
        }
        assertThat(gone).isSameAs(app);
    }

    private WeakReference<App> serveOnce(Vertx host, ReferenceQueue<App> collected) throws Exception {
        App app = new App() {
            @Override
            public Listener onOpen(Session session) {
                return Session::send;
            }
        };
        VertxServer server = start(host, anywhere().app("/echo", app));
        WireClient client = clients.open(server, "/echo");
        assertThatItEchoes(client);
        client.close();
        server.close();
        return new WeakReference<>(app, collected);
    }

    @Test
    void serverWithAVertxOfItsOwnNeedsNothingElse() throws IOException {
        ServerConfig config = anywhere().app("/echo", ECHO).build();
        int port;
        try (VertxServer server = VertxServer.start(config)) {
            port = server.address().port();
            assertThat(server.address()).hasToString("ws://127.0.0.1:" + port);
            WireClient client = clients.open(server, "/echo");
            assertThatItEchoes(client);
            assertThat(server.sessions()).isEqualTo(1);
            assertThat(server.connections()).isEqualTo(1);
            client.close(1000).frame();
        }
        assertThatThrownBy(() -> WireClient.connect(port)).isInstanceOf(ConnectException.class);
    }

    @Test
    void twoServersInOneVertxServeIndependently(Vertx host) throws Exception {
        VertxServer first = start(host, anywhere().app("/first", ECHO));
        VertxServer second = start(host, anywhere().app("/second", ECHO));
        assertThat(first.address()).isNotEqualTo(second.address());
        WireClient client = clients.open(first, "/first");
        assertThatItEchoes(client);
        client.close();
        first.close();
        assertThatItEchoes(clients.open(second, "/second"));
    }

    @Test
    @DisplayName("O2 server restarts on the same port")
    void serverRestartsOnTheSamePort(Vertx host) throws Exception {
        VertxServer server = start(host, anywhere().app("/echo", ECHO));
        int port = server.address().port();
        for (int i = 0; i < 10; i++) {
            WireClient client = clients.open(server, "/echo");
            assertThatItEchoes(client);
            client.close();
            server.close();
            server = start(
                    host,
                    ServerConfig.at("ws://127.0.0.1:" + port).eventLoops(2).app("/echo", ECHO));
        }
        assertThatItEchoes(clients.open(server, "/echo"));
    }

    @Test
    void closingTheHostsVertxEndsTheServerInOrder() throws Exception {
        Vertx host = Vertx.vertx();
        VertxServer server = start(host, anywhere().app("/echo", ECHO));
        WireClient client = clients.open(server, "/echo");
        Future<Void> closed = host.close();
        assertThat(client.frame().status()).isEqualTo(1001);
        assertThat(client.close(1001).end()).isEqualTo("FIN");
        closed.await(PATIENCE);
        assertThat(server.connections()).isZero();
        assertThatCode(server::close).doesNotThrowAnyException();
    }

    @Test
    void shutdownOfAServerWhoseVertxTheHostHasClosedChangesNothing() throws Exception {
        Vertx host = Vertx.vertx();
        VertxServer server = start(host, anywhere().app("/echo", ECHO));
        CompletableFuture<Void> shutDown = new CompletableFuture<>();
        host.close().onComplete(closed -> {
            // on a thread of the Vert.x that is closed
            try {
                server.shutdown().whenComplete((ended, failure) -> {
                    if (failure == null) {
                        shutDown.complete(null);
                    } else {
                        shutDown.completeExceptionally(failure);
                    }
                });
            } catch (RuntimeException thrown) {
                shutDown.completeExceptionally(thrown);
            }
        });
        assertThatCode(shutDown::join).doesNotThrowAnyException();
    }

    @Test
    void serverStartedByAVerticleEndsWithIt(Vertx host, VertxTestContext test) throws Exception {
        CompletableFuture<VertxServer> started = new CompletableFuture<>();
        String verticle = host.deployVerticle(new VerticleBase() {
                    @Override
                    public Future<?> start() {
                        return VertxServer.start(
                                        vertx, anywhere().app("/echo", ECHO).build())
                                .onSuccess(started::complete);
                    }
                })
                .await(PATIENCE);
        VertxServer server = started.join();
        WireClient client = clients.open(server, "/echo");
        host.undeploy(verticle)
                .onComplete(test.succeeding(undeployed -> test.verify(() -> {
                    assertThat(server.connections()).isZero();
                    test.completeNow();
                })));
        assertThat(client.frame().status()).isEqualTo(1001);
        client.close(1001).end();
    }

    @Test
    void closeIsRefusedOnAnEventLoopAndShutdownIsNot(Vertx host, VertxTestContext test) throws Exception {
        VertxServer server = start(host, anywhere().app("/echo", ECHO));
        host.runOnContext(nothing -> test.verify(() -> {
            assertThatThrownBy(server::close)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("shutdown()");
            Future.fromCompletionStage(server.shutdown()).onComplete(test.succeedingThenComplete());
        }));
    }

    @Test
    void shutdownResetsClientsThatHaveNotClosedByTheDrainDeadline(Vertx host, VertxTestContext test) throws Exception {
        Checkpoint closed = test.checkpoint();
        Checkpoint ended = test.checkpoint();
        Timeouts impatient = Timeouts.DEFAULT
                .ping(Duration.ZERO)
                .close(Duration.ofSeconds(60))
                .writeStall(Duration.ofSeconds(60))
                .slowFrame(Duration.ofSeconds(60))
                .drain(Duration.ofMillis(300));
        App app = session -> new Listener() {
            @Override
            public void onMessage(Session from, Message message) {
                test.failNow("the client sends no message");
            }

            @Override
            public void onClose(Session gone, CloseStatus status) {
                closed.flag();
            }
        };
        VertxServer server = start(host, anywhere().timeouts(impatient).app("/app", app));
        WireClient client = clients.open(server, "/app");
        Future.fromCompletionStage(server.shutdown())
                .onComplete(test.succeeding(nothing -> test.verify(() -> {
                    assertThat(server.connections()).isZero();
                    ended.flag();
                })));
        assertThat(client.frame().status()).isEqualTo(1001);
        assertThat(client.end()).isEqualTo("RST");
    }
}
