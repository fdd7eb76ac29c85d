package io.hexsocket.core.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Where a message grows that did not arrive in one piece. Belongs to one message at a time; comes from a {@link MessageBuffers}. */
final class MessageBuffer {

    final ByteBuffer bytes;
    /** The same bytes for the app: read-only, with position and limit of its own. */
    final ByteBuffer view;

    int size;
    /** What came before, where a message of unknown length has outgrown a buffer. */
    @Nullable MessageBuffer before;

    MessageBuffer(ByteBuffer bytes) {
        this.bytes = bytes.order(ByteOrder.nativeOrder());
        this.view = bytes.asReadOnlyBuffer();
    }

    /** The size of all that came before. */
    int sizeBefore() {
        int sum = 0;
        for (MessageBuffer one = before; one != null; one = one.before) {
            sum += one.size;
        }
        return sum;
    }

    int capacity() {
        return bytes.capacity();
    }
}
