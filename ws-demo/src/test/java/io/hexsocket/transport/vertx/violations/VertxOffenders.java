package io.hexsocket.transport.vertx.violations;

import io.hexsocket.transport.nio.violations.NioOffenders;

/** What a transport would look like that knows another one. */
public final class VertxOffenders {
    private VertxOffenders() {}

    public static final class AgainstNio {
        static final class KnowsNioTransport {
            NioOffenders other;
        }
    }
}
