package io.hexsocket.core.config;

import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whose pages may connect (RFC 6455 section 10.2). A browser says in the Origin header where a page came from, and lets no page change
 * it; other programs send what they like, or nothing, so this keeps pages away, not programs.
 */
public final class Origins {

    private static final Origins SAME = new Origins(Kind.SAME, List.of());
    private static final Origins ANY = new Origins(Kind.ANY, List.of());

    // RFC 3986, 3.1: scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
    private static final Pattern ORIGIN = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/?#@]*)");
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?:\\*\\.)?((?![*.])[a-z0-9._~!$&'()+;=-]+|\\[[0-9a-f:.]+])(?::([1-9][0-9]{0,4}))?");

    /** How requests are judged. */
    public enum Kind {
        /** Pages that came from the scheme, host and port that they connect to, and requests without an Origin. */
        SAME,
        /** All pages, and requests without an Origin. */
        ANY,
        /** Pages of the origins that are listed; no request without an Origin. */
        LISTED
    }

    private final Kind kind;
    private final List<String> entries;

    private Origins(Kind kind, List<String> entries) {
        this.kind = kind;
        this.entries = entries;
    }

    /**
     * Pages of the server's own origin: the scheme, host and port of the page are those of the request, as far as a trusted proxy has
     * not said that the client came by another scheme. What is no page is let in.
     */
    public static Origins same() {
        return SAME;
    }

    /** Every page, with the cookies of its user; for apps that anybody may use from anywhere. */
    public static Origins any() {
        return ANY;
    }

    /**
     * Only pages of these origins; a request without an Origin is refused.
     *
     * @param entries as browsers write them, such as {@code https://example.org}, {@code http://localhost:8080},
     *     {@code chrome-extension://id}, {@code file://} or {@code null}; they are compared exactly.
     *     {@code https://*.example.org} is every host below example.org, without example.org itself
     * @throws IllegalArgumentException naming the entry that no browser sends, and what to write instead
     */
    public static Origins of(List<String> entries) {
        if (Objects.requireNonNull(entries, "allowedOrigins").isEmpty()) {
            throw new IllegalArgumentException(
                    "no allowed origin is listed; Origins.same() lets in the server's own pages, Origins.any() all");
        }
        entries.forEach(Origins::check);
        return new Origins(Kind.LISTED, List.copyOf(entries));
    }

    /** How requests are judged. */
    public Kind kind() {
        return kind;
    }

    /** What is listed; empty unless {@link Kind#LISTED}. */
    public List<String> entries() {
        return entries;
    }

    private static void check(String entry) {
        if (entry.equals("null")) {
            return;
        }
        if (entry.equals("*")) {
            throw bad(entry, "it would allow every origin, which Origins.any() says");
        }
        if (!entry.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw bad(entry, "an origin is US-ASCII without spaces; other letters in a host have an xn-- form");
        }
        Matcher parts = ORIGIN.matcher(entry);
        if (!parts.matches()) {
            throw bad(entry, "an origin is a scheme, a host and perhaps a port, such as https://example.org:8443");
        }
        switch (parts.group(1)) {
            case "http" -> checkHost(entry, parts.group(2), "80");
            case "https" -> checkHost(entry, parts.group(2), "443");
            case "ws", "wss" ->
                throw bad(entry, "it has the scheme of the socket, not of the page: write http:// or https://");
            default -> checkScheme(entry, parts.group(1));
        }
    }

    private static void checkHost(String entry, String authority, String usualPort) {
        if (authority.endsWith(":" + usualPort)) {
            throw bad(entry, "browsers leave the usual port out");
        }
        if (authority.equals("*")) {
            throw bad(entry, "a host is missing behind the asterisk, as in https://*.example.org");
        }
        Matcher parts = HOST_AND_PORT.matcher(authority);
        if (!parts.matches() || parts.group(2) != null && Integer.parseInt(parts.group(2)) > 0xFFFF) {
            throw bad(entry, "browsers send a host in lower case and perhaps a port, as in https://example.org:8443");
        }
    }

    private static void checkScheme(String entry, String scheme) {
        if (!scheme.chars().allMatch(c -> c < 'A' || c > 'Z')) {
            throw bad(entry, "browsers send the scheme in lower case");
        }
    }

    private static IllegalArgumentException bad(String entry, String mend) {
        return new IllegalArgumentException("allowed origin \"" + entry + "\" cannot be used: " + mend);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Origins origins && kind == origins.kind && entries.equals(origins.entries);
    }

    @Override
    public int hashCode() {
        return 31 * kind.hashCode() + entries.hashCode();
    }

    /** {@code same}, {@code any}, or the list with commas between. */
    @Override
    public String toString() {
        return switch (kind) {
            case SAME -> "same";
            case ANY -> "any";
            case LISTED -> String.join(", ", entries);
        };
    }
}
