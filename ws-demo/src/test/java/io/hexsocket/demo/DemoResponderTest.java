package io.hexsocket.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.core.port.host.HttpAnswer;
import io.hexsocket.core.port.host.HttpResponder;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.port.host.SessionEnd;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.demo.admin.Readiness;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoResponderTest {

    private static final String ID = "3f2a9c1e-7b44-4d0a-9e51-0c6d2b8f7a13." + "0123456789abcdef".repeat(4);

    private final AtomicLong nanos = new AtomicLong(-5);
    private final Overview overview = new Overview(ServerListener.NONE, new QuietHost());
    private final RecordingApp app = RecordingApp.silent();
    private final BackendJobs jobs = new BackendJobs(Duration.ZERO);
    private final Readiness readiness = new Readiness();
    private final DemoResponder responder =
            new DemoResponder(true, overview, readiness, jobs, nanos::get, () -> Instant.EPOCH);
    private final Queue<HttpAnswer> answers = new ArrayDeque<>();
    private final MemoryServer server = MemoryServer.serving(app, config -> config.responder(new Recording()));

    /** Passes everything to the responder, and keeps its answers. */
    private final class Recording implements HttpResponder {

        @Override
        public CompletionStage<HttpAnswer> respond(OpeningRequest request) {
            return responder.respond(request).thenApply(answer -> {
                answers.add(answer);
                return answer;
            });
        }

        @Override
        public boolean acceptsPost(String path) {
            return responder.acceptsPost(path);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8",
        "/page.css, text/css; charset=utf-8",
        "/page.js, text/javascript; charset=utf-8",
        "/dialogue.js, text/javascript; charset=utf-8",
        "/icon.svg, image/svg+xml"
    })
    void pageAndItsFilesAreServed(String path, String contentType) {
        HttpAnswer answer = get(path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo(contentType);
        assertThat(answer.headers()).containsEntry("Cache-Control", "no-store");
        assertThat(answer.headers().get("Content-Security-Policy"))
                .startsWith("default-src 'none';")
                .contains("connect-src 'self' ws: wss:;")
                .doesNotContain("unsafe", "*");
        assertThat(answer.body()).isNotEmpty();
    }

    @Test
    void healthIsUnavailableWhileSomethingSpeaksAgainstNewClients() {
        assertThat(get("/health").status()).isEqualTo(200);
        readiness.object("draining");
        HttpAnswer answer = get("/health");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(new String(answer.body(), UTF_8)).startsWith("{\"status\":\"draining\",");
        readiness.withdraw("draining");
        assertThat(get("/health").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/page.js", "/page.css", "/dialogue.js", "/"})
    void pageAsksNobodyElseAndRunsNoText(String path) {
        String file = new String(get(path).body(), UTF_8);
        assertThat(file)
                .doesNotContain("http://", "https://", "@import", "innerHTML", "insertAdjacent", "document.write")
                .doesNotContain("eval(", " onclick=", " style=", "<script>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nope", "/page", "/META-INF/MANIFEST.MF", "/index.html/"})
    void otherPathsAreNotFound(String path) {
        assertThat(get(path).status()).isEqualTo(404);
        assertThat(text(get(path))).isEqualTo("There is nothing at this path.\n");
    }

    @Test
    void healthCountsWhatIsThere() throws Exception {
        server.open();
        var session = app.session();
        InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5000);
        overview.onConnect(1, peer);
        overview.onConnect(2, peer);
        overview.onConnect(3, peer);
        overview.onOpen(1, session);
        overview.onOpen(2, session);
        overview.onClose(2, session, new SessionEnd(null, CloseStatus.NORMAL, false, null, Duration.ZERO, 0, 0, 0, 0));
        overview.onDisconnect(2);
        overview.onTlsFailure(3, peer, "plain text");
        nanos.addAndGet(Duration.ofSeconds(90).toNanos());

        HttpAnswer answer = get("/health");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo("application/json");
        JsonNode facts = new JsonMapper().readTree(answer.body());
        assertThat(facts.path("status").asText()).isEqualTo("up");
        assertThat(facts.path("uptimeSeconds").asInt()).isEqualTo(90);
        assertThat(facts.path("connections").asInt()).isEqualTo(2);
        assertThat(facts.path("sessions").asInt()).isEqualTo(1);
        assertThat(facts.path("tlsFailures").asInt()).isEqualTo(1);
    }

    static Stream<Arguments> a5CallWithoutAnIdIsRefused() {
        return Stream.of(
                arguments("/backend", 400),
                arguments("/backend?", 400),
                arguments("/backend?uuid=", 400),
                arguments("/backend?uuid=1-1-1-1-1", 400),
                arguments("/backend?uuid=" + ID.toUpperCase(java.util.Locale.ROOT), 400),
                arguments("/backend?uuid=" + ID + "0", 400),
                arguments("/backend?uuid=" + ID + "%0a", 400),
                arguments("/backend?uuid=" + ID.replace("3", "%D9%A3"), 400),
                arguments("/backend?uuid=" + ID, 404));
    }

    @ParameterizedTest
    @MethodSource
    void a5CallWithoutAnIdIsRefused(String target, int status) {
        HttpAnswer answer = answer("POST", target, Map.of("Host", "example.org"));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(text(answer)).hasLineCount(1).doesNotContain("1-1-1-1-1");
    }

    @Test
    void x5BackendIsNotCalledByGet() {
        HttpAnswer answer = get("/backend?uuid=" + ID);
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("Allow", "POST");
        assertThat(responder.acceptsPost("/backend")).isTrue();
        assertThat(responder.acceptsPost("/health")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "example.org:8091, http://example.org:8091, same-origin, 404",
        "EXAMPLE.org, http://example.org, , 404",
        "example.org:80, http://example.org, , 404",
        "example.org, , , 404",
        "example.org, http://evil.example, , 403",
        "example.org, https://example.org, , 403",
        "example.org:8091, http://example.org, , 403",
        "example.org, null, , 403",
        "example.org, http://example.org, cross-site, 403",
        "example.org, http://example.org, same-site, 403",
        "example.org, , none, 403"
    })
    void x5BackendIsCalledByPagesOfThisOriginAndByPrograms(String host, String origin, String site, int status) {
        Map<String, String> headers = new LinkedHashMap<>();
        putUnlessNull(headers, "Host", host);
        putUnlessNull(headers, "Origin", origin);
        putUnlessNull(headers, "Sec-Fetch-Site", site);
        assertThat(answer("POST", "/backend?uuid=" + ID, headers).status()).isEqualTo(status);
    }

    private static void putUnlessNull(Map<String, String> headers, String name, String value) {
        if (value != null) {
            headers.put(name, value);
        }
    }

    private HttpAnswer get(String target) {
        return answer("GET", target, Map.of("Host", "example.org"));
    }

    /** What the responder answers to a request that has come through the core. */
    private HttpAnswer answer(String method, String target, Map<String, String> headers) {
        StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        headers.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        server.connect().send(request + "\r\n");
        return answers.remove();
    }

    private static String text(HttpAnswer answer) {
        return new String(answer.body(), UTF_8);
    }
}
