package io.hexsocket.transport.vertx;

import io.hexsocket.core.proxy.ProxyHeader;
import io.hexsocket.core.proxy.ProxyHeaderParser;
import io.hexsocket.core.proxy.ProxyViolation;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;

/**
 * Stands first in the pipeline of a connection that must begin with a header of the PROXY protocol, takes that off, and leaves. Netty has
 * a decoder of its own for it, and Vert.x an option, but both believe whoever connects.
 */
final class ProxyGate extends ChannelInboundHandlerAdapter {

    private final VertxConnection connection;
    private final ProxyHeaderParser parser = new ProxyHeaderParser();

    ProxyGate(VertxConnection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf input = (ByteBuf) message;
        if (!connection.isOpen() || takeHeader(input)) {
            context.pipeline().remove(this);
        }
        if (input.isReadable()) {
            context.fireChannelRead(input);
        } else {
            input.release();
        }
    }

    /** Takes what belongs to the header; true if that is over. */
    private boolean takeHeader(ByteBuf input) {
        ByteBuffer bytes = input.nioBuffer();
        try {
            ProxyHeader header = parser.parse(bytes);
            input.skipBytes(bytes.position());
            if (header != null) {
                connection.onProxyHeader(header);
            }
            return header != null;
        } catch (ProxyViolation broken) {
            input.skipBytes(input.readableBytes());
            connection.onProxyViolation(broken);
            return true;
        }
    }
}
