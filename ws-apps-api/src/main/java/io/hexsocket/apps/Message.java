package io.hexsocket.apps;

import io.hexsocket.apps.message.MessageView;
import io.hexsocket.apps.message.OwnedMessage;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A text or binary message. One that a {@link Listener} gets is valid during that call and in its thread only: afterwards each of its
 * methods throws {@link IllegalStateException}, and the buffer that {@link #bytes()} has given is empty. One made by {@link #text},
 * {@link #utf8} or {@link #binary}, and every {@linkplain #copy() copy}, is immutable, can be kept and can be sent any number of times
 * from any thread.
 */
public sealed interface Message permits OwnedMessage, MessageView {

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
     * The payload of a text message as a string, decoded by each call.
     *
     * @throws IllegalStateException if this is a binary message; a callback that lets it through has its session closed with 1003, and no
     *     error is reported: the client has sent what the app does not take
     */
    String text();

    /** A message that stays valid; this one if it does so itself. */
    Message copy();

    /**
     * What this is the latest value of, for {@link SlowReaders#KEEP_LATEST}; null if it is not to be replaced. Stays on this node: clients do not
     * see it and none sends one, and other nodes of the server get the message without it.
     *
     * @since 0.2
     */
    @Nullable String key();

    /**
     * The same message with a {@linkplain #key() key}: a copy if this is one that ends with its callback, otherwise it shares the bytes.
     *
     * @since 0.2
     */
    Message keyed(String key);

    /**
     * A text message.
     *
     * @throws IllegalArgumentException if the string holds a surrogate without its other half, which has no form in UTF-8
     */
    static Message text(String text) {
        return OwnedMessage.ofText(Objects.requireNonNull(text, "text"));
    }

    /**
     * A text message with a copy of the buffer's bytes from position to limit; the buffer itself is left as it is.
     *
     * @throws IllegalArgumentException if the bytes are not valid UTF-8
     */
    static Message utf8(ByteBuffer utf8) {
        return OwnedMessage.ofUtf8(utf8);
    }

    /** A binary message with a copy of the buffer's bytes from position to limit; the buffer itself is left as it is. */
    static Message binary(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return OwnedMessage.of(false, copy);
    }

    /** A binary message with a copy of the bytes. */
    static Message binary(byte[] bytes) {
        return OwnedMessage.of(false, bytes.clone());
    }
}
