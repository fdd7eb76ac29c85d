package io.hexsocket.core.transport;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.IntStream;

/** Buffers for TLS records that are not whole yet: arrays of a few sizes, used again. Belongs to one event loop. */
final class RecordPool {

    /** Longer than any record that an engine takes; those of the JDK take 33,093 bytes. */
    static final int RECORD_BYTES = 34 * 1024;

    // A header and a handful of bytes, a short message, a full record, the longest that there is
    private static final int[] SIZES = {256, 2 * 1024, 17 * 1024, RECORD_BYTES};
    private static final int MAX_KEPT = 16;

    private final List<ArrayDeque<ByteBuffer>> kept = IntStream.range(0, SIZES.length)
            .mapToObj(i -> new ArrayDeque<ByteBuffer>(MAX_KEPT))
            .toList();
    private int inUse;

    /** An empty buffer with room for as many bytes, and not much more. */
    ByteBuffer take(int length) {
        inUse++;
        for (int i = 0; i < SIZES.length; i++) {
            if (length <= SIZES[i]) {
                ByteBuffer free = kept.get(i).pollFirst();
                return free == null ? ByteBuffer.allocate(SIZES[i]) : free.clear();
            }
        }
        // whole records, which wait for something else: that is rare
        return ByteBuffer.allocate(length);
    }

    /** Whether a buffer is the one to take for a length. */
    static boolean fits(ByteBuffer buffer, int length) {
        for (int size : SIZES) {
            if (length <= size) {
                return buffer.capacity() == size;
            }
        }
        return buffer.capacity() == length;
    }

    /** Takes a buffer back. */
    void release(ByteBuffer buffer) {
        inUse--;
        for (int i = 0; i < SIZES.length; i++) {
            if (buffer.capacity() == SIZES[i] && kept.get(i).size() < MAX_KEPT) {
                kept.get(i).addFirst(buffer);
            }
        }
    }

    /** How many are taken and not back. */
    int inUse() {
        return inUse;
    }
}
