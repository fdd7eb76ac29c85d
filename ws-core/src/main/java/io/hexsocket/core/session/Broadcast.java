package io.hexsocket.core.session;

import io.hexsocket.core.port.SharedBytes;
import io.hexsocket.core.protocol.FrameWriter;
import io.hexsocket.core.protocol.Opcode;
import java.nio.ByteBuffer;

/** A message to many sessions of one event loop, encoded once. Used for one message after the other. */
final class Broadcast {

    // Messages up to this size are written into the same buffer again and again; it costs each event loop as much
    private static final int REUSED_BYTES = 16 * 1024;

    private final SharedBytes reused = new SharedBytes(ByteBuffer.allocateDirect(REUSED_BYTES));

    private SharedBytes frame = reused;
    private int headerBytes;

    Broadcast() {}

    /** Begins a message; the payload's position stays. */
    Broadcast encode(boolean text, ByteBuffer payload) {
        int length = payload.remaining();
        headerBytes = FrameWriter.headerBytes(length);
        int all = headerBytes + length;
        boolean reuse = all <= REUSED_BYTES && !reused.isHeld();
        frame = reuse ? reused : new SharedBytes(ByteBuffer.allocateDirect(all));
        ByteBuffer bytes = frame.renew();
        FrameWriter.putHeader(bytes, text ? Opcode.TEXT : Opcode.BINARY, length);
        bytes.put(headerBytes, payload, payload.position(), length);
        bytes.limit(all).position(0);
        return this;
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
    }

    /** The message for a WebSocket client. */
    SharedBytes frame() {
        return frame;
    }

    int frameBytes() {
        return frame.bytes().limit();
    }

    /** The message for a raw client. */
    ByteBuffer payload() {
        ByteBuffer bytes = frame.bytes().duplicate();
        return bytes.position(headerBytes);
    }
}
