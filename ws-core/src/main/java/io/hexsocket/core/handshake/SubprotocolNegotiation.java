package io.hexsocket.core.handshake;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The choice of a subprotocol (RFC 6455 section 4.2.2, /subprotocol/). */
public final class SubprotocolNegotiation {

    private SubprotocolNegotiation() {}

    /**
     * The first that the server speaks and the client offers, or null: what was not offered is never chosen. Case
     * matters.
     *
     * @param spoken by the app, the best first
     * @param offered by the client
     */
    public static @Nullable String choose(List<String> spoken, List<String> offered) {
        for (String name : spoken) {
            if (offered.contains(name)) {
                return name;
            }
        }
        return null;
    }
}
