package io.hexsocket.transport.vertx;

import static io.hexsocket.transport.vertx.EchoClients.ECHO;
import static io.hexsocket.transport.vertx.EchoClients.anywhere;
import static io.hexsocket.transport.vertx.EchoClients.assertThatItEchoes;
import static io.hexsocket.transport.vertx.EchoClients.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.core.port.host.ServerListener;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpServerConfig;
import io.vertx.core.spi.metrics.TransportMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import io.vertx.junit5.Checkpoint;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What else the host does with its Vert.x, in apps and beside them. */
@ExtendWith(VertxExtension.class)
class VertxHostTest {

    @RegisterExtension
    private final EchoClients clients = new EchoClients();

    /** The context of the verticle: the event bus runs each handler on a duplicate of it. */
    private static Context here() {
        return ContextInternal.current().unwrap();
    }

    @Test
    void eventBusAndTimersOfTheHostWorkInAnApp(Vertx host) throws Exception {
        App app = session -> {
            Context own = here();
            host.eventBus().<String>consumer("news", news -> session.send((here() == own) + " " + news.body()));
            return (from, message) -> {
                String text = message.text();
                host.setTimer(
                        1,
                        timer -> host.eventBus()
                                .<String>request("upper case", text)
                                .onSuccess(answer -> from.send((here() == own) + " " + answer.body())));
            };
        };
        host.eventBus()
                .<String>consumer("upper case", text -> text.reply(text.body().toUpperCase(Locale.ROOT)));
        VertxServer server = start(host, anywhere().app("/app", app));
        WireClient first = clients.open(server, "/app");
        WireClient second = clients.open(server, "/app");

        assertThat(first.text("hello").frame().text()).isEqualTo("true HELLO");
        host.eventBus().publish("news", "extra");
        assertThat(first.frame().text()).isEqualTo("true extra");
        assertThat(second.frame().text()).isEqualTo("true extra");
    }

    @Test
    @DisplayName("M8 an OutOfMemoryError of an app ends the server, and leaves the host's Vert.x to the host")
    void outOfMemoryEndsServerAndLeavesVertxOfHost(Vertx host, VertxTestContext test) throws Exception {
        Checkpoint reported = test.checkpoint();
        VertxServer server = start(
                host,
                anywhere()
                        .eventLoops(1)
                        .app("/echo", ECHO)
                        .app("/fail", session -> (from, message) -> {
                            throw new OutOfMemoryError("a bug, as this test wants it");
                        })
                        .listener(new ServerListener() {
                            @Override
                            public void onFatal(Error error) {
                                test.verify(() -> assertThat(error).hasMessage("a bug, as this test wants it"));
                                reported.flag();
                            }
                        }));
        WireClient other = clients.open(server, "/echo");
        assertThat(clients.open(server, "/fail").text("go").end()).isEqualTo("RST");
        assertThat(other.frame().status()).isEqualTo(1001);
        assertThat(other.close(1001).end()).isEqualTo("FIN");
        server.shutdown().toCompletableFuture().join();
        assertThatItEchoes(clients.open(start(host, anywhere().app("/echo", ECHO)), "/echo"));
    }

    @Test
    void metricsOfTheHostCountEachConnectionThatComesAndGoes(VertxTestContext test) throws Exception {
        Counting metrics = new Counting();
        Vertx measured = Vertx.builder()
                .with(new VertxOptions().setMetricsOptions(new MetricsOptions().setEnabled(true)))
                .withMetrics(options -> metrics)
                .build();
        VertxServer server = start(measured, anywhere().app("/echo", ECHO));
        WireClient leaves = clients.open(server, "/echo");
        assertThatItEchoes(leaves);
        leaves.close(1000).end();
        leaves.close();
        WireClient stays = clients.open(server, "/echo");
        assertThatItEchoes(stays);

        Future.fromCompletionStage(server.shutdown())
                .compose(nothing -> measured.close())
                .onComplete(test.succeeding(nothing -> test.verify(() -> {
                    assertThat(metrics.opened).hasValue(2);
                    assertThat(metrics.closed).hasValue(2);
                    test.completeNow();
                })));
        assertThat(stays.frame().status()).isEqualTo(1001);
        assertThat(stays.close(1001).end()).isEqualTo("FIN");
    }

    private static final class Counting implements VertxMetrics {
        final AtomicInteger opened = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();

        @Override
        public TransportMetrics<?> createTcpServerMetrics(
                TcpServerConfig config, String protocol, SocketAddress address) {
            return new TransportMetrics<Object>() {
                @Override
                public Object connected(SocketAddress remote, String name) {
                    return opened.incrementAndGet();
                }

                @Override
                public void disconnected(Object socket, SocketAddress remote) {
                    closed.incrementAndGet();
                }
            };
        }
    }
}
