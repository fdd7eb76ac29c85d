package io.hexsocket.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.message.MessageView;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Beside the readers of Netty and Jetty, ours")
class OtherReadersTest {

    private static final int LIMIT = 1024 * 1024;
    private static final int STREAMS = 15_000;

    /** A reader of somebody else. */
    private enum Other {
        NETTY,
        JETTY;

        List<String> read(byte[] stream) {
            return this == NETTY ? NettyReader.read(stream, LIMIT) : JettyReader.read(stream, LIMIT);
        }
    }

    /** What may be different, and why ours is right. */
    private enum Difference {
        /** Both wait for a whole header or frame; ours fails at the first byte that is wrong, so that nothing is stored for it. */
        LATER(Other.NETTY, Other.JETTY) {
            @Override
            boolean explains(byte[] stream, Ours ours, List<String> theirs) {
                return ours.failed() && ours.frame.isCutOff && theirs.equals(ours.before());
            }
        },
        /** Netty sees a close frame of one byte, and Jetty a length beyond the limit, before the frame or the length is complete. */
        EARLIER(Other.NETTY, Other.JETTY) {
            @Override
            boolean explains(byte[] stream, Ours ours, List<String> theirs) {
                byte[] longer = Arrays.copyOf(stream, stream.length + 16);
                Ours later = Ours.of(longer);
                return !ours.failed() && (theirs.equals(later.events) || TWO_FAULTS.explains(longer, later, theirs));
            }
        },
        /** 5.2: "the minimal number of bytes MUST be used to encode the length": Jetty does not insist. */
        LENGTH_IN_MORE_BYTES(Other.JETTY) {
            @Override
            boolean explains(byte[] stream, Ours ours, List<String> theirs) {
                return ours.fails(1002) && ours.frame.isLengthened() && startsWith(theirs, ours.before());
            }
        },
        /** 7.4.2 defines codes up to 4999: Netty takes any from 3000 on. */
        CLOSE_CODE_FROM_5000_ON(Other.NETTY) {
            @Override
            boolean explains(byte[] stream, Ours ours, List<String> theirs) {
                return ours.fails(1002)
                        && ours.frame.closeCode() >= 5000
                        && theirs.size() == ours.events.size()
                        && startsWith(theirs, ours.before())
                        && theirs.get(theirs.size() - 1).startsWith("close " + ours.frame.closeCode());
            }
        },
        /** 5.5.1: a reason is UTF-8: Netty does not see that it ends inside a code point. */
        REASON_CUT_OFF(Other.NETTY) {
            @Override
            boolean explains(byte[] stream, Ours ours, List<String> theirs) {
                return ours.fails(1007)
                        && ours.frame.closeCode() > 0
                        && theirs.size() == ours.events.size()
                        && startsWith(theirs, ours.before())
                        && theirs.get(theirs.size() - 1).startsWith("close " + ours.frame.closeCode());
            }
        },
        /** A frame breaks a rule, and besides is not UTF-8 or beyond the limit: 7.4.1 does not say which code goes first. */
        TWO_FAULTS(Other.NETTY, Other.JETTY) {
            @Override
            boolean explains(byte[] stream, Ours ours, List<String> theirs) {
                String other = theirs.isEmpty() ? "" : theirs.get(theirs.size() - 1);
                return ours.fails(1002)
                        && theirs.size() == ours.events.size()
                        && startsWith(theirs, ours.before())
                        && (other.equals("fail 1007") && !ours.frame.isUtf8()
                                || other.equals("fail 1009") && ours.frame.isTooLong());
            }
        };

        private final Set<Other> others;

        Difference(Other... others) {
            this.others = EnumSet.copyOf(List.of(others));
        }

        abstract boolean explains(byte[] stream, Ours ours, List<String> theirs);

        static boolean startsWith(List<String> all, List<String> beginning) {
            return all.size() >= beginning.size()
                    && all.subList(0, beginning.size()).equals(beginning);
        }
    }

    /**
     * What our reader makes of a stream.
     *
     * @param events in the words of {@link PlainReader}
     * @param frame the frame in which it fails, or the last
     */
    private record Ours(List<String> events, RawFrame frame) {

        static Ours of(byte[] stream) {
            Recorder recorder = new Recorder();
            MessageReader reader = new MessageReader(new MessageBuffers(), new MessageLimits(LIMIT, 1 << 20, 0));
            int at = 0;
            try {
                for (; at < stream.length; at++) {
                    reader.read(ByteBuffer.wrap(new byte[] {stream[at]}), recorder);
                }
            } catch (ProtocolViolation violation) {
                recorder.events.add("fail " + violation.status().code());
            }
            return new Ours(recorder.events, RawFrame.around(stream, at));
        }

        boolean failed() {
            return !events.isEmpty() && events.get(events.size() - 1).startsWith("fail ");
        }

        boolean fails(int code) {
            return !events.isEmpty() && events.get(events.size() - 1).equals("fail " + code);
        }

        List<String> before() {
            return events.subList(0, events.size() - 1);
        }
    }

    /** A frame as it stands in a stream, by whatever rule. */
    private record RawFrame(int opcode, int lengthBytes, long length, byte[] payload, boolean isCutOff) {

