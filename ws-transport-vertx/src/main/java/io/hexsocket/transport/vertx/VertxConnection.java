package io.hexsocket.transport.vertx;

import io.hexsocket.core.port.transport.Inbound;
import io.hexsocket.core.port.transport.Outbound;
import io.hexsocket.core.port.transport.Peer;
import io.hexsocket.core.port.transport.SharedBytes;
import io.hexsocket.core.port.transport.TlsFailure;
import io.hexsocket.core.proxy.ProxyHeader;
import io.hexsocket.core.proxy.ProxyViolation;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertx.core.internal.ContextInternal;
import java.io.EOFException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.security.Principal;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection between Netty's channel and the core: the handler that stands where the bytes of a {@code NetSocket} come out. What is
 * written in a turn stands in the loop's write log and leaves at the end of the turn in one system call. What the socket does not take
 * stays with the channel, one buffer at a time; what comes after it waits in a queue of the connection's own, which most never have.
 */
final class VertxConnection extends ChannelDuplexHandler implements Outbound, ChannelFutureListener, Executor {

    private static final Logger log = LoggerFactory.getLogger(VertxConnection.class);

    // More of one connection's in the log is sent at once: the core would think that the client does not read it
    private static final int MOST_IN_LOG = 32 * 1024;
    // As good as endless; the largest integer has a meaning of its own
    private static final int WRITES_AFTER_INPUT = 1 << 20;
    // Shared bytes beyond this are not copied for each connection
    private static final int LARGE_SHARED = 16 * 1024;
    // After our last byte: what the peer sends meanwhile is read and thrown away, however much it is, or the kernel
    // would answer it with a reset, which takes our last bytes from the peer as well
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final VarHandle QUEUED;

