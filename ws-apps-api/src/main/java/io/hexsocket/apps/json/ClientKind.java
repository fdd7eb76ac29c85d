package io.hexsocket.apps.json;

import io.hexsocket.apps.OpeningRequest;

/** Who is at the other end of a session. */
enum ClientKind {

    /** A page, or what behaves like one: gets broadcasts. */
    BROWSER,
    /** A script that says so in its opening request, by {@code Client-Type: php} or an {@code Ident}: may be addressed by that. */
    BACKEND,
    /** A script that came by raw TCP. */
    RAW;

    static ClientKind of(OpeningRequest request) {
        if (request.isRawTcp()) {
            return RAW;
        }
        return "php".equalsIgnoreCase(request.header("Client-Type"))
                        || !ident(request).isEmpty()
                ? BACKEND
                : BROWSER;
    }

    /** The name that a backend gives itself; empty if none, as clients without a name send it. */
    static String ident(OpeningRequest request) {
        String ident = request.header("Ident");
        return ident == null ? "" : ident;
    }
}
