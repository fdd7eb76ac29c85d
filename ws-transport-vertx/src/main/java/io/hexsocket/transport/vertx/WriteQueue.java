package io.hexsocket.transport.vertx;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** Output that waits until the channel has taken what came before, in order: copies in chunks, and shared bytes by reference. Belongs to one connection. */
final class WriteQueue {

    // What one write hands to the kernel; a client that reads slowly takes about as much at a time
    private static final int CHUNK_BYTES = 64 * 1024;

    private final ByteBufAllocator allocator;
    private final ArrayDeque<ByteBuf> entries = new ArrayDeque<>(4);

    WriteQueue(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Copies what is left in a buffer. */
    void append(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            ByteBuf last = entries.peekLast();
            if (last == null || last.maxWritableBytes() == 0) {
                last = allocator.directBuffer(Math.min(bytes.remaining(), CHUNK_BYTES), CHUNK_BYTES);
                entries.add(last);
            }
            int end = bytes.limit();
            int length = Math.min(bytes.remaining(), last.maxWritableBytes());
            last.writeBytes(bytes.limit(bytes.position() + length));
            bytes.limit(end);
        }
    }

    /**
     * Takes bytes that are full, without a copy.
     *
     * @param inChunks for a channel that makes something else of them, which is not to be made of all at once
     */
    void appendFull(ByteBuf full, boolean inChunks) {
        if (!inChunks) {
            entries.add(full.retainedDuplicate());
            return;
        }
        int end = full.writerIndex();
        for (int from = full.readerIndex(); from < end; from += CHUNK_BYTES) {
            entries.add(full.retainedSlice(from, Math.min(CHUNK_BYTES, end - from)));
        }
    }

    /** Takes the first entry out; it is the caller's to release. */
    ByteBuf poll() {
        return entries.remove();
    }

    /** Gives everything back. */
    void clear() {
        entries.forEach(ByteBuf::release);
        entries.clear();
    }
}
