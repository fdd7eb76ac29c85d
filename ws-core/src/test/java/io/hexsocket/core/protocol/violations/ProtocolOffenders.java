package io.hexsocket.core.protocol.violations;

import io.hexsocket.core.handshake.violations.HandshakeOffenders;
import io.hexsocket.core.routing.violations.Routing;
import io.hexsocket.core.session.violations.Session;

/** What a protocol would look like that knows who uses it. */
public final class ProtocolOffenders {
    private ProtocolOffenders() {}

    static final class KnowsSession {
        Session session;
    }

    static final class KnowsRouting {
        Routing routing;
    }

    static final class KnowsHandshake {
        HandshakeOffenders handshake;
    }
}
