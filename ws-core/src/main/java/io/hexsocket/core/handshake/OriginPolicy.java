package io.hexsocket.core.handshake;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps pages of foreign origins away, by the Origin header of their requests (RFC 6455 section 10.2). Immutable. */
public sealed interface OriginPolicy {

    /**
     * Lets a request pass or refuses it.
     *
     * @param secure whether the client came over TLS
     * @throws HttpRefusal 403
     */
    void check(RequestHead head, boolean secure) throws HttpRefusal;

    /** Any page, and programs that send no Origin. */
    static OriginPolicy any() {
        return new Any();
    }

    /** Pages of the origin that they connect to, and programs that send no Origin. */
    static OriginPolicy same() {
        return new Same();
    }

    /**
     * Only pages of these origins.
     *
     * @param entries exactly as browsers send them, or with {@code *.} in front of the host for all hosts below it
     */
    static OriginPolicy of(Collection<String> entries) {
        Set<String> origins = new HashSet<>();
        List<Wildcard> wildcards = new ArrayList<>();
        for (String entry : entries) {
            if (entry.contains("://*.")) {
                wildcards.add(Wildcard.of(entry));
            } else {
                origins.add(entry);
            }
        }
        return new Listed(origins, wildcards);
    }

    /** The policy that refuses nothing. */
    record Any() implements OriginPolicy {

        @Override
        public void check(RequestHead head, boolean secure) {
            // whoever asks is welcome
        }
    }

    /** The policy that compares Origin with Host. */
    record Same() implements OriginPolicy {

        @Override
        public void check(RequestHead head, boolean secure) throws HttpRefusal {
            List<String> origins = head.headers("Origin");
            if (origins.isEmpty() || isScript(head)) {
                return;
            }
            if (origins.size() > 1 || !isSame(origins.get(0), head.header("Host"), secure)) {
                throw refused(
                        "Pages of other origins than the server's own may not connect; allowedOrigins says whose may.");
            }
        }

        // a page cannot add a header of its own to this request; PHP's client does, and its Origin is a guess
        private static boolean isScript(RequestHead head) {
            return head.header("Client-Type") != null;
        }

        // RFC 6454, 5: "If the two origins are scheme/host/port triples, the two origins are the same if, and only if,
        // they have identical schemes, hosts, and ports." Both sides may leave the usual port out, and hosts have no
        // case
        private static boolean isSame(String origin, @Nullable String host, boolean secure) {
            String scheme = secure ? "https://" : "http://";
            if (host == null || !origin.startsWith(scheme)) {
                return false;
            }
            Authority page = Authority.parse(origin.substring(scheme.length()));
            Authority server = Authority.parse(host);
            return page != null
                    && server != null
                    && Ascii.equalsIgnoreCase(page.host(), server.host())
                    && port(page, secure) == port(server, secure);
        }

        private static int port(Authority authority, boolean secure) {
            int usual = secure ? 443 : 80;
            return authority.port().isEmpty() ? usual : Integer.parseInt(authority.port());
        }
    }

    /** The policy with a list. */
    record Listed(Set<String> origins, List<Wildcard> wildcards) implements OriginPolicy {

        @Override
        public void check(RequestHead head, boolean secure) throws HttpRefusal {
            List<String> sent = head.headers("Origin");
            // RFC 6454, 7.3: "the user agent MUST NOT include more than one Origin header field"
            if (sent.size() != 1 || !isListed(sent.get(0))) {
                throw refused("Pages of this origin may not connect.");
            }
        }

        private boolean isListed(String origin) {
            return origins.contains(origin) || wildcards.stream().anyMatch(wildcard -> wildcard.matches(origin));
        }
    }

    /**
     * All hosts below one.
     *
     * @param start the scheme with its slashes
     * @param end the host, with a dot before it and perhaps a port behind it
     */
    record Wildcard(String start, String end) {

        static Wildcard of(String entry) {
            int star = entry.indexOf('*');
            return new Wildcard(entry.substring(0, star), entry.substring(star + 1));
        }

        boolean matches(String origin) {
            int to = origin.length() - end.length();
            if (to <= start.length() || !origin.startsWith(start) || !origin.endsWith(end)) {
                return false;
            }
            // what stands for the asterisk must be names, so that neither a port, a user nor a second origin hides
            // there
            for (int i = start.length(); i < to; i++) {
                char c = origin.charAt(i);
                if (!Ascii.isLetterOrDigit(c) && c != '-' && c != '_' && c != '.') {
                    return false;
                }
            }
            return true;
        }
    }

    private static HttpRefusal refused(String why) {
        // RFC 6455, 4.2.2, 4: "it MUST return an appropriate HTTP error code (e.g., 403 Forbidden)"
        return new HttpRefusal(403, why);
    }
}
