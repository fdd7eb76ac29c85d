package io.hexsocket.demo.flight;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.core.config.Limits;
import io.hexsocket.core.port.FlightRecord;
import io.hexsocket.core.port.FlightRecord.Arrival;
import io.hexsocket.demo.RunningDemo;
import io.hexsocket.demo.flight.FlightFile.BadFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sent before it was failed: written by a running server, and played again. */
class FlightRecorderTest {

    private static final byte[] MASK = {0x11, 0x22, 0x33, 0x44};
    private static final String SECRET = "grüße an 山田";

    private static final String HEAD = "GET /echo?token=hunter2 HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nCookie: id=hunter2\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            + "Sec-WebSocket-Version: 13\r\n\r\n";

    @TempDir
    Path folder;

    // ---- a running server

    @ParameterizedTest
    @MethodSource("io.hexsocket.demo.RunningDemo#transports")
    void failureOfARunningServerIsRecordedAndReplaysToTheSameViolation(String transport) throws Exception {
        try (RunningDemo demo = RunningDemo.start(transport, "flightRecorder=" + folder);
                Socket socket = new Socket("127.0.0.1", demo.port())) {
            socket.getOutputStream().write(HEAD.getBytes(ISO_8859_1));
            socket.getInputStream().readNBytes(12);
            socket.getOutputStream().write(frame(0x81, SECRET.getBytes(UTF_8)));
            socket.getOutputStream().write(frame(0x01, "begun".getBytes(UTF_8)));
            socket.getOutputStream().write(frame(0x82, new byte[] {1, 2, 3}));
            socket.getInputStream().readAllBytes();
        }
        List<Path> files = files();
        assertThat(files).hasSize(1);
        assertThat(Files.readString(files.get(0)))
                .startsWith(FlightFile.FIRST_LINE + "\n")
                .contains("payloads blank");

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(Replay.play(files.get(0), new PrintStream(out, true, UTF_8))).isNull();
        assertThat(out.toString(UTF_8))
                .contains("failed with 1002 \"a new message begins inside another\"")
                .contains("request: GET /echo?xxxxxxxxxxxxx HTTP/1.1")
                .contains("frame: FIN text, masked, " + SECRET.getBytes(UTF_8).length + " bytes")
                .contains("message: text of " + SECRET.getBytes(UTF_8).length + " bytes")
                .contains("frame: text, masked, 5 bytes")
                .contains("frame: FIN binary, masked, 3 bytes")
                .contains("violation: a new message begins inside another (RFC 6455 section 5.4)")
                .contains("sent: close frame with 1002");
    }

    @ParameterizedTest
    @MethodSource("io.hexsocket.demo.RunningDemo#transports")
    void refusedRequestsAndTheRawDoorAreRecordedAsWell(String transport) throws Exception {
        try (RunningDemo demo = RunningDemo.start(transport, "flightRecorder=" + folder)) {
            say(demo, HEAD.replace("Version: 13", "Version: 7"));
            say(demo, "php process\nGET /php HTTP/1.1\n{\"opcode\":\"hunter2\"} hunter2");
            // a policy and an unknown path are no broken rules
            say(demo, HEAD.replace("/echo", "/nowhere"));
        }
        List<String> replays = new ArrayList<>();
        for (Path file : files()) {
            assertThat(Files.readString(file)).contains("payloads blank");
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            assertThat(Replay.play(file, new PrintStream(out, true, UTF_8))).isNull();
            replays.add(out.toString(UTF_8));
        }
        assertThat(replays)
                .hasSize(2)
                .anySatisfy(replay -> assertThat(replay)
                        .contains("refused with 426 \"WebSocket version 13 is needed.\"")
                        .contains("request: GET /echo?xxxxxxxxxxxxx HTTP/1.1")
                        .contains("refused with 426: WebSocket version 13 is needed."))
                .anySatisfy(replay -> assertThat(replay)
                        .contains("at /php, failed with 1002")
                        .contains("hello: GET /php HTTP/1.1")
                        .contains("message: text of 20 bytes")
                        .contains("violation: a message is neither a JSON object nor bufferON or bufferOFF"));
    }

