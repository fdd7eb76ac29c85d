package io.hexsocket.transport.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Compression;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.contract.Await;
import io.hexsocket.core.contract.Bytes;
import io.hexsocket.core.contract.RawClient;
import io.hexsocket.core.contract.TestTls;
import io.hexsocket.core.contract.Wire;
import io.hexsocket.core.contract.WsClient;
import io.hexsocket.core.port.host.RefusalCause;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.port.host.SessionEnd;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Apps on an HTTP server of the host's, beside its routes and on its port. */
class VertxMountTest {

    private static final App ECHO = session -> Session::send;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
    private final Queue<CloseStatus> closes = new ConcurrentLinkedQueue<>();
    private VertxMount mount;
    private int port;

    @AfterEach
    void closeAll() throws Exception {
        while (!toClose.isEmpty()) {
            toClose.pop().close();
        }
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) {
        return Await.result(future.toCompletionStage().toCompletableFuture());
    }

    private ServerConfig.Builder config() {
        return ServerConfig.at("ws://localhost:8080").app("/echo", ECHO).listener(new ServerListener() {
            @Override
            public void onRefused(long connection, InetSocketAddress peer, RefusalCause cause, int status, String why) {
                refusals.add(cause + " " + status);
            }

            @Override
            public void onClose(long connection, Session session, SessionEnd end) {
                closes.add(end.status());
            }
        });
    }