        /** The frame that holds a byte; every one before it is by the rules. */
        static RawFrame around(byte[] stream, int index) {
            int at = 0;
            while (true) {
                ByteBuffer in = ByteBuffer.wrap(Arrays.copyOf(stream, stream.length + 16))
                        .position(at);
                int opcode = in.get() & 0xF;
                int second = in.get() & 0xFF;
                int lengthBytes = (second & 0x7F) < 126 ? 1 : (second & 0x7F) == 126 ? 2 : 8;
                long length =
                        lengthBytes == 1 ? second & 0x7F : lengthBytes == 2 ? in.getShort() & 0xFFFF : in.getLong();
                byte[] key = new byte[second > 127 ? 4 : 0];
                in.get(key);
                long end = in.position() + length;
                if (length < 0 || end > stream.length || index < end) {
                    boolean cutOff = length < 0 || end > stream.length;
                    int there = cutOff ? Math.max(0, stream.length - in.position()) : (int) length;
                    byte[] payload = new byte[there];
                    in.get(payload);
                    for (int i = 0; i < there && key.length > 0; i++) {
                        payload[i] ^= key[i & 3];
                    }
                    return new RawFrame(opcode, lengthBytes, length, payload, cutOff);
                }
                at = (int) end;
            }
        }

        boolean isLengthened() {
            return lengthBytes == 2 && length < 126 || lengthBytes == 8 && length >= 0 && length < 65536;
        }

        boolean isTooLong() {
            return length < 0 || length > LIMIT;
        }

        int closeCode() {
            return opcode == 0x8 && payload.length > 1
                    ? ByteBuffer.wrap(payload).getShort() & 0xFFFF
                    : 0;
        }

        boolean isUtf8() {
            int from = opcode == 0x8 ? Math.min(2, payload.length) : 0;
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload, from, payload.length - from));
                return true;
            } catch (CharacterCodingException not) {
                return false;
            }
        }
    }

    private static final class Recorder implements MessageSink {

        final List<String> events = new ArrayList<>();

        @Override
        public boolean onMessage(MessageView message) {
            byte[] bytes = new byte[message.size()];
            message.bytes().get(bytes);
            events.add((message.isText() ? "text " : "binary ") + new String(bytes, StandardCharsets.ISO_8859_1));
            return true;
        }

        @Override
        public boolean onPing(ByteBuffer payload) {
            events.add("ping " + StandardCharsets.ISO_8859_1.decode(payload));
            return true;
        }

        @Override
        public boolean onPong(ByteBuffer payload) {
            events.add("pong " + StandardCharsets.ISO_8859_1.decode(payload));
            return true;
        }

        @Override
        public void onCloseFrame(CloseStatus status) {
            events.add(PlainReader.close(status.code(), status.reason()));
        }
    }

    @ParameterizedTest
    @Tag("exhaustive")
    @EnumSource
    @DisplayName("reads seeded streams, half of them broken, as they do, but for the differences in the list")
    void readerAgreesWithNettyAndJettyButForListedDifferences(Other other) {
        Set<Difference> seen = EnumSet.noneOf(Difference.class);
        for (int seed = 0; seed < STREAMS; seed++) {
            byte[] stream = StreamGrammar.stream(new Random(seed));
            Ours ours = Ours.of(stream);
            List<String> theirs = other.read(stream);
            if (!theirs.equals(ours.events)) {
                seen.add(explanation(other, "seed " + seed, stream, ours, theirs));
            }
        }
        for (Difference difference : Difference.values()) {
            assertThat(seen.contains(difference))
                    .as("%s is needed", difference)
                    .isEqualTo(difference.others.contains(other));
        }
    }

    private static Difference explanation(Other other, String what, byte[] stream, Ours ours, List<String> theirs) {
        for (Difference difference : Difference.values()) {
            if (difference.others.contains(other) && difference.explains(stream, ours, theirs)) {
                return difference;
            }
        }
        return fail("%s: %s\nours %s\n%s %s\n".formatted(what, HexFormat.of().formatHex(stream), ours, other, theirs));
    }

    @ParameterizedTest
    @CsvSource({
        "NETTY, LATER, 83, '', 'fail 1002'",
        "JETTY, LATER, 8101, '', 'fail 1002'",
        "NETTY, LATER, 818500000000ff, '', 'fail 1007'",
        "JETTY, LATER, 818500000000ff, '', 'fail 1007'",
        "NETTY, EARLIER, 8881, 'fail 1002', ''",
        "JETTY, EARLIER, 82ff7f, 'fail 1009', ''",
        "JETTY, LENGTH_IN_MORE_BYTES, 81fe00010000000061, 'text a', 'fail 1002'",
        "JETTY, LENGTH_IN_MORE_BYTES, 81ff00000000000000010000000061, 'text a', 'fail 1002'",
        "JETTY, TWO_FAULTS, 82ff8000000000000001, 'fail 1009', 'fail 1002'",
        "NETTY, CLOSE_CODE_FROM_5000_ON, 8882000000001388, 'close 5000', 'fail 1002'",
        "NETTY, REASON_CUT_OFF, 88830000000003e8c3, 'close 1000 \ufffd', 'fail 1007'",
        "NETTY, TWO_FAULTS, 8883000000001388ff, 'fail 1007', 'fail 1002'",
        "JETTY, TWO_FAULTS, d8830000000003e8ff, 'fail 1007', 'fail 1002'"
    })
    @DisplayName("differs in exactly what the list says")
    void everyListedDifferenceIsOne(Other other, Difference difference, String hex, String theirs, String ours) {
        byte[] stream = HexFormat.of().parseHex(hex);
        List<String> read = other.read(stream);
        Ours own = Ours.of(stream);
        assertThat(read).isEqualTo(theirs.isEmpty() ? List.of() : List.of(theirs));
        assertThat(own.events).isEqualTo(ours.isEmpty() ? List.of() : List.of(ours));
        assertThat(explanation(other, hex, stream, own, read)).isEqualTo(difference);
    }
}
