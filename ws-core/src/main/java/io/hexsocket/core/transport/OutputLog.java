package io.hexsocket.core.transport;

import io.hexsocket.core.port.transport.SharedBytes;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where small writes of one turn are put one behind the other. A connection remembers from where to where its own are; as long as they
 * are contiguous they leave in one system call, and a broadcast is here once, whoever it is for. The log begins anew when no connection
 * remembers a place any more. Belongs to one event loop.
 */
final class OutputLog {

    /** What is larger is not put here. */
    static final int MAX_ENTRY_BYTES = 16 * 1024;

    private static final int BYTES = 256 * 1024;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
    private final ByteBuffer view = bytes.duplicate();
    private int users;
    private @Nullable SharedBytes lastShared;
    private int lastSharedFrom;

    /** One more connection remembers a place. */
    void join() {
        users++;
    }

    /** One fewer does. */
    void leave() {
        if (--users == 0) {
            bytes.clear();
            lastShared = null;
        }
    }

    /** Whether an entry of this length fits. */
    boolean hasRoom(int length) {
        return bytes.remaining() >= length;
    }

    /** Where the next entry will be. */
    int end() {
        return bytes.position();
    }

    /** Puts an entry at the end. */
    void append(ByteBuffer entry) {
        bytes.put(entry);
        lastShared = null;
    }

    /** Puts a shared entry at the end, unless it is the last one already; tells from where. */
    int append(SharedBytes entry) {
        if (!endsWith(entry)) {
            ByteBuffer source = entry.bytes();
            int length = source.remaining();
            lastSharedFrom = bytes.position();
            bytes.put(lastSharedFrom, source, source.position(), length);
            bytes.position(lastSharedFrom + length);
            lastShared = entry;
        }
        return lastSharedFrom;
    }

    /** Whether this is the last entry already. */
    boolean endsWith(SharedBytes entry) {
        return lastShared == entry;
    }

    /** The bytes between two places; valid until the next call. */
    ByteBuffer view(int from, int to) {
        return view.limit(to).position(from);
    }
}
