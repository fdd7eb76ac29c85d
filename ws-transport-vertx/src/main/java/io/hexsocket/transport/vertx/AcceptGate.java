package io.hexsocket.transport.vertx;

import io.hexsocket.core.transport.LinkLoop;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a port from accepting more than its loops take in a turn. Netty accepts on a thread of its own and posts each connection to a
 * loop, which does all that is posted before it looks at its sockets: on a loop that is late, hundreds of new connections would come
 * before the clients that it has. What is not accepted yet waits in the kernel. On the thread that accepts.
 */
final class AcceptGate extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(AcceptGate.class);

    // Netty accepts up to as many at a time, and looks then whether it is to go on
    private static final int NETTY_ACCEPTS = 16;

    /** For how long a loop that an app blocks keeps the others from new clients, at most. */
    static final long PATIENCE_MILLIS = 100;

    private final Supplier<List<EventLoop>> loops;
    private int accepted;
    /** Ends the patience while the gate is closed; null while it is open. */
    private @Nullable Future<?> patience;
    /** How many loops have still to have their turn. */
    private int awaited;

    /** @param loops those that serve what is accepted */
    AcceptGate(Supplier<List<EventLoop>> loops) {
        this.loops = loops;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object connection) {
        accepted++;
        context.fireChannelRead(connection);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.fireChannelReadComplete();
        if (patience == null && accepted > LinkLoop.ACCEPTS_PER_TURN - NETTY_ACCEPTS) {
            close(context);
        }
    }

    private void close(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(false);
        Future<?> round = context.executor().schedule(() -> open(context), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        patience = round;
        List<EventLoop> all = loops.get();
        awaited = all.size();
        for (EventLoop loop : all) {
            afterTurn(loop, () -> context.executor().execute(() -> onTurn(context, round)));
        }
    }

    /** Calls back when a loop has done what is posted to it, and looked at its sockets. */
    private static void afterTurn(EventLoop loop, Runnable then) {
        try {
            loop.execute(() -> loop.schedule(then, 0, TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException closed) {
            log.trace("the host closes its Vert.x", closed);
            then.run();
        }
    }

    private void onTurn(ChannelHandlerContext context, Future<?> round) {
        // it may be an answer to a time before
        if (patience == round && --awaited == 0) {
            round.cancel(false);
            open(context);
        }
    }

    private void open(ChannelHandlerContext context) {
        patience = null;
        accepted = 0;
        if (context.channel().isOpen()) {
            context.channel().config().setAutoRead(true);
        }
    }
}
