package io.hexsocket.core.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A raw reader")
class RawReaderTest {

    private static final int LIMIT = RawLimits.DEFAULT.messageBytes();

    @Nested
    @DisplayName("takes objects")
    class Objects {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{}", "{\"opcode\":\"echo\"}", "{\"a\":{\"b\":[{},[]]}}", "{ \"a\" : 1 }", "{\"a\":\"}\"}",
                            "{\"a\":\"{[\"}",
                    "{\"a\":\"\\\"}\"}", "{\"a\":\"\\\\\"}", "{\"a\":\"\\\\\\\"}\"}", "{\"a\":\"\\u007d}\"}",
                            "{\"}\":0}", "{\"a\":\"\u00E4\u20AC\uD83D\uDE00\"}",
                    "{\"\uFF5D\":\"\u007F\"}", "{\"a\":\"bufferON\"}", "{bufferOFF}", "{]"
                })
        @DisplayName("B5 cut anywhere, also within escapes and code points")
        void cutAnywhere(String object) {
            assertThat(Arrivals.outcome(object).messages()).containsExactly(object);
            byte[] bytes = object.getBytes(StandardCharsets.UTF_8);
            for (int cut = 1; cut < bytes.length; cut++) {
                List<ByteBuffer> two =
                        List.of(ByteBuffer.wrap(bytes, 0, cut), ByteBuffer.wrap(bytes, cut, bytes.length - cut));
                assertThat(Arrivals.bring(two, RawLimits.DEFAULT).messages()).containsExactly(object);
            }
        }

        @Test
        @DisplayName("B5 two in one segment as two, whatever white space is around them")
        void twoInOne() {
            assertThat(Arrivals.outcome("{\"a\":1}{\"b\":2}").messages()).containsExactly("{\"a\":1}", "{\"b\":2}");
            assertThat(Arrivals.outcome("\n \t\r\n{}\r\n\r\n{ }\n").messages()).containsExactly("{}", "{ }");
        }

        @Test
        @DisplayName("B4 after the empty line that some clients send behind their hello")
        void afterAnEmptyLine() {
            assertThat(Arrivals.outcome("\n{}").messages()).containsExactly("{}");
            assertThat(Arrivals.outcome(" \t\r\n").messages()).isEmpty();
        }

        @Test
        @DisplayName("B5 and knows whether it is inside one")
        void insideOne() {
            assertThat(Arrivals.outcome("{\"a\":\"").insideMessage()).isTrue();
            assertThat(Arrivals.outcome("{").insideMessage()).isTrue();
            assertThat(Arrivals.outcome("{}").insideMessage()).isFalse();
            assertThat(Arrivals.outcome("{} \n").insideMessage()).isFalse();
            assertThat(Arrivals.outcome("").insideMessage()).isFalse();
            assertThat(Arrivals.outcome("bufferO").insideMessage()).isTrue();
            assertThat(Arrivals.outcome("bufferOFF").insideMessage()).isFalse();
        }

        @Test
        @DisplayName("B5 of exactly the limit, and ends with 1009 at the byte after it")
        void limit() {
            RawLimits limits = new RawLimits(100, 64);
            String exact = "{\"a\":\"" + "x".repeat(92) + "\"}";
            assertThat(exact).hasSize(100);
            assertThat(Arrivals.outcome(exact + exact, limits).messages()).containsExactly(exact, exact);

            String longer = "{\"a\":\"" + "x".repeat(93) + "\"}";
            assertViolation(1009, Arrivals.outcome(longer, limits));
            assertViolation(1009, Arrivals.outcome(longer.substring(0, 101), limits));
            assertThat(Arrivals.outcome(longer.substring(0, 100), limits).insideMessage())
                    .isTrue();
        }

        @Test
        @DisplayName("B5 but hands over what came before one that is too long")
        void messagesBeforeAViolation() {
            Arrivals.Outcome outcome = Arrivals.outcome("{}{\"a\":12345}", new RawLimits(8, 64));
            assertThat(outcome.messages()).containsExactly("{}");
            assertViolation(1009, outcome);
        }

