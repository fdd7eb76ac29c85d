package io.hexsocket.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.port.cluster.Envelope;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCodecTest {

    private static final FrameCodec CODEC = FrameCodec.CODEC;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNREADABLE")
    void frameIsReadAsItWasWritten(Frame.Type type) {
        Frame frame = Frame.of(type, "node-1", 1, Long.MAX_VALUE, "t:ü\0", new Envelope(255, new byte[] {1, 2, 3}));
        ByteBuffer bytes = CODEC.encodeValue(frame);
        assertThat(bytes.remaining()).isEqualTo(CODEC.estimateSize(frame));
        Frame read = CODEC.decodeValue(bytes);
        assertThat(read.type()).isEqualTo(type);
        assertThat(read.origin()).isEqualTo("node-1");
        assertThat(read.a()).isEqualTo(1);
        assertThat(read.b()).isEqualTo(Long.MAX_VALUE);
        assertThat(read.text()).isEqualTo("t:ü\0");
        assertThat(read.envelope()).isEqualTo(frame.envelope());
    }

    @Test
    void whatIsTooShortOrOfAnotherVersionOrTypeIsUnreadable() {
        byte[] whole = new byte[26];
        CODEC.encodeValue(Frame.of(Frame.Type.HERE, "node")).get(whole);
        for (int length = 0; length < whole.length; length++) {
            assertThat(CODEC.decodeValue(ByteBuffer.wrap(whole, 0, length)))
                    .as("%d bytes", length)
                    .isSameAs(Frame.UNREADABLE);
        }
        for (int numbers : new int[] {6, 14}) {
            byte[] negative = whole.clone();
            negative[numbers] = (byte) 0x80;
            assertThat(CODEC.decodeValue(ByteBuffer.wrap(negative))).isSameAs(Frame.UNREADABLE);
        }
        for (int first = 0; first < 2; first++) {
            byte[] strange = whole.clone();
            strange[first] = 99;
            assertThat(CODEC.decodeValue(ByteBuffer.wrap(strange))).isSameAs(Frame.UNREADABLE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bad!name",
                "a b",
                "n\u00FC",
                "a\n",
                "0123456789012345678901234567890123456789012345678901234567890123+"
            })
    void frameOfWhatIsNoNodesNameIsUnreadable(String origin) {
        assertThat(CODEC.decodeValue(CODEC.encodeValue(Frame.of(Frame.Type.HELLO, origin))))
                .isSameAs(Frame.UNREADABLE);
    }

    @Test
    void listOfStringsIsReadAsItWasWrittenAndUpToWhereItBreaks() {
        List<String> strings = List.of("", "a\0b", "ü".repeat(500));
        byte[] payload = Frame.list(strings);
        assertThat(list(payload)).isEqualTo(strings);
        assertThat(list(java.util.Arrays.copyOf(payload, payload.length - 1))).isEqualTo(strings.subList(0, 2));
    }

    private static List<String> list(byte[] payload) {
        return new Frame(Frame.Type.RESYNC, "node", 0, 0, "", 0, payload).list();
    }
}
