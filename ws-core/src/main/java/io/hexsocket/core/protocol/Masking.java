package io.hexsocket.core.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Masking of RFC 6455 section 5.3, eight bytes at a time. A key is an int as {@link ByteBuffer#getInt(int)} reads it in native order,
 * and the buffers are in native order, too. The result tells whether there was any byte beyond ASCII, so that text which has none
 * needs no second look.
 */
final class Masking {

    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Masking() {}

    /** The key with one of its four bytes set, counted as they arrive. */
    static int withByte(int key, int index, byte value) {
        int shift = LITTLE ? 8 * index : 24 - 8 * index;
        return key & ~(0xFF << shift) | (value & 0xFF) << shift;
    }

    /** The key for what follows after {@code bytes} bytes of payload. */
    static int advance(int key, long bytes) {
        int bits = 8 * (int) (bytes & 3);
        return LITTLE ? Integer.rotateRight(key, bits) : Integer.rotateLeft(key, bits);
    }

    /**
     * Unmasks bytes where they are.
     *
     * @return whether all bytes are ASCII afterwards
     */
    static boolean unmask(ByteBuffer bytes, int from, int length, int key) {
        long wide = wide(key);
        long seen = 0;
        int i = 0;
        // as plain as this, the JIT makes vectors of it; unrolled by hand it is five times as slow
        for (; i <= length - 8; i += 8) {
            long clear = bytes.getLong(from + i) ^ wide;
            bytes.putLong(from + i, clear);
            seen |= clear;
        }
        for (; i < length; i++) {
            byte clear = (byte) (bytes.get(from + i) ^ keyByte(key, i & 3));
            bytes.put(from + i, clear);
            seen |= clear;
        }
        return (seen & HIGH_BITS) == 0;
    }

    /**
     * Unmasks bytes into another buffer: a copy first, which is quick, since the JIT makes no vectors of a loop with two buffers.
     *
     * @return whether all bytes are ASCII afterwards
     */
    static boolean unmask(ByteBuffer source, int from, ByteBuffer target, int to, int length, int key) {
        target.put(to, source, from, length);
        return unmask(target, to, length, key);
    }

    private static long wide(int key) {
        return key & 0xFFFFFFFFL | (long) key << 32;
    }

    private static int keyByte(int key, int index) {
        return LITTLE ? key >>> 8 * index : key >>> 24 - 8 * index;
    }
}