        @Test
        @DisplayName("B5 of a depth of 64, and ends with 1008 at the 65th level")
        void depth() {
            String deepest = "{\"a\":".repeat(64) + "0" + "}".repeat(64);
            assertThat(Arrivals.outcome(deepest).messages()).containsExactly(deepest);
            assertViolation(1008, Arrivals.outcome("{\"a\":".repeat(65)));
            assertViolation(1008, Arrivals.outcome("{" + "[".repeat(64)));
            assertThat(Arrivals.outcome("{" + "[".repeat(63)).insideMessage()).isTrue();
        }

        @Test
        @DisplayName("B5 but not of a depth of 100 000")
        void depthOf100000() {
            assertViolation(1008, Arrivals.outcome("{\"a\":".repeat(100_000)));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "}{",
                    "}",
                    "[1]",
                    "\"a\"",
                    "0",
                    "null",
                    "x{}",
                    "{}x",
                    "{},{}",
                    "{}}",
                    "\uFEFF{}",
                    "\0{}",
                    "GET / HTTP/1.1\r\n",
                    "\u000B{}",
                    "\u00A0{}"
                })
        @DisplayName("B5 B8 and ends with 1002 at anything else")
        void garbage(String text) {
            assertViolation(1002, Arrivals.outcome(text));
        }

        @Test
        @DisplayName("B8 and leaves it to its handler to find what is not UTF-8, unchanged")
        void notUtf8() throws RawViolation {
            byte[] bytes = {'{', '"', (byte) 0xC3, '(', (byte) 0xFF, '"', '}'};
            List<byte[]> messages = new ArrayList<>();
            new RawReader(RawLimits.DEFAULT, message -> {
                        byte[] copy = new byte[message.remaining()];
                        message.get(copy);
                        return messages.add(copy);
                    })
                    .read(ByteBuffer.wrap(bytes));
            assertThat(messages).containsExactly(bytes);
        }

        @Test
        @Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
        @DisplayName("B5 of 5 MiB in segments of one byte with linear work, and never-ending strings up to the limit")
        void linearWork() throws RawViolation {
            byte[] bytes = ("{\"a\":\"" + "x".repeat(LIMIT - 8) + "\"}").getBytes(StandardCharsets.UTF_8);
            int[] lengths = new int[2];
            RawReader reader = new RawReader(RawLimits.DEFAULT, message -> {
                lengths[0]++;
                lengths[1] += message.remaining();
                return true;
            });
            int heldAtMost = 0;
            ByteBuffer in = ByteBuffer.wrap(bytes);
            for (int i = 0; i < bytes.length; i++) {
                reader.read(in.limit(i + 1));
                heldAtMost = Math.max(heldAtMost, reader.heldBytes());
            }
            assertThat(lengths).containsExactly(1, LIMIT);
            assertThat(heldAtMost).isLessThanOrEqualTo(LIMIT);
            assertThat(reader.heldBytes()).isZero();

            byte[] endless = new byte[64 * 1024];
            Arrays.fill(endless, (byte) 'x');
            reader.read(ByteBuffer.wrap("{\"".getBytes(StandardCharsets.UTF_8)));
            RawViolation violation = catchThrowableOfType(RawViolation.class, () -> {
                while (true) {
                    reader.read(ByteBuffer.wrap(endless));
                    assertThat(reader.heldBytes()).isLessThanOrEqualTo(LIMIT);
                }
            });
            assertThat(violation.code()).isEqualTo(1009);
            assertThat(reader.heldBytes()).isLessThanOrEqualTo(LIMIT);
        }

        @Test
        @DisplayName("B5 and holds about what has come of one, and nothing of one that comes whole")
        void holdsWhatCame() throws RawViolation {
            RawReader reader = new RawReader(RawLimits.DEFAULT, message -> true);
            reader.read(ByteBuffer.wrap(("{\"a\":\"" + "x".repeat(10_000) + "\"}").getBytes(StandardCharsets.UTF_8)));
            assertThat(reader.heldBytes()).isZero();
            for (int i = 0; i < 10_000; i++) {
                reader.read(ByteBuffer.wrap(new byte[] {(byte) (i == 0 ? '{' : 'x')}));
                assertThat(reader.heldBytes()).isLessThanOrEqualTo(Math.max(1024, 2 * (i + 1)));
            }
        }
    }

    @Nested
    @DisplayName("takes words")
    class Words {

        @Test
        @DisplayName("B8 cut anywhere, buff+erON too")
        void cutAnywhere() {
            for (int cut = 1; cut < "bufferON".length(); cut++) {
                assertThat(Arrivals.ofArrivals("bufferON".substring(0, cut), "bufferON".substring(cut))
                                .messages())
                        .containsExactly("bufferON");
            }
            assertThat(Arrivals.outcome("bufferON").messages()).containsExactly("bufferON");
            assertThat(Arrivals.outcome("bufferOFF").messages()).containsExactly("bufferOFF");
            assertThat(Arrivals.outcome("{} bufferOFF").messages()).containsExactly("{}", "bufferOFF");
        }

        @Test
        @DisplayName("B8 with white space behind them")
        void withWhiteSpace() {
            assertThat(Arrivals.ofArrivals("bufferON\r\n", "x", "bufferOFF").messages())
                    .containsExactly("bufferON", "x", "bufferOFF");
            assertThat(Arrivals.outcome("bufferOFF \t\r\n").messages()).containsExactly("bufferOFF");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "bufferON{\"a\":1}",
                    "bufferON\n{",
                    "bufferONbufferOFF",
                    "bufferON bufferON",
                    "bufferOFF{}",
                    "bufferOFFF"
                })
        @DisplayName("B8 but ends with 1002 if anything is glued to one, before handing it over")
        void glued(String arrival) {
            Arrivals.Outcome outcome = Arrivals.ofArrivals(arrival);
            assertViolation(1002, outcome);
            assertThat(outcome.messages()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "bx",
                    "bufferon",
                    "BUFFERON",
                    "bufferO{",
                    "bufferOF\n",
                    "buffer ON",
                    "bufferOFN",
                    "bufferONE",
                    "buff\u00E9r"
                })
        @DisplayName("B8 but ends with 1002 at a word that is none of them")
        void otherWords(String word) {
            assertViolation(1002, Arrivals.ofArrivals(word));
        }
    }

    @Nested
    @DisplayName("takes chunks between bufferON and bufferOFF")
    class Chunks {

        @Test
        @DisplayName("A13 one for each arrival, whatever is in it")
        void oneForEachArrival() {
            assertThat(Arrivals.ofArrivals(
                                    "bufferON",
                                    "{\"a\":\"x",
                                    "}{",
                                    " \n",
                                    "bufferO",
                                    "FF",
                                    "bufferON",
                                    "y\"}",
                                    "bufferOFF",
                                    "{}")
                            .messages())
                    .containsExactly(
                            "bufferON",
                            "{\"a\":\"x",
                            "}{",
                            " \n",
                            "bufferO",
                            "FF",
                            "bufferON",
                            "y\"}",
                            "bufferOFF",
                            "{}");
        }

        @ParameterizedTest
        @ValueSource(strings = {"bufferOFF\n", " bufferOFF", "xbufferOFF", "bufferOFF{}", "bufferOF"})
        @DisplayName("A13 and bufferOFF only if it is exactly one arrival")
        void exactlyOff(String arrival) {
            assertThat(Arrivals.ofArrivals("bufferON", arrival, "{", "bufferOFF", "{}")
                            .messages())
                    .containsExactly("bufferON", arrival, "{", "bufferOFF", "{}");
        }

        @Test
        @DisplayName(
                "A13 ON while on is a chunk, and OFF while off a message: what they mean is for the dialogue to say")
        void onOnAndOff() {
            assertThat(Arrivals.ofArrivals("bufferON", "bufferON", "bufferOFF", "bufferOFF")
                            .messages())
                    .containsExactly("bufferON", "bufferON", "bufferOFF", "bufferOFF");
        }

        @Test
        @DisplayName("A13 and objects again after bufferOFF")
        void objectsAgain() {
            Arrivals.Outcome outcome = Arrivals.ofArrivals("bufferON", "x", "bufferOFF", "{}{}", " {", "}x");
            assertThat(outcome.messages()).containsExactly("bufferON", "x", "bufferOFF", "{}", "{}", "{}");
            assertViolation(1002, outcome);
        }

        @Test
        @DisplayName("A13 of 24 576 bytes in one arrival, which is 6144 characters of the PHP client at most")
        void largeChunk() {
            String chunk = "\uD83D\uDE00".repeat(6144);
            assertThat(Arrivals.ofArrivals("bufferON", chunk, "bufferOFF").messages())
                    .containsExactly("bufferON", chunk, "bufferOFF");
        }

        @Test
        @DisplayName("A13 each of them text by itself, and joined what was sent, wherever code points were cut")
        void cutCodePoints() throws RawViolation {
            String text = "\u00E4\u20AC\uD83D\uDE00a";
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            for (int size = 1; size <= bytes.length; size++) {
                List<String> messages = new ArrayList<>();
                RawReader reader = new RawReader(RawLimits.DEFAULT, message -> {
                    String strict = new String(toBytes(message), StandardCharsets.UTF_8);
                    assertThat(strict).doesNotContain("\uFFFD");
                    return messages.add(strict);
                });
                reader.read(ByteBuffer.wrap("bufferON".getBytes(StandardCharsets.UTF_8)));
                for (ByteBuffer arrival : Arrivals.cut(bytes, size)) {
                    reader.read(arrival);
                }
                reader.read(ByteBuffer.wrap("bufferOFF".getBytes(StandardCharsets.UTF_8)));

                assertThat(messages).hasSize(2 + (bytes.length + size - 1) / size);
                assertThat(String.join("", messages)).isEqualTo("bufferON" + text + "bufferOFF");
            }
        }

        @Test
        @DisplayName("A13 B8 and ends with 1007 if the last of them ends within a code point")
        void endsWithinACodePoint() {
            List<ByteBuffer> arrivals = List.of(
                    ByteBuffer.wrap("bufferON".getBytes(StandardCharsets.UTF_8)),
                    ByteBuffer.wrap(new byte[] {'a', (byte) 0xE2, (byte) 0x82}),
                    ByteBuffer.wrap("bufferOFF".getBytes(StandardCharsets.UTF_8)));
            Arrivals.Outcome outcome = Arrivals.bring(arrivals, RawLimits.DEFAULT);
            assertViolation(1007, outcome);
            assertThat(outcome.messages()).containsExactly("bufferON", "a");
        }

        @Test
        @DisplayName("A13 B8 and hands on what is no UTF-8 unchanged, holding at most three bytes back")
        void notUtf8() throws RawViolation {
            List<byte[]> chunks = new ArrayList<>();
            RawReader reader = new RawReader(RawLimits.DEFAULT, message -> chunks.add(toBytes(message)));
            reader.read(ByteBuffer.wrap("bufferON".getBytes(StandardCharsets.UTF_8)));
            chunks.clear();
            byte[][] arrivals = {
                {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80},
                {(byte) 0xFF},
                {(byte) 0xF0, (byte) 0x9F},
                {(byte) 0xC3, '('},
                {'a'}
            };
            for (byte[] arrival : arrivals) {
                reader.read(ByteBuffer.wrap(arrival));
                assertThat(reader.isInsideMessage()).isFalse();
            }
            assertThat(chunks)
                    .containsExactly(
                            new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80},
                            new byte[0],
                            new byte[] {(byte) 0xFF},
                            new byte[] {(byte) 0xF0, (byte) 0x9F, (byte) 0xC3, '('},
                            new byte[] {'a'});
        }

        @Test
        @DisplayName("A13 and holds nothing of them")
        void holdsNothing() throws RawViolation {
            RawReader reader = new RawReader(RawLimits.DEFAULT, message -> true);
            reader.read(ByteBuffer.wrap("bufferON".getBytes(StandardCharsets.UTF_8)));
            for (int i = 0; i < 1000; i++) {
                reader.read(ByteBuffer.wrap("{\"a\":1}".getBytes(StandardCharsets.UTF_8)));
                assertThat(reader.heldBytes()).isZero();
                assertThat(reader.isInsideMessage()).isFalse();
            }
        }

        @Test
        @DisplayName("A13 and ends with 1009 at one that is longer than the limit")
        void limit() {
            RawLimits limits = new RawLimits(16, 64);
            ByteBuffer on = ByteBuffer.wrap("bufferON".getBytes(StandardCharsets.UTF_8));
            assertThat(Arrivals.bring(List.of(on.duplicate(), ByteBuffer.wrap(new byte[16])), limits)
                            .violation())
                    .isNull();
            assertViolation(1009, Arrivals.bring(List.of(on.duplicate(), ByteBuffer.wrap(new byte[17])), limits));
        }
    }

    @Nested
    @DisplayName("stops when its handler says so")
    class Stops {

        @Test
        @DisplayName("B7 and leaves the rest, so that no second message is handed over while an answer is due")
        void leavesTheRest() throws RawViolation {
            List<String> messages = new ArrayList<>();
            RawReader reader = new RawReader(RawLimits.DEFAULT, message -> {
                messages.add(Arrivals.utf8(message));
                return false;
            });
            ByteBuffer in = ByteBuffer.wrap("{\"a\":1}{\"b\":2} {\"c\":3".getBytes(StandardCharsets.UTF_8));

            reader.read(in);
            assertThat(messages).containsExactly("{\"a\":1}");
            assertThat(Arrivals.utf8(in)).isEqualTo("{\"b\":2} {\"c\":3");

            reader.read(in);
            assertThat(messages).containsExactly("{\"a\":1}", "{\"b\":2}");

            reader.read(in);
            assertThat(in.hasRemaining()).isFalse();
            reader.read(ByteBuffer.wrap("}\n".getBytes(StandardCharsets.UTF_8)));
            assertThat(messages).containsExactly("{\"a\":1}", "{\"b\":2}", "{\"c\":3}");
        }

        @Test
        @DisplayName("and does not look at what is behind: a closed connection has no further violations")
        void doesNotLookBehind() throws RawViolation {
            RawReader reader = new RawReader(RawLimits.DEFAULT, message -> false);
            ByteBuffer in = ByteBuffer.wrap("{}}".getBytes(StandardCharsets.UTF_8));
            reader.read(in);
            assertThat(in.remaining()).isEqualTo(1);
        }

        @Test
        @DisplayName("and goes on after its handler has thrown as if the message had been taken")
        void afterTheHandlerHasThrown() throws RawViolation {
            List<String> messages = new ArrayList<>();
            RawReader reader = new RawReader(RawLimits.DEFAULT, message -> {
                messages.add(Arrivals.utf8(message));
                if (messages.size() % 2 == 1) {
                    throw new IllegalStateException("from the handler");
                }
                return true;
            });
            ByteBuffer in = ByteBuffer.wrap("{\"a\":1}{}bufferON".getBytes(StandardCharsets.UTF_8));
            assertThatThrownBy(() -> reader.read(in)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> reader.read(in)).isInstanceOf(IllegalStateException.class);
            reader.read(ByteBuffer.wrap("{".getBytes(StandardCharsets.UTF_8)));
            assertThat(messages).containsExactly("{\"a\":1}", "{}", "bufferON", "{");
        }
    }

    @Test
    @DisplayName("B8 has violations without stack traces, and with nothing in them that the client sent")
    void violationsHaveNoStackTraceAndNothingOfTheClients() {
        RawViolation violation = Arrivals.outcome("SECRET").violation();
        assertThat(violation.getStackTrace()).isEmpty();
        assertThat(violation.reason()).isNotEmpty().doesNotContain("SECRET");
    }

    @Test
    @DisplayName("has limits that leave room for an object")
    void limitsLeaveRoomForAnObject() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RawLimits(1, 64));
        assertThatIllegalArgumentException().isThrownBy(() -> new RawLimits(2, 0));
    }

    private static byte[] toBytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static void assertViolation(int code, Arrivals.Outcome outcome) {
        assertThat(outcome.violation()).as(outcome.description()).isNotNull();
        assertThat(outcome.violation().code()).isEqualTo(code);
    }
}
