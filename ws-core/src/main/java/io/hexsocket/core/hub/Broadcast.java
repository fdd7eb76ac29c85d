package io.hexsocket.core.hub;

import io.hexsocket.apps.Message;
import io.hexsocket.apps.message.MessageView;
import io.hexsocket.core.deflate.DeflateStreams;
import io.hexsocket.core.protocol.FrameWriter;
import io.hexsocket.core.protocol.Opcode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A message to many sessions: encoded once for all event loops, and compressed once for each level that one of its receivers wants, by
 * the loop that needs it first. Made, shared and dropped: nothing of it changes. Any thread.
 */
final class Broadcast {

    private final int opcode;
    private final ByteBuffer frame;
    private final ByteBuffer payload;
    private final @Nullable String key;
    /** What has been compressed so far, the newest first. */
    private volatile @Nullable Deflated deflated;

    /** The frame at one level, null if compressing does not make it shorter. */
    private record Deflated(
            int level, @Nullable ByteBuffer frame, @Nullable Deflated next) {}

    private Broadcast(int opcode, ByteBuffer payload, @Nullable String key) {
        this.opcode = opcode;
        this.frame = frame(opcode, payload);
        this.payload = frame.slice(frame.limit() - payload.remaining(), payload.remaining());
        this.key = key;
    }

    /** Encodes a message. */
    static Broadcast of(Message message) {
        return new Broadcast(
                message.isText() ? Opcode.TEXT : Opcode.BINARY, MessageView.payload(message), message.key());
    }

    /** What it is the latest value of, or null. */
    @Nullable String key() {
        return key;
    }

    /** The frame for a client that takes no compressed ones. Position and limit must not change either. */
    ByteBuffer frame() {
        return frame;
    }

    /** What is in the frame. Position and limit must not change either. */
    ByteBuffer payload() {
        return payload;
    }

    /**
     * The frame for a client that takes compressed ones; null if it would not be shorter. Another loop that compresses it at the same
     * time is waited for, which takes no longer than to compress it here would.
     *
     * @param streams the caller's loop's
     * @param level from 1 to 9
     */
    @Nullable ByteBuffer deflatedFrame(DeflateStreams streams, int level) {
        Deflated found = find(level);
        if (found == null) {
            synchronized (this) {
                found = find(level);
                if (found == null) {
                    ByteBuffer compressed = streams.deflate(payload.duplicate(), level);
                    ByteBuffer shorter = compressed == null ? null : frame(opcode | Opcode.RSV1, compressed);
                    found = new Deflated(level, shorter, deflated);
                    deflated = found;
                }
            }
        }
        return found.frame;
    }

    private @Nullable Deflated find(int level) {
        Deflated one = deflated;
        while (one != null && one.level != level) {
            one = one.next;
        }
        return one;
    }

    private static ByteBuffer frame(int opcode, ByteBuffer payload) {
        int length = payload.remaining();
        int headerBytes = FrameWriter.headerBytes(length);
        ByteBuffer frame = ByteBuffer.allocate(headerBytes + length);
        FrameWriter.putHeader(frame, opcode, length);
        return frame.put(headerBytes, payload, payload.position(), length).position(0);
    }
}
