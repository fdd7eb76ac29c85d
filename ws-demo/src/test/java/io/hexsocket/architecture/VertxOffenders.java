package io.hexsocket.architecture;

import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;

/** Classes beside those that may use Vert.x's internals. */
final class VertxOffenders {
    private VertxOffenders() {}

    @LivesIn("transport.vertx")
    @Caught("io.vertx.core.internal.ContextInternal")
    static final class UsesContext {
        ContextInternal context;
    }

    @LivesIn("transport.vertx")
    static final class VertxInternals {
        ContextInternal enter() {
            throw new IllegalStateException();
        }

        void leave(ContextInternal context) {}
    }

    @LivesIn("transport.vertx")
    @Caught("io.vertx.core.internal.ContextInternal")
    static final class PassesContext {
        void pass(VertxInternals internals) {
            internals.leave(internals.enter());
        }
    }

    @LivesIn("transport.vertx")
    @Caught("io.vertx.core.internal.ContextInternal")
    static final class CastsContext {
        Object cast(Object context) {
            return (ContextInternal) context;
        }
    }

    @LivesIn("transport.vertx")
    @Caught("io.vertx.core.internal.net.NetSocketInternal")
    static final class CallsSocket {
        Object call(Object socket) {
            return ((NetSocketInternal) socket).channelHandlerContext();
        }
    }
}
