package io.hexsocket.transport.vertx;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Gives a transport one of the event loops of Vert.x. It ends when the transport does, or when the host undeploys it or closes its Vert.x. */
final class LoopVerticle extends VerticleBase {

    /** What begins and ends with the verticle. */
    interface Life {
        Future<Void> begin();

        Future<Void> end();
    }

    private final Function<Context, @Nullable Life> loops;
    private @Nullable Life loop;

    /** @param loops gives the loop of a context, or null if that serves already */
    LoopVerticle(Function<Context, @Nullable Life> loops) {
        this.loops = loops;
    }

    @Override
    public Future<?> start() {
        loop = loops.apply(context);
        return loop == null ? Future.succeededFuture() : loop.begin();
    }

    @Override
    public Future<?> stop() {
        return loop == null ? Future.succeededFuture() : loop.end();
    }
}
