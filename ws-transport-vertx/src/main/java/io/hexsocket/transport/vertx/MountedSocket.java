package io.hexsocket.transport.vertx;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channel of a host's HTTP connection, from its 101 on. Output goes through the handlers of the host's server, which may be those of its
 * TLS, so it is copied: up to {@value #COPIED_BYTES} bytes, and no more before these are sent. On its event loop.
 */
final class MountedSocket extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(MountedSocket.class);

    // What the socket of a client that reads takes at once
    private static final int COPIED_BYTES = 64 * 1024;

    private final MountedWire wire;
    private final ChannelHandlerContext context;
    /** How many bytes are on their way to the network. */
    private int sending;
    /** Whether a write is under way, which may come to its end before it returns. */
    private boolean writing;
    /** Whether the wire is to hear when all is sent. */
    private boolean roomAwaited;
    /** What comes behind all that is on its way; null if nothing does. */
    private @Nullable Runnable afterSending;

    private boolean closed;

    private MountedSocket(MountedWire wire, ChannelHandlerContext place) {
        this.wire = wire;
        place.pipeline().addBefore(place.name(), "hexsocket", this);
        this.context = place.pipeline().context(this);
        // what is ended for us may still be answered
        context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    /** Takes over a channel before this place of its pipeline. */
    static MountedSocket before(ChannelHandlerContext place, MountedWire wire) {
        return new MountedSocket(wire, place);
    }

    // ---- reading

    @Override
    public void channelRead(ChannelHandlerContext unused, Object message) {
        if (!(message instanceof ByteBuf input)) {
            // the end of the request that was upgraded
            context.fireChannelRead(message);
            return;
        }
        try {
            if (!closed) {
                wire.onBytes(input.nioBuffer());
            }
        } finally {
            input.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext unused) {
        if (!closed) {
            wire.endTurn();
        }
        context.fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext unused, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE
                || event instanceof SslCloseCompletionEvent end && end.isSuccess()) {
            tell(wire::onEndOfStream);
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext unused, Throwable failed) {
        Throwable cause = failed instanceof DecoderException && failed.getCause() != null ? failed.getCause() : failed;
        if (cause instanceof IOException lost) {
            tell(() -> wire.onLost(lost));
        } else {
            tell(() -> wire.fail(cause));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext unused) {
        tell(wire::onGone);
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext unused) {
        tell(wire::onGone);
    }

    private void tell(Runnable event) {
        if (closed) {
            return;
        }
        if (writing) {
            // no method of a wire calls its receiver before it returns
            context.executor().execute(() -> tell(event));
            return;
        }
        wire.tell(event);
    }

    // ---- writing

    /** Takes what may be sent now, of several buffers one behind the other. */
    long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
        if (!context.channel().isActive()) {
            throw new ClosedChannelException();
        }
        long all = 0;
        while (sending == 0) {
            ByteBuf copy = copyOf(buffers, offset, length);
            if (copy == null) {
                break;
            }
            all += copy.readableBytes();
            send(copy);
        }
        return all;
    }

    private @Nullable ByteBuf copyOf(ByteBuffer[] buffers, int offset, int length) {
        int wanted = 0;
        for (int i = offset; i < offset + length; i++) {
            wanted = Math.min(COPIED_BYTES, wanted + buffers[i].remaining());
        }
        if (wanted == 0) {
            return null;
        }
        ByteBuf copy = context.alloc().buffer(wanted, wanted);
        for (int i = offset; copy.isWritable(); i++) {
            ByteBuffer source = buffers[i];
            int limit = source.limit();
            source.limit(source.position() + Math.min(source.remaining(), copy.writableBytes()));
            copy.writeBytes(source);
            source.limit(limit);
        }
        return copy;
    }

    private void send(ByteBuf copy) {
        sending = copy.readableBytes();
        writing = true;
        context.writeAndFlush(copy).addListener(sent -> onSent(sent.cause()));
        writing = false;
    }

    private void onSent(@Nullable Throwable failed) {
        sending = 0;
        Runnable next = afterSending;
        if (failed != null) {
            tell(() -> wire.onLost(failed instanceof IOException lost ? lost : new IOException(failed)));
        } else if (next != null) {
            afterSending = null;
            next.run();
        } else if (roomAwaited) {
            roomAwaited = false;
            tell(wire::onWritable);
        }
    }

    /** See {@link io.hexsocket.core.transport.Wire#listen}. */
    void listen(boolean forBytes, boolean forRoom) {
        Channel channel = context.channel();
        if (channel.config().isAutoRead() != forBytes) {
            channel.config().setAutoRead(forBytes);
        }
        roomAwaited = forRoom && sending > 0;
        if (forRoom && sending == 0) {
            context.executor().execute(() -> tell(wire::onWritable));
        }
    }

    int sendingBytes() {
        return sending;
    }

    // ---- the end

    /** Ends our side, behind all that was taken. */
    void shutdownOutput() {
        if (sending > 0) {
            afterSending = this::endOutput;
        } else {
            endOutput();
        }
    }

    private void endOutput() {
        SslHandler tls = context.pipeline().get(SslHandler.class);
        ChannelFuture ended;
        if (tls != null) {
            ended = tls.closeOutbound();
        } else if (context.channel() instanceof DuplexChannel duplex) {
            ended = duplex.shutdownOutput();
        } else {
            return;
        }
        ended.addListener(done -> {
            if (!done.isSuccess()) {
                log.trace("the peer had gone before", done.cause());
            }
        });
    }

    void resetOnClose() {
        try {
            context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException gone) {
            log.trace("no reset needed", gone);
        }
    }

    void close() {
        closed = true;
        context.close();
    }

    boolean isOpen() {
        return !closed && context.channel().isOpen();
    }
}
