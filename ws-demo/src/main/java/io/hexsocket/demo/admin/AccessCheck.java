package io.hexsocket.demo.admin;

import com.sun.net.httpserver.Headers;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may have a request answered. Keys keep people out; the rest keeps the pages of other sites from using the browser of somebody who
 * may come in.
 *
 * @param keys null if everybody who gets to the port may come in
 * @param host where it listens, a name or an address
 * @param isSecure whether it speaks TLS
 */
record AccessCheck(@Nullable ApiKeys keys, String host, boolean isSecure) {

    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    /**
     * Passes, or throws.
     *
     * @param method of the request; GET and HEAD change nothing
     * @param isOpen whether no key is needed
     */
    void check(String method, Headers headers, boolean isOpen) throws Refusal {
        checkHost(headers.getFirst("Host"));
        checkSite(headers);
        if (!isOpen && keys != null) {
            checkKey(keys, headers.getFirst("Authorization"), method.equals("GET") || method.equals("HEAD"));
        }
    }

    /**
     * Without keys, a name that somebody has pointed at this host would make his page one of this port's own (DNS rebinding). A browser
     * always says a name; probes by HTTP/1.0 do not.
     */
    private void checkHost(@Nullable String header) throws Refusal {
        if (keys != null || header == null) {
            return;
        }
        String name = withoutPort(header.toLowerCase(Locale.ROOT));
        String own = host.indexOf(':') < 0 ? host : "[" + host + "]";
        if (!LOCAL_NAMES.contains(name) && !name.equals(own.toLowerCase(Locale.ROOT))) {
            throw new Refusal(
                    403, "the header Host must name this port, as localhost does; other names need admin.keyFile");
        }
    }

    /** Nobody is let in by what a browser adds by itself, such as cookies; but without keys nothing has to be added. */
    private void checkSite(Headers headers) throws Refusal {
        String site = headers.getFirst("Sec-Fetch-Site");
        String origin = headers.getFirst("Origin");
        boolean isForeign = site != null && !site.equals("same-origin") && !site.equals("none");
        if (isForeign || origin != null && !isOwn(origin, headers.getFirst("Host"))) {
            throw new Refusal(403, "pages of other sites may not use this port");
        }
    }

    private boolean isOwn(String origin, @Nullable String header) {
        return header != null && origin.equalsIgnoreCase((isSecure ? "https://" : "http://") + header);
    }

    private static void checkKey(ApiKeys keys, @Nullable String header, boolean isReading) throws Refusal {
        // RFC 6750 2.1; no word tells a missing key from a wrong one
        String key = header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
                ? header.substring(7).strip()
                : "";
        ApiKeys.Right right = keys.rightOf(key);
        if (right == ApiKeys.Right.NONE) {
            throw new Refusal(401, "a valid key is needed: Authorization: Bearer KEY")
                    .header("WWW-Authenticate", "Bearer");
        }
        if (right == ApiKeys.Right.READ && !isReading) {
            throw new Refusal(403, "this key is for reading only; admin.keyFile says so");
        }
    }

    private static String withoutPort(String host) {
        return host.replaceFirst(":[0-9]*$", "");
    }
}
