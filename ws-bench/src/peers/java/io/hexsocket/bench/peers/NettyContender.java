package io.hexsocket.bench.peers;

import io.hexsocket.bench.Contender;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Netty on java.nio. A frame goes back as it came, one flush for all that was read; a broadcast is encoded once and its bytes are
 * shared, one flush for each receiver and read.
 */
public final class NettyContender implements Contender {

    /** For the service loader. */
    public NettyContender() {}

    @Override
    public String name() {
        return "netty-nio";
    }

    @Override
    public boolean can(Setup setup) {
        return true;
    }

    @Override
    public void start(Setup setup) throws InterruptedException, IOException {
        SslContext tls = setup.isSecure()
                ? SslContextBuilder.forServer(
                                setup.key().certificate().toFile(),
                                setup.key().privateKey().toFile())
                        .sslProvider(SslProvider.JDK)
                        .build()
                : null;
        WebSocketServerProtocolConfig config = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath("/")
                .checkStartsWith(true)
                .allowExtensions(setup.isDeflated())
                .maxFramePayloadLength(setup.maxMessageBytes())
                .build();
        List<Channel> members = new ArrayList<>();
        new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(setup.loops(), NioIoHandler.newFactory()))
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(8192));
                        if (setup.isDeflated()) {
                            channel.pipeline().addLast(compression());
                        }
                        channel.pipeline()
                                .addLast(
                                        new WebSocketServerProtocolHandler(config),
                                        new Endpoint(members, setup.isDeflated()));
                    }
                })
                .bind("127.0.0.1", setup.port())
                .sync();
    }

    private static ChannelHandler compression() {
        return new WebSocketServerExtensionHandler(new PerMessageDeflateServerExtensionHandshaker(
                Setup.LEVEL, false, PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE, true, true, 0));
    }

    private static final class Endpoint extends ChannelInboundHandlerAdapter {
        /** Of the broadcast, on the one event loop. */
        private final List<Channel> members;

        /** Whether each channel compresses for itself, since there is no other way in Netty. */
        private final boolean deflated;

        private boolean broadcast;
        private boolean unflushed;

        Endpoint(List<Channel> members, boolean deflated) {
            this.members = members;
            this.deflated = deflated;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete done
                    && done.requestUri().startsWith("/broadcast")) {
                broadcast = true;
                members.add(context.channel());
            }
            super.userEventTriggered(context, event);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            WebSocketFrame frame = (WebSocketFrame) message;
            if (!broadcast) {
                context.write(frame, context.voidPromise());
                return;
            }
            try {
                sendToOthers(context, frame);
            } finally {
                frame.release();
            }
        }

        private void sendToOthers(ChannelHandlerContext context, WebSocketFrame frame) {
            unflushed = true;
            if (deflated) {
                for (Channel member : members) {
                    if (member != context.channel()) {
                        member.write(frame.retainedDuplicate(), member.voidPromise());
                    }
                }
                return;
            }
            int length = frame.content().readableBytes();
            ByteBuf bytes = context.alloc().directBuffer(length + 10);
            bytes.writeByte((frame.isFinalFragment() ? 0x80 : 0) | (frame instanceof TextWebSocketFrame ? 1 : 2));
            if (length < 126) {
                bytes.writeByte(length);
            } else if (length < 65536) {
                bytes.writeByte(126).writeShort(length);
            } else {
                bytes.writeByte(127).writeLong(length);
            }
            bytes.writeBytes(frame.content());
            for (Channel member : members) {
                if (member != context.channel()) {
                    member.write(bytes.retainedDuplicate(), member.voidPromise());
                }
            }
            bytes.release();
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (!broadcast) {
                context.flush();
            } else if (unflushed) {
                unflushed = false;
                members.forEach(Channel::flush);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            members.remove(context.channel());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
