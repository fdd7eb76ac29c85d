package io.hexsocket.transport.nio;

import io.hexsocket.core.port.SharedBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Output that a socket did not take yet, in order: copies in chunks, and shared bytes by reference. Belongs to one connection. */
final class WriteQueue {

    // Enough for one system call; Linux takes 1024
    private static final int GATHERED = 16;

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

    WriteQueue(Chunks chunks) {
        this.chunks = chunks;
    }

    boolean isEmpty() {
        return entries.isEmpty();
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

    /** Writes until the queue is empty or the socket takes no more; tells how many bytes it took. */
    long writeTo(GatheringByteChannel channel) throws IOException {
        long all = 0;
        while (!entries.isEmpty()) {
            ByteBuffer[] gathered = new ByteBuffer[Math.min(entries.size(), GATHERED)];
            long offered = 0;
            int i = 0;
            for (Entry entry : entries) {
                if (i == gathered.length) {
                    break;
                }
                gathered[i++] = entry.bytes;
                offered += entry.bytes.remaining();
            }
            long taken = channel.write(gathered);
            all += taken;
            dropSent();
            if (taken < offered) {
                return all;
            }
        }
        return all;
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
