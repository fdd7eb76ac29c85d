package io.hexsocket.core.transport;

import io.hexsocket.core.port.transport.SharedBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Output that the network did not take yet, in order: copies in chunks, and shared bytes by reference. Belongs to one connection. */
final class OutputQueue {

    // Enough for one system call; Linux takes 1024
    private static final int GATHERED = 16;
    // An entry and a duplicate of a buffer
    private static final int ENTRY_BYTES = 80;

    /** Bytes from position to limit are to be sent; a chunk can take more behind its limit. */
    private static final class Entry {
        final ByteBuffer bytes;
        final @Nullable SharedBytes shared;

        Entry(ByteBuffer bytes, @Nullable SharedBytes shared) {
            this.bytes = bytes;
            this.shared = shared;
        }
    }

    private final Chunks chunks;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>(4);
    private final ByteBuffer[] gathered = new ByteBuffer[GATHERED];
    private int gatheredCount;

    OutputQueue(Chunks chunks) {
        this.chunks = chunks;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** The memory of what waits, in bytes: of each chunk all, of shared bytes a share. */
    int heldBytes() {
        int held = 0;
        for (Entry entry : entries) {
            held += entry.shared == null
                    ? entry.bytes.capacity()
                    : entry.shared.bytes().remaining() / entry.shared.holders() + ENTRY_BYTES;
        }
        return held;
    }

    /** Copies what is left in a buffer. */
    void append(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            Entry last = entries.peekLast();
            if (last == null || last.shared != null || last.bytes.limit() == last.bytes.capacity()) {
                last = new Entry(chunks.take().limit(0), null);
                entries.add(last);
            }
            ByteBuffer chunk = last.bytes;
            int length = Math.min(bytes.remaining(), chunk.capacity() - chunk.limit());
            int from = chunk.limit();
            chunk.limit(from + length);
            chunk.put(from, bytes, bytes.position(), length);
            bytes.position(bytes.position() + length);
        }
    }

    /** Keeps shared bytes without a copy. */
    void append(SharedBytes shared) {
        shared.retain();
        entries.add(new Entry(shared.bytes().duplicate(), shared));
    }

    /** Writes until the queue is empty or the wire takes no more; tells how many bytes it took. */
    long writeTo(Wire wire) throws IOException {
        long all = 0;
        while (!entries.isEmpty()) {
            ByteBuffer first = entries.getFirst().bytes;
            long offered = first.isDirect() ? gather() : first.remaining();
            long taken = first.isDirect() ? wire.write(gathered, 0, gatheredCount) : wire.write(first);
            all += taken;
            dropSent();
            if (taken < offered) {
                break;
            }
        }
        Arrays.fill(gathered, 0, gatheredCount, null);
        gatheredCount = 0;
        return all;
    }

    /** Takes the first entries for one system call; tells how many bytes they have. */
    private long gather() {
        long offered = 0;
        gatheredCount = 0;
        for (Entry entry : entries) {
            if (gatheredCount == GATHERED || !entry.bytes.isDirect()) {
                break;
            }
            gathered[gatheredCount++] = entry.bytes;
            offered += entry.bytes.remaining();
        }
        return offered;
    }

    /** Gives everything back. */
    void clear() {
        entries.forEach(this::release);
        entries.clear();
    }

    private void dropSent() {
        for (Entry first = entries.peek(); first != null && !first.bytes.hasRemaining(); first = entries.peek()) {
            entries.poll();
            release(first);
        }
    }

    private void release(Entry entry) {
        if (entry.shared == null) {
            chunks.release(entry.bytes);
        } else {
            entry.shared.release();
        }
    }
}
