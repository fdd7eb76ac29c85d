package io.hexsocket.transport.vertx;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.transport.Transport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that this transport needs of {@code io.vertx.core.internal}, for which no release of Vert.x promises anything: the Netty event loop
 * of a context and the Netty channel of a socket, since a {@code NetSocket} makes a {@code Buffer} of each read and a task of each
 * write; and the dispatch of a context, since apps find their verticle's context by it.
 */
final class VertxInternals {

    private VertxInternals() {}

    /** The event loop that a context runs on. */
    static EventLoop eventLoop(Context context) {
        return ((ContextInternal) context).nettyEventLoop();
    }

    /** The context of a request, whose event loop is that of its connection. */
    static Context context(HttpServerRequest request) {
        return ((HttpServerRequestInternal) request).context().unwrap();
    }

    /** How many event loops there are to be had. */
    static int eventLoops(Vertx vertx) {
        int number = 0;
        for (var loop : ((VertxInternal) vertx).eventLoopGroup()) {
            number++;
        }
        return number;
    }

    /** The event loop that accepts connections. */
    static EventLoop acceptor(Vertx vertx) {
        return ((VertxInternal) vertx).acceptorEventLoopGroup().next();
    }

    /** Whether a channel reads and writes at the moment it is asked to; io_uring does so later. */
    static boolean isSynchronous(Vertx vertx) {
        return Stream.of(Transport.NIO, Transport.EPOLL, Transport.KQUEUE)
                .anyMatch(known -> known != null && known.implementation() == ((VertxInternal) vertx).transport());
    }

    /** The place of a socket in its channel's pipeline. */
    static ChannelHandlerContext handler(NetSocket socket) {
        return ((NetSocketInternal) socket).channelHandlerContext();
    }

    /** Takes the socket out of its channel's pipeline, if nothing but us needs it: it is as large as all of Netty's part. */
    static void leaveSocket(Vertx vertx, NetSocket socket) {
        if (((VertxInternal) vertx).metrics() == null) {
            ChannelHandlerContext handler = handler(socket);
            handler.pipeline().remove(handler.name());
        } else {
            // or it would end the connection when the server begins to end
            ((NetSocketInternal) socket).shutdownHandler(timeout -> {});
        }
    }

    /** Makes a context the current one of its event loop; gives the one before, which {@link #leave} is to be told. */
    static @Nullable Context enter(Context context) {
        return ((ContextInternal) context).beginDispatch();
    }

    /** Ends {@link #enter}. */
    static void leave(Context context, @Nullable Context before) {
        ((ContextInternal) context).endDispatch((ContextInternal) before);
    }
}
