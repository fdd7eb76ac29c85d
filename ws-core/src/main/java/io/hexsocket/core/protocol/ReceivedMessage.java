package io.hexsocket.core.protocol;

import io.hexsocket.apps.Message;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The message that is being delivered: a part of somebody else's buffer, nothing again when the call is over. */
public final class ReceivedMessage implements Message {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private boolean text;
    private ByteBuffer view = NOTHING;
    private int from;
    private int to;
    /** What the app has got. */
    private @Nullable ByteBuffer shown;

    private @Nullable String string;

    ReceivedMessage() {}

    /** Shows the bytes between two indexes of a read-only view. */
    ReceivedMessage show(boolean text, ByteBuffer view, int from, int to) {
        this.text = text;
        this.view = view;
        this.from = from;
        this.to = to;
        return this;
    }

    void clear() {
        if (shown != null) {
            // An app that kept it sees it end here, and not another client's message
            shown.limit(0);
            shown = null;
        }
        view = NOTHING;
        from = 0;
        to = 0;
        string = null;
    }

    @Override
    public boolean isText() {
        return text;
    }

    @Override
    public int size() {
        return to - from;
    }

    @Override
    public ByteBuffer bytes() {
        ByteBuffer own = shown;
        if (own == null) {
            // A new one for each message: what an app does to it, or keeps of it, must not reach the next, and what
            // lies beside the message in the input is another's
            own = view.clear().slice(from, to - from);
            shown = own;
        }
        return own.clear().order(ByteOrder.BIG_ENDIAN);
    }

    /** The payload of a message without a new buffer; not for apps. */
    public static ByteBuffer payload(Message message) {
        return message instanceof ReceivedMessage received
                ? received.view.clear().limit(received.to).position(received.from)
                : message.bytes();
    }

    @Override
    public String text() {
        if (!text) {
            throw new IllegalStateException("this is a binary message; its payload is in bytes()");
        }
        String known = string;
        if (known == null) {
            known = new String(array(), StandardCharsets.UTF_8);
            string = known;
        }
        return known;
    }

    @Override
    public Message copy() {
        return text ? Message.utf8(payload(this)) : Message.binary(payload(this));
    }

    private byte[] array() {
        byte[] bytes = new byte[size()];
        payload(this).get(bytes);
        return bytes;
    }

    @Override
    public String toString() {
        return (text ? "text" : "binary") + " message of " + size() + " bytes";
    }
}
