package io.hexsocket.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.core.Server;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.port.host.RefusalCause;
import io.hexsocket.core.port.host.SessionEnd;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.TestMaterial;
import io.hexsocket.transport.nio.NioServer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerMetricsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ServerMetrics metrics = new ServerMetrics(registry);

    private Session last;

    private final App rooms = new App() {
        @Override
        public Admission onRequest(OpeningRequest request) {
            return request.path().contains("refused")
                    ? Admission.reject(403, "no " + request.path())
                    : Admission.accept();
        }

        @Override
        public Listener onOpen(Session session) {
            session.subscribe(session.request().path());
            last = session;
            session.alias(session.request().path());
            return (from, message) -> {
                if (message.text().equals("close")) {
                    from.close(new CloseStatus(4000 + (int) (from.number() % 1000), from.id()));
                } else {
                    from.hub().topic(from.request().path()).send(message);
                }
            };
        }
    };

    private MemoryServer server() {
        return new MemoryServer(ServerConfig.at("ws://localhost:0")
                .eventLoops(1)
                .app("/room/{name}", rooms)
                .listener(metrics)
                .build());
    }

    private double value(String name, String... tags) {
        Meter meter = registry.get(name).tags(tags).meter();
        return meter.measure().iterator().next().getValue();
    }

    @Test
    void numberOfSeriesIsTheSameAfterTenThousandIdsPathsTopicsAndCloseCodes() {
        try (MemoryServer server = server()) {
            server.advance(SECOND);
            int before = registry.getMeters().size();
            for (int i = 0; i < 100; i++) {
                server.open("/room/" + i).sendTexts("to the topic", "close").close();
                server.tryOpen("/room/refused" + i);
            }
            server.advance(SECOND);
            assertThat(value("hexsocket.closes", "code", "1000", "by", "server"))
                    .as("the client's answer to the app's 4xxx")
                    .isEqualTo(100);
            assertThat(value("hexsocket.refusals", "cause", "app")).isEqualTo(100);
            Session session = last;
            assertThat(session).isNotNull();
            for (int i = 0; i < 10_000; i++) {
                InetSocketAddress peer = InetSocketAddress.createUnresolved("host" + i, 1);
                metrics.onConnect(i, peer);
                metrics.onRefused(i, peer, RefusalCause.UNKNOWN_PATH, 404, "no app at /" + i);
                metrics.onHttp(i, "/" + i, 200 + i % 300);
                metrics.onTlsHandshake(i, "TLSv" + i, "cipher" + i, Duration.ofMillis(1));
                CloseStatus status = new CloseStatus(3000 + i % 2000, "reason " + i);
                metrics.onClose(
                        i, session, new SessionEnd("id" + i, status, i % 2 == 0, null, Duration.ZERO, i, i, i, i));
                metrics.onAppError(i, session, new IllegalStateException("error " + i));
            }
            assertThat(registry.getMeters()).hasSize(before);
            assertThat(value("hexsocket.refusals", "cause", "unknown_path")).isEqualTo(10_000);
        }
    }

    @Test
    void messagesAndBytesAreThoseOfTheEventLoops() {
        try (MemoryServer server = server()) {
            MemoryClient one = server.open("/room/a");
            server.open("/room/a");
            one.sendTexts("hello", "hello");
            server.advance(SECOND);
            assertThat(value("hexsocket.connections")).isEqualTo(2);
            assertThat(value("hexsocket.sessions.open")).isEqualTo(2);
            assertThat(value("hexsocket.messages.received", "app", "/room/{name}"))
                    .isEqualTo(2);
            assertThat(value("hexsocket.messages.sent", "app", "/room/{name}")).isEqualTo(4);
            assertThat(value("hexsocket.bytes.received", "app", "/room/{name}")).isEqualTo(2 * (6 + 5));
            assertThat(value("hexsocket.bytes.sent", "app", "/room/{name}")).isEqualTo(4 * (2 + 5));
            assertThat(value("hexsocket.broadcasts", "loop", "0")).isEqualTo(2);
            assertThat(value("hexsocket.broadcast.receivers", "loop", "0")).isEqualTo(4);
            one.close();
            server.run();
            assertThat(value("hexsocket.sessions.open")).isEqualTo(1);
            assertThat(value("hexsocket.connections")).isEqualTo(1);
            assertThat(value("hexsocket.closes", "code", "1000", "by", "client"))
                    .isEqualTo(1);
        }
    }

    @Test
    void clientThatBreaksTheProtocolIsCountedByItsCode() {
        try (MemoryServer server = server()) {
            server.open("/room/a").send(ClientFrame.text("not masked").unmasked());
            server.advance(SECOND);
            assertThat(value("hexsocket.closes", "code", "1002", "by", "server"))
                    .isEqualTo(1);
        }
    }

    @Test
    void longestLagStaysToBeSeenForHalfAMinute() {
        Peak peak = new Peak();
        peak.add(Duration.ofMillis(700));
        for (int i = 0; i < 29; i++) {
            peak.add(Duration.ZERO);
        }
        assertThat(peak.nanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(700));
        peak.add(Duration.ZERO);
        assertThat(peak.nanos()).isZero();
    }

    @Test
    void runningServerShowsItsAppsItsMemoryAndItsCertificates(@TempDir Path folder) throws Exception {
        TestMaterial.copy(folder, "fullchain.pem", "privkey.pem");
        ServerConfig config = ServerConfig.at("wss://127.0.0.1:0")
                .tls(TlsConfig.of(folder.resolve("fullchain.pem"), folder.resolve("privkey.pem")))
                .app("/room/{name}", rooms)
                .listener(metrics)
                .build();
        try (Server server = NioServer.start(config)) {
            assertThatThrownBy(() -> metrics.observe(server, List.of("/room/{name}", "/rooms")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("/rooms");
            metrics.observe(server, config.apps().keySet());
            WebSocket socket = HttpClient.newBuilder()
                    .sslContext(TestMaterial.client(null))
                    .build()
                    .newWebSocketBuilder()
                    .buildAsync(
                            URI.create("wss://localhost:" + server.address().port() + "/room/a"),
                            new WebSocket.Listener() {})
                    .get(20, TimeUnit.SECONDS);
            Map<String, Double> values = new TreeMap<>();
            values.put("sessions", value("hexsocket.sessions", "app", "/room/{name}"));
            values.put("handshakes", value("hexsocket.tls.handshakes"));
            assertThat(values).isEqualTo(Map.of("sessions", 1.0, "handshakes", 1.0));
            assertThat(value("hexsocket.tls.certificate.days")).isPositive();
            assertThat(value("hexsocket.memory.limit")).isGreaterThan(1024 * 1024);
            socket.abort();
        }
    }
}
