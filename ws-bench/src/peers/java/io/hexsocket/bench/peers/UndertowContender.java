package io.hexsocket.bench.peers;

import io.hexsocket.bench.Contender;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.xnio.Options;
import org.xnio.Pooled;

/** Undertow with one I/O thread and its listener API on it. */
public final class UndertowContender implements Contender {

    private final Set<WebSocketChannel> members = ConcurrentHashMap.newKeySet();

    /** For the service loader. */
    public UndertowContender() {}

    @Override
    public String name() {
        return "undertow";
    }

    @Override
    public void start(Setup setup) throws Exception {
        WebSocketProtocolHandshakeHandler echo = Handlers.websocket((exchange, channel) -> {
            channel.getReceiveSetter().set(new Echo(setup.maxMessageBytes()));
            channel.resumeReceives();
        });
        WebSocketProtocolHandshakeHandler broadcast = Handlers.websocket((exchange, channel) -> {
            members.add(channel);
            channel.addCloseTask(members::remove);
            channel.getReceiveSetter().set(new Broadcast());
            channel.resumeReceives();
        });
        if (setup.isDeflated()) {
            for (WebSocketProtocolHandshakeHandler handler : List.of(echo, broadcast)) {
                handler.addExtension(new PerMessageDeflateHandshake(false, Setup.LEVEL, false, false));
            }
        }
        Undertow.Builder builder = Undertow.builder();
        if (setup.isSecure()) {
            builder.addHttpsListener(setup.port(), "127.0.0.1", setup.key().context());
        } else {
            builder.addHttpListener(setup.port(), "127.0.0.1");
        }
        builder.setIoThreads(1)
                .setWorkerThreads(2)
                .setDirectBuffers(true)
                .setBufferSize(16 * 1024)
                .setSocketOption(Options.BACKLOG, 1024)
                .setSocketOption(Options.TCP_NODELAY, true)
                .setHandler(Handlers.path().addExactPath("/echo", echo).addExactPath("/broadcast", broadcast))
                .build()
                .start();
    }

    private static final class Echo extends AbstractReceiveListener {
        private final long longest;

        Echo(long longest) {
            this.longest = longest;
        }

        @Override
        protected long getMaxTextBufferSize() {
            return longest;
        }

        @Override
        protected long getMaxBinaryBufferSize() {
            return longest;
        }

        @Override
        protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
            WebSockets.sendText(message.getData(), channel, null);
        }

        @Override
        @SuppressWarnings("deprecation") // Pooled, but the method has no other form
        protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
            Pooled<ByteBuffer[]> pooled = message.getData();
            WebSockets.sendBinary(pooled.getResource(), channel, new WebSocketCallback<Void>() {
                @Override
                public void complete(WebSocketChannel sentTo, Void nothing) {
                    pooled.close();
                }

                @Override
                public void onError(WebSocketChannel sentTo, Void nothing, Throwable thrown) {
                    pooled.close();
                }
            });
        }
    }

    private final class Broadcast extends AbstractReceiveListener {
        @Override
        protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
            ByteBuffer bytes = ByteBuffer.wrap(message.getData().getBytes(StandardCharsets.UTF_8));
            for (WebSocketChannel member : members) {
                if (member != channel) {
                    WebSockets.sendText(bytes.duplicate(), member, null);
                }
            }
        }
    }
}
