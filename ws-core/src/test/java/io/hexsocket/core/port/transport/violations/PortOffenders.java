package io.hexsocket.core.port.transport.violations;

import io.hexsocket.core.config.Limits;
import io.hexsocket.core.session.violations.Session;

/** What the ports would look like that know what is built on them. */
public final class PortOffenders {
    private PortOffenders() {}

    static final class KnowsConfiguration {
        void of(Limits limits) {
            limits.messageBytes();
        }
    }

    static final class KnowsSession {
        Session session;
    }
}
