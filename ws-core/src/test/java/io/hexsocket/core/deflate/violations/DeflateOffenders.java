package io.hexsocket.core.deflate.violations;

import io.hexsocket.core.protocol.violations.ProtocolOffenders;
import io.hexsocket.core.session.violations.Session;

/** What compression would look like that knows who uses it. */
public final class DeflateOffenders {
    private DeflateOffenders() {}

    static final class KnowsProtocol {
        ProtocolOffenders protocol;
    }

    static final class KnowsSession {
        Session session;
    }
}
