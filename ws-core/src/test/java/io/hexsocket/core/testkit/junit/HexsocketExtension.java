package io.hexsocket.core.testkit.junit;

import io.hexsocket.apps.App;
import io.hexsocket.core.Server;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.contract.RawClient;
import io.hexsocket.core.contract.Wire;
import io.hexsocket.core.contract.WsClient;
import io.hexsocket.core.testkit.MemoryServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Serves apps to the tests of a class. A test that has a parameter of type {@link MemoryServer} gets a server in memory, one with a
 * parameter of type {@link Server} a server that listens on a free port of the loopback address. Each test has servers of its own, which
 * are closed after it; and it fails if an app has thrown, unless it has {@linkplain #takeFailures() asked} for what was thrown.
 *
 * <pre>{@code
 * @RegisterExtension
 * final HexsocketExtension hexsocket = HexsocketExtension.serving("/echo", () -> session -> Session::send)
 *         .over(NioServer::start); // for parameters of type Server; or VertxServer::start
 *
 * @Test
 * void echoes(MemoryServer server) {
 *     assertThat(server.open("/echo").sendTexts("one")).receivesTexts("one");
 * }
 * }</pre>
 *
 * <p>Register it as a field of the instance, not of the class, where tests run in parallel.
 *
 * @since 0.2
 */
public final class HexsocketExtension implements ParameterResolver, AfterEachCallback {

    /** Starts a server over a transport, as {@code NioServer::start} does. */
    @FunctionalInterface
    public interface Transport {

        /** A server that accepts connections when this returns. */
        Server start(ServerConfig config) throws Exception;
    }

    private final UnaryOperator<ServerConfig.Builder> apps;
    private final @Nullable Transport transport;
    private final AppFailures failures = new AppFailures();
    private final List<WsClient> clients = new ArrayList<>();
    private @Nullable MemoryServer memory;
    private @Nullable Server server;

    private HexsocketExtension(UnaryOperator<ServerConfig.Builder> apps, @Nullable Transport transport) {
        this.apps = apps;
        this.transport = transport;
    }

    /** Serves one app, of which each server gets a new one. */
    public static HexsocketExtension serving(String pattern, Supplier<App> app) {
        return serving(config -> config.app(pattern, app.get()));
    }

    /** Serves what this adds to a configuration in which nothing is pinged; asked once for each server. */
    public static HexsocketExtension serving(UnaryOperator<ServerConfig.Builder> apps) {
        return new HexsocketExtension(apps, null);
    }

    /** The same with a transport, which parameters of type {@link Server} need. */
    public HexsocketExtension over(Transport transport) {
        return new HexsocketExtension(apps, transport);
    }

    /**
     * What apps have thrown since the last call of this: in callbacks, admissions and {@link App#onStop}. What is taken does not fail
     * the test. Of a real server, wait for the close frame of the client whose session has failed before asking.
     */
    public List<Throwable> takeFailures() {
        return failures.take();
    }

    /** A client of this test's {@link Server} whose opening handshake is done; closed after the test. */
    public WsClient connect(String path, String... headers) {
        if (server == null) {
            throw new IllegalStateException("this test has no parameter of type Server to connect to");
        }
        RawClient socket = RawClient.connect(Wire.PLAIN, server.address().port());
        try {
            WsClient client = WsClient.open(socket, path, headers);
            clients.add(client);
            return client;
        } catch (RuntimeException | Error refused) {
            socket.close();
            throw refused;
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        Class<?> type = parameter.getParameter().getType();
        return type == MemoryServer.class || type == Server.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == Server.class ? startServer() : startMemory();
    }

    @Override
    public void afterEach(ExtensionContext test) {
        clients.forEach(WsClient::close);
        clients.clear();
        Server listening = server;
        server = null;
        if (listening != null) {
            listening.close();
        }
        MemoryServer inMemory = memory;
        memory = null;
        if (inMemory != null) {
            inMemory.close();
        }
        List<Throwable> left = failures.take();
        if (!left.isEmpty()) {
            AssertionError failed = new AssertionError("an app has thrown " + left.get(0), left.get(0));
            left.stream().skip(1).forEach(failed::addSuppressed);
            throw failed;
        }
    }

    private MemoryServer startMemory() {
        if (memory == null) {
            memory = new MemoryServer(config(1));
        }
        return memory;
    }

    private Server startServer() {
        if (server == null) {
            if (transport == null) {
                throw new IllegalStateException(
                        "a parameter of type Server needs a transport: HexsocketExtension.serving(...).over(NioServer::start)");
            }
            try {
                server = transport.start(config(2));
            } catch (Exception refused) {
                throw new IllegalStateException("the server does not start: " + refused.getMessage(), refused);
            }
        }
        return server;
    }

    private ServerConfig config(int eventLoops) {
        ServerConfig.Builder quiet = ServerConfig.at("ws://localhost:0")
                .eventLoops(eventLoops)
                .timeouts(Timeouts.DEFAULT.ping(Duration.ZERO));
        ServerConfig config = apps.apply(quiet).build();
        return config.withListener(config.listener().andThen(failures));
    }
}
