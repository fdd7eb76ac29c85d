package io.hexsocket.bench.peers;

import io.hexsocket.bench.Contender;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;
import org.java_websocket.server.WebSocketServer;

/** Java-WebSocket with one decoder thread and its own broadcast, which encodes once. */
public final class JavaWebSocketContender implements Contender {

    /** For the service loader. */
    public JavaWebSocketContender() {}

    @Override
    public String name() {
        return "java-websocket";
    }

    @Override
    public void start(Setup setup) throws Exception {
        Draft draft = setup.isDeflated()
                ? new Draft_6455(new PerMessageDeflateExtension(Setup.LEVEL))
                : new Draft_6455();
        Endpoint server = new Endpoint(new InetSocketAddress("127.0.0.1", setup.port()), draft);
        if (setup.isSecure()) {
            server.setWebSocketFactory(
                    new DefaultSSLWebSocketServerFactory(setup.key().context()));
        }
        server.setTcpNoDelay(true);
        server.setReuseAddr(true);
        server.setMaxPendingConnections(1024);
        server.setConnectionLostTimeout(0);
        server.start();
    }

    private static final class Endpoint extends WebSocketServer {
        private final Set<WebSocket> members = ConcurrentHashMap.newKeySet();

        Endpoint(InetSocketAddress address, Draft draft) {
            super(address, 1, List.of(draft));
        }

        @Override
        public void onStart() {}

        @Override
        public void onOpen(WebSocket socket, ClientHandshake handshake) {
            if (handshake.getResourceDescriptor().startsWith("/broadcast")) {
                socket.setAttachment(members);
                members.add(socket);
            }
        }

        @Override
        public void onClose(WebSocket socket, int code, String reason, boolean remote) {
            members.remove(socket);
        }

        @Override
        public void onMessage(WebSocket socket, String text) {
            if (socket.getAttachment() == null) {
                socket.send(text);
            } else {
                List<WebSocket> others = new ArrayList<>(members);
                others.remove(socket);
                broadcast(text, others);
            }
        }

        @Override
        public void onMessage(WebSocket socket, ByteBuffer bytes) {
            socket.send(bytes);
        }

        @Override
        public void onError(WebSocket socket, Exception thrown) {
            if (socket == null) {
                thrown.printStackTrace();
            }
        }
    }
}
