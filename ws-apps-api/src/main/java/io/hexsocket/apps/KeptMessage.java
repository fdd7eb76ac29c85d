package io.hexsocket.apps;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A message that owns its bytes. */
final class KeptMessage implements Message {

    private final boolean text;
    private final byte[] payload;
    private @Nullable String string;

    KeptMessage(boolean text, byte[] payload, @Nullable String string) {
        this.text = text;
        this.payload = payload;
        this.string = string;
    }

    static KeptMessage ofText(String text) {
        try {
            // String.getBytes would put a question mark for a lone surrogate without a word
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return new KeptMessage(true, Arrays.copyOf(utf8.array(), utf8.limit()), text);
        } catch (CharacterCodingException loneSurrogate) {
            throw new IllegalArgumentException(
                    "the text holds a surrogate without its other half; it has no form in UTF-8", loneSurrogate);
        }
    }

    static KeptMessage ofUtf8(ByteBuffer utf8) {
        byte[] copy = new byte[utf8.remaining()];
        utf8.get(utf8.position(), copy);
        try {
            // the String constructor would put U+FFFD for what is not UTF-8 without a word
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(copy))
                    .toString();
            return new KeptMessage(true, copy, text);
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
            throw new IllegalStateException("this is a binary message; its payload is in bytes()");
        }
        String known = string;
        if (known == null) {
            known = new String(payload, StandardCharsets.UTF_8);
            string = known;
        }
        return known;
    }

    @Override
    public Message copy() {
        return this;
    }

    @Override
    public String toString() {
        return (text ? "text" : "binary") + " message of " + payload.length + " bytes";
    }
}
