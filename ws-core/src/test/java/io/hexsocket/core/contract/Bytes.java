package io.hexsocket.core.contract;

import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Bytes to send, and whether they came. */
public final class Bytes {

    private Bytes() {}

    /** Bytes that look alike nowhere. */
    public static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** A copy outside the heap. */
    static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /** A copy outside the heap, at an odd place in a longer buffer. */
    static ByteBuffer directAtOddOffset(byte[] bytes) {
        ByteBuffer longer = ByteBuffer.allocateDirect(bytes.length + 12);
        return longer.put(7, bytes).position(7).limit(7 + bytes.length);
    }

    /** A copy at an odd place in a longer array. */
    static ByteBuffer heapAtOddOffset(byte[] bytes) {
        byte[] longer = new byte[bytes.length + 12];
        System.arraycopy(bytes, 0, longer, 7, bytes.length);
        return ByteBuffer.wrap(longer, 5, bytes.length + 5).slice().position(2).limit(2 + bytes.length);
    }

    public static void assertSame(byte[] came, byte[] expected) {
        int at = Arrays.mismatch(came, expected);
        if (at >= 0) {
            fail("%d bytes came, %d were expected; they differ from byte %d on", came.length, expected.length, at);
        }
    }
}
