package io.hexsocket.apps;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A text or binary message. One that a {@link Listener} gets is a view of the server's own buffers and valid during that call only;
 * one made by {@link #text} or {@link #binary}, and every {@linkplain #copy() copy}, is immutable, can be kept and can be sent any
 * number of times from any thread.
 */
public interface Message {

    /** Whether this is a text message; otherwise it is a binary one. */
    boolean isText();

    /** The length of the payload in bytes. */
    int size();

    /**
     * The payload, without a copy: read-only, from position to limit, a text message's as valid UTF-8. Each call may return the
     * same buffer, rewound.
     */
    ByteBuffer bytes();

    /**
     * The payload of a text message as a string, decoded when first asked for.
     *
     * @throws IllegalStateException if this is a binary message
     */
    String text();

    /** A message that stays valid; this one if it does so itself. */
    Message copy();

    /**
     * A text message.
     *
     * @throws IllegalArgumentException if the string holds a surrogate without its other half, which has no form in UTF-8
     */
    static Message text(String text) {
        return KeptMessage.ofText(Objects.requireNonNull(text, "text"));
    }

    /**
     * A text message with a copy of the buffer's bytes from position to limit; the buffer itself is left as it is.
     *
     * @throws IllegalArgumentException if the bytes are not valid UTF-8
     */
    static Message utf8(ByteBuffer utf8) {
        return KeptMessage.ofUtf8(utf8);
    }

    /** A binary message with a copy of the buffer's bytes from position to limit; the buffer itself is left as it is. */
    static Message binary(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return new KeptMessage(false, copy, null);
    }

    /** A binary message with a copy of the bytes. */
    static Message binary(byte[] bytes) {
        return new KeptMessage(false, bytes.clone(), null);
    }
}
