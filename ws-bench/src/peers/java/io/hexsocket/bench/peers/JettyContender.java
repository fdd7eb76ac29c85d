package io.hexsocket.bench.peers;

import io.hexsocket.bench.Contender;
import io.hexsocket.bench.ServerKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.compression.CompressionPool;
import org.eclipse.jetty.util.compression.DeflaterPool;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** Jetty without servlets: one selector, sends that do not block. */
public final class JettyContender implements Contender {

    // the process ends before the first of them leaves
    private final Set<Session> members = ConcurrentHashMap.newKeySet();

    /** For the service loader. */
    public JettyContender() {}

    @Override
    public String name() {
        return "jetty";
    }

    @Override
    public void start(Setup setup) throws Exception {
        int maxMessageBytes = setup.maxMessageBytes();
        Server server = new Server(new QueuedThreadPool(8, 8));
        HttpConnectionFactory http = new HttpConnectionFactory(new HttpConfiguration());
        ServerConnector connector = new ServerConnector(
                server, 1, 1, setup.isSecure() ? secured(http, setup.key()) : new ConnectionFactory[] {http});
        connector.setHost("127.0.0.1");
        connector.setPort(setup.port());
        connector.setAcceptQueueSize(1024);
        connector.setAcceptedTcpNoDelay(true);
        server.addConnector(connector);
        if (setup.isDeflated()) {
            server.setAttribute(
                    WebSocketServerComponents.WEBSOCKET_DEFLATER_POOL_ATTRIBUTE,
                    new DeflaterPool(CompressionPool.DEFAULT_CAPACITY, Setup.LEVEL, true));
        }
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            container.setIdleTimeout(Duration.ofMinutes(10));
            container.setMaxTextMessageSize(maxMessageBytes);
            container.setMaxBinaryMessageSize(maxMessageBytes);
            container.setMaxFrameSize(maxMessageBytes);
            container.setAutoFragment(false);
            container.addMapping("/echo", (request, response, callback) -> new Echo());
            container.addMapping("/broadcast", (request, response, callback) -> new Broadcast(members));
        }));
        server.start();
    }

    private static ConnectionFactory[] secured(HttpConnectionFactory http, ServerKey key) throws Exception {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(key.context());
        return AbstractConnectionFactory.getFactories(tls, http);
    }

    /** Public for Jetty, which looks for its methods. */
    public static final class Echo extends Session.Listener.AbstractAutoDemanding {

        Echo() {}

        @Override
        public void onWebSocketText(String text) {
            getSession().sendText(text, Callback.NOOP);
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            getSession().sendBinary(payload, callback);
        }
    }

    /** Public for Jetty, which looks for its methods. */
    public static final class Broadcast extends Session.Listener.AbstractAutoDemanding {

        private final Set<Session> members;

        Broadcast(Set<Session> members) {
            this.members = members;
        }

        @Override
        public void onWebSocketOpen(Session session) {
            super.onWebSocketOpen(session);
            members.add(session);
        }

        @Override
        public void onWebSocketText(String text) {
            for (Session member : members) {
                if (member != getSession()) {
                    member.sendText(text, Callback.NOOP);
                }
            }
        }
    }
}
