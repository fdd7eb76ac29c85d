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
import io.hexsocket.core.contract.RawClient;
import io.hexsocket.core.contract.WsClient;
import io.hexsocket.core.contract.WsClient.Frame;
import io.hexsocket.core.port.host.HttpAnswer;
import io.hexsocket.core.testkit.TestMaterial;
import io.hexsocket.demo.RunningDemo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
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
        TestMaterial.copy(folder, "fullchain.pem", "privkey.pem");
        // Apache's children are somebody else
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
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

    /** A client at 127.0.0.2, which is no proxy's address, over TLS. */
    private static RawClient connect(ProxyProgram proxy) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0));
        socket.setSoTimeout(60_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()), 60_000);
        return RawClient.over(
                TestMaterial.client(null).getSocketFactory().createSocket(socket, "localhost", proxy.port(), true));
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
            // what a client writes there is what it would like to be
            try (WsClient client = WsClient.open(
                    connect(proxy), "/echo", "X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9")) {
                assertEchoes(client);
                client.send("where?");
                assertThat(client.readFrame().text())
                        .isEqualTo(
                                file.equals(HAPROXY_TCP)
                                        ? "127.0.0.2 with port secure forwarded"
                                        : "127.0.0.2 secure forwarded");
                client.sendClose(4001);
                assertThat(client.readFrame()).satisfies(frame -> {
                    assertThat(frame.opcode()).isEqualTo(WsClient.CLOSE);
                    assertThat(frame.status()).isEqualTo(4001);
                });
                client.readEnd();
            }
            try (WsClient client = WsClient.open(connect(proxy), "/echo")) {
                client.send("leave");
                assertThat(client.readFrame().status()).isEqualTo(4002);
            }
        }
    }

    private static void assertEchoes(WsClient client) {
        client.echo("grüß Gott");
        for (int length : new int[] {0, 64 * 1024, 1024 * 1024}) {
            byte[] bytes = new byte[length];
            new Random(length).nextBytes(bytes);
            client.sendBinary(bytes);
            Frame frame = client.readFrame();
            assertThat(frame.opcode()).isEqualTo(WsClient.BINARY);
            assertThat(frame.payload()).isEqualTo(bytes);
        }
        client.send(WsClient.PING, "there?".getBytes(UTF_8));
        Frame pong = client.readFrame();
        assertThat(pong.opcode()).isEqualTo(WsClient.PONG);
        assertThat(pong.payload()).isEqualTo("there?".getBytes(UTF_8));
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
                    RawClient client = connect(proxy)) {
                client.send("php process\nGET /php HTTP/1.1\nwhere?".getBytes(UTF_8));
                assertThat(new String(client.readToAnyEnd(), UTF_8)).doesNotContain("127.0.0", "where?");
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
                RawClient client = connect(proxy)) {
            client.send(WsClient.request("/echo", "Connection: close"));
            assertThat(new String(client.readToAnyEnd(), UTF_8))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("proxy_http_version 1.1");
        }
    }

    @Test
    void unitsAreWhatSystemdTakes() throws Exception {
        Program.SYSTEMD_ANALYZE.orSkip();
        Path service = unit("hexsocket.service");
        try (RunningProgram judged =
                Program.SYSTEMD_ANALYZE.start("security", "--offline=true", "--threshold=25", service)) {
            assertThat(judged.ended(0)).isEmpty();
        }
        Files.createDirectory(folder.resolve("hexsocket.service.d"));
        unit("hexsocket.service.d/socket.conf");
        try (RunningProgram verified = Program.SYSTEMD_ANALYZE.start("verify", service, unit("hexsocket.socket"))) {
            assertThat(verified.ended(0)).doesNotContain("hexsocket");
        }
    }

    private Path unit(String name) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String unit = ProxyProgram.block("/etc/systemd/system/" + name).replace("/usr/bin/java", java);
        return Files.writeString(folder.resolve(name), unit);
    }
}