    static {
        try {
            QUEUED = MethodHandles.lookup().findVarHandle(VertxConnection.class, "queued", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private enum Stage {
        /** Bytes go both ways. */
        OPEN,
        /** Our side ends when all is sent. */
        CLOSING,
        /** Our side has ended; what comes is thrown away. */
        LINGERING,
        /** The channel is to be closed at the end of the turn. */
        DOOMED,
        /** The channel is closed. */
        CLOSED
    }

    private final VertxLoop loop;
    private InetSocketAddress address;
    /** What stands between the socket and us; null without TLS. */
    private final @Nullable SslHandler tls;

    private @Nullable ChannelHandlerContext channel;
    private @Nullable Inbound inbound;
    private Stage stage = Stage.OPEN;

    /** What stands in the write log for this connection: from, and up to; the same if nothing does. */
    private int logFrom;

    private int logTo;
    /** What the channel has not written yet; while there is any, it gets nothing else. */
    private @Nullable ByteBuf inFlight;

    private int inFlightBytes;
    private @Nullable WriteQueue queue;
    /** Bytes in the log, in flight and in the queue; other threads look at it. */
    @SuppressWarnings("unused") // by its VarHandle
    private int queued;

    /** Input that came although reads are paused: the channel was about to read, or has met the end of the input. */
    private @Nullable ArrayDeque<ByteBuf> kept;

    private boolean secureUpToProxy;
    private boolean unsettled;
    private boolean drainedRequested;
    private boolean readPaused;
    private boolean inputEnded;
    private boolean inputEndTold;
    private boolean closedTold;
    private @Nullable Throwable cause;

    VertxConnection(VertxLoop loop, InetSocketAddress address) {
        this.loop = loop;
        this.address = address;
        this.tls = loop.transport().newTls(this);
    }

    /** What stands between the socket and us; null without TLS. */
    @Nullable SslHandler tls() {
        return tls;
    }

    /** Begins, once the handler is in its place. */
    void begin(Inbound core) {
        inbound = core;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context;
    }

    // ---- reading
    // -------------------------------------------------------------------------------------------------------

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf input = (ByteBuf) message;
        // what TLS has decrypted may come without an end of the turn behind it
        if (tls == null) {
            loop.beginTurn(this);
        }
        ContextInternal before = loop.enter();
        try {
            receive(input);
        } catch (Throwable failed) {
            onFailed(failed);
        } finally {
            loop.leave(before);
            input.release();
        }
    }

    private void receive(ByteBuf input) {
        switch (stage) {
            case OPEN -> {
                if (readPaused || kept != null) {
                    keep(input);
                } else {
                    inbound().onBytes(loop.readBuffer().view(input));
                }
            }
            case LINGERING -> log.trace("nobody is interested any more");
            case CLOSING, DOOMED, CLOSED -> log.trace("the channel was about to read");
        }
    }

    private void keep(ByteBuf input) {
        if (kept == null) {
            kept = new ArrayDeque<>(2);
        }
        // a copy, for it may lie in the loop's own buffer
        kept.add(channel().alloc().directBuffer(input.readableBytes()).writeBytes(input));
        unsettle();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (tls == null) {
            loop.endTurn();
            if (unsettled) {
                settle();
            }
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            if (tls != null && !inputEnded && stage == Stage.OPEN) {
                // RFC 8446 6.1: both have to know that the connection ends, or it could be cut by a third
                doom(tlsCause(new EOFException("the client has gone without a close_notify")));
            }
            inputEnded = true;
            // Netty's epoll, up to 4.2.20 at least, cannot wait again for a channel that has waited for nothing, as one
            // without input does between two turns of writing: so the queue is written in one
            context.channel().config().setWriteSpinCount(WRITES_AFTER_INPUT);
            unsettle();
        } else if (event instanceof SslCloseCompletionEvent ended && ended.isSuccess()) {
            inputEnded = true;
            unsettle();
        } else if (event instanceof SslHandshakeCompletionEvent handshake) {
            onHandshake(handshake);
        } else if (event.getClass().getPackageName().startsWith("io.vertx.")) {
            // the one event that Vert.x has, of a class of its own: the server has closed its port and wants to end
            loop.leavePort();
        }
        context.fireUserEventTriggered(event);
    }

    /** Whether what comes is thrown away until the peer has ended its side, too. */
    boolean isLingering() {
        return stage == Stage.LINGERING;
    }

    /** Whether bytes go both ways. */
    boolean isOpen() {
        return stage == Stage.OPEN;
    }

    /** A proxy has said who the client is; nothing has been read yet. */
    void onProxyHeader(ProxyHeader header) {
        InetSocketAddress client = header.client();
        if (client != null) {
            address = client;
            secureUpToProxy = header.secure();
            tell(inbound()::onForwarded);
        }
    }

    /** A proxy has said something else. */
    void onProxyViolation(ProxyViolation broken) {
        doom(broken);
    }

    // ---- the handshake of TLS
    // -------------------------------------------------------------------------------------------

    private void onHandshake(SslHandshakeCompletionEvent handshake) {
        if (handshake.isSuccess()) {
            channel().pipeline().remove(TlsGate.class);
            // the core may not have wanted any input in the meantime
            unsettle();
        } else if (handshake.cause() instanceof SSLException
                && !(handshake.cause() instanceof SslHandshakeTimeoutException)) {
            // an alert comes next, and then the end
            endBroken(tlsCause(handshake.cause()));
        } else {
            doom(tlsCause(handshake.cause()));
        }
    }

    /** Has the sums of the handshake done. */
    @Override
    public void execute(Runnable sums) {
        loop.transport().doAside(() -> {
            // under a flood, those who were waited for in vain must not cost the others their turn
            if (channel().channel().isOpen()) {
                sums.run();
            }
        });
    }

    /** The same, or that TLS has not come about. */
    private Throwable tlsCause(Throwable failed) {
        return tls == null || tls.handshakeFuture().isSuccess() ? failed : tlsFailure(failed);
    }

    private TlsFailure tlsFailure(Throwable failed) {
        TlsGate gate = channel().pipeline().get(TlsGate.class);
        boolean silent = gate != null && gate.isSilent();
        if (failed instanceof NotSslRecordException) {
            return TlsFailure.notTls();
        }
        if (failed instanceof SslHandshakeTimeoutException) {
            return TlsFailure.late(silent, loop.transport().tlsHandshake());
        }
        if (failed instanceof EOFException || failed instanceof ClosedChannelException) {
            return TlsFailure.gone(silent);
        }
        return new TlsFailure(String.valueOf(failed.getMessage()));
    }

    // ---- writing
    // -------------------------------------------------------------------------------------------------------

    @Override
    public void write(ByteBuffer bytes) {
        if (stage != Stage.OPEN) {
            ignored(bytes.remaining());
            bytes.position(bytes.limit());
        } else if (bytes.hasRemaining()) {
            addQueued(bytes.remaining());
            unsettle();
            append(bytes);
        }
    }

    private void append(ByteBuffer bytes) {
        WriteLog writeLog = loop.writeLog();
        while (bytes.hasRemaining()) {
            if (hasBacklog()) {
                queue().append(bytes);
            } else if (writeLog.room() == 0) {
                loop.emptyWriteLog();
            } else if (joinsLog(writeLog.end())) {
                logTo += writeLog.append(bytes);
                if (logTo - logFrom > MOST_IN_LOG) {
                    flush();
                }
            } else {
                moveLogToQueue();
            }
        }
    }

    @Override
    public void write(SharedBytes shared) {
        int length = shared.bytes().remaining();
        if (stage != Stage.OPEN || length == 0) {
            ignored(length);
            return;
        }
        addQueued(length);
        unsettle();
        if (length > LARGE_SHARED) {
            moveLogToQueue();
            queue().appendFull(loop.hold(shared), tls != null);
            return;
        }
        WriteLog writeLog = loop.writeLog();
        if (!hasBacklog() && !writeLog.endsWith(shared) && writeLog.room() < length) {
            loop.emptyWriteLog();
        }
        if (hasBacklog()) {
            queue().append(shared.bytes().duplicate());
            return;
        }
        int from = writeLog.append(shared);
        if (joinsLog(from)) {
            logTo = from + length;
            if (logTo - logFrom > MOST_IN_LOG) {
                flush();
            }
        } else {
            moveLogToQueue();
            queue().append(shared.bytes().duplicate());
        }
    }

    /** The network will not get these. An app that sends as long as there is room must find an end of it before the turn ends. */
    private void ignored(int length) {
        if (stage == Stage.DOOMED || stage == Stage.CLOSED && !closedTold) {
            addQueued(length);
        }
    }

    /** Whether an entry at this place continues what stands in the log for us; if nothing does, it begins there. */
    private boolean joinsLog(int from) {
        if (logFrom == logTo) {
            loop.writeLog().join();
            logFrom = from;
            logTo = from;
        }
        return logTo == from;
    }

    private void moveLogToQueue() {
        if (logFrom != logTo) {
            queue().append(loop.writeLog().view(logFrom, logTo));
            leaveLog();
        }
    }

    private void leaveLog() {
        if (logFrom != logTo) {
            logFrom = logTo;
            loop.writeLog().leave();
        }
    }

    @Override
    public void flush() {
        if (stage == Stage.DOOMED || stage == Stage.CLOSED) {
            leaveLog();
        } else if (logFrom != logTo) {
            if (!transmit(loop.writeLog().buffer(logFrom, logTo))) {
                loop.writeLog().replace();
            }
            leaveLog();
        } else {
            sendQueue();
        }
    }

    private void sendQueue() {
        while (queue != null && inFlight == null && stage != Stage.DOOMED && stage != Stage.CLOSED) {
            ByteBuf next = queue.poll();
            transmit(next);
            next.release();
            if (queue.isEmpty()) {
                queue = null;
            }
        }
    }

    /** Hands bytes to the channel, which has nothing else to do; true if it has done with them. */
    private boolean transmit(ByteBuf bytes) {
        int length = bytes.readableBytes();
        // the promise is the one object that a turn costs: the only sign of the end that holds for TLS as well
        ChannelFuture written = channel().writeAndFlush(bytes.retain());
        if (written.isDone()) {
            addQueued(-length);
            if (!written.isSuccess()) {
                doom(written.cause());
            }
            return true;
        }
        inFlight = bytes.retain();
        inFlightBytes = length;
        written.addListener(this);
        return false;
    }

    /** The channel has written what it had kept, or never will. It goes on at once with what is next. */
    @Override
    public void operationComplete(ChannelFuture written) {
        ByteBuf sent = inFlight;
        if (sent != null) {
            inFlight = null;
            sent.release();
            addQueued(-inFlightBytes);
        }
        if (written.isSuccess()) {
            sendQueue();
        } else {
            doom(written.cause());
        }
        unsettle();
    }

    // ---- the end of the turn
    // -------------------------------------------------------------------------------------------

    /** Writes what the turn has left, then tells the core what came of it. */
    void settle() {
        unsettled = false;
        deliverInput();
        flush();
        if (stage == Stage.DOOMED) {
            closeNow();
            return;
        }
        if (stage == Stage.CLOSED) {
            return;
        }
        if (queued == 0) {
            if (stage == Stage.CLOSING) {
                endOutput();
            } else if (stage == Stage.OPEN && drainedRequested) {
                drainedRequested = false;
                tell(inbound()::onDrained);
            }
        }
        updateReading();
    }

    private void unsettle() {
        if (!unsettled) {
            unsettled = true;
            loop.unsettle(this);
        }
    }

    /** Hands over what came while reads were paused, and the end of the input behind it. */
    private void deliverInput() {
        while (kept != null && stage == Stage.OPEN && !readPaused) {
            ByteBuf input = kept.remove();
            if (kept.isEmpty()) {
                kept = null;
            }
            tell(() -> inbound().onBytes(input.nioBuffer()));
            input.release();
        }
        if (!inputEnded) {
            return;
        }
        if (stage == Stage.LINGERING) {
            doom(null);
        } else if (stage == Stage.OPEN && !inputEndTold && !readPaused) {
            inputEndTold = true;
            tell(inbound()::onEndOfInput);
        }
    }

    /** Calls the core, on the context of the loop. */
    private void tell(Runnable call) {
        ContextInternal before = loop.enter();
        try {
            call.run();
        } catch (Throwable failed) {
            onFailed(failed);
        } finally {
            loop.leave(before);
        }
    }

    private void endOutput() {
        if (tls != null) {
            linger();
            tls.closeOutbound().addListener(alerted -> endSocketOutput());
        } else if (inputEnded) {
            doom(null);
        } else {
            linger();
            endSocketOutput();
        }
    }

    /** Nothing comes in any more; the core hears the reason when the peer has ended its own side, or been given the time. */
    void endBroken(Throwable reason) {
        if (stage == Stage.OPEN || stage == Stage.CLOSING) {
            cause = reason;
            linger();
            unsettle();
        }
    }

    private void linger() {
        stage = Stage.LINGERING;
        loop.executeLater(() -> doom(null), LINGER_NANOS);
    }

    /** Ends our side. */
    void endSocketOutput() {
        if (inputEnded) {
            doom(null);
        } else if (stage == Stage.LINGERING) {
            ChannelFuture ended = ((DuplexChannel) channel().channel()).shutdownOutput();
            if (ended.isDone() && !ended.isSuccess()) {
                doom(ended.cause());
            }
        }
    }

    private void updateReading() {
        boolean wanted = stage == Stage.OPEN ? !readPaused && kept == null : stage == Stage.LINGERING;
        boolean reads = !inputEnded && (wanted || isShakingHands());
        ChannelConfig config = channel().channel().config();
        if (config.isAutoRead() != reads) {
            config.setAutoRead(reads);
        }
    }

    /** Reads no more, at once: at the end of the turn is too late, for the channel may be about to read on. */
    private void stopReading() {
        if (!isShakingHands()) {
            channel().channel().config().setAutoRead(false);
        }
    }

    /** Whether TLS needs input for itself, without which nothing can be written either. */
    private boolean isShakingHands() {
        return tls != null && !tls.handshakeFuture().isDone();
    }

    // ---- the rest of Outbound
    // ------------------------------------------------------------------------------------------

    @Override
    public long queuedBytes() {
        int all = (int) QUEUED.getOpaque(this);
        return inFlight == null || !loop.isInLoop() ? all : all - inFlightBytes + inFlightLeft(inFlight);
    }

    private int inFlightLeft(ByteBuf bytes) {
        // the channel moves the buffer's beginning as it writes; TLS does when it encrypts, and what the channel has
        // then is a little longer
        int left = bytes.readableBytes();
        ChannelOutboundBuffer encrypted =
                tls == null ? null : channel().channel().unsafe().outboundBuffer();
        return encrypted == null
                ? left
                : (int) Math.min(
                        inFlightBytes, left + encrypted.totalPendingWriteBytes() - encrypted.currentProgress());
    }

    @Override
    public void requestDrained() {
        drainedRequested = true;
        unsettle();
    }

    @Override
    public void pauseReads() {
        if (stage == Stage.OPEN && !readPaused) {
            readPaused = true;
            stopReading();
        }
    }

    @Override
    public void resumeReads() {
        if (stage == Stage.OPEN && readPaused) {
            readPaused = false;
            unsettle();
        }
    }

    @Override
    public void close() {
        if (stage == Stage.OPEN) {
            stage = Stage.CLOSING;
            stopReading();
            unsettle();
        }
    }

    @Override
    public void abort() {
        if (stage != Stage.DOOMED && stage != Stage.CLOSED) {
            resetOnClose();
            doom(null);
        }
    }

    @Override
    public Peer peer() {
        return new Peer(address, tls != null || secureUpToProxy);
    }

    @Override
    public @Nullable Principal principal() {
        try {
            return tls == null ? null : tls.engine().getSession().getPeerPrincipal();
        } catch (SSLPeerUnverifiedException anonymous) {
            return null;
        }
    }

    // ---- the end
    // -------------------------------------------------------------------------------------------------------

    /** The core or the server threw. */
    void onFailed(Throwable failed) {
        if (failed instanceof OutOfMemoryError fatal) {
            loop.onFatal(fatal);
        } else {
            log.error("a connection failed on an error of the server", failed);
        }
        if (stage != Stage.DOOMED && stage != Stage.CLOSED) {
            resetOnClose();
            doom(failed);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failed) {
        if (stage == Stage.LINGERING && cause != null) {
            log.trace("the core will hear of what came first", failed);
        } else if (failed instanceof IOException) {
            doom(tlsCause(failed));
        } else if (failed instanceof DecoderException decoding && tls != null) {
            doom(tlsCause(decoding.getCause() == null ? decoding : decoding.getCause()));
        } else {
            onFailed(failed);
        }
    }

    /** Has the channel closed at the end of the turn. */
    void doom(@Nullable Throwable reason) {
        if (stage != Stage.DOOMED && stage != Stage.CLOSED) {
            stage = Stage.DOOMED;
            if (cause == null) {
                cause = reason;
            }
            unsettle();
        }
    }

    /** Has the kernel send a reset when the channel is closed, and forget what it has not sent. */
    private void resetOnClose() {
        try {
            channel().channel().config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException gone) {
            log.trace("no reset needed", gone);
        }
    }

    private void closeNow() {
        stage = Stage.CLOSED;
        // channelInactive comes next
        socket().close();
    }

    /** What is closed at once: TLS would say something before, and wait until that is sent. */
    private ChannelHandlerContext socket() {
        ChannelHandlerContext below = tls == null ? null : channel().pipeline().firstContext();
        return below == null ? channel() : below;
    }

    /** Somebody above has lost patience: the server's time to end is up, or the host closes its Vert.x. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise done) {
        if (stage != Stage.CLOSED) {
            loop.onCut();
            resetOnClose();
        }
        socket().close(done);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        onClosed();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        onClosed();
    }

    private void onClosed() {
        if (closedTold) {
            return;
        }
        closedTold = true;
        stage = Stage.CLOSED;
        leaveLog();
        QUEUED.setOpaque(this, 0);
        if (queue != null) {
            queue.clear();
            queue = null;
        }
        if (kept != null) {
            kept.forEach(ByteBuf::release);
            kept = null;
        }
        if (inbound != null) {
            tell(() -> inbound().onClosed(cause));
        }
        loop.onClosed();
    }

    private boolean hasBacklog() {
        return inFlight != null || queue != null;
    }

    private WriteQueue queue() {
        if (queue == null) {
            queue = new WriteQueue(channel().alloc());
        }
        return queue;
    }

    private void addQueued(int bytes) {
        QUEUED.setOpaque(this, queued + bytes);
    }

    private ChannelHandlerContext channel() {
        ChannelHandlerContext added = channel;
        if (added == null) {
            throw new IllegalStateException("the handler is not in its place");
        }
        return added;
    }

    private Inbound inbound() {
        Inbound attached = inbound;
        if (attached == null) {
            throw new IllegalStateException("the connection has not begun");
        }
        return attached;
    }
}
