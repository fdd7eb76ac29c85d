package io.hexsocket.transport.vertx;

import io.hexsocket.core.port.transport.TlsFailure;
import io.hexsocket.core.tls.Greeting;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/**
 * Stands between the socket and TLS as long as the handshake lasts: looks whether what comes is TLS at all, and lets what the client is
 * told at the end of a failed handshake arrive there.
 */
final class TlsGate extends ChannelDuplexHandler {

    private final VertxConnection connection;
    private boolean silent = true;

    TlsGate(VertxConnection connection) {
        this.connection = connection;
    }

    /** Whether not a byte has come. */
    boolean isSilent() {
        return silent;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf input = (ByteBuf) message;
        if (connection.isLingering() || silent && !begin(context, input.getByte(input.readerIndex()))) {
            input.release();
        } else {
            context.fireChannelRead(input);
        }
    }

    /** Looks at the very first byte; true if it is TLS. */
    private boolean begin(ChannelHandlerContext context, byte first) {
        silent = false;
        switch (Greeting.of(first)) {
            case TLS -> {
                return true;
            }
            case HTTP -> {
                context.writeAndFlush(Unpooled.wrappedBuffer(Greeting.answerToHttp()));
                connection.endBroken(TlsFailure.plainHttp());
                connection.endSocketOutput();
            }
            case UNKNOWN -> connection.doom(TlsFailure.notTls());
        }
        return false;
    }

    /** Netty's TLS closes what has failed as soon as it has said why; with input unread, the kernel would take that back. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise done) {
        if (connection.isLingering()) {
            connection.endSocketOutput();
            done.setSuccess();
        } else {
            context.close(done);
        }
    }
}
