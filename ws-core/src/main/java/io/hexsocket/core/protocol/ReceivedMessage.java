package io.hexsocket.core.protocol;

import io.hexsocket.apps.Message;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The message that is being delivered: a view of somebody else's buffer, empty again when the call is over. */
public final class ReceivedMessage implements Message {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private boolean text;
    private ByteBuffer view = NOTHING;
    private int from;
    private int to;
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
        // An app that kept bytes() sees them end here, and not another client's message
        view.limit(0);
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
        return view.limit(to).position(from);
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
        return text ? Message.utf8(bytes()) : Message.binary(bytes());
    }

    private byte[] array() {
        byte[] bytes = new byte[size()];
        bytes().get(from, bytes);
        return bytes;
    }

    @Override
    public String toString() {
        return (text ? "text" : "binary") + " message of " + size() + " bytes";
    }
}
