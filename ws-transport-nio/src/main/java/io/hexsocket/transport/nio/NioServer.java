package io.hexsocket.transport.nio;

import io.hexsocket.core.ServerCore;
import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.tls.ServerTls;
import io.hexsocket.core.tls.TlsMaterialException;
import io.hexsocket.core.transport.Faults;
import io.hexsocket.core.transport.TlsSetup;
import io.hexsocket.core.transport.TlsWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
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
 * try (NioServer server = NioServer.start(config)) {
 *     ...
 * }
 * }</pre>
 */
public final class NioServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(NioServer.class);

    private final ServerCore core;
    private final NioTransport transport;
    private final @Nullable ServerTls tls;
    private final @Nullable TlsSetup setup;

    private NioServer(ServerCore core, NioTransport transport, @Nullable ServerTls tls, @Nullable TlsSetup setup) {
        this.core = core;
        this.transport = transport;
        this.tls = tls;
        this.setup = setup;
    }

    /**
     * Starts a server. It accepts connections when this returns.
     *
     * @throws IOException if it cannot listen at the address; the message names the address and the reason
     * @throws TlsMaterialException if a file of the configuration's TLS is of no use; the message names it and the reason
     * @throws IllegalArgumentException naming what in the configuration makes no sense
     */
    public static NioServer start(ServerConfig config) throws IOException {
        SecureRandom random = new SecureRandom();
        ServerCore core = new ServerCore(config, random::nextBytes);
        TlsConfig tlsConfig = config.tls();
        ServerTls tls = tlsConfig == null
                ? null
                : ServerTls.load(tlsConfig, Files::readAllBytes, config.listener(), Instant.now());
        Faults faults = new Faults(config.listener()::onFatal, log::error);
        if (tls == null) {
            NioTransport plain = NioTransport.start(core, options(config, faults, null));
            faults.shutdownOnFatal(plain::shutdown);
            return new NioServer(core, plain, null, null);
        }
        NioTls threads = new NioTls();
        TlsSetup setup = threads.setup(tls, config.timeouts().tlsHandshake());
        NioTransport transport = NioTransport.start(core, options(config, faults, setup));
        faults.shutdownOnFatal(transport::shutdown);
        tls.onStarted();
        Runnable watch = NioTls.start(new TlsWatch(tls, faults, log::warn));
        transport.ended().whenComplete((ended, failed) -> {
            watch.run();
            threads.close();
        });
        return new NioServer(core, transport, tls, setup);
    }

    private static NioTransport.Options options(ServerConfig config, Faults faults, @Nullable TlsSetup tls) {
        return new NioTransport.Options(
                config.address(), config.eventLoops(), config.timeouts().drain(), faults, config.proxies(), tls);
    }

    /** Where it listens, with the real port if port 0 was asked for. */
    public ServerAddress address() {
        return transport.address();
    }

    /** How many sessions are open. */
    public int sessions() {
        return core.sessions();
    }

    /** How many connections there are, sessions or not. */
    public int connections() {
        return core.connections();
    }

    /**
     * Reads the certificates and keys again and, if they can be used, shows them to all who connect from now on. Existing
     * connections keep theirs. Blocks while it reads files. The server does the same by itself when they have changed.
     *
     * @return whether the files have changed
     * @throws TlsMaterialException naming what is wrong with which file; what was shown before goes on to be
     * @throws IllegalStateException if the server is one without TLS
     */
    public boolean reloadTls() throws TlsMaterialException {
        if (tls == null) {
            throw new IllegalStateException(address() + " is without TLS");
        }
        return tls.reload(Instant.now());
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
        return core.names();
    }

    /**
     * Begins to end the server: it listens no more, tells every client (1001), and waits for what is still to be sent, until the
     * drain deadline of the configuration has passed; then it cuts the rest. A second call changes nothing.
     *
     * @return completes when the last connection and the last event loop are gone
     */
    public CompletableFuture<Void> shutdown() {
        return transport.shutdown();
    }

    /** Ends the server and waits for it, see {@link #shutdown()}. */
    @Override
    public void close() {
        if (transport.isInLoop()) {
            throw new IllegalStateException("close() waits for the event loops: call shutdown() on one of them");
        }
        transport.shutdown().join();
    }
}
