package io.hexsocket.core.session;

import io.hexsocket.core.port.transport.SharedBytes;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A message to many sessions of one event loop, which share its bytes. On that loop. */
public interface SharedMessage {

    /** The frame for a WebSocket client. */
    SharedBytes frame();

    /**
     * The frame for a WebSocket client that takes compressed ones; null if it would not be shorter.
     *
     * @param level from 1 to 9
     */
    @Nullable SharedBytes deflatedFrame(int level);

    /** The length of the payload in bytes. */
    int payloadBytes();

    /** What it is the latest value of, or null. */
    @Nullable String key();

    /** The memory of all frames that there are so far, in bytes. */
    int heldBytes();

    /** The payload, for a raw client. The caller's, but not its bytes. */
    ByteBuffer payload();
}
