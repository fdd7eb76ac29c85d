package io.hexsocket.docs;

import static io.hexsocket.core.testkit.assertj.HexsocketAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.PageRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.SessionInfo;
import io.hexsocket.apps.SlowReaders;
import io.hexsocket.apps.Target;
import io.hexsocket.core.Server;
import io.hexsocket.core.config.ClusterConfig;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.contract.Await;
import io.hexsocket.core.contract.RawClient;
import io.hexsocket.core.contract.Wire;
import io.hexsocket.core.contract.WsClient;
import io.hexsocket.core.contract.cluster.LiveMemoryCluster;
import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.host.HttpAnswer;
import io.hexsocket.core.port.host.LoopStats;
import io.hexsocket.core.port.host.RefusalCause;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.testkit.TestMaterial;
import io.hexsocket.core.testkit.junit.HexsocketExtension.Transport;
import io.hexsocket.metrics.ServerMetrics;
import io.hexsocket.transport.nio.NioServer;
import io.hexsocket.transport.vertx.VertxServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The code of docs/embedding.md, between marks, over both transports; {@link ExamplesPageTest} compares both. */
class EmbeddingExamplesTest {

    static Stream<Arguments> transports() {
        return Stream.of(
                Arguments.argumentSet("NIO", (Transport) NioServer::start),
                Arguments.argumentSet("Vert.x", (Transport) VertxServer::start));
    }

    @Test
    void start() throws Exception {
        // doc> start
        ServerConfig config = ServerConfig.at("ws://localhost:0") // port 0: one that is free
                .app("/echo", session -> Session::send)
                .build();
        Server server = NioServer.start(config); // the other transport: VertxServer.start(config)
        System.out.println("listening at " + server.address());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        // <doc
        try (WsClient client = connect(server, "/echo")) {
            client.echo("hello");
        }
        server.close();
    }

