package io.hexsocket.core.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Frames of a client that can be unmasked any number of times: each time turns the payload from clear to masked or back. The key leaves
 * ASCII what is ASCII, so that both are valid text.
 */
final class Masked {

    static final int KEY = 0x01020304;

    private Masked() {}

    /** One frame after another in a direct buffer, as a transport reads them. */
    static ByteBuffer frames(int opcode, int length, int count) {
        int headerBytes = FrameWriter.headerBytes(length);
        ByteBuffer frames = ByteBuffer.allocateDirect(count * (headerBytes + 4 + length));
        for (int i = 0; i < count; i++) {
            int start = frames.position();
            FrameWriter.putHeader(frames, opcode, length);
            frames.put(start + 1, (byte) (frames.get(start + 1) | 0x80));
            frames.putInt(KEY);
            for (int at = 0; at < length; at++) {
                frames.put((byte) ('a' + at % 26));
            }
        }
        return frames.flip().order(ByteOrder.nativeOrder());
    }
}