    /** A REST route at {@code /hello}, the apps at their paths, and for all else a teapot; on one port and both event loops. */
    private void serve(ServerConfig.Builder config, Wire wire) {
        mount = await(VertxMount.start(vertx, config.build()));
        HttpServerOptions options = new HttpServerOptions();
        if (wire == Wire.TLS) {
            TlsConfig.Identity identity = TestTls.server().identities().get(0);
            options.setSsl(true)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .addCertPath(identity.certificate().toString())
                            .addKeyPath(identity.keyFile().toString()));
        }
        Handler<HttpServerRequest> router = request -> {
            boolean isKnown = request.path().equals("/hello");
            request.response().setStatusCode(isKnown ? 200 : 418).end(isKnown ? "hello" : "I'm a teapot");
        };
        AtomicInteger actual = new AtomicInteger();
        await(vertx.deployVerticle(
                () -> new VerticleBase() {
                    @Override
                    public Future<?> start() {
                        return vertx.createHttpServer(options)
                                .requestHandler(mount.orElse(router))
                                // one port for all instances
                                .listen(SocketAddress.sharedRandomPort(1, "127.0.0.1"))
                                .onSuccess(server -> actual.set(server.actualPort()));
                    }
                },
                new DeploymentOptions().setInstances(2)));
        port = actual.get();
    }

    private WsClient connect(Wire wire, String path, String... headers) {
        RawClient raw = RawClient.connect(wire, port);
        toClose.push(raw);
        return WsClient.open(raw, path, headers);
    }

    private String http(Wire wire, String request) {
        RawClient raw = RawClient.connect(wire, port);
        toClose.push(raw);
        raw.send(request.getBytes(StandardCharsets.US_ASCII));
        return new String(raw.readToEnd(), StandardCharsets.UTF_8);
    }

    private String get(Wire wire, String path) {
        return http(wire, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }

    private String upgrade(String path, String... headers) {
        return http(Wire.PLAIN, new String(WsClient.request(path, headers), StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @EnumSource(Wire.class)
    void routesOfTheHostAndAppsShareAPortAndSessionsAreWholeOnes(Wire wire) {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Set<Boolean> secure = ConcurrentHashMap.newKeySet();
        serve(
                config().app("/thread", session -> {
                    threads.add(Thread.currentThread());
                    secure.add(session.request().isSecure());
                    return Session::send;
                }),
                wire);
        assertThat(get(wire, "/hello")).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nhello");
        String origin = (wire == Wire.TLS ? "Origin: https" : "Origin: http") + "://example.org";
        for (int i = 0; i < 6; i++) {
            WsClient client = connect(wire, "/thread", origin);
            client.echo("Grüße");
            for (int length : i > 0 ? new int[] {126} : new int[] {0, 125, 16_385, 70_000, 1_000_000}) {
                byte[] payload = Bytes.random(length, length);
                CompletableFuture<WsClient.Frame> answer = client.readMessageAside();
                client.sendBinary(payload);
                Bytes.assertSame(Await.result(answer).payload(), payload);
            }
            client.leave();
        }
        assertThat(threads).hasSize(2);
        assertThat(secure).containsExactly(wire == Wire.TLS);
        Await.until("the connections are gone", () -> mount.connections() == 0);
        assertThat(closes).hasSize(6).containsOnly(CloseStatus.NORMAL);
        assertThat(mount.names()).isZero();
        assertThat(get(wire, "/hello")).endsWith("hello");
    }

    @Test
    void upgradeAtAPathWithoutAnAppAndRequestsThatAreNoneAreForTheHost() {
        serve(config(), Wire.PLAIN);
        assertThat(upgrade("/nowhere", "Connection: close")).startsWith("HTTP/1.1 418 ");
        assertThat(get(Wire.PLAIN, "/echo")).startsWith("HTTP/1.1 418 ");
        assertThat(refusals).isEmpty();
    }

    @Test
    void whatTheRulesForbidIsRefusedAsElsewhere() {
        serve(config(), Wire.PLAIN);
        assertThat(upgrade("/echo", "Origin: https://evil.example"))
                .startsWith("HTTP/1.1 403 ")
                .containsIgnoringCase("connection: close");
        assertThat(upgrade("/echo", "Sec-WebSocket-Extensions: =")).startsWith("HTTP/1.1 400 ");
        assertThat(http(
                        Wire.PLAIN,
                        "GET /echo HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 12\r\n\r\n"))
                .startsWith("HTTP/1.1 426 ")
                .containsIgnoringCase("sec-websocket-version: 13");
        assertThat(refusals).containsExactly("FOREIGN_ORIGIN 403", "BAD_REQUEST 400", "BAD_REQUEST 426");
        Await.until("the connections are gone", () -> mount.connections() == 0);
        assertThat(get(Wire.PLAIN, "/hello")).endsWith("hello");
    }

    @Test
    void admissionThatComesLateSendsItsHeadersAndGreetingBehindThem() {
        CompletableFuture<Admission> decision = new CompletableFuture<>();
        App late = new App() {
            @Override
            public Admission onRequest(OpeningRequest request) {
                return request.query("token") == null
                        ? Admission.reject(401, "Who are you?").header("WWW-Authenticate", "Bearer")
                        : Admission.later(decision);
            }

            @Override
            public Listener onOpen(Session session) {
                session.send("welcome");
                return Session::send;
            }
        };
        serve(config().app("/late", late), Wire.PLAIN);
        assertThat(upgrade("/late"))
                .startsWith("HTTP/1.1 401 ")
                .contains("WWW-Authenticate: Bearer\r\n")
                .endsWith("Who are you?\n");
        RawClient raw = RawClient.connect(Wire.PLAIN, port);
        toClose.push(raw);
        raw.send(WsClient.request("/late?token=x"));
        Await.until("the app is asked", () -> mount.connections() == 1);
        decision.complete(Admission.accept().header("Set-Cookie", "seen=1"));
        WsClient client = WsClient.after(raw);
        assertThat(client.readMessage().text()).isEqualTo("welcome");
        client.echo("x");
        client.leave();
    }

    @Test
    void whatAClientSendsBeforeThe101IsLostAndTheSessionGoesOn() {
        CompletableFuture<Admission> decision = new CompletableFuture<>();
        serve(config().app("/late", ECHO.guardedBy(request -> Admission.later(decision))), Wire.PLAIN);
        for (String path : new String[] {"/echo", "/late"}) {
            RawClient raw = RawClient.connect(Wire.PLAIN, port);
            toClose.push(raw);
            byte[] early = WsClient.frame(WsClient.TEXT, "early".getBytes(StandardCharsets.US_ASCII));
            byte[] request = WsClient.request(path);
            byte[] both = Arrays.copyOf(request, request.length + early.length);
            System.arraycopy(early, 0, both, request.length, early.length);
            raw.send(both);
            if (path.equals("/late")) {
                Await.until("the app is asked", () -> mount.connections() == 1);
                decision.complete(Admission.accept());
            }
            WsClient client = WsClient.after(raw);
            client.echo("in time");
            client.leave();
            Await.until("the connection is gone", () -> mount.connections() == 0);
        }
        assertThat(closes).hasSize(2).containsOnly(CloseStatus.NORMAL);
    }

    @Test
    void compressionIsAgreedOnByTheCoreAndNotByTheHostsServer() {
        AppOptions compressed = AppOptions.DEFAULT.compression(Compression.ON);
        serve(config().app("/compressed", ECHO.with(compressed)), Wire.PLAIN);
        RawClient raw = RawClient.connect(Wire.PLAIN, port);
        toClose.push(raw);
        raw.send(WsClient.request("/compressed", "Sec-WebSocket-Extensions: permessage-deflate"));
        String head = "";
        while (!head.endsWith("\r\n\r\n")) {
            head += new String(raw.read(1), StandardCharsets.US_ASCII);
        }
        assertThat(head).contains("Sec-WebSocket-Extensions: permessage-deflate");
        raw.send(WsClient.frame(WsClient.TEXT, "a".repeat(5_000).getBytes(StandardCharsets.US_ASCII)));
        byte[] answer = raw.read(2);
        // RFC 7692, 6: RSV1 says that the message is compressed
        assertThat(answer[0] & 0xFF).isEqualTo(0xC1);
        assertThat(answer[1]).isBetween((byte) 1, (byte) 100);
    }

    @Test
    void clientThatDoesNotReadIsWaitedForAndGetsAll() {
        App flood = session -> (from, message) -> {
            for (int i = 0; i < 12; i++) {
                from.send(Message.binary(Bytes.random(64 * 1024, i)));
            }
        };
        serve(config().app("/flood", flood), Wire.PLAIN);
        WsClient client = connect(Wire.PLAIN, "/flood");
        client.send("go");
        for (int i = 0; i < 12; i++) {
            Bytes.assertSame(client.readMessage().payload(), Bytes.random(64 * 1024, i));
        }
        client.leave();
    }

    @Test
    void clientThatIsGoneEndsItsSession() {
        serve(config(), Wire.PLAIN);
        WsClient client = connect(Wire.PLAIN, "/echo");
        client.echo("x");
        client.socket().reset();
        Await.until("the session is over", () -> !closes.isEmpty() && mount.connections() == 0);
        assertThat(closes).containsExactly(CloseStatus.ABNORMAL);
    }

    @Test
    void endOfTheMountTellsSessionsAndLeavesTheHostsServerAlone() {
        serve(config(), Wire.PLAIN);
        WsClient first = connect(Wire.PLAIN, "/echo");
        WsClient second = connect(Wire.PLAIN, "/echo");
        CompletableFuture<Void> ended = mount.shutdown();
        for (WsClient client : new WsClient[] {first, second}) {
            assertThat(client.readFrame().status()).isEqualTo(1001);
            client.sendClose(1001);
            client.readEnd();
        }
        Await.result(ended);
        assertThat(mount.sessions()).isZero();
        assertThat(get(Wire.PLAIN, "/hello")).endsWith("hello");
        assertThat(upgrade("/echo")).startsWith("HTTP/1.1 503 ");
    }

    @Test
    void mountThatDrainsTellsSessionsOfARestart() {
        serve(config(), Wire.PLAIN);
        WsClient client = connect(Wire.PLAIN, "/echo");
        CompletableFuture<Void> ended = mount.drain(Duration.ofMillis(300));
        assertThat(client.readFrame().status()).isEqualTo(1012);
        client.sendClose(1012);
        client.readEnd();
        Await.result(ended);
        assertThat(get(Wire.PLAIN, "/hello")).endsWith("hello");
    }

    @Test
    void hostThatClosesItsVertxEndsTheMountInOrder() {
        CompletableFuture<String> stopped = new CompletableFuture<>();
        App living = new App() {
            @Override
            public Listener onOpen(Session session) {
                return Session::send;
            }

            @Override
            public void onStop() {
                stopped.complete("stopped");
            }
        };
        serve(config().app("/living", living), Wire.PLAIN);
        connect(Wire.PLAIN, "/living").echo("x");
        await(vertx.close());
        assertThat(Await.result(stopped)).isEqualTo("stopped");
        assertThat(mount.sessions()).isZero();
    }

    @Test
    void configurationWithTlsIsRefusedSinceTlsIsTheHosts() {
        ServerConfig secure = ServerConfig.at("wss://localhost:0")
                .tls(TestTls.server())
                .app("/echo", ECHO)
                .build();
        assertThatThrownBy(() -> await(VertxMount.start(vertx, secure)))
                .hasMessageContaining("TLS is that of the host's HttpServer");
    }
}
