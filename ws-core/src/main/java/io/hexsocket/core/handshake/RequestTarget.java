package io.hexsocket.core.handshake;

import org.jspecify.annotations.Nullable;

/**
 * The second word of a request line (RFC 9112 section 3.2), in origin-form or absolute-form.
 *
 * @param path percent-decoded once; no segment of it is a dot segment, no slash or control character in it was encoded
 * @param rawQuery as sent, or null
 * @param authority of an absolute-form, or null
 */
public record RequestTarget(
        String path, @Nullable String rawQuery, @Nullable String authority) {

    /** The path of a target, decoded; null if it is no target. */
    public static @Nullable String path(String target) {
        try {
            return parse(target).path();
        } catch (HttpRefusal none) {
            return null;
        }
    }

    /**
     * Parses a target.
     *
     * @param text visible US-ASCII
     * @throws HttpRefusal 400 if it is no target that a WebSocket or plain GET request may have
     */
    static RequestTarget parse(String text) throws HttpRefusal {
        if (text.startsWith("/")) {
            return ofOriginForm(text, null);
        }
        // 3.2.2: "a server MUST accept the absolute-form in requests"
        for (String scheme : new String[] {"http://", "https://"}) {
            if (text.length() >= scheme.length()
                    && Ascii.equalsIgnoreCase(text.substring(0, scheme.length()), scheme)) {
                return ofAbsoluteForm(text, scheme.length());
            }
        }
        // 3.2.3, 3.2.4: authority-form is for CONNECT and asterisk-form for OPTIONS alone, which we don't serve
        throw HttpRefusal.badRequest("the request target must be a path");
    }

    private static RequestTarget ofAbsoluteForm(String text, int from) throws HttpRefusal {
        int to = from;
        while (to < text.length() && text.charAt(to) != '/' && text.charAt(to) != '?') {
            to++;
        }
        String authority = text.substring(from, to);
        // RFC 9110, 4.2.4: "a recipient SHOULD parse for userinfo and treat its presence as an error"
        if (Authority.parse(authority) == null) {
            throw HttpRefusal.badRequest("the request target names no host, or a user before it");
        }
        String rest = text.substring(to);
        return ofOriginForm(rest.startsWith("/") ? rest : "/" + rest, authority);
    }

    private static RequestTarget ofOriginForm(String text, @Nullable String authority) throws HttpRefusal {
        int mark = text.indexOf('?');
        String rawPath = mark < 0 ? text : text.substring(0, mark);
        String rawQuery = mark < 0 ? null : text.substring(mark + 1);
        // browsers send [ ] | ^ ` { } and, in a query, \ as they are, against RFC 3986: they mean nothing to us, so
        // they pass
        if (holdsOneOf(rawPath, "\"#<>\\") || rawQuery != null && holdsOneOf(rawQuery, "\"#<>")) {
            throw HttpRefusal.badRequest("the request target holds a character that must be percent-encoded");
        }
        return new RequestTarget(decode(rawPath), rawQuery, authority);
    }

    private static String decode(String rawPath) throws HttpRefusal {
        String path = rawPath.indexOf('%') < 0 ? rawPath : PercentEncoding.decodeStrictly(rawPath);
        if (path == null) {
            throw HttpRefusal.badRequest("the path holds an escape that is no UTF-8");
        }
        // RFC 3986, 2.2: an encoded delimiter is data, not a delimiter; decoded, no code downstream could tell them
        // apart
        if (count(path, '/') != count(rawPath, '/')) {
            throw HttpRefusal.badRequest("the path holds an encoded slash");
        }
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c < ' ' || c == 0x7F || c == '\\') {
                throw HttpRefusal.badRequest("the path holds an encoded control character or backslash");
            }
        }
        // RFC 3986, 6.2.2.3: clients remove dot segments themselves; one that arrives was sent to lead somebody astray
        for (int from = 1; from <= path.length(); ) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            if (path.startsWith(".", from) && to - from == 1 || path.startsWith("..", from) && to - from == 2) {
                throw HttpRefusal.badRequest("the path holds a dot segment");
            }
            from = to + 1;
        }
        return path;
    }

    private static boolean holdsOneOf(String text, String characters) {
        for (int i = 0; i < characters.length(); i++) {
            if (text.indexOf(characters.charAt(i)) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static int count(String text, char wanted) {
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == wanted) {
                count++;
            }
        }
        return count;
    }
}
