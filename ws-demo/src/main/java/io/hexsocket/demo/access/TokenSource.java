package io.hexsocket.demo.access;

import io.hexsocket.apps.OpeningRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where in a request a token is. */
public sealed interface TokenSource {

    /** The subprotocol that a client offers beside the one with its token, so that there is one to agree on. */
    String SUBPROTOCOL = "hexsocket";

    /** Finds a token, or null. */
    @Nullable String find(OpeningRequest request);

    /** {@code Authorization: Bearer TOKEN} (RFC 6750 section 2.1), which browsers cannot send for a WebSocket. */
    record Header() implements TokenSource {
        private static final String SCHEME = "Bearer ";

        @Override
        public @Nullable String find(OpeningRequest request) {
            List<String> all = request.headers("Authorization");
            return all.size() == 1 && all.get(0).regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                    ? all.get(0).substring(SCHEME.length()).strip()
                    : null;
        }
    }

    /** A cookie of this name. */
    record Cookie(String name) implements TokenSource {
        @Override
        public @Nullable String find(OpeningRequest request) {
            return request.cookie(name);
        }
    }

    /** A parameter of this name in the query (RFC 6750 section 2.3); proxies write it into their logs. */
    record Query(String name) implements TokenSource {
        @Override
        public @Nullable String find(OpeningRequest request) {
            return request.query(name);
        }
    }

    /** {@code bearer.TOKEN} among the subprotocols that the client offers. */
    record Subprotocol() implements TokenSource {
        private static final String PREFIX = "bearer.";

        @Override
        public @Nullable String find(OpeningRequest request) {
            return request.subprotocols().stream()
                    .filter(one -> one.startsWith(PREFIX))
                    .findFirst()
                    .map(one -> one.substring(PREFIX.length()))
                    .orElse(null);
        }
    }
}
