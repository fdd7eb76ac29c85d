package io.hexsocket.core.handshake;

import java.util.List;

/**
 * An opening handshake in which nothing is missing (RFC 6455 section 4.2.1).
 *
 * @param accept what Sec-WebSocket-Accept has to be
 * @param subprotocols what the client offers, in its order, each a token, none twice
 * @param extensions what the client offers, in its order
 */
public record UpgradeRequest(String accept, List<String> subprotocols, List<ExtensionOffer> extensions) {

    /** Makes the lists its own. */
    public UpgradeRequest {
        subprotocols = List.copyOf(subprotocols);
        extensions = List.copyOf(extensions);
    }
}
