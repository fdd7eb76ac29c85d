package io.hexsocket.transport.vertx;

import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.port.transport.LoopInbound;
import io.hexsocket.core.port.transport.SharedBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop of Vert.x, with a {@link NetServer} that shares its port with those of the other loops. The turn of a connection is
 * what Netty reads from it at a time; what it writes to itself leaves at the end of it. What is written to other connections leaves
 * when Netty has been through all that were ready.
 */
final class VertxLoop implements EventLoop {

    private static final Logger log = LoggerFactory.getLogger(VertxLoop.class);

    private static final long TICK_MILLIS = 250;
    // From the moment when the last connections are cut until the core has to know of it
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    // Then readiness has its turn
    private static final int TASKS_A_TURN = 1024;
    // Stands behind the tasks of a turn, or of several if there are more than one turn does
    private static final Runnable END_OF_TURN = () -> {};
    // Connections that the kernel has made and nobody has accepted yet; Linux cuts it to net.core.somaxconn
    private static final int BACKLOG = 4096;

    private final VertxTransport transport;
    private final ContextInternal context;
    private final io.netty.channel.EventLoop thread;
    private final NetServer server;
    private final ReadBuffer readBuffer = new ReadBuffer();
    private final WriteLog writeLog = new WriteLog(ByteBufAllocator.DEFAULT);
    private final Promise<Void> empty = Promise.promise();
    private final Promise<Void> ended = Promise.promise();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** Whether the end of a turn stands among them. */
    private boolean endMarked;

    /** Connections that have something to write, to be told, or to be closed, but for the one whose turn it is. */
    private final ArrayDeque<VertxConnection> unsettled = new ArrayDeque<>();

    private final Runnable rest = this::doTheRest;
    /** Whether Netty need not be told of something to do: the loop will look again. */
    private final AtomicBoolean announced = new AtomicBoolean();

    private @Nullable LoopInbound inbound;
    private long ticker;
    private @Nullable VertxConnection reading;
    /** The large shared bytes that were written last, and what Netty sends of them. */
    private @Nullable SharedBytes lastShared;

    private int lastEdition;
    private @Nullable ByteBuf lastHeld;
    private boolean portLeft;
    private boolean draining;
    private boolean cutting;
    private volatile boolean gone;

    VertxLoop(ContextInternal context, VertxTransport transport) {
        this.context = context;
        this.thread = context.nettyEventLoop();
        this.transport = transport;
        NetServerOptions options = new NetServerOptions().setTcpNoDelay(true).setAcceptBacklog(BACKLOG);
        this.server = context.owner().createNetServer(options).connectHandler(this::adopt);
    }

    /** The Netty event loop, by which two of us are told apart. */
    io.netty.channel.EventLoop thread() {
        return thread;
    }

    /** Completes when the last connection is gone. */
    Future<Void> ended() {
        return ended.future();
    }

    // ---- its life
    // -----------------------------------------------------------------------------------------------------

    /** Takes the loop into service. On the loop. */
    Future<Void> begin() {
        inbound = transport.core().attach(this);
        passTime();
        ticker = context.setPeriodic(TICK_MILLIS, timer -> passTime());
        return server.listen(transport.port().address())
                .onSuccess(listening -> transport.port().bound(listening.actualPort()))
                .onFailure(refused -> {
                    leavePort();
                    onEnded();
                })
                .mapEmpty();
    }

    private void passTime() {
        // an app that has interrupted the loop meant somebody else
        Thread.interrupted();
        run(() -> inbound().onTick(System.nanoTime()));
    }

    /** Closes the port, tells every connection, and waits until the last one is gone, or the time is up. On the loop. */
    Future<Void> end() {
        Future<Void> closed = server.shutdown(transport.drain());
        closed.onComplete(done -> leavePort());
        transport.port().free().onComplete(free -> execute(this::drain));
        // another loop, which an app blocks, may never leave the port
        executeLater(this::drain, PATIENCE.toNanos());
        // a core that has lost count must not keep the host waiting
        executeLater(empty::tryComplete, transport.drain().plus(PATIENCE).toNanos());
        Future.join(closed, empty.future()).onComplete(done -> execute(this::onEnded));
        return ended.future();
    }

    private void onEnded() {
        gone = true;
        context.owner().cancelTimer(ticker);
        writeLog.release();
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
        if (draining) {
            return;
        }
        draining = true;
        try {
            inbound().onShutdown();
        } finally {
            onClosed();
        }
    }

    /** A connection is gone. */
    void onClosed() {
        if (draining && inbound().connections() == 0) {
            empty.tryComplete();
        }
    }

    /** A connection is cut because the time is up. */
    void onCut() {
        if (!cutting) {
            cutting = true;
            log.warn("{} connections did not end in time and are cut", inbound().connections());
        }
    }

    // ---- the event loop as the core sees it
    // ----------------------------------------------------------------------------

    @Override
    public boolean isInLoop() {
        return thread.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        if (gone) {
            return;
        }
        tasks.add(task);
        announce();
        if (gone) {
            tasks.clear();
        }
    }

