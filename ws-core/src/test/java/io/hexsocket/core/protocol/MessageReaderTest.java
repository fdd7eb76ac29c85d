package io.hexsocket.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.message.MessageView;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.Cuts;
import io.hexsocket.core.testkit.Scenario;
import io.hexsocket.core.testkit.ServerFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A reader of messages")
class MessageReaderTest {

    private static final Scenario ECHO = Scenario.echo();

    private static Scenario limit(int bytes) {
        return ECHO.options(AppOptions.DEFAULT.maxMessageBytes(bytes));
    }

    /** Writes down what it gets, and stops when told to. */
    private static class Recorder implements MessageSink {

        final List<String> events = new ArrayList<>();
        int stopAfter = Integer.MAX_VALUE;

        private boolean add(String event) {
            events.add(event);
            return events.size() < stopAfter;
        }

        @Override
        public boolean onMessage(MessageView message) {
            byte[] bytes = new byte[message.size()];
            message.bytes().get(bytes);
            return add((message.isText() ? "text " : "binary ") + new String(bytes, StandardCharsets.ISO_8859_1));
        }

        @Override
        public boolean onPing(ByteBuffer payload) {
            add("ping " + StandardCharsets.ISO_8859_1.decode(payload));
            return true;
        }

        @Override
        public boolean onPong(ByteBuffer payload) {
            return add("pong " + StandardCharsets.ISO_8859_1.decode(payload));
        }

        @Override
        public void onCloseFrame(CloseStatus status) {
            add("close " + status);
        }
    }

    private static MessageReader reader(MessageBuffers buffers, int limit) {
        return new MessageReader(buffers, new MessageLimits(limit, 1024, 32));
    }

    @Nested
    @DisplayName("fails a client whose frames")
    class Headers {

        @ParameterizedTest
        @ValueSource(ints = {0x1, 0x2, 0x8, 0x9, 0xA})
        @DisplayName("F1 are not masked: 1002")
        void unmasked(int opcode) {
            for (int length : new int[] {0, 1, 100}) {
                ECHO.sends(ClientFrame.of(opcode, new byte[length]).unmasked())
                        .assertFailsWith(1002)
                        .assertTells();
            }
            ECHO.sends(new byte[] {(byte) (0x80 | opcode), 0}).assertFailsWith(1002);
            ECHO.sends(new byte[] {(byte) (0x80 | opcode), 127}).assertFailsWith(1002);
        }

        @Test
        @DisplayName("F1 are not masked in the middle of a message: 1002")
        void unmaskedContinuation() {
            ECHO.sends(
                            ClientFrame.text("a").notFinal(),
                            ClientFrame.continuation("b").unmasked())
                    .assertFailsWith(1002)
                    .assertTells();
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
        @DisplayName("F2 have a reserved bit: 1002 at the first byte")
        void reservedBits(int rsv) {
            for (int opcode : new int[] {0x1, 0x2, 0x8, 0x9, 0xA}) {
                ECHO.sends(new byte[] {(byte) (0x80 | rsv << 4 | opcode)}).assertFailsWith(1002);
            }
            ECHO.sends(
                            ClientFrame.text("a").notFinal(),
                            ClientFrame.continuation("b").rsv(rsv))
                    .assertFailsWith(1002);
        }

        @ParameterizedTest
        @ValueSource(ints = {0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF})
        @DisplayName("F3 have an opcode that is reserved: 1002 at the first byte, whatever length follows")
        void reservedOpcodes(int opcode) {
            ECHO.sends(new byte[] {(byte) (0x80 | opcode)}).assertFailsWith(1002);
            ECHO.sends(new byte[] {(byte) opcode}).assertFailsWith(1002);
            ECHO.sends(ClientFrame.of(opcode, new byte[0]).declaring(1L << 40)).assertFailsWith(1002);
        }

        @ParameterizedTest
        @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MIN_VALUE + 5})
        @DisplayName("F4 have a length with its highest bit set: 1002")
        void highestBit(long length) {
            byte[] header = ByteBuffer.allocate(10)
                    .put((byte) 0x82)
                    .put((byte) 0xFF)
                    .putLong(length)
                    .array();
            ECHO.sends(header).assertFailsWith(1002);
        }

