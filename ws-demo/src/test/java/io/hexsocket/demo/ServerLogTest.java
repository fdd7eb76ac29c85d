package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Session;
import io.hexsocket.core.port.host.MemoryUse;
import io.hexsocket.core.port.host.RefusalCause;
import io.hexsocket.core.port.host.SessionEnd;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerLogTest {

    private final LoggerContext logback = new LoggerContext();
    private final Logger logger = logback.getLogger("server");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final ServerLog log = new ServerLog(logger, logback.getLogger("server.closes"));
    private final InetSocketAddress peer = peer("192.0.2.7");
    private final RecordingApp app = RecordingApp.silent();
    private final MemoryServer server = MemoryServer.serving(app, config -> config.app("/{path}", app));
    private final Session session = session("/web", 0);

    private Session session(String path, int index) {
        server.open(path);
        return app.session(index);
    }

    @BeforeEach
    void listen() {
        lines.setContext(logback);
        lines.start();
        logger.addAppender(lines);
    }

    @Test
    void sessionLeavesALineForEachStep() {
        log.onConnect(1, peer);
        log.onOpen(1, session);
        log.onClose(1, session, end(null, new CloseStatus(1001, "tab closed"), false, null));
        log.onDisconnect(1);
        assertThat(written())
                .containsExactly(
                        "#1 connect from 192.0.2.7:5000",
                        "#1 handshake WebSocket /web, ready",
                        "#1 close by the client: 1001 tab closed; /web from " + client(session)
                                + ", 61.25 s, received 1 message (7 bytes), sent 3 messages (1234 bytes)");
        // an id costs an HMAC; who only watches does not ask for it
        assertThat(server.core().names()).isZero();
    }

    @Test
    void closeSaysItsCause() {
        log.onClose(2, session, end("the-id", CloseStatus.ABNORMAL, true, new IOException("broken\npipe")));
        assertThat(written())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("#2 close by the server: 1006, java.io.IOException: broken\\npipe; /web from ")
                        .endsWith(", id the-id"));
    }

    @Test
    void linesHaveFieldsForPrograms() throws Exception {
        log.onConnect(1, peer);
        log.onAppError(1, session, new IllegalStateException("x"));
        log.onClose(
                1, session, end("the-id", new CloseStatus(1001, "tab \"1\" closed"), false, new IOException("cut")));
        JsonLogLine form = new JsonLogLine();
        List<JsonNode> objects = new ArrayList<>();
        for (ILoggingEvent event : lines.list) {
            objects.add(new JsonMapper().readTree(form.encode(event)));
        }
        assertThat(objects)
                .allSatisfy(line -> assertThat(line.path("connection").asLong()).isEqualTo(1));
        assertThat(objects.get(1).path("exception").asText()).contains("IllegalStateException: x");
        assertThat(objects.get(2).path("logger").asText()).isEqualTo("server.closes");
        Map<String, JsonNode> fields = new JsonMapper().convertValue(objects.get(2), new TypeReference<>() {});
        fields.keySet().removeAll(Set.of("time", "level", "logger", "thread", "message"));
        assertThat(fields.toString())
                .isEqualTo("{connection=1, address=\"" + client(session)
                        + "\", path=\"/web\", by=\"client\", code=1001, reason=\"tab \\\"1\\\" closed\", milliseconds=61250,"
                        + " messagesReceived=1, bytesReceived=7, messagesSent=3, bytesSent=1234,"
                        + " cause=\"java.io.IOException: cut\", session=\"the-id\"}");
    }

    @Test
    void endsAreLoggedWithoutTheRestAndTheRestWithoutThem() {
        logger.setLevel(Level.WARN);
        logback.getLogger("server.closes").setLevel(Level.INFO);
        log.onConnect(1, peer);
        log.onClose(1, session, end(null, CloseStatus.NORMAL, false, null));
        assertThat(written()).singleElement().asString().startsWith("#1 close ");
        logger.setLevel(Level.INFO);
        logback.getLogger("server.closes").setLevel(Level.OFF);
        log.onConnect(2, peer);
        log.onClose(2, session, end(null, CloseStatus.NORMAL, false, null));
        assertThat(written()).hasSize(2).last().asString().startsWith("#2 connect ");
    }

    private static SessionEnd end(
            @Nullable String id, CloseStatus status, boolean byServer, @Nullable Throwable cause) {
        return new SessionEnd(id, status, byServer, cause, Duration.ofMillis(61_250), 1, 7, 3, 1234);
    }

    private static String client(Session session) {
        InetSocketAddress address = session.request().remoteAddress();
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    @Test
    void refusalSaysItsReason() {
        log.onRefused(3, peer("2001:db8::1"), RefusalCause.BAD_REQUEST, 404, "no app at /nope");
        log.onRefused(4, peer, RefusalCause.BAD_REQUEST, 0, "head too late");
        assertThat(written())
                .containsExactly(
                        "#3 refused with 404 from [2001:db8:0:0:0:0:0:1]:5000: no app at /nope",
                        "#4 refused without an answer from 192.0.2.7:5000: head too late");
    }

    @Test
    void t1FailedTlsHandshakesLeaveALineEachAndAreSampled() {
        log.onTlsFailure(1, peer, "no\ncipher");
        for (int i = 2; i <= 1000; i++) {
            log.onTlsFailure(i, peer, "plain text");
        }
        log.report();
        assertThat(written()).hasSize(101).startsWith("#1 no TLS with 192.0.2.7:5000: no\\ncipher");
        assertThat(written()).last().isEqualTo("900 more failed TLS handshakes in the last second");
    }

    @Test
    void requestAndErrorsLeaveALine() {
        log.onHttp(5, "/health", 200);
        log.onAppError(6, session, new IllegalStateException("x"));
        log.onAdmissionError(7, "/chat", new IllegalStateException("y"));
        assertThat(written())
                .containsExactly(
                        "#5 HTTP /health 200",
                        "#6 error in the app at /web",
                        "#7 error in the app at /chat, before the session");
    }

    @Test
    void messagesDroppedForASlowReaderLeaveALineAndAreSampled() {
        log.onDropped(8, session, 1);
        for (int i = 1; i <= 1000; i++) {
            log.onDropped(9, session, 250);
        }
        log.report();
        assertThat(written())
                .hasSize(101)
                .startsWith(
                        "#8 reads too slowly: a message was dropped at /web",
                        "#9 reads too slowly: 250 messages were dropped at /web");
        assertThat(written())
                .last()
                .isEqualTo("901 more reports of messages dropped for slow readers in the last second");
    }

    @Test
    void thatMemoryIsShortLeavesALineASecondHoweverOften() {
        for (int i = 0; i < 50; i++) {
            log.onMemoryPressure(new MemoryUse(64 * 1024, 60 * 1024, 60 * 1024, 3, 4));
        }
        log.report();
        assertThat(written())
                .containsExactly(
                        "clients make the server hold 60 of 64 KiB: who holds most is not read from, and ended if that does not"
                                + " help; 3 ended so far",
                        "49 more times that memory was short in the last second");
    }

    @Test
    void o4WhatClientsSayIsEscapedAndCut() {
        log.onHttp(1, "/\r\n\u001b[2J" + "x".repeat(1024 * 1024), 404);
        log.onRefused(2, peer, RefusalCause.BAD_REQUEST, 400, "\u0000" + "y".repeat(1024 * 1024));
        log.onOpen(3, session("/" + "z".repeat(2048), 1));
        assertThat(written())
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(300).doesNotContainPattern("\\p{Cntrl}"));
    }

    @Test
    void o4FloodOfRefusalsIsSampled() {
        for (int i = 0; i < 100_000; i++) {
            log.onRefused(i, peer, RefusalCause.BAD_REQUEST, 400, "bad");
        }
        assertThat(lines.list).hasSize(100);
        log.report();
        assertThat(written()).last().isEqualTo("99900 more refusals in the last second");
        log.onRefused(1, peer, RefusalCause.BAD_REQUEST, 400, "bad");
        assertThat(lines.list).hasSize(102);
        log.report();
        assertThat(lines.list).hasSize(102);
    }

    @Test
    void floodOfSessionsIsSampled() {
        for (int i = 0; i < 10_000; i++) {
            log.onConnect(i, peer);
            log.onOpen(i, session);
            log.onClose(i, session, end(null, CloseStatus.NORMAL, false, null));
        }
        assertThat(lines.list).hasSize(1500);
        lines.list.clear();
        log.report();
        assertThat(written())
                .containsExactly(
                        "9500 more connects in the last second",
                        "9500 more handshakes in the last second",
                        "9500 more closes in the last second");
    }

    @Test
    void logThatIsOffCountsNothing() {
        logger.setLevel(Level.OFF);
        for (int i = 0; i < 10_000; i++) {
            log.onRefused(i, peer, RefusalCause.BAD_REQUEST, 400, "bad");
        }
        logger.setLevel(Level.INFO);
        log.report();
        assertThat(lines.list).isEmpty();
    }

    private List<String> written() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static InetSocketAddress peer(String address) {
        try {
            return new InetSocketAddress(InetAddress.getByName(address), 5000);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
