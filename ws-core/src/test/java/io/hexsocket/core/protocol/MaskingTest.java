package io.hexsocket.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Masking")
class MaskingTest {

    private final Random random = new Random(6455);

    /** A buffer in the order that all buffers begin with; one on the heap does not begin where its array does. */
    private static ByteBuffer buffer(boolean direct, int size) {
        return direct
                ? ByteBuffer.allocateDirect(size)
                : ByteBuffer.allocate(size + 3).position(3).slice();
    }

    private static byte[] content(ByteBuffer buffer) {
        byte[] content = new byte[buffer.capacity()];
        buffer.get(0, content);
        return content;
    }

    /** The key as the reader takes it from the wire. */
    private static int key(byte[] wire) {
        return ByteBuffer.wrap(wire).order(ByteOrder.nativeOrder()).getInt();
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** 5.3: "transformed-octet-i = original-octet-i XOR masking-key-octet-j", j being i modulo 4. */
    private static byte[] xor(byte[] payload, byte[] key, int from) {
        byte[] result = payload.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] ^= key[(from + i) & 3];
        }
        return result;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("is the XOR of RFC 6455 section 5.3 at every length and place, for text and for all else")
    void maskingIsTheXorOfTheRfcAtEveryLengthAndPlace(boolean direct) {
        for (int length = 0; length <= 100; length++) {
            for (int from = 0; from < 9; from++) {
                byte[] wireKey = bytes(4);
                byte[] payload = bytes(length);
                byte[] around = bytes(from + length + 5);
                System.arraycopy(payload, 0, around, from, length);
                ByteBuffer binary = buffer(direct, around.length).put(0, around);
                ByteBuffer text = buffer(direct, around.length).put(0, around);

                Masking.unmask(binary, from, length, key(wireKey));
                Masking.unmaskText(text, from, length, key(wireKey));

                System.arraycopy(xor(payload, wireKey, 0), 0, around, from, length);
                assertThat(content(binary)).isEqualTo(around);
                assertThat(content(text)).isEqualTo(around);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("tells whether a byte of text is beyond ASCII, wherever it is")
    void maskingTellsWhetherAByteIsBeyondAscii(boolean direct) {
        for (int length = 0; length <= 70; length++) {
            byte[] wireKey = bytes(4);
            byte[] text = new byte[length];
            for (int at = -1; at < length; at++) {
                java.util.Arrays.fill(text, (byte) 0x7F);
                if (at >= 0) {
                    text[at] = (byte) 0x80;
                }
                ByteBuffer in = buffer(direct, length).put(0, xor(text, wireKey, 0));
                assertThat(Masking.unmaskText(in, 0, length, key(wireKey))).isEqualTo(at < 0);
            }
        }
    }

    @Test
    @DisplayName("goes on with a turned key where the last piece ended")
    void maskingGoesOnWhereTheLastPieceEnded() {
        for (int round = 0; round < 500; round++) {
            byte[] wireKey = bytes(4);
            byte[] payload = bytes(random.nextInt(200));
            ByteBuffer in = buffer(true, payload.length);
            in.put(0, payload);
            int key = key(wireKey);
            for (int at = 0; at < payload.length; ) {
                int piece = Math.min(payload.length - at, 1 + random.nextInt(20));
                Masking.unmask(in, at, piece, key);
                key = Masking.advance(key, piece);
                at += piece;
            }
            assertThat(content(in)).isEqualTo(xor(payload, wireKey, 0));
        }
    }

    @Test
    @DisplayName("turns a key by any number of bytes")
    void keyTurnsByAnyNumberOfBytes() {
        byte[] wireKey = {1, 2, 3, 4};
        for (long bytes : new long[] {0, 1, 2, 3, 4, 5, 1023, 1L << 32, (1L << 40) + 3}) {
            byte[] turned = new byte[4];
            for (int i = 0; i < 4; i++) {
                turned[i] = wireKey[(int) ((bytes + i) & 3)];
            }
            assertThat(Masking.advance(key(wireKey), bytes)).isEqualTo(key(turned));
        }
    }

    @Test
    @DisplayName("takes a key byte by byte, over whatever was there before")
    void keyIsTakenByteByByte() {
        for (int round = 0; round < 100; round++) {
            byte[] wireKey = bytes(4);
            int key = random.nextInt();
            for (int i = 0; i < 4; i++) {
                key = Masking.withByte(key, i, wireKey[i]);
            }
            assertThat(key).isEqualTo(key(wireKey));
        }
    }
}
