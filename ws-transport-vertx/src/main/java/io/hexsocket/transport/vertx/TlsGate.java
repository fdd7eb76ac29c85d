package io.hexsocket.transport.vertx;

import io.hexsocket.core.tls.Greeting;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Stands before TLS until the first byte has come, to answer those who have used the wrong scheme. */
final class TlsGate extends ChannelInboundHandlerAdapter {

    private final VertxConnection connection;

    TlsGate(VertxConnection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf input = (ByteBuf) message;
        if (!connection.isOpen() || !input.isReadable()) {
            input.release();
            return;
        }
        Greeting greeting = Greeting.of(input.getByte(input.readerIndex()));
        if (greeting == Greeting.TLS) {
            context.pipeline().remove(this);
            context.fireChannelRead(input);
            return;
        }
        input.release();
        connection.onNoTls(greeting, context);
    }
}
