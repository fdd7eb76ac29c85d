package io.hexsocket.core.handshake;

/**
 * One header line of a response.
 *
 * @param name a token (RFC 9110 section 5.6.2)
 * @param value printable US-ASCII, spaces and tabs
 */
public record HeaderField(String name, String value) {

    /**
     * Checks both, so that no value, wherever it came from, can end its line.
     *
     * @throws IllegalArgumentException if either cannot be sent
     */
    public HeaderField {
        if (!Ascii.isToken(name)) {
            throw new IllegalArgumentException("a header's name is no token");
        }
        // RFC 9110, 5.5: "Field values containing CR, LF, or NUL characters are invalid and dangerous"
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != '\t' && (c < ' ' || c > '~')) {
                throw new IllegalArgumentException("the value of header " + name + " holds character " + (int) c
                        + " at " + i + ", which cannot be sent in a header");
            }
        }
    }
}
