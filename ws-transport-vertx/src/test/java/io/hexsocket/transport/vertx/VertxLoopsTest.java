package io.hexsocket.transport.vertx;

import static io.hexsocket.transport.vertx.EchoClients.anywhere;
import static io.hexsocket.transport.vertx.EchoClients.assertThatItEchoes;
import static io.hexsocket.transport.vertx.EchoClients.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.ServerConfig;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.junit5.ProvidedBy;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which event loops and contexts of the host's Vert.x a server uses. */
@ExtendWith(VertxExtension.class)
class VertxLoopsTest {

    @RegisterExtension
    private final EchoClients clients = new EchoClients();

    private Vertx host;

    @BeforeEach
    void injectHost(@ProvidedBy(EchoClients.EightLoops.class) Vertx vertx) {
        host = vertx;
    }

    /** Counts its sessions by context. */
    private static App counting(Map<Context, AtomicInteger> sessions) {
        return session -> {
            sessions.computeIfAbsent(Vertx.currentContext(), context -> new AtomicInteger())
                    .incrementAndGet();
            return Session::send;
        };
    }

    private void assertThatItSpreads(ServerConfig.Builder config, int loops) throws Exception {
        Map<Context, AtomicInteger> sessions = new ConcurrentHashMap<>();
        VertxServer server = start(host, config.app("/count", counting(sessions)));
        for (int i = 0; i < 100 * loops; i++) {
            assertThatItEchoes(clients.open(server, "/count"));
        }
        assertThat(sessions).hasSize(loops);
        assertThat(sessions.values())
                .allSatisfy(number -> assertThat(number.get()).isBetween(90, 110));
        assertThat(sessions.keySet()).allMatch(Context::isEventLoopContext);
    }

    @Test
    void connectionsAreSpreadEvenlyOverTheLoops() throws Exception {
        assertThatItSpreads(anywhere().eventLoops(4), 4);
    }

    @Test
    void serverUsesNoMoreLoopsThanVertxHas() throws Exception {
        assertThatItSpreads(anywhere().eventLoops(20), EchoClients.HOST_LOOPS);
    }

    @Test
    void serverUsesDifferentLoopsWhileOtherVerticlesAreDeployed(VertxTestContext test) throws Exception {
        Future.all(IntStream.range(0, 20)
                        .mapToObj(i -> host.deployVerticle(new VerticleBase() {}))
                        .toList())
                .onComplete(test.succeedingThenComplete());
        assertThatItSpreads(anywhere().eventLoops(EchoClients.HOST_LOOPS), EchoClients.HOST_LOOPS);
    }

    @Test
    void everyCallbackIsOnTheContextOfTheConnection() throws Exception {
        BlockingQueue<Map.Entry<String, Context>> calls = new LinkedBlockingQueue<>();
        App app = new App() {
            @Override
            public Admission onRequest(OpeningRequest request) {
                called("onRequest");
                return Admission.accept();
            }

            @Override
            public Listener onOpen(Session session) {
                called("onOpen");
                session.ping(ByteBuffer.allocate(0));
                return new Listener() {
                    @Override
                    public void onMessage(Session from, Message message) {
                        called("onMessage");
                        // the client does not read yet
                        SendResult result = SendResult.SENT;
                        while (result == SendResult.SENT) {
                            result = from.send(ByteBuffer.allocate(64 * 1024));
                        }
                        called("filled");
                    }

                    @Override
                    public void onPong(Session from, ByteBuffer payload) {
                        called("onPong");
                    }

                    @Override
                    public void onDrained(Session from) {
                        called("onDrained");
                        from.close();
                    }

                    @Override
                    public void onClose(Session gone, CloseStatus status) {
                        called("onClose");
                    }
                };
            }

            private void called(String what) {
                calls.add(Map.entry(what, Vertx.currentContext()));
            }
        };
        VertxServer server = start(host, anywhere().app("/app", app));
        WireClient client = clients.open(server, "/app");
        client.say(WireClient.frame(WireClient.FIN | WireClient.PONG, new byte[0]))
                .text("go");
        Set<Context> contexts = new HashSet<>();
        for (String call : List.of("onRequest", "onOpen", "onPong", "onMessage", "filled")) {
            contexts.add(contextOf(call, calls));
        }
        int opcode = WireClient.TEXT;
        while (opcode != WireClient.CLOSE) {
            opcode = client.frame().opcode();
        }
        client.close(1000).end();
        contexts.add(contextOf("onDrained", calls));
        contexts.add(contextOf("onClose", calls));

        assertThat(contexts).hasSize(1);
        Context only = contexts.iterator().next();
        assertThat(only.isEventLoopContext()).isTrue();
        assertThat(host.deploymentIDs()).contains(only.deploymentID());
    }

    private static Context contextOf(String call, BlockingQueue<Map.Entry<String, Context>> calls)
            throws InterruptedException {
        Map.Entry<String, Context> came = calls.poll(40, TimeUnit.SECONDS);
        assertThat(came).as(call).isNotNull();
        assertThat(came.getKey()).isEqualTo(call);
        return came.getValue();
    }

    @Test
    void sendFromAnotherContextOfTheSameLoopLeavesAtOnce(VertxTestContext test) throws Exception {
        CompletableFuture<Session> opened = new CompletableFuture<>();
        VertxServer server =
                start(host, anywhere().eventLoops(EchoClients.HOST_LOOPS).app("/app", session -> {
                    opened.complete(session);
                    return Session::send;
                }));
        WireClient client = clients.open(server, "/app");
        // one verticle for each loop of the host, one of them on the session's
        host.deployVerticle(
                        () -> new VerticleBase() {
                            @Override
                            public Future<?> start() throws Exception {
                                opened.join()
                                        .send("from " + Thread.currentThread().getName());
                                return super.start();
                            }
                        },
                        new DeploymentOptions().setInstances(EchoClients.HOST_LOOPS))
                .onComplete(test.succeedingThenComplete());
        Set<String> senders = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < EchoClients.HOST_LOOPS; i++) {
            senders.add(client.frame().text());
        }
        assertThat(senders).hasSize(EchoClients.HOST_LOOPS);
    }
}
