package io.hexsocket.transport.vertx;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port at which the loops of one transport listen together, and nobody else of the same Vert.x. Any thread. */
final class Port {

    private static final Logger log = LoggerFactory.getLogger(Port.class);
    private static final AtomicInteger PORTS = new AtomicInteger();

    private final Vertx vertx;
    private final boolean inet4;
    private final SocketAddress address;
    private final AtomicInteger users = new AtomicInteger();
    private final AtomicBoolean watched = new AtomicBoolean();
    private final Promise<Void> free = Promise.promise();
    private volatile int number;
    private volatile boolean failing;

    /**
     * A port without a listener yet.
     *
     * @param number 0 lets the operating system choose
     */
    Port(Vertx vertx, InetAddress host, int number) {
        this.vertx = vertx;
        this.inet4 = host instanceof Inet4Address;
        this.address = unshared(host, number);
    }

    // Servers of one Vert.x that are told the same address share it. Ours are told one that no other is, so that a port
    // which is taken is an error
    private static SocketAddress unshared(InetAddress host, int number) {
        int own = PORTS.incrementAndGet();
        if (number == 0) {
            return SocketAddress.sharedRandomPort(Integer.MAX_VALUE - own, host.getHostAddress());
        }
        String name = "hexsocket-" + own;
        try {
            InetAddress named = host instanceof Inet6Address inet6
                    ? Inet6Address.getByAddress(name, inet6.getAddress(), inet6.getScopeId())
                    : InetAddress.getByAddress(name, host.getAddress());
            return SocketAddress.inetSocketAddress(new InetSocketAddress(named, number));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What Vert.x is to listen at. */
    SocketAddress address() {
        return address;
    }

    /** It is open; the operating system says where. */
    void bound(int actual) {
        number = actual;
    }

    /** Where it is, once it is open. */
    int number() {
        return number;
    }

    /** Whether it was asked for IPv4. */
    boolean isInet4() {
        return inet4;
    }

    /** One more loop is going to listen. */
    void join() {
        users.incrementAndGet();
    }

    /** A loop listens no more; the last one has closed the port. */
    void leave() {
        if (users.decrementAndGet() > 0) {
            return;
        }
        EventLoop acceptor = VertxInternals.acceptor(vertx);
        try {
            // NIO lets the descriptor go in the select that comes next, which is before what a task schedules
            acceptor.execute(() -> acceptor.schedule(() -> free.complete(), 1, TimeUnit.MILLISECONDS));
        } catch (RejectedExecutionException closed) {
            free.complete();
        }
    }

    /** Completes when somebody else can listen at it. */
    Future<Void> free() {
        return free.future();
    }

    /**
     * A connection was accepted.
     *
     * @param loops those that serve what is accepted
     */
    void accepted(Channel server, Supplier<List<EventLoop>> loops) {
        if (watched.compareAndSet(false, true)) {
            server.pipeline().addFirst(new AcceptGate(loops)).addLast(new Watch());
        }
        if (failing) {
            failing = false;
            log.info("accepting again");
        }
    }

    /** In the place of Netty's handler, which would log every failure. */
    private final class Watch extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failed) {
            // Netty has stopped accepting for a second: with all descriptors in use, accept fails at once and again
            if (!failing) {
                failing = true;
                log.warn("cannot accept connections, trying again every second: {}", failed.getMessage());
            }
        }
    }
}