    private static void say(RunningDemo demo, String text) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", demo.port())) {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
            socket.getInputStream().readAllBytes();
        }
    }

    @Test
    void serverThatIsNotAskedRecordsNothing() throws Exception {
        try (RunningDemo demo = RunningDemo.start("nio");
                Socket socket = new Socket("127.0.0.1", demo.port())) {
            socket.getOutputStream().write(HEAD.getBytes(ISO_8859_1));
            socket.getOutputStream().write(new byte[] {1, 2, 3, 4, 5, 6});
            socket.getInputStream().readAllBytes();
        }
        assertThat(files()).isEmpty();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    // ---- records

    static Stream<byte[]> violations() {
        byte[] euro = "€".getBytes(UTF_8);
        return Stream.of(
                new byte[] {(byte) 0x81, 0x01, 'a'},
                frame(0xC1, new byte[1]),
                frame(0x83, new byte[1]),
                frame(0x80, new byte[1]),
                frame(0x09, new byte[1]),
                new byte[] {(byte) 0x82, (byte) 0xFF, (byte) 0x80, 0, 0, 0, 0, 0, 0, 1},
                new byte[] {(byte) 0x82, (byte) 0xFE, 0, 5},
                new byte[] {(byte) 0x82, (byte) 0xFF, 0, 0, 0, 0, 0x7F, 0, 0, 0, 1, 2, 3, 4},
                frame(0x88, new byte[] {3}),
                frame(0x88, new byte[] {3, (byte) 0xEC}),
                frame(0x88, new byte[] {3, (byte) 0xE8, 'a', (byte) 0xC0}),
                frame(0x81, new byte[] {'a', (byte) 0xC3, (byte) 0xA4, (byte) 0xC3}),
                frame(0x81, new byte[] {'a', (byte) 0xED, (byte) 0xA0, (byte) 0x80, 'b'}),
                frame(0x81, new byte[] {(byte) 0xE0, (byte) 0x80, (byte) 0x80}),
                frame(0x81, new byte[] {(byte) 0xF5, 'b'}),
                join(frame(0x01, Arrays.copyOf(euro, 2)), frame(0x80, new byte[] {'x'})),
                join(frame(0x01, Arrays.copyOf(euro, 1)), frame(0x00, new byte[] {euro[1]}), frame(0x80, new byte[0])));
    }

    @ParameterizedTest
    @MethodSource("violations")
    void blankedRecordReplaysToTheSameAsThePlainOneHoweverItIsCut(byte[] violation) throws Exception {
        byte[] all = join(HEAD.getBytes(ISO_8859_1), frame(0x81, SECRET.getBytes(UTF_8)), violation);
        for (int piece : new int[] {1, 7, all.length}) {
            FlightRecord record = record(all, piece);
            String plain = played(FlightFile.write(record, Limits.DEFAULT, true));
            assertThat(plain).isNotNull().matches("(1002|1007|1009) .*");
            String blank = FlightFile.write(record, Limits.DEFAULT, false);
            assertThat(played(blank)).isEqualTo(plain);
            assertThat(content(blank)).contains("Cookie: xxxxxxxxxx\r\n").doesNotContain("hunter2");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /echo?q=hunter2 HTTP/1.1\nHost: h\r\n\r\n",
                "GET /echo HTTP/1.0\r\nHost: h\r\nCookie: hunter2\r\n\r\n",
                "GET /echo HTTP/1.1\r\nCookie: hunter2\r\n\r\n",
                "GET /echo HTTP/1.1\r\nHost: h\r\nCookie: a=1\r\n hunter2: 2\r\n\r\n",
                "GET /echo HTTP/1.1\r\nHost: h\r\nCookie hunter2\r\n\r\n",
                "GET /echo HTTP/1.1\r\nHost: h\r\nCookie: hunter2\u0001\r\n\r\n",
                "GET /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 7\r\n\r\nhunter2",
                "GET /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n",
                "POST /echo HTTP/1.1\r\nHost: h\r\n\r\n",
                "GET /echo HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: hunter2 @\r\n\r\n",
                "php process\nPUT /hunter2 HTTP/1.1\n",
                "\u0016\u0003\u0001"
            })
    void blankedRequestIsRefusedForTheSameAsThePlainOne(String request) throws Exception {
        FlightRecord record = new FlightRecord(
                1,
                new InetSocketAddress("127.0.0.1", 1),
                null,
                400,
                "?",
                1024,
                arrivals(latin1(request), 5),
                0,
                List.of(),
                0);
        String plain = played(FlightFile.write(record, Limits.DEFAULT, true));
        assertThat(plain).isNotNull().matches("(0|400|405|417) .+");
        String blank = FlightFile.write(record, Limits.DEFAULT, false);
        assertThat(played(blank)).isEqualTo(plain);
        if (!request.startsWith("php")) {
            assertThat(content(blank)).doesNotContain("hunter2").hasSameSizeAs(request);
        }
    }

    @Test
    void endOfARequestThatIsCutIsBlank() {
        byte[] cut = latin1("GET /echo HTTP/1.1\r\nHost: h\r\nCookie: id=hunt");
        assertThat(new String(Frames.withoutContent(cut, true), ISO_8859_1))
                .isEqualTo("GET /echo HTTP/1.1\r\nHost: h\r\nCookie: xxxxxxx");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"hun}ter2\\\"\"} hunter2",
                "{\"a\":[{\"hunter2\":1}]}\n\nbuffer hunter2",
                "{\"hunter2\":\"\u00c3\"}",
                "bufferOhunter2",
            })
    void blankedWordsOfAScriptFailForTheSameAsThePlainOnes(String said) throws Exception {
        byte[] all = latin1("php process\nGET /echo?t=hunter2 HTTP/1.1\n" + said);
        for (int piece : new int[] {1, 7, all.length}) {
            FlightRecord record = record(all, piece);
            String plain = played(FlightFile.write(record, Limits.DEFAULT, true));
            assertThat(plain).isNotNull().matches("(1002|1007) .+");
            String blank = FlightFile.write(record, Limits.DEFAULT, false);
            assertThat(played(blank)).isEqualTo(plain);
            assertThat(content(blank)).doesNotContain("hunter2").hasSize(all.length);
        }
    }

    @Test
    void blankedTextSaysNothing() {
        byte[] all =
                join(HEAD.getBytes(ISO_8859_1), frame(0x81, SECRET.getBytes(UTF_8)), frame(0x89, "me".getBytes(UTF_8)));
        byte[] blank = Frames.withoutContent(all, false);
        assertThat(blank).hasSameSizeAs(all);
        List<Frames.Header> headers = Frames.headers(blank);
        assertThat(headers).isEqualTo(Frames.headers(all)).hasSize(2);
        for (Frames.Header header : headers) {
            for (int i = 0; i < header.length(); i++) {
                assertThat((char) (blank[header.end() + i] ^ MASK[i & 3])).isEqualTo('x');
            }
        }
    }

    @Test
    void fileIsReadAsItWasWritten() throws Exception {
        FlightRecord record = new FlightRecord(
                17,
                new InetSocketAddress("2001:db8::1", 4711),
                "/rooms/{room}",
                1002,
                "a frame of the client is not masked",
                1234,
                List.of(new Arrival(0, new byte[] {1, 2}), new Arrival(250, new byte[] {3})),
                99,
                List.of(new Arrival(1_000_000, new byte[] {-1})),
                7);
        String file = FlightFile.write(record, Limits.DEFAULT, true);
        FlightFile.Flight read = FlightFile.read(file.lines().toList());
        assertThat(FlightFile.write(read.record(), read.limits(), true)).isEqualTo(file);
        assertThat(read.limits()).isEqualTo(Limits.DEFAULT.messageBytes(1234));
        assertThat(read.record())
                .usingRecursiveComparison()
                .ignoringFields("peer")
                .isEqualTo(record);
        assertThat(read.record().peer()).isEqualTo(record.peer());
    }

    /** Number of the line, what stands there instead, and what is said. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            1 | hello                      | line 1: this is no flight record; it would begin with "hexsocket flight record 1"
            1 | hexsocket flight record 2  | line 1: a flight record of another version; this program reads version 1
            2 | connection x from ::1 1    | line 2: must have a whole number up to 9223372036854775807
            2 | connection 1 from host 1   | line 2: must name an IP address
            3 | payload blank              | line 3: must be "payloads ..."
            5 | failed 1 nothing           | line 5: 1 is no close code: use 1000-1003
            6 | limits 1 2 3 4 5 6 7       | line 6: must have headBytes=... as word 2
            4 | app -                      | line 5: 1002 is no status of a refused request: use 0 or 400-599
            7 | at 0 0g                    | line 7: must have an even number of hexadecimal digits
            7 | at -1 00                   | line 7: must have a whole number up to 1099511627776
            """)
    void badFileIsRefusedByItsLine(int line, String text, String complaint) {
        List<String> lines =
                new ArrayList<>(FlightFile.write(record(HEAD.getBytes(ISO_8859_1), 1000), Limits.DEFAULT, true)
                        .lines()
                        .toList());
        lines.set(line - 1, text);
        assertThatThrownBy(() -> FlightFile.read(lines))
                .isInstanceOf(BadFile.class)
                .hasMessageStartingWith(complaint.substring(0, Math.min(complaint.length(), 30)));
    }

    @Test
    void fileThatIsNotThereIsNamed() {
        Path none = folder.resolve("none");
        assertThat(Replay.play(none, System.out)).startsWith("cannot read " + none);
    }

    @Test
    void refusedRequestsTakeHalfOfTheFilesAtMost() throws Exception {
        try (FlightRecorder recorder = FlightRecorder.into(folder, Limits.DEFAULT, false)) {
            for (int i = 0; i < FlightRecorder.REFUSALS - 1; i++) {
                Files.createFile(folder.resolve("flight-" + i + "-refused.txt"));
            }
            for (int i = 0; i < 3; i++) {
                recorder.write(new FlightRecord(
                        i, new InetSocketAddress("127.0.0.1", 1), null, 400, "?", 1, List.of(), 0, List.of(), 0));
            }
            recorder.write(record(latin1(HEAD), 1000));
        }
        assertThat(files()).hasSize(FlightRecorder.REFUSALS + 1);
    }

    @Test
    void numberOfFilesIsBounded() throws Exception {
        for (int i = 0; i < FlightRecorder.FILES - 1; i++) {
            Files.createFile(folder.resolve("flight-" + i));
        }
        FlightRecord record = record(HEAD.getBytes(ISO_8859_1), 1000);
        try (FlightRecorder recorder = FlightRecorder.into(folder, Limits.DEFAULT, false)) {
            recorder.write(record);
            recorder.write(record);
        }
        assertThat(files()).hasSize(FlightRecorder.FILES);
    }

    // ---- small things

    private static @Nullable String played(String file) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        return Replay.play(FlightFile.read(file.lines().toList()), new PrintStream(out, true, UTF_8));
    }

    /** All that a file holds of what was sent. */
    private static String content(String file) throws BadFile {
        FlightRecord record = FlightFile.read(file.lines().toList()).record();
        return new String(FlightFile.join(record.opening()), ISO_8859_1);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static FlightRecord record(byte[] all, int piece) {
        return new FlightRecord(
                1,
                new InetSocketAddress("127.0.0.1", 1),
                "/echo",
                1002,
                "?",
                Limits.DEFAULT.messageBytes(),
                arrivals(all, piece),
                0,
                List.of(),
                0);
    }

    private static List<Arrival> arrivals(byte[] all, int piece) {
        List<Arrival> arrivals = new ArrayList<>();
        for (int at = 0; at < all.length; at += piece) {
            arrivals.add(new Arrival(at, Arrays.copyOfRange(all, at, Math.min(all.length, at + piece))));
        }
        return arrivals;
    }

    private static byte[] frame(int first, byte[] payload) {
        byte[] frame = new byte[6 + payload.length];
        frame[0] = (byte) first;
        frame[1] = (byte) (0x80 | payload.length);
        System.arraycopy(MASK, 0, frame, 2, 4);
        for (int i = 0; i < payload.length; i++) {
            frame[6 + i] = (byte) (payload[i] ^ MASK[i & 3]);
        }
        return frame;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
