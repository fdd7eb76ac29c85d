package io.hexsocket.core.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Masking of RFC 6455 section 5.3, eight bytes at a time. A key is an int as {@link ByteBuffer#getInt(int)} reads it in native order.
 */
final class Masking {

    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final VarHandle IN_BUFFER =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle IN_ARRAY =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
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

    /** Unmasks bytes where they are. */
    static void unmask(ByteBuffer bytes, int from, int length, int key) {
        if (bytes.hasArray()) {
            unmaskLongs(bytes.array(), bytes.arrayOffset() + from, length, wide(key));
        } else {
            unmaskLongs(bytes, from, length, wide(key));
        }
        unmaskRest(bytes, from, length, key);
    }

    /**
     * Unmasks text where it is.
     *
     * @return whether all bytes are ASCII afterwards, so that they need no second look
     */
    static boolean unmaskText(ByteBuffer bytes, int from, int length, int key) {
        long seen = bytes.hasArray()
                ? unmaskAndSee(bytes.array(), bytes.arrayOffset() + from, length, wide(key))
                : unmaskAndSee(bytes, from, length, wide(key));
        seen |= unmaskRest(bytes, from, length, key);
        return (seen & HIGH_BITS) == 0;
    }

    // The JIT makes vectors of loops as plain as these only, which is why there are four of them. Several times as slow
    // are: a loop unrolled by hand, one over memory that may be an array or not, one over two buffers, one that calls
    // getLong(); and, on JDK 17, one that has a result.

    private static void unmaskLongs(ByteBuffer bytes, int from, int length, long key) {
        for (int i = 0; i <= length - Long.BYTES; i += Long.BYTES) {
            IN_BUFFER.set(bytes, from + i, (long) IN_BUFFER.get(bytes, from + i) ^ key);
        }
    }

    private static void unmaskLongs(byte[] bytes, int from, int length, long key) {
        for (int i = 0; i <= length - Long.BYTES; i += Long.BYTES) {
            IN_ARRAY.set(bytes, from + i, (long) IN_ARRAY.get(bytes, from + i) ^ key);
        }
    }

    private static long unmaskAndSee(ByteBuffer bytes, int from, int length, long key) {
        long seen = 0;
        for (int i = 0; i <= length - Long.BYTES; i += Long.BYTES) {
            long clear = (long) IN_BUFFER.get(bytes, from + i) ^ key;
            IN_BUFFER.set(bytes, from + i, clear);
            seen |= clear;
        }
        return seen;
    }

    private static long unmaskAndSee(byte[] bytes, int from, int length, long key) {
        long seen = 0;
        for (int i = 0; i <= length - Long.BYTES; i += Long.BYTES) {
            long clear = (long) IN_ARRAY.get(bytes, from + i) ^ key;
            IN_ARRAY.set(bytes, from + i, clear);
            seen |= clear;
        }
        return seen;
    }

    /** Unmasks the last bytes one by one; in the result, those bits are set that are in any of them. */
    private static int unmaskRest(ByteBuffer bytes, int from, int length, int key) {
        int seen = 0;
        for (int i = length & -Long.BYTES; i < length; i++) {
            byte clear = (byte) (bytes.get(from + i) ^ keyByte(key, i & 3));
            bytes.put(from + i, clear);
            seen |= clear;
        }
        return seen;
    }

    private static long wide(int key) {
        return key & 0xFFFFFFFFL | (long) key << 32;
    }

    private static int keyByte(int key, int index) {
        return LITTLE ? key >>> 8 * index : key >>> 24 - 8 * index;
    }
}
