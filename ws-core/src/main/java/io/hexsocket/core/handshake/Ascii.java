package io.hexsocket.core.handshake;

/**
 * Characters as HTTP sees them: US-ASCII and nothing else. {@link String#equalsIgnoreCase} takes U+017F for an s and
 * U+212A for a k, {@link String#trim} eats NUL, and {@link String#toLowerCase()} depends on the country: none of them
 * is used on what clients send.
 */
final class Ascii {

    private static final boolean[] TOKEN = new boolean[128];

    static {
        // RFC 9110, 5.6.2: tchar = "!" / "#" / ... / DIGIT / ALPHA
        for (char c : "!#$%&'*+-.^_`|~0123456789".toCharArray()) {
            TOKEN[c] = true;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            TOKEN[c] = true;
            TOKEN[c - 0x20] = true;
        }
    }

    private Ascii() {}

    static boolean isTokenChar(int c) {
        return c >= 0 && c < 128 && TOKEN[c];
    }

    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenChar(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLetterOrDigit(int c) {
        return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hexValue(int c) {
        if (isDigit(c)) {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    // RFC 9110, 5.6.3: OWS = *( SP / HTAB )
    static boolean isBlank(int c) {
        return c == ' ' || c == '\t';
    }

    static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (from < to && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    static int lowerCase(int c) {
        return c >= 'A' && c <= 'Z' ? c + 0x20 : c;
    }

    static String lowerCase(String text) {
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            chars[i] = (char) lowerCase(chars[i]);
        }
        return new String(chars);
    }

    static boolean equalsIgnoreCase(String one, String other) {
        if (one.length() != other.length()) {
            return false;
        }
        for (int i = 0; i < one.length(); i++) {
            if (lowerCase(one.charAt(i)) != lowerCase(other.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** The same for Latin-1 bytes. */
    static boolean equalsIgnoreCase(byte[] bytes, int from, int to, String other) {
        if (to - from != other.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (lowerCase(bytes[i] & 0xFF) != lowerCase(other.charAt(i - from))) {
                return false;
            }
        }
        return true;
    }
}
