package io.hexsocket.core.handshake;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Percent-encoding (RFC 3986 section 2.1), undone once, of text that is US-ASCII. */
final class PercentEncoding {

    private PercentEncoding() {}

    /** Null if an escape is cut off or has no digits, or if the bytes are no UTF-8. */
    static @Nullable String decodeStrictly(String text) {
        byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int octet = octet(text, i);
                if (octet < 0) {
                    return null;
                }
                bytes[length++] = (byte) octet;
                i += 2;
            } else {
                bytes[length++] = (byte) c;
            }
        }
        try {
            // a new decoder reports what is malformed; new String(bytes) would put U+FFFD in its place
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /**
     * As forms are read by the URL standard: a plus is a space, a bad escape is taken as it is, what is no UTF-8 is
     * U+FFFD.
     */
    static String decodeForm(String text) {
        byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int octet = c == '%' ? octet(text, i) : -1;
            if (octet >= 0) {
                bytes[length++] = (byte) octet;
                i += 2;
            } else {
                bytes[length++] = (byte) (c == '+' ? ' ' : c);
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static int octet(String text, int percent) {
        if (percent + 2 >= text.length()) {
            return -1;
        }
        int high = Ascii.hexValue(text.charAt(percent + 1));
        int low = Ascii.hexValue(text.charAt(percent + 2));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }
}