    @Override
    public void executeLater(Runnable task, long delayNanos) {
        // Vert.x counts in milliseconds, from one on
        long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(delayNanos + 999_999));
        try {
            context.setTimer(millis, timer -> {
                if (!gone) {
                    run(task);
                }
            });
        } catch (RejectedExecutionException closed) {
            log.trace("Vert.x is closed", closed);
        }
    }

    private void run(Runnable task) {
        ContextInternal before = enter();
        try {
            task.run();
        } catch (OutOfMemoryError fatal) {
            onFatal(fatal);
        } catch (Throwable failed) {
            log.error("a task of an event loop failed", failed);
        } finally {
            leave(before);
        }
    }

    // ---- accepting
    // -----------------------------------------------------------------------------------------------------

    private void adopt(NetSocket accepted) {
        NetSocketInternal socket = (NetSocketInternal) accepted;
        ChannelHandlerContext last = socket.channelHandlerContext();
        Channel channel = last.channel();
        transport.port().accepted(channel.parent());
        // null if the peer was gone before it could be asked for its address
        if (!(channel.remoteAddress() instanceof InetSocketAddress peer)
                // an IPv4 wildcard must not open an IPv6 door; the JDK's does
                || peer.getAddress() instanceof Inet6Address && transport.port().isInet4()) {
            channel.close();
            return;
        }
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        VertxConnection connection = new VertxConnection(this, peer);
        SslHandler tls = connection.tls();
        if (tls != null) {
            last.pipeline().addFirst(new TlsGate(connection), tls);
        } else if (transport.readsAtOnce()) {
            // not for TLS, which keeps what is not yet a whole record
            channel.config().setRecvByteBufAllocator(readBuffer);
        }
        last.pipeline().addBefore(last.name(), "hexsocket", connection);
        if (context.owner().metrics() == null) {
            // the socket of Vert.x would take as much memory again as Netty does, and nobody listens to it
            last.pipeline().remove(last.name());
        } else {
            // or it would end the connection when the server begins to end
            socket.shutdownHandler(timeout -> log.trace("the core knows"));
        }
        try {
            connection.begin(inbound().onAccept(connection));
            if (transport.proxies().speaksProxyProtocol(peer.getAddress())) {
                last.pipeline().addFirst("hexsocket-proxy", new ProxyGate(connection));
            }
        } catch (Throwable failed) {
            connection.onFailed(failed);
        }
    }

    // ---- what connections ask for
    // --------------------------------------------------------------------------------------

    VertxTransport transport() {
        return transport;
    }

    ReadBuffer readBuffer() {
        return readBuffer;
    }

    WriteLog writeLog() {
        return writeLog;
    }

    /** What Netty sends of shared bytes; the same for all connections that they are written to in this turn. */
    ByteBuf hold(SharedBytes shared) {
        ByteBuf held = lastHeld;
        if (held == null || lastShared != shared || lastEdition != shared.edition()) {
            releaseHeld();
            held = HeldBytes.of(shared, ByteBufAllocator.DEFAULT);
            lastHeld = held;
            lastShared = shared;
            lastEdition = shared.edition();
            announce();
        }
        return held;
    }

    private void releaseHeld() {
        if (lastHeld != null) {
            lastHeld.release();
            lastHeld = null;
            lastShared = null;
        }
    }

    /** The core is called on the context of the verticle. Gives what {@link #leave} is to be told. */
    ContextInternal enter() {
        return context.beginDispatch();
    }

    void leave(ContextInternal before) {
        context.endDispatch(before);
    }

    /** A connection has input. */
    void beginTurn(VertxConnection connection) {
        VertxConnection interrupted = reading;
        reading = connection;
        if (interrupted != null && interrupted != connection) {
            unsettle(interrupted);
        }
    }

    /** The connection settles by itself. */
    void endTurn() {
        reading = null;
    }

    /** Has the connection settled: at the end of its turn, or after all that are ready have had theirs. */
    void unsettle(VertxConnection connection) {
        if (connection != reading) {
            unsettled.add(connection);
            announce();
        }
    }

    /** The write log is full: writes what is in it for everybody. */
    void emptyWriteLog() {
        if (reading != null) {
            reading.flush();
        }
        for (VertxConnection connection : unsettled) {
            connection.flush();
        }
    }

    void onFatal(Error fatal) {
        transport.onFatal(fatal);
    }

    // ---- when Netty has been through all that were ready
    // ---------------------------------------------------------------

    /** Has Netty come to the rest. Any thread. */
    private void announce() {
        if (announced.compareAndSet(false, true)) {
            try {
                thread.execute(rest);
            } catch (RejectedExecutionException closed) {
                log.trace("Vert.x is closed", closed);
            }
        }
    }

    private void doTheRest() {
        runTasks();
        settle();
        announced.set(false);
        if ((!tasks.isEmpty() || !unsettled.isEmpty()) && announced.compareAndSet(false, true)) {
            // not by execute: Netty does all that is to be executed, up to a second, before it looks at the sockets
            thread.schedule(rest, 0, TimeUnit.NANOSECONDS);
        }
    }

    /** Those that are there: what they add waits for the next turn, or a few of them could keep the loop from its sockets. */
    private void runTasks() {
        if (tasks.isEmpty()) {
            return;
        }
        if (!endMarked) {
            endMarked = true;
            tasks.add(END_OF_TURN);
        }
        for (int left = TASKS_A_TURN; left > 0; left--) {
            Runnable task = tasks.poll();
            if (task == null || task == END_OF_TURN) {
                endMarked = false;
                return;
            }
            run(task);
        }
    }

    private void settle() {
        // no more than there are now: one that always has something to say must not keep the others from being read
        for (int left = unsettled.size(); left > 0; left--) {
            VertxConnection next = unsettled.remove();
            try {
                next.settle();
            } catch (Throwable failed) {
                next.onFailed(failed);
            }
        }
        releaseHeld();
    }

    private LoopInbound inbound() {
        LoopInbound attached = inbound;
        if (attached == null) {
            throw new IllegalStateException("the loop is not in service");
        }
        return attached;
    }
}
