package io.hexsocket.transport.vertx;

import io.hexsocket.core.transport.LinkLoop;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop of Vert.x, with a {@link NetServer} that shares its port with those of the other loops. The turn of a connection is
 * what Netty reads from it at a time; what it writes to itself leaves at the end of it. What is written to other connections leaves
 * when Netty has been through all that were ready.
 */
final class VertxLoop extends NettyLoop implements LoopVerticle.Life {

    private static final Logger log = LoggerFactory.getLogger(VertxLoop.class);

    // From the moment when the last connections are cut until the core has to know of it
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final VertxTransport transport;
    private final NetServer server;
    private final ReadBuffer readBuffer = new ReadBuffer(links());
    private final Promise<Void> empty = Promise.promise();
    private final Promise<Void> ended = Promise.promise();

    private boolean portLeft;
    private boolean draining;
    private boolean cutting;

    VertxLoop(Context context, VertxTransport transport) {
        super(context, transport.faults(), transport.proxies(), transport.tls());
        this.transport = transport;
        NetServerOptions options = new NetServerOptions().setTcpNoDelay(true).setAcceptBacklog(LinkLoop.BACKLOG);
        this.server = context.owner().createNetServer(options).connectHandler(this::adopt);
    }

    /** Completes when the last connection is gone. */
    Future<Void> ended() {
        return ended.future();
    }

    ReadBuffer readBuffer() {
        return readBuffer;
    }

    // ---- its life

    /** Takes the loop into service. On the loop. */
    @Override
    public Future<Void> begin() {
        attach(transport.core());
        return server.listen(transport.port().address())
                .onSuccess(listening -> transport.port().bound(listening.actualPort()))
                .onFailure(refused -> {
                    leavePort();
                    onEnded();
                })
                .mapEmpty();
    }

    /** Closes the port, tells every connection, and waits until the last one is gone, or the time is up. On the loop. */
    @Override
    public Future<Void> end() {
        Duration window = transport.window();
        Duration longest = window == null ? transport.drain() : window.plus(transport.drain());
        Future<Void> closed = server.shutdown(longest);
        closed.onComplete(done -> leavePort());
        transport.port().free().onComplete(free -> execute(this::drain));
        // another loop, which an app blocks, may never leave the port
        executeLater(this::drain, PATIENCE.toNanos());
        // a core that has lost count must not keep the host waiting
        executeLater(empty::tryComplete, longest.plus(PATIENCE).toNanos());
        Future.join(closed, empty.future()).onComplete(done -> execute(this::onEnded));
        return ended.future();
    }

    /** The time for those who drain is over. Any thread. */
    void cutShort() {
        execute(() -> {
            draining = true;
            links().onShutdown();
            // Vert.x cuts them when the window is over
            executeLater(
                    () -> {
                        onCut();
                        links().onTimeUp();
                        announce();
                    },
                    transport.drain().toNanos());
            executeLater(empty::tryComplete, transport.drain().plus(PATIENCE).toNanos());
        });
    }

    private void onEnded() {
        detach();
        ended.complete();
    }

    /** The port is closed. */
    void leavePort() {
        if (!portLeft) {
            portLeft = true;
            transport.port().leave();
        }
    }

    private void drain() {
        if (!draining) {
            draining = true;
            Duration window = transport.window();
            if (window == null) {
                links().onShutdown();
            } else {
                links().onDrain(window.toNanos());
            }
        }
    }

    @Override
    void afterTurn() {
        if (draining && links().connections() == 0) {
            empty.tryComplete();
        }
    }

    /** Somebody else has closed the channel of a connection. */
    void onCut() {
        if (draining && !cutting) {
            cutting = true;
            log.warn("{} connections did not end in time and are cut", links().connections());
        }
    }

    // ---- accepting

    private void adopt(NetSocket socket) {
        ChannelHandlerContext place = VertxInternals.handler(socket);
        try {
            adopt(socket, place);
        } catch (RuntimeException | Error failed) {
            report("a new connection failed on an error of the server", failed);
            place.channel().close();
        }
    }

    private void adopt(NetSocket socket, ChannelHandlerContext place) {
        Channel channel = place.channel();
        transport.port().accepted(channel.parent(), transport::threads);
        // null if the peer was gone before it could be asked for its address
        if (!(channel.remoteAddress() instanceof InetSocketAddress peer)
                // an IPv4 wildcard must not accept over IPv6; the JDK's does
                || peer.getAddress() instanceof Inet6Address && transport.port().isInet4()) {
            channel.close();
            return;
        }
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        channel.config().setRecvByteBufAllocator(readBuffer);
        VertxWire wire = VertxWire.before(place, this);
        VertxInternals.leaveSocket(context().owner(), socket);
        run(() -> wire.begin(links().accept(wire, peer)));
    }
}
