package io.hexsocket.core.protocol;

import java.util.ArrayDeque;

/**
 * The readers of an event loop that are not in use. Between two messages a connection needs none, unless messages are compressed: most
 * connections are idle most of the time, and this makes each of them smaller. On that loop.
 */
public final class MessageReaders {

    // As many as are in the middle of a message now and then; 56 KiB
    private static final int KEPT = 1024;

    private final MessageBuffers buffers;
    private final ArrayDeque<MessageReader> free = new ArrayDeque<>();

    /** Has no reader yet; those to come take their memory from these buffers. */
    public MessageReaders(MessageBuffers buffers) {
        this.buffers = buffers;
    }

    /** A reader at the beginning of a message, without extensions. The caller's until it is given back. */
    public MessageReader take(MessageLimits limits) {
        MessageReader reader = free.pollLast();
        if (reader == null) {
            return new MessageReader(buffers, limits);
        }
        reader.limitTo(limits);
        return reader;
    }

    /**
     * Takes a reader back, to be used for anybody.
     *
     * @throws IllegalStateException if it is not between two messages, or has an extension
     */
    public void giveBack(MessageReader reader) {
        if (!reader.isBetweenMessages() || reader.deflate() != null) {
            throw new IllegalStateException("the reader has something of its connection's");
        }
        if (free.size() < KEPT) {
            free.addLast(reader);
        }
    }
}