        @ParameterizedTest
        @ValueSource(
                longs = {
                    0x0080000000000001L,
                    1L << 31,
                    (1L << 32) + 5,
                    (1L << 32) + 1,
                    1L << 40,
                    Long.MAX_VALUE,
                    Integer.MAX_VALUE
                })
        @DisplayName("F5 claim more than can be: 1009 at the header, alone and behind another fragment")
        void hugeLengths(long length) {
            byte[] header = Arrays.copyOf(ClientFrame.binary().declaring(length).bytes(), 10);
            ECHO.sends(header).assertFailsWith(1009);
            byte[] second =
                    Arrays.copyOf(ClientFrame.continuation("").declaring(length).bytes(), 10);
            byte[] first = ClientFrame.binary(new byte[100]).notFinal().bytes();
            ECHO.sends(Cuts.join(List.of(first, second))).assertFailsWith(1009);
        }

        @ParameterizedTest
        @CsvSource({"0, 3", "1, 3", "125, 3", "0, 9", "125, 9", "126, 9", "65535, 9"})
        @DisplayName("F7 do not encode their length in the fewest bytes: 1002")
        void notMinimal(int length, int bytes) {
            ECHO.sends(ClientFrame.binary(new byte[length]).lengthIn(bytes)).assertFailsWith(1002);
        }

        @ParameterizedTest
        @ValueSource(ints = {0x8, 0x9, 0xA})
        @DisplayName("F8 are control frames and longer than 125, or fragmented: 1002")
        void control(int opcode) {
            ECHO.sends(ClientFrame.of(opcode, new byte[126])).assertFailsWith(1002);
            ECHO.sends(ClientFrame.of(opcode, new byte[70_000])).assertFailsWith(1002);
            ECHO.sends(ClientFrame.of(opcode, new byte[0]).notFinal()).assertFailsWith(1002);
            ECHO.sends(ClientFrame.of(opcode, new byte[5]).lengthIn(3)).assertFailsWith(1002);
        }

        @Test
        @DisplayName("F8 but takes control frames of exactly 125")
        void longestControl() {
            byte[] longest = new byte[125];
            ECHO.sends(ClientFrame.ping(longest), ClientFrame.pong(longest))
                    .assertStaysOpen()
                    .assertAnswers(ServerFrame.pong(longest));
        }

        @Test
        @DisplayName("F9 continue nothing, or begin a message inside another: 1002")
        void outOfPlace() {
            ECHO.sends(ClientFrame.continuation("a")).assertFailsWith(1002);
            ECHO.sends(ClientFrame.continuation("a").notFinal()).assertFailsWith(1002);
            ECHO.sends(ClientFrame.text("a"), ClientFrame.continuation("b"))
                    .assertAnswers(ServerFrame.text("a"))
                    .assertFailsWith(1002);
            ECHO.sends(ClientFrame.text("a").notFinal(), ClientFrame.text("b"))
                    .assertTells()
                    .assertFailsWith(1002);
            ECHO.sends(ClientFrame.text("a").notFinal(), ClientFrame.binary((byte) 1))
                    .assertFailsWith(1002);
            ECHO.sends(ClientFrame.text("").notFinal(), ClientFrame.text("")).assertFailsWith(1002);
            ECHO.sends(
                            ClientFrame.fragments("a", "b")[0],
                            ClientFrame.fragments("a", "b")[1],
                            ClientFrame.continuation("c"))
                    .assertAnswers(ServerFrame.text("ab"))
                    .assertFailsWith(1002);
        }

