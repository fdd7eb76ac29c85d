package io.hexsocket.demo.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.config.RawDoor;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.port.host.HttpAnswer;
import io.hexsocket.demo.RunningDemo;
import io.hexsocket.demo.clients.ProxiedClient.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers behind nginx, HAProxy and Apache, configured as {@code docs/deploy.md} says. */
@Tag("programs")
@Timeout(120)
class BehindProxiesTest {

    private static final String NGINX = "/etc/nginx/conf.d/hexsocket.conf";
    private static final String HAPROXY_TCP = "/etc/haproxy/haproxy-tcp.cfg";

    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;

    @TempDir
    static Path folder;

    /** Sends everything back, but tells where a client is that asks for it, and leaves when it is told to. */
    private static final App APP = new App() {
        @Override
        public Listener onOpen(Session session) {
            return (from, message) -> {
                if (message.isText() && message.text().equals("where?")) {
                    from.send(where(from.request()));
                } else if (message.isText() && message.text().equals("leave")) {
                    from.close(new CloseStatus(4002, "as you wish"));
                } else {
                    from.send(message);
                }
            };
        }

        @Override
        public AppOptions options() {
            return AppOptions.DEFAULT.rawTcp(true);
        }
    };

    @BeforeAll
    static void copyCertificates() throws Exception {
        for (String name : List.of("fullchain.pem", "privkey.pem", "root.crt")) {
            try (InputStream in = resource(name).openStream()) {
                Files.copy(in, folder.resolve(name));
            }
        }
        // Apache's children are somebody else
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static URL resource(String name) {
        return BehindProxiesTest.class.getResource("/io/hexsocket/core/tls/" + name);
    }

    private static String where(OpeningRequest request) {
        return request.remoteAddress().getAddress().getHostAddress()
                + (request.remoteAddress().getPort() == 0 ? "" : " with port")
                + (request.isSecure() ? " secure" : " plain")
                + (request.isForwarded() ? " forwarded" : "");
    }

    private static ServerConfig.Builder config() {
        return ServerConfig.at("ws://127.0.0.1:0")
                .eventLoops(2)
                .app("/echo", APP)
                .app("/php", APP)
                .responder(request -> CompletableFuture.completedFuture(HttpAnswer.text(200, where(request))))
                .proxies(Proxies.trusting("127.0.0.1"));
    }

    private static ServerConfig.Builder configFor(String file) {
        return file.equals(HAPROXY_TCP)
                ? config().proxies(Proxies.trusting("127.0.0.1").proxyProtocol(true))
                : config();
    }

    private static ProxyProgram start(String file, RunningDemo server) throws Exception {
        return start(file, ProxyProgram.block(file), server);
    }

    private static ProxyProgram start(String file, String block, RunningDemo server) throws Exception {
        return ProxyProgram.start(
                file, block, server.port(), folder.resolve("fullchain.pem"), folder.resolve("privkey.pem"));
    }

    private static ProxiedClient connect(ProxyProgram proxy) throws Exception {
        return ProxiedClient.connect(proxy.port(), folder.resolve("root.crt"));
    }

    static Stream<Arguments> proxiesAndTransports() {
        return Stream.of(
                        NGINX,
                        "/etc/haproxy/haproxy.cfg",
                        HAPROXY_TCP,
                        "/etc/apache2/sites-available/websockets.conf",
                        "/etc/apache2/sites-available/hexsocket.conf")
                .flatMap(file -> RunningDemo.transports().map(transport -> Arguments.of(file, transport)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("proxiesAndTransports")
    void everythingPassesAndTheClientIsSeen(String file, String transport) throws Exception {
        try (RunningDemo server = RunningDemo.start(transport, configFor(file).build());
                ProxyProgram proxy = start(file, server)) {
            try (ProxiedClient client = connect(proxy)) {
                // what a client writes there is what it would like to be
                assertThat(client.request("/echo", "X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9"))
                        .as(proxy.said())
                        .startsWith("HTTP/1.1 101 ")
                        .contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
                assertEchoes(client);
                client.send(TEXT, "where?".getBytes(UTF_8));
                assertThat(client.read().text())
                        .isEqualTo(
                                file.equals(HAPROXY_TCP)
                                        ? "127.0.0.2 with port secure forwarded"
                                        : "127.0.0.2 secure forwarded");
                client.send(CLOSE, new byte[] {0x0F, (byte) 0xA1});
                assertThat(client.read()).satisfies(frame -> {
                    assertThat(frame.opcode()).isEqualTo(CLOSE);
                    assertThat(frame.status()).isEqualTo(4001);
                });
                assertThat(client.rest()).isEmpty();
            }
            try (ProxiedClient client = connect(proxy)) {
                client.request("/echo");
                client.send(TEXT, "leave".getBytes(UTF_8));
                assertThat(client.read().status()).isEqualTo(4002);
            }
        }
    }

    private static void assertEchoes(ProxiedClient client) throws IOException {
        client.send(TEXT, "grüß Gott".getBytes(UTF_8));
        assertThat(client.read().text()).isEqualTo("grüß Gott");
        for (int length : new int[] {0, 64 * 1024, 1024 * 1024}) {
            byte[] bytes = new byte[length];
            new Random(length).nextBytes(bytes);
            client.send(BINARY, bytes);
            Frame frame = client.read();
            assertThat(frame.opcode()).isEqualTo(BINARY);
            assertThat(frame.payload()).isEqualTo(bytes);
        }
        client.send(PING, "there?".getBytes(UTF_8));
        Frame pong = client.read();
        assertThat(pong.opcode()).isEqualTo(PONG);
        assertThat(pong.text()).isEqualTo("there?");
    }

    @ParameterizedTest(name = "B2 {0}, {1}")
    @MethodSource("proxiesAndTransports")
    @DisplayName("B2 raw TCP does not get in")
    void rawTcpDoesNotGetIn(String file, String transport) throws Exception {
        for (RawDoor door :
                file.equals(HAPROXY_TCP) ? List.of(RawDoor.SHUT, RawDoor.LOOPBACK) : List.of(RawDoor.SHUT)) {
            try (RunningDemo server = RunningDemo.start(
                            transport, configFor(file).rawDoor(door).build());
                    ProxyProgram proxy = start(file, server);
                    ProxiedClient client = connect(proxy)) {
                client.send("php process\nGET /php HTTP/1.1\nwhere?".getBytes(UTF_8));
                assertThat(client.rest()).doesNotContain("127.0.0", "where?");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.hexsocket.demo.RunningDemo#transports")
    @DisplayName("H11 nginx without proxy_http_version is told what is missing")
    void nginxByHttp10IsToldWhatIsMissing(String transport) throws Exception {
        String block = ProxyProgram.block(NGINX);
        assertThat(block).contains("proxy_http_version 1.1;");
        try (RunningDemo server = RunningDemo.start(transport, config().build());
                ProxyProgram proxy = start(NGINX, block.replace("proxy_http_version 1.1;", ""), server);
                ProxiedClient client = connect(proxy)) {
            assertThat(client.request("/echo", "Connection: close")).startsWith("HTTP/1.1 400 ");
            assertThat(client.rest()).contains("proxy_http_version 1.1");
        }
    }

    @Test
    void serviceIsWhatSystemdTakes() throws Exception {
        Program.SYSTEMD_ANALYZE.orSkip();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String unit =
                ProxyProgram.block("/etc/systemd/system/hexsocket.service").replace("/usr/bin/java", java);
        Path file = Files.writeString(folder.resolve("hexsocket.service"), unit);
        try (Script verified = Program.SYSTEMD_ANALYZE.start("verify", file)) {
            assertThat(verified.ended(0)).doesNotContain("hexsocket.service");
        }
        try (Script judged = Program.SYSTEMD_ANALYZE.start("security", "--offline=true", "--threshold=25", file)) {
            assertThat(judged.ended(0)).isEmpty();
        }
    }
}
