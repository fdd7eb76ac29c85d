package io.hexsocket.transport.vertx;

import io.hexsocket.core.port.transport.SharedBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where the writes of one turn are put one behind the other. A connection remembers from where to where its own stand; as long as they
 * stand together they leave in one system call, and a broadcast stands here once, whoever it is for. The log begins anew when nobody
 * remembers a place any more. Belongs to one event loop.
 */
final class WriteLog {

    // Holds a message of 64 KiB, its header, and the small ones before it. No larger, since a socket that takes only
    // part of what is its own keeps all of the buffer
    private static final int BYTES = 128 * 1024;

    private final ByteBufAllocator allocator;
    private ByteBuf buffer;
    private ByteBuffer bytes;
    private int end;
    private int users;
    private @Nullable SharedBytes lastShared;
    private int lastEdition;
    private int lastSharedFrom;

    WriteLog(ByteBufAllocator allocator) {
        this.allocator = allocator;
        this.buffer = allocator.directBuffer(BYTES, BYTES);
        this.bytes = buffer.nioBuffer(0, BYTES);
    }

    /** Gives the buffer back. The log is used no more. */
    void release() {
        buffer.release();
    }

    /** One more connection remembers a place. */
    void join() {
        users++;
    }

    /** One less does. */
    void leave() {
        if (--users == 0) {
            end = 0;
            lastShared = null;
        }
    }

    /** How many bytes fit. */
    int room() {
        return BYTES - end;
    }

    /** Where the next entry will stand. */
    int end() {
        return end;
    }

    /** Puts bytes at the end, as many as fit, and tells how many. */
    int append(ByteBuffer entry) {
        int length = Math.min(entry.remaining(), room());
        bytes.put(end, entry, entry.position(), length);
        entry.position(entry.position() + length);
        end += length;
        lastShared = null;
        return length;
    }

    /** Puts a shared entry, which must fit, at the end, unless it stands there as the last one; tells from where. */
    int append(SharedBytes entry) {
        if (!endsWith(entry)) {
            ByteBuffer source = entry.bytes();
            lastSharedFrom = end;
            append(source.duplicate());
            lastShared = entry;
            lastEdition = entry.edition();
        }
        return lastSharedFrom;
    }

    /** Whether this entry stands at the end already. */
    boolean endsWith(SharedBytes entry) {
        return lastShared == entry && lastEdition == entry.edition();
    }

    /** The bytes between two places, to be copied; valid until the next call. */
    ByteBuffer view(int from, int to) {
        return bytes.duplicate().limit(to).position(from);
    }

    /** The bytes between two places, to be sent. If they are not sent when the next call is made, {@link #replace} must come before. */
    ByteBuf buffer(int from, int to) {
        return buffer.setIndex(from, to);
    }

    /** A channel has kept the buffer: the log goes on with another one, in which everything stands in the same place. */
    void replace() {
        ByteBuf kept = buffer;
        buffer = allocator.directBuffer(BYTES, BYTES);
        ByteBuffer fresh = buffer.nioBuffer(0, BYTES);
        fresh.put(0, bytes, 0, end);
        bytes = fresh;
        kept.release();
    }
}
