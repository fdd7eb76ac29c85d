package io.hexsocket.core.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 as RFC 3629 has it, checked piece by piece: what came so far is a state, so that a code point may be cut anywhere.
 *
 * <p>The states say what the next byte must be (RFC 3629 section 4):
 *
 * <pre>
 *   ACCEPT    the first byte of a code point
 *   TAIL1..3  80..BF, and one, two or three of them in all
 *   AFTER_E0  A0..BF, then TAIL1     AFTER_ED  80..9F, then TAIL1
 *   AFTER_F0  90..BF, then TAIL2     AFTER_F4  80..8F, then TAIL2
 *   REJECT    nothing can make it valid any more
 * </pre>
 */
public final class Utf8 {

    /** The text so far is complete. */
    public static final int ACCEPT = 0;
    /** The text is not UTF-8, whatever follows. */
    public static final int REJECT = -1;

    private static final int TAIL1 = 1;
    private static final int TAIL2 = 2;
    private static final int TAIL3 = 3;
    private static final int AFTER_E0 = 4;
    private static final int AFTER_ED = 5;
    private static final int AFTER_F0 = 6;
    private static final int AFTER_F4 = 7;

    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    /**
     * Checks the next bytes of a text.
     *
     * @param state what the call before gave, {@link #ACCEPT} at the beginning
     * @return the state after these bytes; the text may end where it is {@link #ACCEPT}
     */
    public static int check(ByteBuffer bytes, int from, int length, int state) {
        int end = from + length;
        int i = from;
        while (i < end) {
            if (state == ACCEPT) {
                while (i <= end - 8 && (bytes.getLong(i) & HIGH_BITS) == 0) {
                    i += 8;
                }
                while (i < end && bytes.get(i) >= 0) {
                    i++;
                }
                i = skipWholeThreeByteCodePoints(bytes, i, end);
                if (i == end) {
                    return ACCEPT;
                }
            }
            state = next(state, bytes.get(i++) & 0xFF);
            if (state == REJECT) {
                return REJECT;
            }
        }
        return state;
    }

    /** Checks a whole text. */
    public static boolean isValid(ByteBuffer bytes, int from, int length) {
        return check(bytes, from, length, ACCEPT) == ACCEPT;
    }

    /**
     * Encodes a string.
     *
     * @throws IllegalArgumentException if it holds a surrogate without its other half, which has no form in UTF-8
     */
    public static byte[] encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length != text.length() || containsQuestionMark(bytes)) {
            // getBytes writes a question mark for half a surrogate pair
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (Character.isSurrogate(c)) {
                    boolean pair = Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1));
                    if (!pair) {
                        throw new IllegalArgumentException("the text holds a surrogate without its other half at index "
                                + i + "; it has no form in UTF-8");
                    }
                    i++;
                }
            }
        }
        return bytes;
    }

    private static boolean containsQuestionMark(byte[] bytes) {
        for (byte b : bytes) {
            if (b == '?') {
                return true;
            }
        }
        return false;
    }

    /** Most scripts of Asia are three-byte code points in long runs: takes those that need no look at their neighbours. */
    private static int skipWholeThreeByteCodePoints(ByteBuffer bytes, int i, int end) {
        while (i <= end - 3) {
            int lead = bytes.get(i) & 0xFF;
            if (lead <= 0xE0
                    || lead >= 0xF0
                    || lead == 0xED
                    || !isTail(bytes.get(i + 1))
                    || !isTail(bytes.get(i + 2))) {
                break;
            }
            i += 3;
        }
        return i;
    }

    private static boolean isTail(byte b) {
        return b < (byte) 0xC0;
    }

    private static int next(int state, int b) {
        return switch (state) {
            case ACCEPT -> afterLead(b);
            case TAIL1 -> inRange(b, 0x80, 0xBF, ACCEPT);
            case TAIL2 -> inRange(b, 0x80, 0xBF, TAIL1);
            case TAIL3 -> inRange(b, 0x80, 0xBF, TAIL2);
            case AFTER_E0 -> inRange(b, 0xA0, 0xBF, TAIL1);
            case AFTER_ED -> inRange(b, 0x80, 0x9F, TAIL1);
            case AFTER_F0 -> inRange(b, 0x90, 0xBF, TAIL2);
            case AFTER_F4 -> inRange(b, 0x80, 0x8F, TAIL2);
            default -> REJECT;
        };
    }

    private static int afterLead(int b) {
        if (b < 0x80) {
            return ACCEPT;
        }
        if (b < 0xC2) {
            return REJECT;
        }
        if (b < 0xE0) {
            return TAIL1;
        }
        if (b < 0xF0) {
            return b == 0xE0 ? AFTER_E0 : b == 0xED ? AFTER_ED : TAIL2;
        }
        if (b < 0xF5) {
            return b == 0xF0 ? AFTER_F0 : b == 0xF4 ? AFTER_F4 : TAIL3;
        }
        return REJECT;
    }

    private static int inRange(int b, int low, int high, int then) {
        return b >= low && b <= high ? then : REJECT;
    }
}
