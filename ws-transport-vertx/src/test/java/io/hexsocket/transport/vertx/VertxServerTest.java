package io.hexsocket.transport.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.tls.TlsMaterialException;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpServerConfig;
import io.vertx.core.spi.metrics.TransportMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is Vert.x's own: the host's instance, its contexts and its other code. All else is in the contracts. */
class VertxServerTest {

    private static final App ECHO = session -> Session::send;

    private final Vertx host = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(8));
    private final List<AutoCloseable> clients = new ArrayList<>();

    @AfterEach
    void tearDown() throws Exception {
        for (AutoCloseable client : clients) {
            client.close();
        }
        await(host.close());
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    private static ServerConfig.Builder anywhere() {
        return ServerConfig.at("ws://127.0.0.1:0").eventLoops(2);
    }

    private VertxServer start(ServerConfig.Builder config) {
        return await(VertxServer.start(host, config.build()));
    }

    private WireClient open(VertxServer server, String path) throws IOException {
        WireClient client = WireClient.open(server.address().port(), path);
        clients.add(client);
        return client;
    }

    private static void assertThatItEchoes(WireClient client) throws IOException {
        assertThat(client.text("hello").frame().text()).isEqualTo("hello");
    }

    // ---- whose Vert.x it is
    // -------------------------------------------------------------------------------------------

    @Test
    void serverInTheHostsVertxLeavesItToTheHost() throws IOException {
        VertxServer server = start(anywhere().app("/echo", ECHO));
        WireClient client = open(server, "/echo");
        assertThatItEchoes(client);
        client.close();
        server.close();

        Promise<String> alive = Promise.promise();
        host.setTimer(1, timer -> alive.complete("alive"));
        assertThat(await(alive.future())).isEqualTo("alive");
        assertThat(host.deploymentIDs()).isEmpty();
        assertThatItEchoes(open(start(anywhere().app("/echo", ECHO)), "/echo"));
    }

    @Test
    void serverThatHasEndedIsForgottenByTheHostsVertx() throws Exception {
        WeakReference<App> app = serveOnce();
        for (int i = 0; app.get() != null; i++) {
            assertThat(i).as("times ten milliseconds").isLessThan(3000);
            System.gc();
            Thread.sleep(10);
        }
    }

    private WeakReference<App> serveOnce() throws IOException {
        App app = new App() {
            @Override
            public Listener onOpen(Session session) {
                return Session::send;
            }
        };
        VertxServer server = start(anywhere().app("/echo", app));
        WireClient client = open(server, "/echo");
        assertThatItEchoes(client);
        client.close();
        server.close();
        return new WeakReference<>(app);
    }

    @Test
    void serverWithAVertxOfItsOwnNeedsNothingElse() throws IOException {
        ServerConfig config = anywhere().app("/echo", ECHO).build();
        int port;
        try (VertxServer server = VertxServer.start(config)) {
            port = server.address().port();
            assertThat(server.address()).hasToString("ws://127.0.0.1:" + port);
            WireClient client = open(server, "/echo");
            assertThatItEchoes(client);
            assertThat(server.sessions()).isEqualTo(1);
            assertThat(server.connections()).isEqualTo(1);
            client.close(1000).frame();
        }
        assertThatThrownBy(() -> WireClient.connect(port)).isInstanceOf(ConnectException.class);
    }

    @Test
    void twoServersOfOneVertxAreTwo() throws IOException {
        VertxServer first = start(anywhere().app("/first", ECHO));
        VertxServer second = start(anywhere().app("/second", ECHO));
        assertThat(first.address()).isNotEqualTo(second.address());
        WireClient client = open(first, "/first");
        assertThatItEchoes(client);
        client.close();
        first.close();
        assertThatItEchoes(open(second, "/second"));
    }

    @Test
    @DisplayName("O2 stop and restart on the same port")
    void serverRestartsOnTheSamePort() throws IOException {
        VertxServer server = start(anywhere().app("/echo", ECHO));
        int port = server.address().port();
        for (int i = 0; i < 10; i++) {
            WireClient client = open(server, "/echo");
            assertThatItEchoes(client);
            client.close();
            server.close();
            server = start(
                    ServerConfig.at("ws://127.0.0.1:" + port).eventLoops(2).app("/echo", ECHO));
        }
        assertThatItEchoes(open(server, "/echo"));
    }

    @Test
    void hostThatClosesItsVertxEndsTheServerInOrder() throws IOException {
        Vertx other = Vertx.vertx();
        VertxServer server =
                await(VertxServer.start(other, anywhere().app("/echo", ECHO).build()));
        WireClient client = open(server, "/echo");
        Future<Void> closed = other.close();
        assertThat(client.frame().status()).isEqualTo(1001);
        assertThat(client.close(1001).end()).isEqualTo("FIN");
        await(closed);
        assertThatCode(server::close).doesNotThrowAnyException();
    }

    @Test
    void serverStartedByAVerticleEndsWithIt() throws IOException {
        CompletableFuture<VertxServer> started = new CompletableFuture<>();
        String verticle = await(host.deployVerticle(new VerticleBase() {
            @Override
            public Future<?> start() {
                return VertxServer.start(vertx, anywhere().app("/echo", ECHO).build())
                        .onSuccess(started::complete);
            }
        }));
        WireClient client = open(started.join(), "/echo");
        Future<Void> undeployed = host.undeploy(verticle);
        assertThat(client.frame().status()).isEqualTo(1001);
        client.close(1001).end();
        await(undeployed);
        assertThat(started.join().connections()).isZero();
    }

    @Test
    void closeOnAnEventLoopIsRefusedAndShutdownIsNot() throws IOException {
        VertxServer server = start(anywhere().app("/echo", ECHO));
        Promise<Void> ended = Promise.promise();
        CompletableFuture<Throwable> refusal = new CompletableFuture<>();
        host.runOnContext(nothing -> {
            try {
                server.close();
            } catch (IllegalStateException refused) {
                refusal.complete(refused);
            }
            server.shutdown().onComplete(ended);
        });
        assertThat(refusal.join()).hasMessageContaining("shutdown()");
        await(ended.future());
        assertThat(server.shutdown()).isSameAs(server.shutdown());
    }

    @Test
    void clientsThatDoNotEndAreCutWhenTheTimeIsUp() throws IOException {
        Timeouts impatient = Timeouts.DEFAULT
                .ping(Duration.ZERO)
                .close(Duration.ofSeconds(60))
                .writeStall(Duration.ofSeconds(60))
                .slowFrame(Duration.ofSeconds(60))
                .drain(Duration.ofMillis(300));
        BlockingQueue<CloseStatus> told = new LinkedBlockingQueue<>();
        App app = session -> new Listener() {
            @Override
            public void onMessage(Session from, Message message) {
                // there is none
            }

            @Override
            public void onClose(Session gone, CloseStatus status) {
                told.add(status);
            }
        };
        VertxServer server = start(anywhere().timeouts(impatient).app("/app", app));
        WireClient client = open(server, "/app");
        await(server.shutdown());
        assertThat(client.frame().status()).isEqualTo(1001);
        assertThat(client.end()).isEqualTo("RST");
        assertThat(told).hasSize(1);
        assertThat(server.connections()).isZero();
    }

    // ---- where it cannot listen
    // ---------------------------------------------------------------------------------------

    private Throwable refusal(ServerConfig.Builder config) {
        try {
            start(config);
            throw new AssertionError("it listens");
        } catch (CompletionException refused) {
            return refused.getCause();
        }
    }

    @Test
    @DisplayName("O6 port in use by another server of the same Vert.x")
    void portOfAnotherServerOfTheSameVertxIsTaken() throws IOException {
        VertxServer first = start(anywhere().app("/echo", ECHO));
        Throwable refused = refusal(
                ServerConfig.at("ws://127.0.0.1:" + first.address().port()).app("/other", ECHO));
        assertThat(refused)
                .isInstanceOf(BindException.class)
                .hasMessage("cannot listen at " + first.address() + ": address already in use");
        assertThatItEchoes(open(first, "/echo"));
        assertThat(host.deploymentIDs()).hasSize(1);
    }

    @Test
    @DisplayName("O6 port in use by the host's own server")
    void portOfTheHostsOwnServerIsTaken() {
        int port = await(host.createNetServer(new NetServerOptions().setHost("127.0.0.1"))
                        .connectHandler(socket -> socket.close())
                        .listen(0))
                .actualPort();
        assertThat(refusal(ServerConfig.at("ws://127.0.0.1:" + port).app("/echo", ECHO)))
                .isInstanceOf(BindException.class);
    }

    @Test
    @DisplayName("O6 port in use by another program")
    void portOfAnotherProgramIsTaken() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "ws://127.0.0.1:" + other.getLocalPort();
            assertThatThrownBy(() -> VertxServer.start(
                            ServerConfig.at(address).app("/echo", ECHO).build()))
                    .isInstanceOf(BindException.class)
                    .hasMessage("cannot listen at " + address + ": address already in use");
        }
    }

    @Test
    @DisplayName("O6 address of another host")
    void addressOfAnotherHostIsRefused() {
        assertThat(refusal(ServerConfig.at("ws://192.0.2.1:18091").app("/echo", ECHO)))
                .isInstanceOf(BindException.class)
                .hasMessageStartingWith("cannot listen at ws://192.0.2.1:18091: ");
    }

    @Test
    @DisplayName("O6 unknown host")
    void unknownHostIsRefused() {
        assertThat(refusal(ServerConfig.at("ws://no.such.host.invalid:18091").app("/echo", ECHO)))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot listen at ws://no.such.host.invalid:18091: the host name is not known");
    }

    @Test
    void configurationThatMakesNoSenseIsRefused() {
        assertThat(refusal(anywhere().app("echo", ECHO))).isInstanceOf(IllegalArgumentException.class);
        assertThat(refusal(ServerConfig.at("wss://127.0.0.1:0")
                        .tls(TlsConfig.of(Path.of("cert.pem"), null))
                        .app("/echo", ECHO)))
                .isInstanceOf(TlsMaterialException.class)
                .hasMessage("cannot read cert.pem: there is no such file");
        ServerConfig nonsense = anywhere().app("echo", ECHO).build();
        assertThatThrownBy(() -> VertxServer.start(nonsense)).isInstanceOf(IllegalArgumentException.class);
    }

    // ---- loops and contexts
    // ----------------------------------------------------------------------------------------

    /** Counts its sessions by context. */
    private static App counting(Map<Context, AtomicInteger> sessions) {
        return session -> {
            sessions.computeIfAbsent(Vertx.currentContext(), context -> new AtomicInteger())
                    .incrementAndGet();
            return Session::send;
        };
    }

    private void assertThatItSpreads(ServerConfig.Builder config, int loops) throws IOException {
        Map<Context, AtomicInteger> sessions = new ConcurrentHashMap<>();
        VertxServer server = start(config.app("/count", counting(sessions)));
        for (int i = 0; i < 100 * loops; i++) {
            assertThatItEchoes(open(server, "/count"));
        }
        assertThat(sessions).hasSize(loops);
        assertThat(sessions.values())
                .allSatisfy(number -> assertThat(number.get()).isBetween(90, 110));
        assertThat(sessions.keySet()).allMatch(Context::isEventLoopContext);
    }

    @Test
    void connectionsAreSpreadEvenlyOverTheLoops() throws IOException {
        assertThatItSpreads(anywhere().eventLoops(4), 4);
    }

    @Test
    void moreLoopsThanVertxHasAreAsManyAsItHas() throws IOException {
        assertThatItSpreads(anywhere().eventLoops(20), 8);
    }

    @Test
    void loopsAreDifferentOnesWhateverElseIsDeployedMeanwhile() throws IOException {
        List<Future<String>> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            others.add(host.deployVerticle(() -> new AbstractVerticle() {}, new DeploymentOptions()));
        }
        assertThatItSpreads(anywhere().eventLoops(8), 8);
        others.forEach(VertxServerTest::await);
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
        VertxServer server = start(anywhere().app("/app", app));
        WireClient client = open(server, "/app");
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

    // ---- the host's other code in an app
    // -----------------------------------------------------------------------------

    /** The context of the verticle: the event bus runs each handler on a duplicate of it. */
    private static Context here() {
        return ContextInternal.current().unwrap();
    }

    @Test
    void eventBusAndTimersOfTheHostWorkInAnApp() throws IOException {
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
        VertxServer server = start(anywhere().app("/app", app));
        WireClient first = open(server, "/app");
        WireClient second = open(server, "/app");

        assertThat(first.text("hello").frame().text()).isEqualTo("true HELLO");
        host.eventBus().publish("news", "extra");
        assertThat(first.frame().text()).isEqualTo("true extra");
        assertThat(second.frame().text()).isEqualTo("true extra");
    }

    @Test
    void sendFromAnotherContextOfTheSameLoopLeavesAtOnce() throws IOException {
        CompletableFuture<Session> opened = new CompletableFuture<>();
        VertxServer server = start(anywhere().eventLoops(8).app("/app", session -> {
            opened.complete(session);
            return Session::send;
        }));
        WireClient client = open(server, "/app");
        // one verticle for each loop of the host, one of them on the session's
        await(host.deployVerticle(
                () -> new VerticleBase() {
                    @Override
                    public Future<?> start() throws Exception {
                        opened.join().send("from " + Thread.currentThread().getName());
                        return super.start();
                    }
                },
                new DeploymentOptions().setInstances(8)));
        Set<String> senders = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 8; i++) {
            senders.add(client.frame().text());
        }
        assertThat(senders).hasSize(8);
    }

    @Test
    @DisplayName("R7 out of memory in an app")
    void fatalErrorInAnAppEndsThatConnectionAndIsTold() throws IOException {
        BlockingQueue<Error> told = new LinkedBlockingQueue<>();
        VertxServer server = start(anywhere()
                .eventLoops(1)
                .app("/echo", ECHO)
                .app("/fail", session -> (from, message) -> {
                    throw new OutOfMemoryError("a bug, as this test wants it");
                })
                .listener(new ServerListener() {
                    @Override
                    public void onFatal(Error error) {
                        told.add(error);
                    }
                }));
        WireClient other = open(server, "/echo");
        assertThat(open(server, "/fail").text("go").end()).isEqualTo("RST");
        assertThatItEchoes(other);
        assertThat(told).hasSize(1);
    }

    // ---- metrics
    // -----------------------------------------------------------------------------------------------------

    /** Counts connections. */
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

    @Test
    void metricsOfTheHostSeeConnectionsComeAndGo() throws IOException {
        Counting metrics = new Counting();
        Vertx measured = Vertx.builder()
                .with(new VertxOptions().setMetricsOptions(new MetricsOptions().setEnabled(true)))
                .withMetrics(options -> metrics)
                .build();
        VertxServer server =
                await(VertxServer.start(measured, anywhere().app("/echo", ECHO).build()));
        WireClient leaves = open(server, "/echo");
        assertThatItEchoes(leaves);
        leaves.close(1000).end();
        leaves.close();
        WireClient stays = open(server, "/echo");
        assertThatItEchoes(stays);
        assertThat(metrics.opened).hasValue(2);

        Future<Void> ended = server.shutdown();
        assertThat(stays.frame().status()).isEqualTo(1001);
        assertThat(stays.close(1001).end()).isEqualTo("FIN");
        await(ended);
        await(measured.close());
        assertThat(metrics.closed).hasValue(2);
    }

    // ---- addresses
    // ---------------------------------------------------------------------------------------------------

    @Test
    void wildcardOfIpv4OpensNoDoorForIpv6() throws IOException {
        VertxServer server =
                start(ServerConfig.at("ws://0.0.0.0:0").eventLoops(1).app("/echo", ECHO));
        assertThatItEchoes(open(server, "/echo"));
        try (Socket inet6 = new Socket()) {
            inet6.connect(new InetSocketAddress("::1", server.address().port()), 40_000);
            inet6.setSoTimeout(40_000);
            assertThat(inet6.getInputStream().read()).isNegative();
        } catch (IOException refused) {
            assertThat(refused).isNotInstanceOf(SocketTimeoutException.class);
        }
    }
}
