package io.hexsocket.core.hub;

import io.hexsocket.core.deflate.DeflateStreams;
import io.hexsocket.core.port.transport.SharedBytes;
import io.hexsocket.core.session.SharedMessage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One broadcast on one event loop: the frames that its sessions there share. Made for this broadcast and dropped. On that loop. */
final class FanOut implements SharedMessage {

    private static final int MAX_LEVEL = 9;
    private static final SharedBytes NOT_SHORTER = new SharedBytes(ByteBuffer.allocate(0));

    private final Broadcast message;
    private final DeflateStreams streams;
    private final SharedBytes frame;
    /** By level, as far as asked for. */
    private @Nullable SharedBytes @Nullable [] deflated;

    FanOut(Broadcast message, DeflateStreams streams) {
        this.message = message;
        this.streams = streams;
        this.frame = new SharedBytes(message.frame());
    }

    @Override
    public SharedBytes frame() {
        return frame;
    }

    @Override
    public @Nullable SharedBytes deflatedFrame(int level) {
        if (deflated == null) {
            deflated = new SharedBytes[MAX_LEVEL + 1];
        }
        SharedBytes known = deflated[level];
        if (known == null) {
            ByteBuffer bytes = message.deflatedFrame(streams, level);
            known = bytes == null ? NOT_SHORTER : new SharedBytes(bytes);
            deflated[level] = known;
        }
        return known == NOT_SHORTER ? null : known;
    }

    @Override
    public int payloadBytes() {
        return message.payload().limit();
    }

    @Override
    public ByteBuffer payload() {
        return message.payload().duplicate();
    }
}
