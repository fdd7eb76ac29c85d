package io.hexsocket.core.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
 *
 * <p>A step of this automaton is one load and one shift, and no branch that a mix of scripts could make the processor guess wrong. So a
 * byte costs the same in all of them, but for ASCII, which is taken eight bytes at a time.
 */
public final class Utf8 {

    // A state is the offset of its own six bits in a row of STEPS: they are the next state
    private static final int STATE_BITS = 6;
    private static final int STATE_MASK = 0x3F;

    /** The text so far is complete. */
    public static final int ACCEPT = 0;
    /** The text is not UTF-8, whatever follows. */
    public static final int REJECT = STATE_BITS;

    private static final int TAIL1 = 2 * STATE_BITS;
    private static final int TAIL2 = 3 * STATE_BITS;
    private static final int TAIL3 = 4 * STATE_BITS;
    private static final int AFTER_E0 = 5 * STATE_BITS;
    private static final int AFTER_ED = 6 * STATE_BITS;
    private static final int AFTER_F0 = 7 * STATE_BITS;
    private static final int AFTER_F4 = 8 * STATE_BITS;

    /** For each byte, the states that it leads to, one from each state. */
    private static final long[] STEPS = steps();

    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    /**
     * Checks the next bytes of a text.
     *
     * @param state what the call before gave, {@link #ACCEPT} at the beginning
     * @return the state after these bytes; the text may end where it is {@link #ACCEPT}
     */
    public static int check(ByteBuffer bytes, int from, int length, int state) {
        boolean little = bytes.order() == ByteOrder.LITTLE_ENDIAN;
        int end = from + length;
        int i = from;
        int now = state;
        for (; i <= end - 8; i += 8) {
            long word = bytes.getLong(i);
            if (now != ACCEPT || (word & HIGH_BITS) != 0) {
                now = afterWord(now, little ? word : Long.reverseBytes(word));
                if (now == REJECT) {
                    return REJECT;
                }
            }
        }
        for (; i < end; i++) {
            now = (int) after(now, bytes.get(i)) & STATE_MASK;
        }
        return now;
    }

    /** The state after eight bytes, the lowest of which is the first. */
    private static int afterWord(int state, long word) {
        long now = after(state, word);
        now = after(now, word >>> 8);
        now = after(now, word >>> 16);
        now = after(now, word >>> 24);
        now = after(now, word >>> 32);
        now = after(now, word >>> 40);
        now = after(now, word >>> 48);
        now = after(now, word >>> 56);
        return (int) now & STATE_MASK;
    }

    /** The state after one byte, in the lowest six bits, which is all that a shift looks at. */
    private static long after(long state, long lowestByte) {
        return STEPS[(int) lowestByte & 0xFF] >>> state;
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

    private static long[] steps() {
        long[] steps = new long[256];
        for (int state = ACCEPT; state <= AFTER_F4; state += STATE_BITS) {
            step(steps, state, 0x00, 0xFF, REJECT);
        }
        step(steps, ACCEPT, 0x00, 0x7F, ACCEPT);
        step(steps, ACCEPT, 0xC2, 0xDF, TAIL1);
        step(steps, ACCEPT, 0xE0, 0xEF, TAIL2);
        step(steps, ACCEPT, 0xE0, 0xE0, AFTER_E0);
        step(steps, ACCEPT, 0xED, 0xED, AFTER_ED);
        step(steps, ACCEPT, 0xF0, 0xF0, AFTER_F0);
        step(steps, ACCEPT, 0xF1, 0xF3, TAIL3);
        step(steps, ACCEPT, 0xF4, 0xF4, AFTER_F4);
        step(steps, TAIL1, 0x80, 0xBF, ACCEPT);
        step(steps, TAIL2, 0x80, 0xBF, TAIL1);
        step(steps, TAIL3, 0x80, 0xBF, TAIL2);
        step(steps, AFTER_E0, 0xA0, 0xBF, TAIL1);
        step(steps, AFTER_ED, 0x80, 0x9F, TAIL1);
        step(steps, AFTER_F0, 0x90, 0xBF, TAIL2);
        step(steps, AFTER_F4, 0x80, 0x8F, TAIL2);
        return steps;
    }

    private static void step(long[] steps, int state, int low, int high, int then) {
        for (int b = low; b <= high; b++) {
            steps[b] = steps[b] & ~((long) STATE_MASK << state) | (long) then << state;
        }
    }
}
