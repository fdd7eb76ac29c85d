package io.hexsocket.core.handshake;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which pages may connect (RFC 6455 section 10.2). Browsers say in the Origin header where a page came from, and let no
 * page change it; other programs send what they like, so this keeps pages away, not programs.
 */
public final class OriginPolicy {

    private static final OriginPolicy ANY = new OriginPolicy(Set.of());

    /** Empty: any. */
    private final Set<String> allowed;

    private OriginPolicy(Set<String> allowed) {
        this.allowed = Set.copyOf(allowed);
    }

    /** Any page, and programs that send no Origin. */
    public static OriginPolicy any() {
        return ANY;
    }

    /**
     * Only pages from these origins.
     *
     * @param entries such as {@code https://example.org} or {@code http://localhost:8080}; none, or a single {@code *},
     *     for any
     * @throws IllegalArgumentException naming the entry that is no origin, and what to write instead
     */
    public static OriginPolicy of(Collection<String> entries) {
        if (entries.isEmpty() || List.copyOf(entries).equals(List.of("*"))) {
            return ANY;
        }
        Set<String> origins = new HashSet<>();
        for (String entry : entries) {
            origins.add(serialised(entry));
        }
        return new OriginPolicy(origins);
    }

    /**
     * Lets a request pass or refuses it.
     *
     * @throws HttpRefusal 403 if it does not come, by one Origin header, from one of the origins
     */
    public void check(RequestHead head) throws HttpRefusal {
        if (allowed.isEmpty()) {
            return;
        }
        List<String> origins = head.headers("Origin");
        // RFC 6454, 7.3: "the user agent MUST NOT include more than one Origin header field"; "null" is in no list
        if (origins.size() != 1 || !allowed.contains(origins.get(0))) {
            // RFC 6455, 4.2.2, 4: "it MUST return an appropriate HTTP error code (e.g., 403 Forbidden)"
            throw new HttpRefusal(403, "Pages of this origin may not connect.");
        }
    }

    // RFC 6454, 6.2: scheme "://" host [ ":" port ], in lower case, without the port that the scheme has anyway
    private static String serialised(String entry) {
        int end = entry.indexOf("://");
        if (entry.equals("*")) {
            throw bad(entry, "it allows every origin, so it must be the only entry: remove it or all others");
        }
        if (end < 1) {
            throw bad(entry, "it has no scheme: write it like https://example.org");
        }
        String scheme = Ascii.lowerCase(entry.substring(0, end));
        if (scheme.equals("ws") || scheme.equals("wss")) {
            throw bad(entry, "it has the scheme of the socket, not of the page: write http:// or https://");
        }
        for (int i = 0; i < scheme.length(); i++) {
            char c = scheme.charAt(i);
            if (!Ascii.isLetterOrDigit(c) && "+-.".indexOf(c) < 0) {
                throw bad(entry, "its scheme holds characters that no scheme has: write it like https://example.org");
            }
        }
        String rest = Ascii.lowerCase(entry.substring(end + "://".length()));
        for (char c : "/?#@".toCharArray()) {
            if (rest.indexOf(c) >= 0) {
                throw bad(
                        entry, "it goes on after the host, or has a user before it: write only scheme, host and port");
            }
        }
        if (rest.indexOf('*') >= 0) {
            throw bad(entry, "it holds a wildcard: write one entry for each host");
        }
        if (!rest.chars().allMatch(c -> c < 0x80)) {
            throw bad(entry, "its host is not in US-ASCII: write its xn-- form");
        }
        Authority authority = Authority.parse(rest);
        if (authority == null) {
            throw bad(entry, "its host or port is none: write it like https://example.org or https://example.org:8443");
        }
        return scheme + "://" + authority.host() + portUnlessDefault(scheme, authority.port());
    }

    private static String portUnlessDefault(String scheme, String port) {
        if (port.isEmpty()) {
            return "";
        }
        int number = Integer.parseInt(port);
        boolean isDefault = scheme.equals("http") && number == 80 || scheme.equals("https") && number == 443;
        return isDefault ? "" : ":" + number;
    }

    private static IllegalArgumentException bad(String entry, String mend) {
        return new IllegalArgumentException("allowed origin \"" + entry + "\" cannot be used: " + mend);
    }
}
