package io.hexsocket.core.transport;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Buffers for output that the network did not take, shared by the connections of one event loop. Up to a bound they lie outside the heap
 * and are used again, until none was needed for a while; beyond it they are ordinary arrays, which the collector takes care of.
 */
final class Chunks {

    /** The length of each. */
    static final int BYTES = 32 * 1024;

    private static final int MAX_DIRECT = 128;

    private int mostDirect = MAX_DIRECT;

    private final ArrayDeque<ByteBuffer> kept = new ArrayDeque<>();
    private int direct;
    /** How many were not needed since the last {@link #trim}. */
    private int idle;

    /** An empty chunk. */
    ByteBuffer take() {
        ByteBuffer chunk = kept.pollFirst();
        if (chunk != null) {
            idle = Math.min(idle, kept.size());
            return chunk.clear();
        }
        if (direct < mostDirect) {
            try {
                chunk = ByteBuffer.allocateDirect(BYTES);
                direct++;
                return chunk;
            } catch (OutOfMemoryError none) {
                // the JDK has had the heap collected before it said so: not again
                mostDirect = direct;
            }
        }
        return ByteBuffer.allocate(BYTES);
    }

    /** How many of those outside the heap are taken and not back. */
    int inUse() {
        return direct - kept.size();
    }

    /** Takes a chunk back. */
    void release(ByteBuffer chunk) {
        if (chunk.isDirect()) {
            kept.addFirst(chunk);
        }
    }

    /** Gives up what was not needed since the last call. To be called every now and then. */
    void trim() {
        for (; idle > 0; idle--) {
            kept.removeLast();
            direct--;
        }
        idle = kept.size();
    }
}