        @Test
        @DisplayName("F15 are no frames at all: an HTTP request, a ClientHello")
        void noFrames() {
            ECHO.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
                    .assertFailsWith(1002);
            ECHO.sends(new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00}).assertFailsWith(1002);
        }
    }

    @Nested
    @DisplayName("puts fragments together")
    class Fragments {

        @Test
        @DisplayName("F10 with control frames between them handled at once")
        void controlBetween() {
            ECHO.sends(
                            ClientFrame.text("a").notFinal(),
                            ClientFrame.ping((byte) 1),
                            ClientFrame.continuation("").notFinal(),
                            ClientFrame.pong((byte) 2),
                            ClientFrame.ping(),
                            ClientFrame.continuation("b"))
                    .assertTells("pong 02", "text ab")
                    .assertAnswers(ServerFrame.pong((byte) 1), ServerFrame.pong(), ServerFrame.text("ab"))
                    .assertStaysOpen();
        }

        @Test
        @DisplayName("F10 unless a close frame comes between them: it is answered, and the message dropped")
        void closeBetween() {
            ECHO.sends(ClientFrame.text("a").notFinal(), ClientFrame.close(1000), ClientFrame.continuation("b"))
                    .assertTells()
                    .assertAnswers()
                    .assertCloses(ServerFrame.close(1000), "1000");
        }

        @Test
        @DisplayName("F12 the first, the last or all of which may be empty")
        void empty() {
            ECHO.sends(ClientFrame.fragments("", "hello")).assertAnswers(ServerFrame.text("hello"));
            ECHO.sends(ClientFrame.fragments("hello", "")).assertAnswers(ServerFrame.text("hello"));
            ECHO.sends(ClientFrame.fragments("", "", "hello", "", "")).assertAnswers(ServerFrame.text("hello"));
            ECHO.sends(ClientFrame.fragments("", "")).assertAnswers(ServerFrame.text(""));
            ECHO.sends(ClientFrame.fragments(0x2, new byte[0], 1)).assertAnswers(ServerFrame.binary());
        }

        @Test
        @DisplayName("F11 up to 1024 of them, however small; the next fails with 1008 at its header")
        void tooMany() {
            for (int size : new int[] {0, 1, 31}) {
                ClientFrame[] frames = new ClientFrame[1025];
                byte[] piece = "x".repeat(size).getBytes(StandardCharsets.US_ASCII);
                frames[0] = ClientFrame.text(piece).notFinal();
                Arrays.fill(frames, 1, 1025, ClientFrame.continuation(piece).notFinal());
                Scenario some = Scenario.given(() -> session -> (self, message) -> self.send("" + message.size()));
                ClientFrame[] most = Arrays.copyOf(frames, 1024);
                most[1023] = ClientFrame.continuation(piece);
                some.sends(most).assertStaysOpen().assertAnswers(ServerFrame.text("" + 1024 * size));
                byte[] header = new ClientFrame(false, 0, 0, true, 1, 0, size, new byte[0]).bytes();
                byte[] upToLength = Arrays.copyOf(header, 2);
                frames[1024] = null;
                byte[] flood = ClientFrame.join(Arrays.copyOf(frames, 1024));
                some.sends(Cuts.join(List.of(flood, upToLength))).assertFailsWith(1008);
            }
        }

        @Test
        @DisplayName("F11 and any number of those that carry 32 bytes on average, which are a stream and no attack")
        void manyLargeOnes() {
            byte[] large = new byte[3000 * 32];
            limit(1024 * 1024).sends(ClientFrame.fragments(0x2, large, 32)).assertAnswers(ServerFrame.binary(large));
            // and the count begins anew with the next message
            ClientFrame[] twice = new ClientFrame[2000];
            Arrays.fill(twice, ClientFrame.continuation("x").notFinal());
            twice[0] = ClientFrame.text("x").notFinal();
            twice[999] = ClientFrame.continuation("x");
            twice[1000] = twice[0];
            twice[1999] = twice[999];
            ServerFrame answer = ServerFrame.text("x".repeat(1000));
            ECHO.sends(twice).assertAnswers(answer, answer);
        }

        @ParameterizedTest
        @ValueSource(ints = {0x1, 0x2})
        @DisplayName("F13 up to the limit in all; 1009 at the header that passes it, before its payload")
        void limitInAll(int opcode) {
            byte[] sixty = "x".repeat(60).getBytes(StandardCharsets.US_ASCII);
            byte[] hundred = "x".repeat(100).getBytes(StandardCharsets.US_ASCII);
            ClientFrame first = ClientFrame.of(opcode, sixty).notFinal();
            limit(100).sends(ClientFrame.of(opcode, hundred)).assertAnswers(ServerFrame.of(opcode, hundred));
            limit(100).sends(ClientFrame.fragments(opcode, hundred, 60)).assertAnswers(ServerFrame.of(opcode, hundred));
            limit(100)
                    .sends(Cuts.join(List.of(
                            first.bytes(),
                            Arrays.copyOf(ClientFrame.continuation(sixty).bytes(), 2))))
                    .assertTells()
                    .assertFailsWith(1009);
            limit(100)
                    .sends(Arrays.copyOf(ClientFrame.of(opcode, new byte[101]).bytes(), 2))
                    .assertFailsWith(1009);
            // and an empty last frame passes no limit
            limit(60).sends(first, ClientFrame.continuation("")).assertAnswers(ServerFrame.of(opcode, sixty));
        }

        @Test
        @DisplayName("F13 up to the server's limit if the app has none of its own")
        void serversLimit() {
            Scenario small = ECHO.limits(Limits.DEFAULT.messageBytes(200));
            small.sends(ClientFrame.binary(new byte[200])).assertStaysOpen();
            small.sends(ClientFrame.binary(new byte[201])).assertFailsWith(1009);
            ECHO.limits(Limits.DEFAULT.messageBytes(200))
                    .options(AppOptions.DEFAULT.maxMessageBytes(300))
                    .sends(ClientFrame.binary(new byte[300]))
                    .assertStaysOpen();
        }
    }

    @Nested
    @DisplayName("takes memory")
    class Memory {

        private final MessageBuffers buffers = new MessageBuffers();
        private final Recorder recorder = new Recorder();

        private void read(MessageReader reader, byte[] bytes) throws ProtocolViolation {
            ByteBuffer in = ByteBuffer.wrap(bytes.clone());
            reader.read(in, recorder);
            assertThat(in.hasRemaining()).isFalse();
        }

        @Test
        @DisplayName(
                "F6 for no message that was only announced: a thousand headers of 5 MiB, with none of their payload, cost nothing")
        void announced() throws Exception {
            byte[] header = ClientFrame.binary(new byte[5 * 1024 * 1024]).header();
            for (int i = 0; i < 1000; i++) {
                read(reader(buffers, 5 * 1024 * 1024), header);
            }
            assertThat(buffers.bytes()).isZero();
        }

        @Test
        @DisplayName("F6 as much as has arrived asks for, twice that at most")
        void whatHasArrived() throws Exception {
            byte[] frame = ClientFrame.binary(new byte[5 * 1024 * 1024]).bytes();
            MessageReader reader = reader(buffers, 5 * 1024 * 1024);
            int arrived = 0;
            int headerBytes = 14;
            for (byte[] piece : Cuts.every(1000, frame)) {
                arrived += piece.length;
                read(reader, piece);
                if (arrived < frame.length) {
                    assertThat(buffers.takenBytes()).isLessThanOrEqualTo(Math.max(4096, 2L * (arrived - headerBytes)));
                }
            }
            assertThat(recorder.events).hasSize(1);
            assertThat(buffers.takenBytes()).isZero();
        }

        @Test
        @DisplayName("F11 for tiny fragments as for one large one: at most 4 KiB, or twice the payload")
        void tinyFragments() throws Exception {
            MessageReader reader = reader(buffers, 5 * 1024 * 1024);
            read(reader, ClientFrame.binary((byte) 0).notFinal().bytes());
            byte[] one = ClientFrame.continuation("x").notFinal().bytes();
            for (int i = 1; i < 1024; i++) {
                read(reader, one);
            }
            assertThat(buffers.bytes()).isEqualTo(4096);
        }

        @Test
        @DisplayName(
                "F15 that it gives back however it ends: by the message, a violation, a close frame, or a lost connection")
        void givenBack() throws Exception {
            byte[] half = Arrays.copyOf(ClientFrame.text("x".repeat(10_000)).bytes(), 5000);
            List<byte[]> endings = List.of(
                    new byte[0],
                    new byte[] {(byte) 0xFF, (byte) 0xFF},
                    ClientFrame.close(1000).bytes());
            for (byte[] ending : endings) {
                MessageReader reader = reader(buffers, 100_000);
                read(reader, ClientFrame.text("x".repeat(5000)).notFinal().bytes());
                // half a ping, so that a control frame holds memory, too
                try {
                    if (ending.length > 0) {
                        read(reader, ending);
                    } else {
                        read(
                                reader,
                                Arrays.copyOf(ClientFrame.ping(new byte[100]).bytes(), 50));
                    }
                } catch (ProtocolViolation violation) {
                    assertThat(ending).hasSize(2);
                }
                assertThat(buffers.takenBytes()).isPositive();
                reader.release();
                reader.release();
                assertThat(buffers.takenBytes()).isZero();
            }
            MessageReader reader = reader(buffers, 100_000);
            read(reader, half);
            assertThat(reader.isInsideFrame()).isTrue();
            reader.release();
            assertThat(reader.isInsideFrame()).isFalse();
            assertThat(buffers.takenBytes()).isZero();
        }

        @Test
        @DisplayName("for no message that comes in one piece, nor for a control frame that does")
        void inPlace() throws Exception {
            MessageReader reader = reader(buffers, 100_000);
            read(
                    reader,
                    ClientFrame.join(
                            ClientFrame.text("hello"),
                            ClientFrame.binary(new byte[70_000]),
                            ClientFrame.ping((byte) 1),
                            ClientFrame.text("").notFinal(),
                            ClientFrame.continuation("x"),
                            ClientFrame.close(1000)));
            assertThat(recorder.events).hasSize(5);
            assertThat(buffers.bytes()).isZero();
            assertThat(reader.isDone()).isTrue();
        }

        @Test
        @Tag("exhaustive")
        @DisplayName("F16 and time in proportion: 5 MiB in segments of one byte")
        void oneByteSegments() throws Exception {
            byte[] payload = new byte[5 * 1024 * 1024];
            Arrays.fill(payload, (byte) 'x');
            byte[] frame = ClientFrame.text(payload).bytes();
            MessageReader reader = reader(buffers, payload.length);
            ByteBuffer in = ByteBuffer.wrap(frame);
            for (int i = 0; i < frame.length; i++) {
                reader.read(in.limit(i + 1).position(i), recorder);
            }
            assertThat(recorder.events).hasSize(1);
            assertThat(recorder.events.get(0)).hasSize("text ".length() + payload.length);
        }

        @Test
        @DisplayName("and keeps 16 MiB of it for the next messages, no more, and not for long")
        void kept() {
            List<MessageBuffer> taken = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                taken.add(buffers.take(1024 * 1024));
            }
            assertThat(buffers.takenBytes()).isEqualTo(20 * 1024 * 1024);
            taken.forEach(buffers::release);
            assertThat(buffers.takenBytes()).isZero();
            assertThat(buffers.bytes()).isEqualTo(16 * 1024 * 1024);
            MessageBuffer again = buffers.take(1024 * 1024);
            assertThat(taken).contains(again);
            // beyond 1 MiB it is an ordinary array, which nobody keeps
            MessageBuffer large = buffers.take(1024 * 1024 + 1);
            assertThat(large.capacity()).isEqualTo(1024 * 1024 + 1);
            buffers.release(large);
            buffers.release(again);
            assertThat(buffers.bytes()).isEqualTo(16 * 1024 * 1024);

            buffers.trim();
            buffers.release(buffers.take(1024 * 1024));
            assertThat(buffers.bytes()).isEqualTo(16 * 1024 * 1024);
            buffers.trim();
            assertThat(buffers.bytes()).as("one was needed").isEqualTo(1024 * 1024);
            buffers.trim();
            assertThat(buffers.bytes()).isZero();
        }
    }

    @Test
    void messageIsItsPayloadInEveryForm() throws ProtocolViolation {
        List<Message> copies = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        List<Message> shown = new ArrayList<>();
        MessageReader reader = reader(new MessageBuffers(), 1000);
        reader.read(
                ByteBuffer.wrap(Cuts.join(List.of(
                        ClientFrame.text("z\u00fcge").bytes(),
                        ClientFrame.binary(new byte[] {1, 2}).bytes()))),
                new Recorder() {
                    @Override
                    public boolean onMessage(MessageView message) {
                        if (message.isText()) {
                            seen.add(message.text());
                            assertThat(message.text()).isEqualTo(message.text());
                        } else {
                            assertThatIllegalStateException().isThrownBy(message::text);
                        }
                        seen.add(message.toString());
                        copies.add(message.copy());
                        shown.add(message);
                        return true;
                    }
                });
        assertThat(seen).containsExactly("z\u00fcge", "text message of 5 bytes", "binary message of 2 bytes");
        assertThat(copies).extracting(Message::isText).containsExactly(true, false);
        assertThat(copies.get(0).text()).isEqualTo("z\u00fcge");
        assertThat(copies.get(1).bytes()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
        assertThat(MessageView.payload(copies.get(1))).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
        assertThatIllegalStateException().as("after the call").isThrownBy(shown.get(0)::size);
    }

    @Test
    void readerKnowsWhetherItIsBetweenMessages() throws ProtocolViolation {
        MessageReader reader = reader(new MessageBuffers(), 1000);
        Recorder recorder = new Recorder();
        assertThat(reader.isBetweenMessages()).isTrue();
        reader.read(ByteBuffer.wrap(ClientFrame.text("a").notFinal().bytes()), recorder);
        assertThat(reader.isBetweenMessages()).as("between two frames").isFalse();
        reader.read(ByteBuffer.wrap(ClientFrame.ping("p").bytes()), recorder);
        assertThat(reader.isBetweenMessages()).as("behind a ping").isFalse();
        byte[] last = ClientFrame.continuation("b").bytes();
        reader.read(ByteBuffer.wrap(Arrays.copyOf(last, 1)), recorder);
        assertThat(reader.isBetweenMessages()).as("in a header").isFalse();
        reader.read(ByteBuffer.wrap(Arrays.copyOfRange(last, 1, last.length)), recorder);
        assertThat(reader.isBetweenMessages()).isTrue();
        reader.read(ByteBuffer.wrap(Arrays.copyOf(last, 0)), recorder);
        assertThat(recorder.events).containsExactly("ping p", "text ab");
    }

    @Test
    void inputThatWasReadLastIsNotKeptForLong() {
        MessageBuffers buffers = new MessageBuffers();
        ByteBuffer input = ByteBuffer.allocate(10);
        ByteBuffer view = buffers.viewOf(input);
        assertThat(buffers.viewOf(input)).isSameAs(view);
        buffers.trim();
        assertThat(buffers.viewOf(input)).isNotSameAs(view).isEqualTo(view);
    }

    @Nested
    @DisplayName("stops")
    class Stops {

        private final Recorder recorder = new Recorder();
        private final MessageReader reader = reader(new MessageBuffers(), 1000);

        @Test
        @DisplayName("behind each message or pong after which its sink wants no more, and leaves the rest in the input")
        void whenToldTo() throws Exception {
            byte[] stream = ClientFrame.join(
                    ClientFrame.text("a"),
                    ClientFrame.ping((byte) 'b'),
                    ClientFrame.pong((byte) 'c'),
                    ClientFrame.text("d"));
            ByteBuffer in = ByteBuffer.wrap(stream);
            for (int i = 1; in.hasRemaining(); i++) {
                recorder.stopAfter = i;
                reader.read(in, recorder);
            }
            assertThat(recorder.events).containsExactly("text a", "ping b", "pong c", "text d");
            recorder.events.clear();
            recorder.stopAfter = 1;
            reader.read(ByteBuffer.wrap(ClientFrame.text("a").bytes()), recorder);
            assertThat(recorder.events).containsExactly("text a");
        }

        @Test
        @DisplayName("behind a close frame, for good")
        void behindAClose() throws Exception {
            byte[] stream = ClientFrame.join(ClientFrame.close(1000), ClientFrame.text("a"));
            ByteBuffer in = ByteBuffer.wrap(stream);
            reader.read(in, recorder);
            assertThat(in.remaining()).isEqualTo(ClientFrame.text("a").bytes().length);
            reader.read(in, recorder);
            assertThat(recorder.events).containsExactly("close 1000");
            assertThat(reader.isDone()).isTrue();
            assertThat(reader.isInsideFrame()).isFalse();
        }

        @Test
        @DisplayName("F16 in the middle of every header, and knows that it is inside a frame")
        void insideAFrame() throws Exception {
            byte[] frame = ClientFrame.binary(new byte[70_000]).bytes();
            for (int cut = 0; cut <= 20; cut++) {
                MessageReader fresh = reader(new MessageBuffers(), 100_000);
                fresh.read(ByteBuffer.wrap(Arrays.copyOf(frame, cut)), recorder);
                assertThat(fresh.isInsideFrame()).isEqualTo(cut > 0);
            }
        }
    }

    @Test
    @DisplayName("F16 gives the same whichever of its header bytes a frame is cut at")
    void frameIsReadTheSameWhereverItsHeaderIsCut() {
        for (int length : new int[] {0, 5, 200, 70_000}) {
            byte[] payload = new byte[length];
            byte[] stream = ClientFrame.join(ClientFrame.binary(payload), ClientFrame.ping((byte) 1));
            for (int cut = 0; cut <= 15; cut++) {
                ECHO.arrives(Cuts.at(Math.min(cut, stream.length), stream))
                        .assertAnswers(ServerFrame.binary(payload), ServerFrame.pong((byte) 1))
                        .assertStaysOpen();
            }
        }
    }

    @Test
    @DisplayName(
            "F15 F16 says the same of a stream as a plain reading of the RFC, however it is cut: seeded streams, half of them broken")
    void readerAgreesWithAPlainReadingOfTheRfcOnRandomStreams() throws Exception {
        int seeds = Integer.getInteger("seeds", 1500);
        for (int seed = 0; seed < seeds; seed++) {
            Random random = new Random(seed);
            byte[] stream = StreamGrammar.stream(random);
            List<String> expected = new PlainReader(200, 8, 4).read(stream);
            assertThat(events(List.of(stream))).as("seed %d, whole", seed).isEqualTo(expected);
            assertThat(events(Cuts.every(1, stream)))
                    .as("seed %d, byte by byte", seed)
                    .isEqualTo(expected);
            for (int cuts = 0; cuts < 3; cuts++) {
                assertThat(events(Cuts.random(seed * 10L + cuts, stream)))
                        .as("seed %d, cut %d", seed, cuts)
                        .isEqualTo(expected);
            }
        }
    }

    private static List<String> events(List<byte[]> pieces) {
        Recorder recorder = new Recorder();
        MessageBuffers buffers = new MessageBuffers();
        MessageReader reader = new MessageReader(buffers, new MessageLimits(200, 8, 4));
        int direct = 0;
        try {
            for (byte[] piece : pieces) {
                ByteBuffer in = direct++ % 2 == 0
                        ? ByteBuffer.allocateDirect(piece.length + 3).position(3)
                        : ByteBuffer.allocate(piece.length + 3).position(3);
                in.put(piece).flip().position(3);
                reader.read(in, recorder);
            }
        } catch (ProtocolViolation violation) {
            recorder.events.add("fail " + violation.status().code());
        }
        reader.release();
        assertThat(buffers.takenBytes()).isZero();
        return recorder.events;
    }
}
