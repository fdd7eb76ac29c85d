package io.hexsocket.demo.flight;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The frames in what a client sent (RFC 6455 section 5.2), found by their lengths alone: nothing is judged here. Pure functions. */
final class Frames {

    /**
     * A frame's header.
     *
     * @param end where its payload begins in all that was sent
     * @param length of the payload; negative if its highest bit is set
     */
    record Header(int end, boolean fin, int rsv, int opcode, boolean masked, long length) {

        @Override
        public String toString() {
            return "frame: " + (fin ? "FIN " : "")
                    + (rsv == 0 ? "" : "RSV=" + Integer.toBinaryString(8 | rsv).substring(1) + " ") + name(opcode)
                    + (masked ? ", masked, " : ", not masked, ") + Long.toUnsignedString(length) + " bytes";
        }

        private static String name(int opcode) {
            return switch (opcode) {
                case 0x0 -> "continuation";
                case 0x1 -> "text";
                case 0x2 -> "binary";
                case 0x8 -> "close";
                case 0x9 -> "ping";
                case 0xA -> "pong";
                default -> "opcode " + opcode;
            };
        }
    }

    private static final byte BLANK = 'x';
    // what a replay needs, and nobody keeps a secret in
    private static final Set<String> SHOWN = Set.of(
            "host",
            "upgrade",
            "connection",
            "origin",
            "sec-websocket-key",
            "sec-websocket-version",
            "sec-websocket-extensions",
            "content-length",
            "transfer-encoding",
            "expect");
    private static final byte[] RAW_HELLO = "php process\n".getBytes(StandardCharsets.US_ASCII);
    private static final List<byte[]> RAW_WORDS =
            List.of("bufferON".getBytes(StandardCharsets.US_ASCII), "bufferOFF".getBytes(StandardCharsets.US_ASCII));

    private Frames() {}

    /** Whether a script has sent this through the raw door, where there are no frames. */
    static boolean isRaw(byte[] all) {
        return startsWith(all, 0, RAW_HELLO);
    }

    /** Where the line begins that names the path. */
    static int startOfRequest(byte[] all) {
        return isRaw(all) ? RAW_HELLO.length : 0;
    }

    /** Where the head of the request ends, or the hello of a script. */
    static int endOfHead(byte[] all) {
        if (isRaw(all)) {
            return Math.min(all.length, indexOf(all, '\n', RAW_HELLO.length, all.length) + 1);
        }
        for (int i = 3; i < all.length; i++) {
            if (all[i] == '\n' && all[i - 1] == '\r' && all[i - 2] == '\n' && all[i - 3] == '\r') {
                return i + 1;
            }
        }
        return all.length;
    }

    /** The headers of all frames whose headers are whole. */
    static List<Header> headers(byte[] all) {
        List<Header> headers = new ArrayList<>();
        if (isRaw(all)) {
            return headers;
        }
        long at = endOfHead(all);
        while (at >= 0 && at + 2 <= all.length) {
            int i = (int) at;
            int shortLength = all[i + 1] & 0x7F;
            int lengthBytes = shortLength < 126 ? 0 : shortLength == 126 ? 2 : 8;
            boolean masked = all[i + 1] < 0;
            int end = i + 2 + lengthBytes + (masked ? 4 : 0);
            if (end > all.length) {
                break;
            }
            long length = lengthBytes == 0 ? shortLength : 0;
            for (int j = 0; j < lengthBytes; j++) {
                length = length << 8 | all[i + 2 + j] & 0xFF;
            }
            int first = all[i] & 0xFF;
            headers.add(new Header(end, first >= 0x80, first >> 4 & 7, first & 0x0F, masked, length));
            at = length < 0 ? -1 : end + length;
        }
        return headers;
    }

    /**
     * The same stream without what was said in it: payloads, the query and most headers of the request become rows of the letter x, of
     * the same length. Of text that is not UTF-8 the bytes stay that make it so; of a close frame, the code; of JSON at the raw door,
     * brackets, quotation marks and what escapes them.
     *
     * @param refused whether it is a request that was refused, behind which nothing was read
     */
    static byte[] withoutContent(byte[] all, boolean refused) {
        byte[] blank = all.clone();
        int end = endOfHead(all);
        if (isRaw(all)) {
            blankHead(blank, startOfRequest(all), end);
            blankRaw(blank, all, end);
            return blank;
        }
        blankHead(blank, 0, end);
        if (refused) {
            Arrays.fill(blank, end, blank.length, BLANK);
            return blank;
        }
        List<Header> headers = headers(all);
        boolean text = false;
        Text message = new Text();
        int done = end;
        for (Header header : headers) {
            int to = header.length < 0 ? blank.length : (int) Math.min(blank.length, header.end + header.length);
            done = to;
            boolean control = header.opcode >= 8;
            if (!control && header.opcode != 0) {
                text = header.opcode == 1 && header.rsv == 0;
                message = new Text();
            }
            unmask(blank, header, to);
            if (header.opcode == 8) {
                new Text().blank(blank, Math.min(to, header.end + 2), to);
            } else if (!control && text) {
                message.blank(blank, header.end, to);
            } else {
                Arrays.fill(blank, header.end, to, BLANK);
            }
            unmask(blank, header, to);
        }
        // at most half of a header is left, or what no length leads to
        Arrays.fill(blank, Math.min(blank.length, done + 14), blank.length, BLANK);
        return blank;
    }

