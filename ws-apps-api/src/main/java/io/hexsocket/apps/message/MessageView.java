package io.hexsocket.apps.message;

import io.hexsocket.apps.Message;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The message that a listener gets: a part of the server's own buffer, made for this message alone and ended with its callback. Every
 * method of {@link Message} throws {@link IllegalStateException} from then on, in every thread: the buffer holds what another client has sent by then.
 */
public final class MessageView implements Message {

    // 32 bytes with compressed references, for each message: a view that were used again could show the next one's text
    private final boolean text;
    private final int from;
    private final int to;
    /** Read-only and shared by the event loop's messages, so its position and limit say nothing; null once the callback has returned. */
    private @Nullable ByteBuffer buffer;
    /** What {@link #bytes} has given. */
    private @Nullable ByteBuffer shown;

    /**
     * Shows the bytes between two indexes of a read-only buffer, until {@link #end()}. On the event loop.
     *
     * @param text whether they are text, and then valid UTF-8
     */
    public MessageView(boolean text, ByteBuffer buffer, int from, int to) {
        this.text = text;
        this.buffer = buffer.clear();
        this.from = from;
        this.to = to;
    }

    /** The callback has returned; the buffer that {@link #bytes} has given is empty from now on. On the event loop. */
    public void end() {
        buffer = null;
        // before the buffer gets other bytes: see checkStillValid()
        VarHandle.releaseFence();
        if (shown != null) {
            shown.limit(0);
            shown = null;
        }
    }

    /** The payload of any message, without a copy; of a view in a buffer that is shared, until the next call. On the event loop. */
    public static ByteBuffer payload(Message message) {
        if (message instanceof MessageView view) {
            return view.buffer().clear().limit(view.to).position(view.from);
        }
        return ByteBuffer.wrap(((OwnedMessage) message).payload());
    }

    /** The payload of any message in an array that is never changed. */
    public static byte[] array(Message message) {
        return message instanceof MessageView view ? view.array() : ((OwnedMessage) message).payload();
    }

    @Override
    public boolean isText() {
        buffer();
        return text;
    }

    @Override
    public int size() {
        buffer();
        return to - from;
    }

    @Override
    public ByteBuffer bytes() {
        ByteBuffer whole = buffer();
        ByteBuffer own = shown;
        if (own == null) {
            // what an app does to its buffer must not reach the server's, and what lies beside the message is another's
            own = whole.slice(from, to - from);
            shown = own;
        }
        checkStillValid();
        return own.clear().order(ByteOrder.BIG_ENDIAN);
    }

    @Override
    public String text() {
        if (!isText()) {
            throw new NotText();
        }
        return new String(array(), StandardCharsets.UTF_8);
    }

    @Override
    public Message copy() {
        return OwnedMessage.of(isText(), array());
    }

    @Override
    public @Nullable String key() {
        buffer();
        return null;
    }

    @Override
    public Message keyed(String key) {
        return copy().keyed(key);
    }

    @Override
    public String toString() {
        return (text ? "text" : "binary") + " message of " + (to - from) + " bytes";
    }

    private byte[] array() {
        byte[] copy = new byte[to - from];
        buffer().get(from, copy);
        checkStillValid();
        return copy;
    }

    private ByteBuffer buffer() {
        ByteBuffer known = buffer;
        if (known == null) {
            throw over();
        }
        return known;
    }

    /** In another thread the callback may have returned while bytes were read, and then they may be somebody else's. */
    private void checkStillValid() {
        VarHandle.acquireFence();
        buffer();
    }

    private static IllegalStateException over() {
        return new IllegalStateException(
                "a message is valid during its callback only, and this one's has returned; keep message.copy()");
    }
}
