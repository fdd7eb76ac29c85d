package io.hexsocket.core.protocol;

import java.nio.ByteBuffer;

/** Headers of the frames that a server sends: one frame a message, not masked (RFC 6455 section 5.1). */
public final class FrameWriter {

    /** The longest header without a masking key, in bytes. */
    public static final int MAX_HEADER_BYTES = 10;

    private FrameWriter() {}

    /**
     * Puts the header of a whole message or control frame at the buffer's position.
     *
     * @param opcode with {@link Opcode#RSV1} if the message is compressed
     */
    public static void putHeader(ByteBuffer target, int opcode, int length) {
        target.put((byte) (0x80 | opcode));
        if (length < 126) {
            target.put((byte) length);
        } else if (length < 65536) {
            target.put((byte) 126).put((byte) (length >>> 8)).put((byte) length);
        } else {
            target.put((byte) 127).put((byte) 0).put((byte) 0).put((byte) 0).put((byte) 0);
            target.put((byte) (length >>> 24)).put((byte) (length >>> 16));
            target.put((byte) (length >>> 8)).put((byte) length);
        }
    }

    /** How many bytes {@link #putHeader} puts. */
    public static int headerBytes(int length) {
        return length < 126 ? 2 : length < 65536 ? 4 : 10;
    }

    /** The payload of a whole frame that was made here. */
    public static ByteBuffer payload(ByteBuffer frame) {
        int length = frame.get(frame.position() + 1);
        int headerBytes = length < 126 ? 2 : length == 126 ? 4 : 10;
        return frame.slice(frame.position() + headerBytes, frame.remaining() - headerBytes);
    }

    /** A whole frame in an array of its own. */
    public static byte[] frame(int opcode, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(headerBytes(payload.length) + payload.length);
        putHeader(frame, opcode, payload.length);
        frame.put(payload);
        return frame.array();
    }

    /** A whole frame in an array of its own; the payload's position stays. */
    public static byte[] frame(int opcode, ByteBuffer payload) {
        int length = payload.remaining();
        ByteBuffer frame = ByteBuffer.allocate(headerBytes(length) + length);
        putHeader(frame, opcode, length);
        frame.put(frame.position(), payload, payload.position(), length);
        return frame.array();
    }
}