    private static void unmask(byte[] bytes, Header header, int to) {
        if (header.masked) {
            for (int i = header.end; i < to; i++) {
                bytes[i] ^= bytes[header.end - 4 + (i - header.end & 3)];
            }
        }
    }

    private static void blankHead(byte[] bytes, int start, int end) {
        for (int line = start; line < end; ) {
            int next = Math.min(end, indexOf(bytes, '\n', line, end) + 1);
            if (line == start) {
                int query = indexOf(bytes, '?', line, next);
                blank(bytes, query + 1, indexOf(bytes, ' ', query, next), false);
            } else {
                int colon = indexOf(bytes, ':', line, next);
                String name =
                        new String(bytes, line, colon - line, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
                // a line without a name, or a folded one, may go on with a secret
                boolean nameless = colon == next || bytes[line] == ' ' || bytes[line] == '\t';
                if (!SHOWN.contains(name)) {
                    blank(bytes, nameless ? line : colon + 1, next, name.equals("sec-websocket-protocol"));
                }
            }
            line = next;
        }
    }

    /** Blanks what can be seen; control characters, blanks and commas stay, and with tokens all but their letters and digits. */
    private static void blank(byte[] bytes, int from, int to, boolean tokens) {
        for (int i = from; i < to; i++) {
            int b = bytes[i] & 0xFF;
            boolean word = b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z';
            if (tokens ? word : b > ' ' && b != 0x7F && b != ',') {
                bytes[i] = BLANK;
            }
        }
    }

    private static void blankRaw(byte[] blank, byte[] all, int from) {
        new Text().blank(blank, from, all.length);
        for (int i = from; i < all.length; i++) {
            byte b = all[i];
            if (b >= 0 && b <= ' ' || "{}[]\"\\".indexOf(b) >= 0) {
                blank[i] = b;
            }
            for (byte[] word : RAW_WORDS) {
                if (startsWith(all, i, word)) {
                    System.arraycopy(word, 0, blank, i, word.length);
                }
            }
        }
    }

    private static boolean startsWith(byte[] all, int at, byte[] word) {
        return all.length - at >= word.length && Arrays.equals(all, at, at + word.length, word, 0, word.length);
    }

    private static int indexOf(byte[] bytes, char c, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != c) {
            i++;
        }
        return i;
    }

    /** Text that may be cut anywhere. What of it is well-formed is blanked, a whole character at a time. */
    private static final class Text {

        private final int[] begun = new int[4];
        private int length;
        private int missing;
        private int low;
        private int high;
        private boolean broken;

        void blank(byte[] bytes, int from, int to) {
            // of a character that has begun in an earlier frame, the first bytes are behind another key, and stay
            length = 0;
            for (int i = from; i < to; i++) {
                int b = bytes[i] & 0xFF;
                if (broken || missing == 0 && b < 0x80) {
                    bytes[i] = BLANK;
                } else if (missing == 0) {
                    begin(b);
                    begun[0] = i;
                    length = 1;
                } else if (b < low || b > high) {
                    broken = true;
                } else {
                    goOn(bytes, i);
                }
            }
        }

        // The Unicode Standard, table 3-7
        private void begin(int lead) {
            missing = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
            low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
            high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
            broken = lead < 0xC2 || lead > 0xF4;
        }

        private void goOn(byte[] bytes, int at) {
            begun[length++ & 3] = at;
            low = 0x80;
            high = 0xBF;
            if (--missing == 0 && isWholeHere(bytes)) {
                for (int i = 0; i < length; i++) {
                    bytes[begun[i]] = BLANK;
                }
            }
        }

        private boolean isWholeHere(byte[] bytes) {
            return (bytes[begun[0]] & 0xC0) == 0xC0;
        }
    }
}
