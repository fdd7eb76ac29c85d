package io.hexsocket.bench.peers;

import io.hexsocket.bench.Contender;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Vert.x's own WebSocket server. Frames go back as they came, without a string. */
public final class VertxContender implements Contender {

    /** Of the broadcast, on the one event loop. */
    private final List<ServerWebSocket> members = new ArrayList<>();

    /** For the service loader. */
    public VertxContender() {}

    @Override
    public String name() {
        return "vertx";
    }

    @Override
    public void start(Setup setup) {
        int maxMessageBytes = setup.maxMessageBytes();
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(setup.port())
                .setAcceptBacklog(1024)
                .setTcpNoDelay(true)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(setup.isDeflated())
                .setWebSocketCompressionLevel(Setup.LEVEL)
                .setWebSocketAllowServerNoContext(true)
                .setWebSocketPreferredClientNoContext(true)
                .setMaxWebSocketFrameSize(maxMessageBytes)
                .setMaxWebSocketMessageSize(maxMessageBytes);
        if (setup.isSecure()) {
            options.setSsl(true)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .setCertPath(setup.key().certificate().toString())
                            .setKeyPath(setup.key().privateKey().toString()));
        }
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1))
                .createHttpServer(options)
                .webSocketHandler(this::onOpen)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private void onOpen(ServerWebSocket socket) {
        if (!socket.path().startsWith("/broadcast")) {
            socket.frameHandler(frame -> {
                if (frame.isText() || frame.isBinary() || frame.isContinuation()) {
                    socket.writeFrame(frame);
                }
            });
            return;
        }
        members.add(socket);
        socket.closeHandler(closed -> members.remove(socket));
        socket.frameHandler(frame -> {
            if (frame.isText()) {
                String text = frame.textData();
                // a frame is used up by its first write
                sendToOthers(socket, () -> WebSocketFrame.textFrame(text, true));
            } else if (frame.isBinary()) {
                sendToOthers(socket, () -> WebSocketFrame.binaryFrame(frame.binaryData(), true));
            }
        });
    }

    private void sendToOthers(ServerWebSocket self, Supplier<WebSocketFrame> frames) {
        for (ServerWebSocket member : members) {
            if (member != self) {
                member.writeFrame(frames.get());
            }
        }
    }
}
