package io.hexsocket.core.transport;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What one TLS connection has read and cannot decrypt yet: as a rule, the beginning of a record. */
final class PartialRecord {

    private final TlsBuffers buffers;
    /** From 0 to its limit; null if there is nothing. */
    private @Nullable ByteBuffer bytes;

    PartialRecord(TlsBuffers buffers) {
        this.buffers = buffers;
    }

    int length() {
        return bytes == null ? 0 : bytes.limit();
    }

    /** The memory that it has, in bytes. */
    int heldBytes() {
        return bytes == null ? 0 : bytes.capacity();
    }

    /** How much can come behind it before {@link #with} needs memory of its own. */
    int room() {
        return buffers.roomBehind(length());
    }

    /** It, and behind it what has come now, in a buffer that is valid until the next call of any connection of the loop. */
    ByteBuffer with(ByteBuffer more) {
        ByteBuffer all = buffers.arrived(length() + more.remaining());
        if (bytes != null) {
            all.put(bytes.position(0));
        }
        return all.put(more).flip();
    }

    /** Keeps what is left in a buffer, and nothing else. */
    void keep(ByteBuffer rest) {
        int length = rest.remaining();
        ByteBuffer keeper = bytes;
        if (length == 0 || keeper == null || !RecordPool.fits(keeper, length)) {
            drop();
            keeper = length == 0 ? null : buffers.records().take(length);
            bytes = keeper;
        }
        if (keeper != null) {
            keeper.clear().put(rest).flip();
        }
    }

    void drop() {
        if (bytes != null) {
            buffers.records().release(bytes);
            bytes = null;
        }
    }
}
