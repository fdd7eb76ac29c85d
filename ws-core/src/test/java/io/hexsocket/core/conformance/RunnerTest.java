package io.hexsocket.core.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.hexsocket.core.testkit.Reach;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.zip.DataFormatException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The runner of the conformance suite")
class RunnerTest {

    private static final String UPGRADE =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    private static final String CLOSE_1000 = "880203e8";
    private static final String CLOSE_1002 = "880203ea";
    private static final String CLOSE_1007 = "880203ef";
    private static final String HELLO = "810d48656c6c6f2c20776f726c6421";

    /** A server that says what a test wants: one piece for the request and for each thing that the client sends. */
    private static final class Scripted implements Target {

        private final Deque<byte[]> pieces = new ArrayDeque<>();
        private final TargetConnection.End end;

        Scripted(TargetConnection.End end, String head, String... hex) {
            this.end = end;
            pieces.add(head.getBytes(StandardCharsets.ISO_8859_1));
            Arrays.stream(hex).map(HexFormat.of()::parseHex).forEach(pieces::add);
        }

        @Override
        public String host() {
            return "example.org";
        }

        @Override
        public String echoPath() {
            return "/echo";
        }

        @Override
        public String toldPath() {
            return "/told";
        }

        @Override
        public TargetConnection connect() {
            return new TargetConnection() {
                private final List<byte[]> due = new ArrayList<>();

                @Override
                public void send(List<byte[]> sent) {
                    if (!pieces.isEmpty()) {
                        due.add(pieces.remove());
                    }
                }

                @Override
                public byte[] receive() {
                    due.removeIf(nothing -> nothing.length == 0);
                    return due.isEmpty() ? new byte[0] : due.remove(0);
                }

                @Override
                public End end() {
                    return due.isEmpty() && pieces.isEmpty() ? end : End.NONE;
                }

                @Override
                public void endOutput() {}

                @Override
                public void reset() {}

                @Override
                public void close() {}
            };
        }
    }

    private static Result run(String id, Target target) {
        Case one = Suite.all().stream()
                .filter(any -> any.id().equals(id))
                .findFirst()
                .orElseThrow();
        return Runner.run(one, target, Cut.DECLARED, Scale.BUILD);
    }

    private static Result run(String id, String... hex) {
        return run(id, new Scripted(TargetConnection.End.FIN, UPGRADE, hex));
    }

