package io.hexsocket.transport.vertx;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.jspecify.annotations.Nullable;

/** Gives a transport one of the event loops of Vert.x. It ends when the transport does, or when the host undeploys it or closes its Vert.x. */
final class LoopVerticle extends VerticleBase {

    private final VertxTransport transport;
    private @Nullable VertxLoop loop;

    LoopVerticle(VertxTransport transport) {
        this.transport = transport;
    }

    @Override
    public Future<?> start() {
        VertxLoop given = new VertxLoop(context, transport);
        if (!transport.enter(given)) {
            // a loop that serves already
            return Future.succeededFuture();
        }
        loop = given;
        return given.begin();
    }

    @Override
    public Future<?> stop() {
        return loop == null ? Future.succeededFuture() : loop.end();
    }
}
