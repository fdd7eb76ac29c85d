package io.hexsocket.apps.message;

import io.hexsocket.apps.Message;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A message that owns its bytes. Text is held once, as UTF-8. Immutable; any thread. */
public final class OwnedMessage implements Message {

    private static final int REGION_BYTES = 1024 * 1024;

    private final boolean text;
    private final byte[] payload;
    private final @Nullable String key;

    private OwnedMessage(boolean text, byte[] payload, @Nullable String key) {
        this.text = text;
        this.payload = payload;
        this.key = key;
    }

    /**
     * Takes the bytes.
     *
     * @param text whether they are text, and then valid UTF-8
     */
    public static OwnedMessage of(boolean text, byte[] payload) {
        return new OwnedMessage(text, payload, null);
    }

    /**
     * A text message.
     *
     * @throws IllegalArgumentException if the string holds a surrogate without its other half
     */
    public static OwnedMessage ofText(String text) {
        try {
            // String.getBytes would put a question mark for a lone surrogate without a word
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return new OwnedMessage(true, Arrays.copyOf(utf8.array(), utf8.limit()), null);
        } catch (CharacterCodingException loneSurrogate) {
            throw new IllegalArgumentException(
                    "the text holds a surrogate without its other half; it has no form in UTF-8", loneSurrogate);
        }
    }

    /**
     * A text message with a copy of the bytes from position to limit.
     *
     * @throws IllegalArgumentException if they are not valid UTF-8
     */
    public static OwnedMessage ofUtf8(ByteBuffer utf8) {
        byte[] copy = new byte[utf8.remaining()];
        utf8.get(utf8.position(), copy);
        try {
            // the String constructor would put U+FFFD for what is not UTF-8 without a word
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(copy));
            return new OwnedMessage(true, copy, null);
        } catch (CharacterCodingException notUtf8) {
            throw new IllegalArgumentException("the bytes are not valid UTF-8", notUtf8);
        }
    }

    @Override
    public boolean isText() {
        return text;
    }

    @Override
    public int size() {
        return payload.length;
    }

    @Override
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(payload).asReadOnlyBuffer();
    }

    @Override
    public String text() {
        if (!text) {
            throw new NotText();
        }
        return new String(payload, StandardCharsets.UTF_8);
    }

    @Override
    public Message copy() {
        return this;
    }

    @Override
    public @Nullable String key() {
        return key;
    }

    @Override
    public Message keyed(String key) {
        return new OwnedMessage(text, payload, Objects.requireNonNull(key, "key"));
    }

    /**
     * The memory that an array of this length takes, in bytes: large ones are given whole regions by the collector, which have 1 MiB in
     * heaps of up to 2 GiB.
     */
    public static int arrayBytes(int length) {
        int all = length + 16;
        return all < REGION_BYTES / 2 ? all : (all + REGION_BYTES - 1) / REGION_BYTES * REGION_BYTES;
    }

    /** The bytes themselves; never to be changed. For the server. */
    public byte[] payload() {
        return payload;
    }

    @Override
    public String toString() {
        return (text ? "text" : "binary") + " message of " + payload.length + " bytes";
    }
}
