package io.hexsocket.core.handshake.violations;

import io.hexsocket.core.protocol.violations.ProtocolOffenders;

/** What a handshake would look like that knows what comes after it. */
public final class HandshakeOffenders {
    private HandshakeOffenders() {}

    static final class KnowsProtocol {
        ProtocolOffenders protocol;
    }
}
