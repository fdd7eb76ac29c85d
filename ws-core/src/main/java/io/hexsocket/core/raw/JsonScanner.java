package io.hexsocket.core.raw;

import java.nio.ByteBuffer;

/**
 * Finds the end of one JSON object, in any number of pieces, looking once at every byte. Whether it is JSON at all
 * remains to be seen: only strings, their escapes, and the opening and closing of objects and arrays are told apart.
 * All of these are US-ASCII, and no byte of a longer UTF-8 sequence looks like one, so a code point may be cut
 * anywhere.
 */
final class JsonScanner {

    private final int maxDepth;

    private int depth;
    private boolean inString;
    private boolean escaped;

    JsonScanner(int maxDepth) {
        this.maxDepth = maxDepth;
    }

    /**
     * Goes on with the object that the last call left open; without one, the first byte must be an opening brace.
     *
     * @param in consumed up to the end of the object, or whole if it goes on
     * @return whether the object has ended
     * @throws RawViolation 1008 if it is deeper than allowed
     */
    boolean scan(ByteBuffer in) throws RawViolation {
        while (in.hasRemaining()) {
            byte b = in.get();
            if (escaped) {
                escaped = false;
            } else if (inString) {
                escaped = b == '\\';
                inString = b != '"';
            } else if (b == '"') {
                inString = true;
            } else if (b == '{' || b == '[') {
                if (++depth > maxDepth) {
                    throw new RawViolation(1008, "a message has more than " + maxDepth + " levels");
                }
            } else if ((b == '}' || b == ']') && --depth == 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether an object has begun and not ended. */
    boolean isInside() {
        return depth > 0;
    }
}
