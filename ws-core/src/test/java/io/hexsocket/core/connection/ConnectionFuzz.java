package io.hexsocket.core.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.testkit.Cuts;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryConnection;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.RecordingListener;
import io.hexsocket.core.testkit.ServerFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * All that a client says over one connection, from the first byte of its head or, if it begins like a frame, from behind its opening
 * handshake: the same answers, the same callbacks and the same end however it is cut; answers that parse; nothing left behind.
 */
public final class ConnectionFuzz {

    private static final Duration LINGER = Duration.ofSeconds(2);

    // small where a fuzzer is to find them; all that is answered within a turn has to fit into the queue
    private static final Limits LIMITS = Limits.DEFAULT
            .headBytes(700)
            .requestLineBytes(90)
            .headers(12)
            .messageBytes(200)
            .fragments(8)
            .pingBurst(20)
            .connections(10)
            .compressionContextBytes(0);

    /** What a client and its app have seen, and the log has. */
    private record Outcome(byte[] answers, boolean ended, List<String> events, List<String> log) {}

    private final RecordingApp app = new RecordingApp(acting());
    private final RecordingListener log = new RecordingListener();
    private final MemoryServer server = new MemoryServer(ServerConfig.at("ws://localhost:0")
            .eventLoops(1)
            .app("/app", app)
            .limits(LIMITS)
            .timeouts(Timeouts.DEFAULT.ping(Duration.ZERO))
            .listener(log)
            .build());

    // a server is expensive, and whatever it keeps of a connection is a finding
    private static final ConnectionFuzz SERVED = new ConnectionFuzz();

    /** Echoes, and does what the first letter of a text asks for. */
    private static App acting() {
        return ((App) session -> ConnectionFuzz::act).with(AppOptions.DEFAULT.rawTcp(true));
    }

    private static void act(Session session, Message message) {
        String text = message.isText() ? message.text() : "";
        switch (text.isEmpty() ? ' ' : text.charAt(0)) {
            case '!' -> throw new IllegalStateException("asked for");
            case '#' -> session.close(new CloseStatus(3000 + text.length(), "asked for"));
            case '?' -> session.ping(message.bytes().limit(Math.min(125, message.size())));
            case '*' -> session.hub().everyone().send(message);
            default -> session.send(message);
        }
    }

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        SERVED.bring(input);
    }

    /** Brings a stream in all ways and compares. */
    void bring(byte[] input) {
        boolean isFrame = input.length > 0 && input[0] < 0;
        byte[] stream = isFrame ? Cuts.join(List.of(MemoryClient.request("/app"), input)) : input;
        Outcome whole = run(List.of(stream));
        checkAnswers(whole.answers, isToHead(stream));
        if (!wordsOfRawClient(stream)) {
            assertSame("byte by byte", run(Cuts.every(1, stream)), whole);
            assertSame("in pieces", run(Cuts.byContent(stream)), whole);
        }
    }

    private Outcome run(List<byte[]> pieces) {
        MemoryConnection connection = server.connect();
        connection.send(pieces);
        byte[] answers = connection.received();
        boolean ended = connection.isEnded();
        List<String> events = app.newEvents();
        connection.end();
        server.advance(LINGER);
        assertThat(connection.received())
                .as("answers after the client's end")
                .startsWith(answers)
                .satisfies(all -> assertThat(all.length - answers.length).isLessThan(1024));
        checkEnd(connection, events);
        List<String> seen = log.newEvents().stream()
                .map(line -> line.substring(line.indexOf(' ')))
                .toList();
        return new Outcome(answers, ended, events, seen);
    }

    private void checkEnd(MemoryConnection connection, List<String> before) {
        assertThat(connection.isClosed()).as("the connection is over").isTrue();
        server.assertNothingIsLeft();
        app.assertOrderly();
        assertThat(((LoopConnections) server.loop().core()).loop().buffers().takenBytes())
                .as("memory")
                .isZero();
        List<String> after = app.newEvents();
        boolean opened = before.contains("open");
        long closes = before.stream()
                        .filter(event -> event.startsWith("close "))
                        .count()
                + after.stream().filter(event -> event.startsWith("close ")).count();
        assertThat(closes).as("closes in %s and %s", before, after).isEqualTo(opened ? 1 : 0);
        assertThat(after.size()).as("%s", after).isLessThanOrEqualTo(2);
    }

    private static boolean wordsOfRawClient(byte[] stream) {
        String text = new String(stream, StandardCharsets.ISO_8859_1);
        return text.startsWith("php process\n") && text.contains("buffer");
    }

    private static boolean isToHead(byte[] stream) {
        String text = new String(stream, StandardCharsets.ISO_8859_1);
        return text.startsWith("HEAD") || text.startsWith("\r\nHEAD");
    }

    private static void checkAnswers(byte[] answers, boolean toHead) {
        String text = new String(answers, StandardCharsets.ISO_8859_1);
        if (!text.startsWith("HTTP/1.1 ")) {
            return;
        }
        int end = text.indexOf("\r\n\r\n") + 4;
        assertThat(end).as("where the head of an answer ends").isGreaterThan(4);
        if (text.startsWith("HTTP/1.1 101 ")) {
            ServerFrame.all(ByteBuffer.wrap(answers, end, answers.length - end).slice());
        } else if (!toHead || answers.length > end) {
            assertThat(text.substring(0, end)).contains("\r\nContent-Length: " + (answers.length - end) + "\r\n");
        }
    }

    private static void assertSame(String how, Outcome outcome, Outcome whole) {
        assertThat(outcome.events).as(how).isEqualTo(whole.events);
        assertThat(outcome.log).as(how).isEqualTo(whole.log);
        assertThat(outcome.ended).as(how).isEqualTo(whole.ended);
        assertThat(Arrays.equals(outcome.answers, whole.answers))
                .as("%s the answers are the same", how)
                .isTrue();
    }
}
