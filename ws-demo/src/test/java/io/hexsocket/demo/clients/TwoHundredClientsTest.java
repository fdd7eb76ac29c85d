package io.hexsocket.demo.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hexsocket.core.contract.Wire;
import io.hexsocket.core.contract.WsClient;
import io.hexsocket.demo.RunningDemo;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two hundred clients of three libraries talk at three apps at the same time; one more does not read what it is sent. Nobody may lose
 * anything but that one.
 */
@Tag("programs")
@Timeout(180)
class TwoHundredClientsTest {

    // of each library: at /echo, /broadcast and /web
    private static final Object[] OF_PYTHON = {20, 25, 25};
    private static final Object[] OF_NODE = {20, 25, 25};
    private static final int[] OF_JAVA = {16, 22, 22};
    private static final int ALL_AT_BROADCAST = 25 + 25 + 22;
    private static final int ALL_AT_WEB = 25 + 25 + 22;
    private static final int ALL = 70 + 70 + 60;

    private static final int LARGE = 64 * 1024;
    // 16 MiB: more than the buffers of two sockets and the queue of a client may hold
    private static final int MOST_LARGE = 256;
    private static final int LARGE_AFTER_THE_CUT = 8;

    // from its cut to its first read, while two hundred others are served
    private static final String TIME_TO_TAKE_ITS_QUEUE = "timeouts.close=60s";

    private final HttpClient http = HttpClient.newHttpClient();
    private final StringBuilder digests = new StringBuilder();

    @BeforeEach
    void needPrograms() throws Exception {
        Program.PYTHON.orSkip();
        Program.NODE.orSkip();
    }

    @ParameterizedTest
    @MethodSource("io.hexsocket.demo.RunningDemo#transports")
    void nobodyNoticesTheOneThatDoesNotRead(String transport) throws Exception {
        try (RunningDemo demo = RunningDemo.start(transport, TIME_TO_TAKE_ITS_QUEUE);
                RunningProgram python = crowd(Program.PYTHON, "crowd.py", demo, OF_PYTHON);
                RunningProgram node = crowd(Program.NODE, "crowd.cjs", demo, OF_NODE)) {
            JdkCrowd java =
                    new JdkCrowd(demo.uri("ws"), OF_JAVA[0], OF_JAVA[1], OF_JAVA[2], ALL_AT_BROADCAST, ALL_AT_WEB);
            python.await("open");
            node.await("open");
            // as little as there may be on its way
            try (WsClient silent = WsClient.connect(Wire.PLAIN, demo.port(), "/broadcast", 4 * 1024)) {
                // it comes last: what it hears is not among what the crowds have to hear
                WebSocket speaker = http.newWebSocketBuilder()
                        .buildAsync(URI.create(demo.uri("ws") + "/broadcast"), new WebSocket.Listener() {})
                        .get(60, TimeUnit.SECONDS);
                awaitSessions(demo, ALL + 2);
                python.say("go");
                node.say("go");
                java.go();

                int sent = 0;
                for (int left = LARGE_AFTER_THE_CUT; left > 0; sent++) {
                    assertThat(sent).as("large messages, and it is not cut").isLessThan(MOST_LARGE);
                    speaker.sendBinary(large(sent), true).get(60, TimeUnit.SECONDS);
                    assertThat(python.await("seen").path("number").asInt()).isEqualTo(sent);
                    assertThat(node.await("seen").path("number").asInt()).isEqualTo(sent);
                    java.awaitSeen(sent);
                    left -= sessions(demo) == ALL + 1 ? 1 : 0;
                }
                python.await("done");
                node.await("done");
                java.awaitDone();
                assertWasCut(silent);
                speaker.abort();

                String digest = JdkCrowd.sha256(digests.toString().getBytes(UTF_8));
                assertThat(java.close()).hasSize(60).containsOnly(1000);
                assertThat(java.wrong()).isEmpty();
                assertThat(java.digests()).hasSize(OF_JAVA[1]).containsOnly(digest);
                assertAllRight(python, digest);
                assertAllRight(node, digest);
            }
        }
    }

    private static RunningProgram crowd(Program program, String script, RunningDemo demo, Object[] counts)
            throws Exception {
        return program.start(script, demo.uri("ws"), counts[0], counts[1], counts[2], ALL_AT_BROADCAST, ALL_AT_WEB);
    }

    private static void assertAllRight(RunningProgram crowd, String digest) throws Exception {
        crowd.say("end");
        JsonNode closed = crowd.await("closed");
        assertThat(closed.path("wrong").toString()).isEqualTo("[]");
        assertThat(closed.path("codes")).hasSize(70).allMatch(code -> code.asInt() == 1000);
        assertThat(closed.path("digests"))
                .hasSize(25)
                .allMatch(one -> one.asText().equals(digest));
        assertThat(crowd.ended()).isEmpty();
    }

    /** It has got the beginning of all that was said, in order, and then why it gets no more, or the end of the connection. */
    private static void assertWasCut(WsClient silent) {
        int large = 0;
        WsClient.@Nullable Frame frame = read(silent);
        for (; frame != null && frame.opcode() != 0x8; frame = read(silent)) {
            if (frame.opcode() == 0x2) {
                assertThat(ByteBuffer.wrap(frame.payload()).getInt()).isEqualTo(large++);
                assertThat(frame.payload()).hasSize(LARGE);
            } else {
                assertThat(frame.opcode()).isEqualTo(0x1);
            }
        }
        assertThat(large).isPositive();
        if (frame != null) {
            assertThat(ByteBuffer.wrap(frame.payload()).getShort()).isEqualTo((short) 1008);
            assertThat(read(silent)).as("the end").isNull();
        }
    }

    /** The next frame; null if the connection ended before, or in the middle of, it. */
    private static WsClient.@Nullable Frame read(WsClient silent) {
        try {
            return silent.readFrame();
        } catch (UncheckedIOException lost) {
            return null;
        }
    }

    private ByteBuffer large(int number) {
        byte[] bytes = new byte[LARGE];
        new Random(number).nextBytes(bytes);
        ByteBuffer.wrap(bytes).putInt(number);
        digests.append(JdkCrowd.sha256(bytes));
        return ByteBuffer.wrap(bytes);
    }

    private void awaitSessions(RunningDemo demo, int expected) throws Exception {
        long start = System.nanoTime();
        int sessions = sessions(demo);
        // a transport may count a session after its client has the 101
        while (sessions < expected && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(60)) {
            sessions = sessions(demo);
        }
        assertThat(sessions).isEqualTo(expected);
    }

    private int sessions(RunningDemo demo) throws Exception {
        HttpRequest health =
                HttpRequest.newBuilder(URI.create(demo.uri("http") + "/health")).build();
        String facts = http.send(health, BodyHandlers.ofString()).body();
        return new JsonMapper().readTree(facts).path("sessions").asInt();
    }
}