    @Test
    void addressThatIsTakenSaysSo() throws Exception {
        try (Server first = NioServer.start(ServerConfig.at("ws://localhost:0")
                .app("/echo", session -> Session::send)
                .build())) {
            ServerConfig config = ServerConfig.at(first.address().toString())
                    .app("/echo", session -> Session::send)
                    .build();
            assertThatThrownBy(() -> NioServer.start(config))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(first.address().toString());
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void hubFromAScheduler(Transport transport) throws Exception {
        App news = session -> {
            session.subscribe("news");
            return (from, message) -> {};
        };
        try (Server server = transport.start(
                ServerConfig.at("ws://localhost:0").app("/news", news).build())) {
            // doc> hub
            Hub hub = server.hub();
            ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
            timer.scheduleAtFixedRate(
                    () -> hub.topic("news").send("it is " + Instant.now()), 0, 100, TimeUnit.MILLISECONDS);
            // <doc
            try (WsClient client = connect(server, "/news")) {
                assertThat(client.readMessage().text()).startsWith("it is ");
                assertThat(client.readMessage().text()).startsWith("it is ");
            } finally {
                timer.shutdownNow();
            }
        }
    }

    // doc> app with a timer
    static final class Clock implements App {

        private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

        @Override
        public void onStart(Hub hub) {
            timer.scheduleAtFixedRate(() -> hub.topic("time").send(Instant.now().toString()), 0, 1, TimeUnit.SECONDS);
        }

        @Override
        public Listener onOpen(Session session) {
            session.subscribe("time");
            return (from, message) -> {};
        }

        @Override
        public void onStop() {
            timer.shutdown();
        }
    }
    // <doc

    @Test
    void appWithATimer() throws Exception {
        Clock clock = new Clock();
        try (Server server = NioServer.start(
                ServerConfig.at("ws://localhost:0").app("/time", clock).build())) {
            try (WsClient client = connect(server, "/time")) {
                assertThat(Instant.parse(client.readMessage().text())).isBefore(Instant.now());
            }
        }
        assertThat(clock.timer.isShutdown()).isTrue();
    }

    // doc> accounts
    interface Accounts {

        /** Completes with whom a token names, or null; takes a while, since it asks another service. */
        CompletionStage<@Nullable User> find(String token);

        record User(String name, Instant until) implements Principal {
            @Override
            public String getName() {
                return name;
            }
        }
    }
    // <doc

    // doc> admission
    static final class Chat implements App {

        private final Accounts accounts;

        Chat(Accounts accounts) {
            this.accounts = accounts;
        }

        @Override
        public Admission onRequest(OpeningRequest request) {
            String token = token(request);
            if (token == null) {
                return Admission.reject(401, "Sign in first.").header("WWW-Authenticate", "Bearer");
            }
            return Admission.later(accounts.find(token)
                    .toCompletableFuture()
                    .orTimeout(3, TimeUnit.SECONDS)
                    .thenApply(user -> user == null
                            ? Admission.reject(403, "That token is not good.")
                            : Admission.accept(user).expiresAt(user.until()))
                    .exceptionally(
                            failed -> Admission.reject(503, "Come back later.").header("Retry-After", "5")));
        }

        private static @Nullable String token(OpeningRequest request) {
            String header = request.header("Authorization");
            if (header != null && header.startsWith("Bearer ")) {
                return header.substring("Bearer ".length()); // a program
            }
            List<String> offered = request.subprotocols(); // new WebSocket(url, ["bearer", token])
            return offered.size() == 2 && offered.get(0).equals("bearer") ? offered.get(1) : request.cookie("token");
        }

        @Override
        public AppOptions options() {
            return AppOptions.DEFAULT.subprotocols("bearer"); // the one of the two that is agreed on
        }

        @Override
        public Listener onOpen(Session session) {
            session.send("hello, " + session.principal().getName());
            return (from, message) -> from.hub().app("/chat").send(message);
        }
    }
    // <doc

    /** Answers on a thread of its own, as a client of a service does. */
    private static final Accounts SLOW = token -> CompletableFuture.supplyAsync(
            () -> token.equals("broken")
                    ? failing()
                    : token.startsWith("t-")
                            ? new Accounts.User(
                                    token.substring(2), Instant.now().plusSeconds(900))
                            : null,
            CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));

    private static Accounts.User failing() {
        throw new IllegalStateException("the service is away");
    }

    @ParameterizedTest
    @MethodSource("transports")
    void admission(Transport transport) throws Exception {
        try (Server server = transport.start(ServerConfig.at("ws://localhost:0")
                        .app("/chat", new Chat(SLOW))
                        .build());
                WsClient byCookie = connect(server, "/chat", "Cookie: token=t-ada");
                WsClient byHeader = connect(server, "/chat", "Authorization: Bearer t-bob");
                WsClient byOffer = connect(server, "/chat", "Sec-WebSocket-Protocol: bearer, t-eve")) {
            assertThat(byCookie).receivesText("hello, ada");
            assertThat(byHeader).receivesText("hello, bob");
            assertThat(byOffer).receivesText("hello, eve");
            WebSocket script = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .subprotocols("bearer", "t-eve")
                    .buildAsync(URI.create(server.address() + "/chat"), new WebSocket.Listener() {})
                    .get(10, TimeUnit.SECONDS);
            assertThat(script.getSubprotocol()).isEqualTo("bearer");
            script.abort();
            byHeader.send("hi");
            assertThat(byCookie).receivesText("hi");
            assertThat(answer(server, "/chat"))
                    .startsWith("HTTP/1.1 401 ")
                    .contains("\r\nWWW-Authenticate: Bearer\r\n");
            assertThat(answer(server, "/chat", "Cookie: token=eve")).startsWith("HTTP/1.1 403 ");
            assertThat(answer(server, "/chat", "Cookie: token=broken"))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("\r\nRetry-After: 5\r\n");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void allDevicesOfAUser(Transport transport) throws Exception {
        try (Server server = transport.start(ServerConfig.at("ws://localhost:0")
                        .app("/chat", new Chat(SLOW))
                        .build());
                WsClient phone = connect(server, "/chat", "Cookie: token=t-ada");
                WsClient laptop = connect(server, "/chat", "Cookie: token=t-ada");
                WsClient other = connect(server, "/chat", "Cookie: token=t-bob")) {
            for (WsClient client : List.of(phone, laptop, other)) {
                client.readMessage();
            }
            Hub hub = server.hub();
            // doc> users
            hub.user("ada").send("your parcel has arrived"); // on all her devices
            int devices = hub.user("ada").localSize();
            // <doc
            assertThat(devices).isEqualTo(2);
            assertThat(phone).receivesText("your parcel has arrived");
            assertThat(laptop).receivesText("your parcel has arrived");

            String id = hub.app("/chat")
                    .localSessions(0, 1)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS)
                    .get(0)
                    .id();
            // doc> one session
            CompletionStage<Delivery> delivery = hub.send(Target.id(id), "for one device alone");
            delivery.thenAccept(result -> {
                if (result != Delivery.DELIVERED) {
                    System.out.println("not delivered: " + result); // UNKNOWN, or SLOW
                }
            });
            // <doc
            assertThat(delivery.toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo(Delivery.DELIVERED);
            assertThat(phone).receivesText("for one device alone");

            // doc> end sessions
            hub.close(Target.id(id), new CloseStatus(4001, "signed out"));
            hub.user("ada").close(CloseStatus.POLICY_VIOLATION.reason("your account is locked"));
            // <doc
            assertThat(phone).isClosedWith(4001);
            assertThat(laptop).isClosedWith(1008);
            other.echo("still here");
        }
    }

    // doc> presence
    /** Tells a room who is in it. */
    static final class Presence implements Hub.TopicListener {

        private final Hub hub;

        Presence(Hub hub) {
            this.hub = hub;
        }

        @Override
        public void onJoin(String topic, Session session, int localSize) {
            hub.topic(topic).send("+ " + session.principal().getName() + ", " + localSize + " here");
        }

        @Override
        public void onLeave(String topic, Session session, int localSize) {
            hub.topic(topic).send("- " + session.principal().getName() + ", " + localSize + " here");
        }
    }
    // <doc

    @ParameterizedTest
    @MethodSource("transports")
    void presence(Transport transport) throws Exception {
        App rooms = App.of(session -> {
                    session.subscribe("tea");
                    return (from, message) -> {};
                })
                .guardedBy(request -> Admission.accept(() -> request.query("name")));
        try (Server server = transport.start(ServerConfig.at("ws://localhost:0")
                .eventLoops(1)
                .app("/tea", rooms)
                .build())) {
            Hub hub = server.hub();
            // doc> presence on
            hub.addTopicListener(new Presence(hub));
            // <doc
            List<String> left = new CopyOnWriteArrayList<>();
            hub.addTopicListener(new Hub.TopicListener() {
                @Override
                public void onLeave(String topic, Session session, int localSize) {
                    String name = session.principal().getName();
                    left.add(name + " has " + hub.user(name).localSize() + " left");
                }
            });
            try (WsClient ada = connect(server, "/tea?name=ada")) {
                assertThat(ada).receivesText("+ ada, 1 here");
                try (WsClient bob = connect(server, "/tea?name=bob")) {
                    assertThat(ada).receivesText("+ bob, 2 here");
                    assertThat(bob).receivesText("+ bob, 2 here");
                    // doc> who is there
                    Map<String, Integer> sizes = hub.localTopics("", 100); // names and members, a page of them
                    CompletionStage<List<Session>> members = hub.topic("tea").localSessions(0, 100);
                    CompletionStage<Integer> all = hub.topic("tea").size();
                    CompletionStage<String> present = hub.topic("tea")
                            .sessions(PageRequest.of(100)) // of all nodes; 1,000 at most
                            .thenApply(page -> {
                                String names = page.sessions().stream()
                                        .map(SessionInfo::principal)
                                        .collect(Collectors.joining(", "));
                                return page.silent().isEmpty() ? names : names + "; no answer from " + page.silent();
                            });
                    // <doc
                    assertThat(sizes).containsExactly(Map.entry("tea", 2));
                    assertThat(members.toCompletableFuture().get(10, TimeUnit.SECONDS))
                            .extracting(session -> session.principal().getName())
                            .containsExactly("ada", "bob");
                    assertThat(all.toCompletableFuture().get(10, TimeUnit.SECONDS))
                            .isEqualTo(2);
                    assertThat(present.toCompletableFuture().get(10, TimeUnit.SECONDS))
                            .isEqualTo("ada, bob");
                    bob.leave();
                }
                assertThat(ada).receivesText("- bob, 1 here");
                Await.until("both listeners are told", () -> !left.isEmpty());
                assertThat(left).containsExactly("bob has 0 left");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void slowReaders(Transport transport) throws Exception {
        // doc> slow readers
        App prices = App.of(session -> {
                    session.subscribe("prices");
                    return (from, question) -> from.send("an answer, which is never dropped");
                })
                .with(AppOptions.DEFAULT.slowReaders(SlowReaders.KEEP_LATEST).queuedBytes(64 * 1024));
        // <doc
        try (Server server = transport.start(ServerConfig.at("ws://localhost:0")
                        .eventLoops(1)
                        .timeouts(Timeouts.DEFAULT.writeStall(Duration.ofMinutes(1)))
                        .app("/prices", prices)
                        .build());
                WsClient quick = connect(server, "/prices");
                WsClient slow = connect(server, "/prices")) {
            for (WsClient client : List.of(quick, slow)) {
                client.send("are you there?");
                assertThat(client).receivesText("an answer, which is never dropped");
            }
            Hub hub = server.hub();
            // doc> keyed message
            hub.topic("prices").send(Message.text("EURUSD 1.0842").keyed("EURUSD")); // replaces one that waits
            // <doc
            for (WsClient client : List.of(quick, slow)) {
                assertThat(client).receivesText("EURUSD 1.0842");
            }
            String padding = " ".repeat(10_000);
            for (int i = 1; i <= 2_000; i++) {
                hub.topic("prices").send(Message.text(i + padding).keyed("EURUSD"));
                assertThat(quick.readMessage().text()).startsWith(i + " ");
            }
            int received = 0;
            int last = 0;
            while (last < 2_000) {
                last = Integer.parseInt(slow.readMessage().text().strip());
                received++;
            }
            // what a network may hold is less than what was sent
            assertThat(received).isBetween(1, 1_999);
        }
    }

    // doc> listener
    static final class Metrics implements ServerListener {

        final LongAdder sessions = new LongAdder();
        final Map<RefusalCause, LongAdder> refused = new ConcurrentHashMap<>();
        final LongAdder failures = new LongAdder();
        final Map<Integer, LoopStats> loops = new ConcurrentHashMap<>();

        @Override
        public void onOpen(long connection, Session session) {
            sessions.increment();
        }

        @Override
        public void onRefused(long connection, InetSocketAddress peer, RefusalCause cause, int status, String why) {
            refused.computeIfAbsent(cause, first -> new LongAdder()).increment();
        }

        @Override
        public void onAppError(long connection, Session session, Throwable cause) {
            failures.increment();
        }

        @Override
        public void onLoopStats(LoopStats stats) {
            // about once a second for each loop: messages and bytes each way, queues, lag, and the same by app
            loops.put(stats.loop(), stats);
        }
    }
    // <doc

    @ParameterizedTest
    @MethodSource("transports")
    void listener(Transport transport) throws Exception {
        App app = session -> (from, message) -> {
            throw new IllegalStateException("out of order");
        };
        // doc> listener on
        Metrics metrics = new Metrics();
        ServerConfig config = ServerConfig.at("ws://localhost:0")
                .app("/app", app)
                .listener(metrics) // several: metrics.andThen(another)
                .build();
        // <doc
        try (Server server = transport.start(config);
                WsClient client = connect(server, "/app")) {
            client.send("hello");
            assertThat(client).isClosedWith(1011);
            assertThat(answer(server, "/nothing")).startsWith("HTTP/1.1 404 ");
        }
        assertThat(metrics.sessions.sum()).isEqualTo(1);
        assertThat(metrics.failures.sum()).isEqualTo(1);
        assertThat(metrics.refused.values())
                .singleElement()
                .satisfies(count -> assertThat(count.sum()).isEqualTo(1));
    }

    @Test
    void metricsOfMicrometer() throws Exception {
        App chat = session -> Session::send;
        MeterRegistry registry = new SimpleMeterRegistry();
        // doc> micrometer
        ServerMetrics metrics = new ServerMetrics(registry);
        ServerConfig config = ServerConfig.at("ws://localhost:0")
                .app("/chat", chat)
                .listener(metrics)
                .build();
        Server server = NioServer.start(config);
        metrics.observe(server, config.apps().keySet()); // what only the running server knows: sessions by app, memory
        // <doc
        try (WsClient client = connect(server, "/chat")) {
            client.echo("hello");
            assertThat(registry.get("hexsocket.sessions.open").gauge().value()).isEqualTo(1);
        } finally {
            server.close();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void tlsOfPemFiles(Transport transport, @TempDir Path folder) throws Exception {
        TestMaterial.copy(folder, "fullchain.pem", "privkey.pem");
        // doc> tls
        ServerConfig config = ServerConfig.at("wss://localhost:0")
                .tls(TlsConfig.of(folder.resolve("fullchain.pem"), folder.resolve("privkey.pem")))
                .app("/echo", session -> Session::send)
                .build();
        // <doc
        try (Server server = transport.start(config);
                WsClient client = WsClient.open(
                        RawClient.connect(Wire.TLS, server.address().port()), "/echo")) {
            client.echo("hello");
            // doc> tls renewed
            boolean changed = server.reloadTls();
            // <doc
            assertThat(changed).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void tlsOfTheHost(Transport transport) throws Exception {
        KeyStore keyStore = KeyStore.getInstance("PKCS12");
        keyStore.load(null, null);
        keyStore.setKeyEntry("localhost", key("localhost-ec.key"), "secret".toCharArray(), new Certificate[] {
            TestMaterial.certificate("localhost-ec.crt"), TestMaterial.certificate("middle.crt")
        });
        // doc> tls of a key store
        TlsConfig tls = TlsConfig.of(keyStore, "secret"); // or of an SSLContext: TlsConfig.of(context)
        // <doc
        try (Server server = transport.start(ServerConfig.at("wss://localhost:0")
                        .tls(tls)
                        .app("/echo", session -> Session::send)
                        .build());
                WsClient client = WsClient.open(
                        RawClient.connect(Wire.TLS, server.address().port()), "/echo")) {
            client.echo("hello");
        }
    }

    private static PrivateKey key(String name) throws Exception {
        String pem = new String(TestMaterial.bytes(name), StandardCharsets.US_ASCII);
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    @ParameterizedTest
    @MethodSource("transports")
    void limits(Transport transport) throws Exception {
        // doc> limits
        ServerConfig config = ServerConfig.at("ws://localhost:0")
                .app("/echo", session -> Session::send)
                .limits(Limits.DEFAULT
                        .messageBytes(64 * 1024)
                        .connections(10_000)
                        .connectionsPerAddress(20)
                        .messagesPerSecond(100))
                .timeouts(Timeouts.DEFAULT.ping(Duration.ofSeconds(15)).lifetime(Duration.ofHours(12)))
                .allowedOrigins(List.of("https://example.org", "https://*.example.org"))
                .build();
        // <doc
        try (Server server = transport.start(config);
                WsClient client = connect(server, "/echo", "Origin: https://chat.example.org")) {
            assertThat(answer(server, "/echo", "Origin: https://example.com")).startsWith("HTTP/1.1 403 ");
            client.sendBinary(new byte[64 * 1024 + 1]);
            assertThat(client).isClosedWith(1009);
            // doc> policy
            server.changePolicy(policy -> policy.limits(policy.limits().connections(50_000)));
            // <doc
            assertThat(server.policy().limits().connections()).isEqualTo(50_000);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void http(Transport transport) throws Exception {
        // doc> http responder
        ServerConfig config = ServerConfig.at("ws://localhost:0")
                .app("/echo", session -> Session::send)
                .responder(request -> CompletableFuture.completedFuture(
                        request.path().equals("/health")
                                ? HttpAnswer.text(200, "up")
                                : HttpAnswer.text(404, "There is nothing at this path.")))
                .build();
        // <doc
        try (Server server = transport.start(config)) {
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:"
                                            + server.address().port() + "/health"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("up\n");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shutdown(Transport transport) throws Exception {
        Server server = transport.start(ServerConfig.at("ws://localhost:0")
                .app("/echo", session -> Session::send)
                .build());
        try (WsClient client = connect(server, "/echo")) {
            // doc> shutdown
            CompletionStage<Void> ended = server.shutdown(); // server.close() waits for it
            // <doc
            assertThat(client).isClosedWith(1001);
            client.sendClose(1001);
            client.socket().close();
            ended.toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        assertThat(server.connections()).isZero();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void drain(Transport transport) throws Exception {
        Server server = transport.start(ServerConfig.at("ws://localhost:0")
                .app("/echo", session -> Session::send)
                .build());
        try (WsClient client = connect(server, "/echo")) {
            Duration window = Duration.ofMillis(50);
            // doc> drain
            CompletionStage<Void> drained = server.drain(window); // 30 s, say: each is told in its share of it
            // <doc
            assertThat(client).isClosedWith(1012);
            client.sendClose(1012);
            client.socket().close();
            drained.toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        assertThat(server.connections()).isZero();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void cluster(Transport transport) throws Exception {
        byte[] secret = "a secret that all nodes have, of 32".getBytes(StandardCharsets.UTF_8);
        App news = session -> {
            session.subscribe("news");
            return (from, message) -> from.hub().topic("news").send(message);
        };
        try (LiveMemoryCluster cluster = new LiveMemoryCluster();
                Server first = transport.start(node("node-1", news, cluster.engine(new NodeId("node-1")), secret));
                Server second = transport.start(node("node-2", news, cluster.engine(new NodeId("node-2")), secret));
                WsClient ada = connect(first, "/news");
                WsClient bob = connect(second, "/news")) {
            Await.until("each knows of the other", () -> size(first) == 2 && size(second) == 2);
            ada.send("hello");
            assertThat(ada).receivesText("hello");
            assertThat(bob).receivesText("hello");
        }
    }

    private static int size(Server server) {
        return Await.result(server.hub().topic("news").size().toCompletableFuture());
    }

    // doc> cluster
    static ServerConfig node(String name, App news, ClusterEngine engine, byte[] secret) {
        return ServerConfig.at("ws://localhost:0")
                .app("/news", news)
                .cluster(ClusterConfig.of(engine, name, secret))
                .build();
    }
    // <doc

    @Test
    void vertxOfTheHost() throws Exception {
        Vertx vertx = Vertx.vertx();
        ServerConfig config = ServerConfig.at("ws://localhost:0")
                .app("/echo", session -> Session::send)
                .build();
        // doc> vertx
        Future<VertxServer> started = VertxServer.start(vertx, config);
        // <doc
        Server server = started.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        try (WsClient client = connect(server, "/echo")) {
            client.echo("hello");
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(server.connections()).isZero();
    }

    private static WsClient connect(Server server, String path, String... headers) {
        return WsClient.open(RawClient.connect(Wire.PLAIN, server.address().port()), path, headers);
    }

    /** The answer to a client that is not let in. */
    private static String answer(Server server, String path, String... headers) {
        try (RawClient client = RawClient.connect(Wire.PLAIN, server.address().port())) {
            client.send(WsClient.request(path, headers));
            return new String(client.readToEnd(), StandardCharsets.UTF_8);
        }
    }
}
