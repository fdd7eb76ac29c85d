package io.hexsocket.transport.nio;

import io.hexsocket.core.ServerCore;
import io.hexsocket.core.TransportServer;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.port.host.GuardedListener;
import io.hexsocket.core.tls.ServerTls;
import io.hexsocket.core.tls.TlsMaterialException;
import io.hexsocket.core.transport.Faults;
import io.hexsocket.core.transport.TlsSetup;
import io.hexsocket.core.transport.TlsWatch;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server over NIO. It listens from {@link #start} to {@link #close()}. Any thread, but {@link #close()} not from an event
 * loop.
 *
 * <pre>{@code
 * ServerConfig config = ServerConfig.at("ws://localhost:8091").app("/echo", session -> Session::send).build();
 * try (Server server = NioServer.start(config)) {
 *     ...
 * }
 * }</pre>
 */
public final class NioServer extends TransportServer {

    private static final Logger log = LoggerFactory.getLogger(NioServer.class);

    private final NioTransport transport;
    private final @Nullable TlsSetup setup;

    private NioServer(ServerCore core, NioTransport transport, @Nullable ServerTls tls, @Nullable TlsSetup setup) {
        super(core, transport.address(), tls);
        this.transport = transport;
        this.setup = setup;
    }

    /**
     * Starts a server. It accepts connections when this returns.
     *
     * @throws IOException if it cannot listen at the address; the message names the address and the reason
     * @throws TlsMaterialException if a file of the configuration's TLS is of no use; the message names it and the reason
     * @throws IllegalArgumentException naming what in the configuration makes no sense
     * @throws IllegalStateException naming the app that could not start, or saying why the cluster cannot be joined
     */
    public static NioServer start(ServerConfig given) throws IOException {
        return launch(given, null);
    }

    /**
     * Starts a server at a socket that listens already, such as one that was inherited from a service manager
     * ({@link System#inheritedChannel()}). Others may accept from it as well: a server that takes the place of this one, so that nobody
     * is refused between the two.
     *
     * @param given of its address only the scheme counts
     * @param listening bound; is made non-blocking, and stays the caller's: neither {@link #close()} nor a start that fails closes it
     * @throws IOException if the socket is not bound to a TCP port
     * @throws TlsMaterialException as {@link #start(ServerConfig)} does, and so the others
     * @since 0.2
     */
    public static NioServer start(ServerConfig given, ServerSocketChannel listening) throws IOException {
        return launch(given, Objects.requireNonNull(listening, "listening"));
    }

    private static NioServer launch(ServerConfig given, @Nullable ServerSocketChannel listening) throws IOException {
        ServerConfig config = Objects.requireNonNull(given, "config")
                .withListener(GuardedListener.around(given.listener(), log::error, log::warn, line -> {
                    // SLF4J 1.7, which a host may have, knows no atDebug()
                    if (log.isDebugEnabled()) {
                        log.debug(line.get());
                    }
                }));
        SecureRandom random = new SecureRandom();
        ServerCore core = new ServerCore(config, random::nextBytes, Instant::now);
        TlsConfig tlsConfig = config.tls();
        ServerTls tls = tlsConfig == null
                ? null
                : ServerTls.load(tlsConfig, new MaterialFiles(), config.listener(), Instant.now());
        try {
            startParts(core);
            NioServer server = start(core, config, tls, listening);
            boolean logs = !config.listener().logs();
            if (logs) {
                log.info("listening at {}", server.address());
            }
            server.transport.ended().whenComplete((ended, failed) -> {
                core.stopApps();
                if (logs) {
                    log.info("{} has ended", server.address());
                }
            });
            return server;
        } catch (IOException | RuntimeException | Error failed) {
            core.stopApps();
            throw failed;
        }
    }

    private static NioServer start(
            ServerCore core, ServerConfig config, @Nullable ServerTls tls, @Nullable ServerSocketChannel listening)
            throws IOException {
        Faults faults = new Faults(config.listener()::onFatal, log::error);
        if (tls == null) {
            NioTransport plain = NioTransport.start(core, options(config, listening, faults, null));
            faults.shutdownOnFatal(plain::shutdown);
            return new NioServer(core, plain, null, null);
        }
        NioTls threads = new NioTls();
        TlsSetup setup = threads.setup(tls, config.timeouts().tlsHandshake());
        NioTransport transport = NioTransport.start(core, options(config, listening, faults, setup));
        faults.shutdownOnFatal(transport::shutdown);
        tls.onStarted();
        Runnable watch = NioTls.start(new TlsWatch(tls, faults, log::warn));
        transport.ended().whenComplete((ended, failed) -> {
            watch.run();
            threads.close();
        });
        return new NioServer(core, transport, tls, setup);
    }

    private static NioTransport.Options options(
            ServerConfig config, @Nullable ServerSocketChannel listening, Faults faults, @Nullable TlsSetup tls) {
        return new NioTransport.Options(
                config.address(),
                listening,
                config.eventLoops(),
                config.timeouts().drain(),
                faults,
                config.proxies(),
                tls);
    }

    /** What its connections are secured with; null for plain ones. */
    @Nullable TlsSetup setup() {
        return setup;
    }

    List<NioLoop> loops() {
        return transport.loops();
    }

    /** How many names of sessions are in use. */
    int names() {
        return core().names();
    }

    @Override
    protected CompletableFuture<Void> end() {
        return transport.shutdown();
    }

    @Override
    protected CompletableFuture<Void> end(Duration window) {
        return transport.drain(window.toNanos());
    }

    @Override
    protected boolean isOnEventLoop() {
        return transport.isInLoop();
    }
}
