package io.hexsocket.core.session;

import io.hexsocket.core.deflate.DeflateStreams;
import io.hexsocket.core.port.transport.SharedBytes;
import io.hexsocket.core.protocol.FrameWriter;
import io.hexsocket.core.protocol.Opcode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A message to many sessions of one event loop, encoded once, and compressed once if one of them wants it so: at the level of the first
 * that does, if the message goes to several apps. Used for one message after the other.
 */
final class Broadcast {

    // Messages up to this size are written into the same buffer again and again; it costs each event loop as much
    private static final int REUSED_BYTES = 16 * 1024;

    private final SharedBytes reused = new SharedBytes(ByteBuffer.allocateDirect(REUSED_BYTES));
    /** The same for compressed ones, from the first on. */
    private @Nullable SharedBytes reusedDeflated;

    private SharedBytes frame = reused;
    private int headerBytes;
    /** Whether it has been tried to compress the message. */
    private boolean deflated;

    private @Nullable SharedBytes deflatedFrame;

    Broadcast() {}

    /** Begins a message; the payload's position stays. */
    Broadcast encode(boolean text, ByteBuffer payload) {
        headerBytes = FrameWriter.headerBytes(payload.remaining());
        frame = fill(reused, text ? Opcode.TEXT : Opcode.BINARY, payload);
        return this;
    }

    private static SharedBytes fill(SharedBytes reused, int opcode, ByteBuffer payload) {
        int length = payload.remaining();
        int headerBytes = FrameWriter.headerBytes(length);
        int all = headerBytes + length;
        boolean reuse = all <= REUSED_BYTES && !reused.isHeld();
        SharedBytes frame = reuse ? reused : new SharedBytes(ByteBuffer.allocateDirect(all));
        ByteBuffer bytes = frame.renew();
        FrameWriter.putHeader(bytes, opcode, length);
        bytes.put(headerBytes, payload, payload.position(), length);
        bytes.limit(all).position(0);
        return frame;
    }

    /** Begins a message that is a frame already. */
    Broadcast adopt(byte[] whole, int headerBytes) {
        this.headerBytes = headerBytes;
        frame = new SharedBytes(ByteBuffer.wrap(whole));
        return this;
    }

    /** The message has been given to all: what is left of it belongs to those who could not send it at once. */
    void end() {
        frame = reused;
        deflated = false;
        deflatedFrame = null;
    }

    /** The message for a WebSocket client. */
    SharedBytes frame() {
        return frame;
    }

    /**
     * The message for a WebSocket client that takes compressed ones.
     *
     * @return null if it would not be shorter
     */
    @Nullable SharedBytes deflatedFrame(DeflateStreams streams, int level) {
        if (!deflated) {
            deflated = true;
            ByteBuffer compressed = streams.deflate(payload(), level);
            if (compressed != null) {
                if (reusedDeflated == null) {
                    reusedDeflated = new SharedBytes(ByteBuffer.allocateDirect(REUSED_BYTES));
                }
                int opcode = frame.bytes().get(0) & 0x0F;
                deflatedFrame = fill(reusedDeflated, opcode | Opcode.RSV1, compressed);
            }
        }
        return deflatedFrame;
    }

    int payloadBytes() {
        return frame.bytes().limit() - headerBytes;
    }

    /** The message for a raw client. */
    ByteBuffer payload() {
        ByteBuffer bytes = frame.bytes().duplicate();
        return bytes.position(headerBytes);
    }
}
