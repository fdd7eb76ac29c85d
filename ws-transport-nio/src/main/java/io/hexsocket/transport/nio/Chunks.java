package io.hexsocket.transport.nio;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Buffers for output that sockets did not take, shared by the connections of one event loop. Up to a bound they lie outside the heap
 * and are used again; beyond it they are ordinary arrays, which the collector takes care of.
 */
final class Chunks {

    /** The length of each. Also what one write hands to the JDK at most, which keeps a buffer as large for each thread. */
    static final int BYTES = 32 * 1024;

    private static final int MOST_DIRECT = 512;
    private static final int MOST_KEPT = 64;

    private final ArrayDeque<ByteBuffer> kept = new ArrayDeque<>();
    private int direct;

    /** An empty chunk. */
    ByteBuffer take() {
        ByteBuffer chunk = kept.pollFirst();
        if (chunk != null) {
            return chunk.clear();
        }
        if (direct < MOST_DIRECT) {
            direct++;
            return ByteBuffer.allocateDirect(BYTES);
        }
        return ByteBuffer.allocate(BYTES);
    }

    /** How many of those outside the heap are taken and not back. */
    int inUse() {
        return direct - kept.size();
    }

    /** Takes a chunk back. */
    void release(ByteBuffer chunk) {
        if (!chunk.isDirect()) {
            return;
        }
        if (kept.size() < MOST_KEPT) {
            kept.addFirst(chunk);
        } else {
            direct--;
        }
    }
}
