package io.hexsocket.core.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket08FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What Netty's handlers make of a stream, in the words of {@link PlainReader}. */
final class NettyReader {

    private NettyReader() {}

    static List<String> read(byte[] stream, int limit) {
        WebSocketDecoderConfig config = WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .allowMaskMismatch(false)
                .allowExtensions(false)
                .maxFramePayloadLength(limit)
                .closeOnProtocolViolation(false)
                .build();
        List<String> events = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(
                new WebSocket08FrameDecoder(config),
                new Utf8FrameValidator(false),
                new WebSocketFrameAggregator(limit),
                new Recorder(events));
        channel.writeInbound(Unpooled.copiedBuffer(stream));
        List<String> whole = List.copyOf(events);
        channel.finishAndReleaseAll();
        return whole;
    }

    /** Writes down everything up to the first close frame or failure: what comes behind it does not count. */
    private static final class Recorder extends ChannelInboundHandlerAdapter {

        private final List<String> events;
        private boolean over;

        Recorder(List<String> events) {
            this.events = events;
        }

        private void add(String event, boolean last) {
            if (!over) {
                events.add(event);
                over = last;
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            WebSocketFrame frame = (WebSocketFrame) message;
            add(describe(frame), frame instanceof CloseWebSocketFrame);
            frame.release();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof CorruptedWebSocketFrameException violation) {
                add("fail " + violation.closeStatus().code(), true);
            } else {
                add(cause instanceof TooLongFrameException ? "fail 1009" : cause.toString(), true);
            }
        }
    }

    private static String describe(WebSocketFrame frame) {
        if (frame instanceof CloseWebSocketFrame close) {
            return close.statusCode() == -1 ? "close 1005" : PlainReader.close(close.statusCode(), close.reasonText());
        }
        String kind = frame instanceof TextWebSocketFrame
                ? "text "
                : frame instanceof BinaryWebSocketFrame
                        ? "binary "
                        : frame instanceof PingWebSocketFrame ? "ping " : "pong ";
        ByteBuf content = frame.content();
        return kind + new String(ByteBufUtil.getBytes(content), StandardCharsets.ISO_8859_1);
    }
}