    private static void assertVerdict(Verdict verdict, Result result) {
        assertThat(result.verdict()).as(result.toString()).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        // an echo and a close frame
        "OK, 8100, 880203e8",
        // no echo, another one, one too many
        "FAILED, '', 880203e8",
        "FAILED, 810161, 880203e8",
        "FAILED, 8200, 880203e8",
        "FAILED, 81008100, 880203e8",
        "FAILED, 81008a00, 880203e8",
        // no close frame, another code, something behind it
        "FAILED, 8100, ''",
        "FAILED, 8100, 880203ea",
        "FAILED, 8100, 880203e88900",
        // frames that break a rule
        "FAILED, 818000000000, 880203e8",
        "FAILED, c100, 880203e8",
        "FAILED, 8000, 880203e8",
        "FAILED, 01000100, 880203e8",
        "FAILED, 8300, 880203e8",
        "FAILED, 817e0000, 880203e8",
        "FAILED, 0900, 880203e8",
        "FAILED, 8100, 880100",
        "FAILED, 8100, 880203ed",
        "FAILED, 8100, 880303e8ff",
        // a frame that is not complete
        "FAILED, 81008105, ''",
        // pings of the server are none of the case's business, fragments are its own
        "OK, 89008100, 880203e8",
        "OK, 01008000, 880203e8"
    })
    @DisplayName("judges what an echo server makes of an empty text")
    void emptyTextThatIsEchoedPasses(Verdict verdict, String echo, String close) {
        assertVerdict(verdict, run("1.1.1", echo, close));
    }

    @Test
    @DisplayName("wants a connection to fail with the code that is due, and with a close frame")
    void failureNeedsTheDueCodeAndACloseFrame() {
        assertVerdict(Verdict.OK, run("3.2", HELLO + CLOSE_1002));
        assertVerdict(Verdict.NON_STRICT, run("3.2", CLOSE_1002));
        assertVerdict(Verdict.NON_STRICT, run("3.2", HELLO));
        assertVerdict(Verdict.FAILED, run("3.2", HELLO + CLOSE_1007));
        assertVerdict(Verdict.FAILED, run("3.2", HELLO + "8a00" + CLOSE_1002));
        assertVerdict(Verdict.FAILED, run("3.2", new Scripted(TargetConnection.End.NONE, UPGRADE, HELLO)));
    }

    @Test
    @DisplayName("wants TCP to be closed by the server, and in order")
    void serverHasToCloseTcpInOrder() {
        assertVerdict(
                Verdict.NON_STRICT,
                run("1.1.1", new Scripted(TargetConnection.End.RESET, UPGRADE, "8100", CLOSE_1000)));
        assertVerdict(
                Verdict.NON_STRICT, run("1.1.1", new Scripted(TargetConnection.End.NONE, UPGRADE, "8100", CLOSE_1000)));
    }

    @Test
    @DisplayName("wants text that is not UTF-8 to fail where it shows, and takes it later for less")
    void invalidTextShouldFailWhereItShows() {
        assertVerdict(Verdict.OK, run("6.4.1", "8a0674616b656e3f", CLOSE_1007));
        assertVerdict(Verdict.NON_STRICT, run("6.4.1", "8a0674616b656e3f", "", CLOSE_1007));
        assertVerdict(Verdict.FAILED, run("6.4.1", "8a0674616b656e3f", "", CLOSE_1002));
        assertVerdict(Verdict.OK, run("6.4.4", "", CLOSE_1007));
        assertVerdict(Verdict.NON_STRICT, run("6.4.4", "", "", CLOSE_1007));
    }

    @Test
    @DisplayName("wants a pong before the message that the ping was in")
    void pongIsWantedBeforeTheMessageAroundItsPing() {
        String pong = "8a0c70696e67207061796c6f6164";
        String joined = "8112667261676d656e7431667261676d656e7432";
        assertVerdict(Verdict.OK, run("5.6", pong + joined, CLOSE_1000));
        assertVerdict(Verdict.FAILED, run("5.6", joined + pong, CLOSE_1000));
    }

    @Test
    @DisplayName("has nothing to say where the RFC has not, but that the connection ends")
    void openQuestionIsInformationalButTheConnectionEnds() {
        assertVerdict(Verdict.INFORMATIONAL, run("7.13.1", CLOSE_1002));
        assertVerdict(Verdict.INFORMATIONAL, run("7.13.1", new Scripted(TargetConnection.End.RESET, UPGRADE)));
        assertVerdict(Verdict.FAILED, run("7.13.1", new Scripted(TargetConnection.End.NONE, UPGRADE)));
    }

    @ParameterizedTest
    @CsvSource({
        "OK, 400, Content-Length: 2|Connection: close",
        "NON_STRICT, 403, Content-Length: 2|Connection: close",
        "NON_STRICT, 400, Connection: close",
        "FAILED, 400, Content-Length: 1|Connection: close",
        "FAILED, 204, Content-Length: 2|Connection: close",
        "FAILED, 405, Content-Length: 2|Connection: close",
        "FAILED, 426, Content-Length: 2|Connection: close, Upgrade",
        "FAILED, 400, Content Length: 2|Connection: close"
    })
    @DisplayName("judges a refusal by its status and by what a response with it must say")
    void refusalIsJudgedByStatusAndHeaders(Verdict verdict, String status, String headers) {
        String head = "HTTP/1.1 " + status + " Because\r\n" + headers.replace("|", "\r\n") + "\r\n\r\nno";
        assertVerdict(verdict, run("H.13.1", new Scripted(TargetConnection.End.FIN, head)));
    }

    @Test
    @DisplayName("judges an upgrade by its headers")
    void upgradeIsJudgedByItsHeaders() {
        assertVerdict(Verdict.FAILED, run("H.13.1", "8100"));
        assertVerdict(Verdict.NON_STRICT, run("H.13.1", new Scripted(TargetConnection.End.FIN, "")));
        assertVerdict(Verdict.FAILED, run("H.13.1", new Scripted(TargetConnection.End.NONE, "")));
        String extension = UPGRADE.replace("\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n");
        for (String head : List.of(
                extension,
                UPGRADE.replace("s3pP", "s3pp"),
                UPGRADE.replace("websocket", "web"),
                UPGRADE.replace("Connection: Upgrade", "Connection: close"),
                UPGRADE.replace("\r\n\r\n", "\r\nSec-WebSocket-Protocol: chat\r\n\r\n"),
                UPGRADE.replace("\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n"),
                UPGRADE.replace("101", "200"))) {
            assertVerdict(
                    Verdict.FAILED, run("1.1.1", new Scripted(TargetConnection.End.FIN, head, "8100", CLOSE_1000)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OK, D.4.1, permessage-deflate, 8105 48656c6c6f",
        "OK, D.4.1, permessage-deflate, c107 f248cdc9c90700",
        "INFORMATIONAL, D.4.1, '', 8105 48656c6c6f",
        "FAILED, D.4.1, permessage-deflate, c107 f248cdc9c90701",
        "FAILED, D.4.1, permessage-deflate, c103 0605ff",
        "FAILED, D.4.1, permessage-deflate, e107 f248cdc9c90700",
        "FAILED, D.4.1, permessage-deflate; x, 8105 48656c6c6f",
        "FAILED, D.4.1, permessage-deflate; server_max_window_bits=16, 8105 48656c6c6f",
        "FAILED, D.3.1, permessage-deflate; client_max_window_bits=10, 8105 48656c6c6f",
        "FAILED, D.1.1, permessage-deflate, 8105 48656c6c6f",
        "FAILED, 13.2.1, permessage-deflate, 8105 48656c6c6f",
        "FAILED, 13.3.1, permessage-deflate; server_max_window_bits=10, 8105 48656c6c6f"
    })
    @DisplayName("judges what is agreed on of permessage-deflate, and what is compressed")
    void agreementAndCompressionAreJudged(Verdict verdict, String id, String agreed, String echo) {
        String header = agreed.isEmpty() ? "" : "Sec-WebSocket-Extensions: " + agreed + "\r\n";
        String head = UPGRADE.replace("\r\n\r\n", "\r\n" + header + "\r\n");
        assertVerdict(
                verdict, run(id, new Scripted(TargetConnection.End.FIN, head, echo.replace(" ", ""), CLOSE_1000)));
    }

    @Test
    @DisplayName("deflates for windows that the JDK does not know, by forgetting in time")
    void smallWindowsAreDeflatedByForgettingInTime() throws Exception {
        byte[] message = "0123456789".repeat(2000).getBytes(StandardCharsets.US_ASCII);
        for (int bits = 8; bits <= 15; bits++) {
            try (Deflate client = new Deflate(false, false, bits, 15);
                    Deflate server = new Deflate(false, false, 15, bits)) {
                for (int i = 0; i < 3; i++) {
                    assertThat(server.decompress(client.compress(message))).isEqualTo(message);
                    assertThat(server.decompress(client.compress(new byte[0]))).isEmpty();
                }
            }
        }
    }

    @Test
    @DisplayName("sees that a server has referred to what lies before the window that it has agreed on")
    void referenceBeyondTheAgreedWindowIsSeen() throws Exception {
        byte[] message = new byte[1100];
        new Random(1).nextBytes(message);
        System.arraycopy(message, 0, message, 1000, 100);
        try (Deflate server = new Deflate(false, false, 15, 15);
                Deflate client = new Deflate(false, false, 15, 9)) {
            byte[] reaching = server.compress(message);
            assertThat(Reach.of(reaching)).isEqualTo(1000);
            assertThatExceptionOfType(DataFormatException.class)
                    .isThrownBy(() -> client.decompress(reaching))
                    .withMessage("it refers 1000 bytes back, and the window has 512");
        }
    }

    @Test
    @DisplayName("knows every case of the Autobahn test suite, each once")
    void everyCaseOfTheAutobahnSuiteIsKnownOnce() {
        int[][] sizes = {
            {1, 16}, {2, 11}, {3, 7}, {4, 10}, {5, 20}, {6, 145}, {7, 37}, {9, 54}, {10, 1}, {12, 90}, {13, 126}
        };
        for (int[] size : sizes) {
            assertThat(Suite.beginningWith(List.of(Integer.toString(size[0]))))
                    .as("section " + size[0])
                    .hasSize(size[1]);
        }
        assertThat(new TreeSet<>(Suite.all().stream().map(Case::id).toList()))
                .hasSize(Suite.all().size());
    }

    @Test
    @DisplayName("writes every section into its table")
    void tableHasEverySection() {
        List<Result> results = Suite.all().stream()
                .map(one -> new Result(one, Verdict.OK, "", 0))
                .toList();
        assertThat(new Report(results).markdown())
                .contains("| all |  | " + results.size() + " | " + results.size() + " |");
        Suite.all().forEach(one -> assertThat(new Report(results).markdown()).contains("| " + one.section() + " | "));
    }

    @Test
    @DisplayName("says how it is to be started when it is started otherwise")
    void wrongArgumentsPrintTheUsage() throws Exception {
        for (String[] args : new String[][] {
            {},
            {"http://x/"},
            {"ws:///x"},
            {"wss://localhost/x"},
            {"ws://localhost/x", "--json"},
            {"ws://localhost/x", "--x", "y"}
        }) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThat(Conformance.run(new PrintStream(out), args)).isEqualTo(2);
            assertThat(out.toString(StandardCharsets.UTF_8)).contains("--ca FILE");
        }
    }
}
