package io.hexsocket.core.handshake;

import org.jspecify.annotations.Nullable;

/**
 * A host and a port as in a Host header (RFC 9112 section 3.2) and in an origin.
 *
 * @param host as written; an IPv6 address with its brackets
 * @param port its digits; empty if none are given
 */
record Authority(String host, String port) {

    /** Null if the text is none. */
    static @Nullable Authority parse(String text) {
        int end = endOfHost(text);
        if (end < 0) {
            return null;
        }
        String host = text.substring(0, end);
        if (!(host.startsWith("[") ? isIpv6(host.substring(1, end - 1)) : isRegisteredName(host))) {
            return null;
        }
        if (end == text.length()) {
            return new Authority(host, "");
        }
        String port = text.substring(end + 1);
        return text.charAt(end) == ':' && isPort(port) ? new Authority(host, port) : null;
    }

    private static int endOfHost(String text) {
        if (text.startsWith("[")) {
            int bracket = text.indexOf(']');
            return bracket < 0 ? -1 : bracket + 1;
        }
        int colon = text.indexOf(':');
        return colon < 0 ? text.length() : colon;
    }

    // RFC 3986, 3.2.3: port = *DIGIT
    private static boolean isPort(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Ascii.isDigit(text.charAt(i))) {
                return false;
            }
        }
        return text.isEmpty() || text.length() <= 5 && Integer.parseInt(text) <= 0xFFFF;
    }

    // RFC 3986, 3.2.2: reg-name = *( unreserved / pct-encoded / sub-delims ); IPv4 addresses look the same
    private static boolean isRegisteredName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                if (i + 2 >= text.length()
                        || Ascii.hexValue(text.charAt(i + 1)) < 0
                        || Ascii.hexValue(text.charAt(i + 2)) < 0) {
                    return false;
                }
            } else if (!Ascii.isLetterOrDigit(c) && "-._~!$&'()*+,;=".indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    // RFC 3986, 3.2.2: eight groups of at most four digits, the last two perhaps as IPv4; "::" stands for one or more
    // of them
    private static boolean isIpv6(String text) {
        int groups = 0;
        boolean gap = text.startsWith("::");
        int from = gap ? 2 : 0;
        while (from < text.length()) {
            int to = from;
            while (to < text.length() && Ascii.hexValue(text.charAt(to)) >= 0) {
                to++;
            }
            if (to < text.length() && text.charAt(to) == '.') {
                return isIpv4(text.substring(from)) && (gap ? groups + 2 < 8 : groups + 2 == 8);
            }
            if (to == from || to - from > 4) {
                return false;
            }
            groups++;
            if (to == text.length()) {
                return gap ? groups < 8 : groups == 8;
            }
            if (text.charAt(to) != ':' || to + 1 == text.length()) {
                return false;
            }
            from = to + 1;
            if (text.charAt(from) == ':') {
                if (gap) {
                    return false;
                }
                gap = true;
                from++;
            }
        }
        return gap && groups < 8;
    }

    private static boolean isIpv4(String text) {
        int octets = 0;
        for (int from = 0; from <= text.length(); octets++) {
            int to = from;
            int value = 0;
            while (to < text.length() && Ascii.isDigit(text.charAt(to)) && to - from < 4) {
                value = 10 * value + text.charAt(to++) - '0';
            }
            boolean leadingZero = to - from > 1 && text.charAt(from) == '0';
            if (to == from || to - from > 3 || value > 255 || leadingZero) {
                return false;
            }
            if (to < text.length() && text.charAt(to) != '.') {
                return false;
            }
            from = to + 1;
        }
        return octets == 4;
    }
}
