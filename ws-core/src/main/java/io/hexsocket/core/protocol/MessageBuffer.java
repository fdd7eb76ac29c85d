package io.hexsocket.core.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Where a message grows that did not arrive in one piece. Belongs to one message at a time; comes from a {@link MessageBuffers}. */
final class MessageBuffer {

    final ByteBuffer bytes;
    /** The same bytes for the app: read-only, with position and limit of its own. */
    final ByteBuffer view;

    int size;

    MessageBuffer(ByteBuffer bytes) {
        this.bytes = bytes.order(ByteOrder.nativeOrder());
        this.view = bytes.asReadOnlyBuffer();
    }

    int capacity() {
        return bytes.capacity();
    }
}
