package io.hexsocket.demo.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.demo.RunningDemo;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What people have at hand when they want to know what is listening at a port. */
@Tag("programs")
@Timeout(120)
class HttpProgramsTest {

    private static final String TRANSPORTS = "io.hexsocket.demo.RunningDemo#transports";

    private static final String UPGRADE = "Upgrade: websocket";
    private static final String CONNECTION = "Connection: keep-alive, Upgrade";
    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    private static final String VERSION = "Sec-WebSocket-Version: 13";

    @ParameterizedTest
    @MethodSource(TRANSPORTS)
    void curlGetsWhatItAsksFor(String transport) throws Exception {
        Program.CURL.orSkip();
        try (RunningDemo demo = RunningDemo.start(transport)) {
            assertThat(curl(demo, "/")).startsWith("HTTP/1.1 200 OK\n").contains("Content-Type: text/html", "</html>");
            assertThat(curl(demo, "/health"))
                    .startsWith("HTTP/1.1 200 OK\n")
                    .contains("Content-Type: application/json", "{\"status\":\"up\",");
            assertThat(curl(demo, "/nothing")).startsWith("HTTP/1.1 404 Not Found\n");
            assertThat(curl(demo, "/backend"))
                    .startsWith("HTTP/1.1 405 Method Not Allowed\n")
                    .contains("Allow: POST\n");
            assertThat(curl(demo, "/backend", "-X", "POST")).startsWith("HTTP/1.1 400 Bad Request\n");
            assertThat(curl(demo, "/web"))
                    .startsWith("HTTP/1.1 426 Upgrade Required\n")
                    .contains("Upgrade: websocket\n");
            assertThat(curl(demo, "/health", "-0")).startsWith("HTTP/1.1 200 OK\n");
            assertThat(curl(demo, "/health", "--head"))
                    .startsWith("HTTP/1.1 200 OK\n")
                    .contains("Content-Type: application/json")
                    .doesNotContain("status");
            for (String method : List.of("POST", "PUT", "DELETE")) {
                assertThat(curl(demo, "/", "-X", method, "-d", "x".repeat(10_000)))
                        .startsWith("HTTP/1.1 405 Method Not Allowed\n")
                        .contains("Allow: GET, HEAD\n");
            }
        }
    }

    @ParameterizedTest
    @MethodSource(TRANSPORTS)
    void curlIsToldWhatItsHandshakeLacks(String transport) throws Exception {
        Program.CURL.orSkip();
        try (RunningDemo demo = RunningDemo.start(transport)) {
            assertThat(handshake(demo, "/echo", UPGRADE, CONNECTION, KEY))
                    .startsWith("HTTP/1.1 426 Upgrade Required\n")
                    .containsOnlyOnce("HTTP/1.1")
                    .contains("Sec-WebSocket-Version: 13\n", "Upgrade: websocket\n");
            assertThat(handshake(demo, "/echo", UPGRADE, CONNECTION, KEY, "Sec-WebSocket-Version: 8"))
                    .startsWith("HTTP/1.1 426 ")
                    .contains("Sec-WebSocket-Version: 13\n");
            assertThat(handshake(demo, "/echo", UPGRADE, CONNECTION, VERSION)).startsWith("HTTP/1.1 400 Bad Request\n");
            assertThat(handshake(demo, "/echo", UPGRADE, CONNECTION, VERSION, "Sec-WebSocket-Key: short"))
                    .startsWith("HTTP/1.1 400 ");
            assertThat(handshake(demo, "/echo", UPGRADE, KEY, VERSION, "Connection: keep-alive"))
                    .startsWith("HTTP/1.1 400 ");
            assertThat(handshake(demo, "/echo", CONNECTION, KEY, VERSION, "Upgrade: h2c"))
                    .startsWith("HTTP/1.1 400 ");
            assertThat(handshake(demo, "/echo", UPGRADE, CONNECTION, KEY, VERSION, "Host:"))
                    .startsWith("HTTP/1.1 400 ");
            assertThat(handshake(demo, "/nothing", UPGRADE, CONNECTION, KEY, VERSION))
                    .startsWith("HTTP/1.1 404 Not Found\n");
        }
    }

    @ParameterizedTest
    @MethodSource(TRANSPORTS)
    void tlsIsAnsweredByTheEnd(String transport) throws Exception {
        Program.OPENSSL.orSkip();
        try (RunningDemo demo = RunningDemo.start(transport)) {
            try (RunningProgram script =
                    Program.OPENSSL.start("s_client", "-connect", "127.0.0.1:" + demo.port(), "-servername", "h")) {
                // its standard input stays open: it is the server that ends this
                script.ended(1);
                assertThat(script.printed())
                        .contains("no peer certificate available", "SSL handshake has read 0 bytes");
            }
            assertThat(Program.CURL
                            .orSkip()
                            .start("-sS", "-k", demo.uri("https") + "/")
                            .ended(35, 56))
                    .startsWith("curl: (");
            assertThat(curl(demo, "/health")).contains("{\"status\":\"up\",");
        }
    }

    private static String handshake(RunningDemo demo, String path, String... headers) throws Exception {
        return curl(
                demo,
                path,
                Stream.of(headers).flatMap(line -> Stream.of("-H", line)).toArray(String[]::new));
    }

    /** What curl prints, head and all. */
    private static String curl(RunningDemo demo, String path, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("--noproxy", "*", "--http1.1", "-isS"));
        words.addAll(List.of(more));
        words.add(demo.uri("http") + path);
        try (RunningProgram script = Program.CURL.start("--disable", words.toArray())) {
            return script.ended();
        }
    }
}
