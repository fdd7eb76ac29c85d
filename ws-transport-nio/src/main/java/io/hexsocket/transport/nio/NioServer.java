package io.hexsocket.transport.nio;

import io.hexsocket.core.ServerCore;
import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.ServerConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

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

    // Connections that the kernel has made and nobody has accepted yet; Linux cuts it to net.core.somaxconn
    private static final int BACKLOG = 4096;

    private final ServerCore core;
    private final ServerAddress address;
    private final List<NioLoop> loops;
    private final NioAcceptor acceptor;
    private final CompletableFuture<Void> closed;
    private boolean closing;

    private NioServer(ServerCore core, ServerAddress address, List<NioLoop> loops, NioAcceptor acceptor) {
        this.core = core;
        this.address = address;
        this.loops = loops;
        this.acceptor = acceptor;
        this.closed = CompletableFuture.allOf(loops.stream().map(NioLoop::ended).toArray(CompletableFuture<?>[]::new));
    }

    /**
     * Starts a server. It accepts connections when this returns.
     *
     * @throws IOException if it cannot listen at the address; the message names the address and the reason
     * @throws IllegalArgumentException naming what in the configuration makes no sense
     */
    public static NioServer start(ServerConfig config) throws IOException {
        if (config.address().secure()) {
            throw new IllegalArgumentException(
                    config.address() + " asks for TLS, which this transport does not have yet; use ws://");
        }
        SecureRandom random = new SecureRandom();
        ServerCore core = new ServerCore(config, random::nextBytes);
        ServerSocketChannel listener = listen(config.address());
        List<NioLoop> loops = new ArrayList<>();
        try {
            for (int i = 0; i < config.eventLoops(); i++) {
                loops.add(new NioLoop("hexsocket-" + i, core));
            }
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            NioAcceptor acceptor = new NioAcceptor(listener, List.copyOf(loops));
            NioServer server = new NioServer(core, config.address().port(port), List.copyOf(loops), acceptor);
            loops.forEach(NioLoop::start);
            acceptor.start();
            return server;
        } catch (IOException | RuntimeException | Error e) {
            listener.close();
            for (NioLoop loop : loops) {
                loop.discard();
            }
            throw e;
        }
    }

    /** Where it listens, with the real port if port 0 was asked for. */
    public ServerAddress address() {
        return address;
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
     * Begins to end the server: it listens no more, tells every client (1001), and waits for what is still to be sent, until the
     * drain deadline of the configuration has passed; then it cuts the rest. A second call changes nothing.
     *
     * @return completes when the last connection and the last event loop are gone
     */
    public CompletableFuture<Void> shutdown() {
        synchronized (this) {
            if (!closing) {
                closing = true;
                long drainNanos = core.config().timeouts().drain().toNanos();
                acceptor.close().whenComplete((done, failed) -> loops.forEach(loop -> loop.shutdown(drainNanos)));
            }
        }
        return closed.copy();
    }

    /** Ends the server and waits for it, see {@link #shutdown()}. */
    @Override
    public void close() {
        for (NioLoop loop : loops) {
            if (loop.isInLoop()) {
                throw new IllegalStateException("close() waits for the event loops: call shutdown() on one of them");
            }
        }
        shutdown().join();
    }

    private static ServerSocketChannel listen(ServerAddress address) throws IOException {
        InetAddress host;
        try {
            host = InetAddress.getByName(address.host());
        } catch (UnknownHostException unknown) {
            throw new IOException("cannot listen at " + address + ": the host name is not known", unknown);
        }
        // an IPv4 wildcard must not open an IPv6 door, nor fail where IPv6 is switched off
        ServerSocketChannel channel = host instanceof java.net.Inet4Address
                ? ServerSocketChannel.open(StandardProtocolFamily.INET)
                : ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(new InetSocketAddress(host, address.port()), BACKLOG);
            channel.configureBlocking(false);
            return channel;
        } catch (IOException refused) {
            channel.close();
            String why = String.valueOf(refused.getMessage());
            BindException named =
                    new BindException("cannot listen at " + address + ": " + why.toLowerCase(java.util.Locale.ROOT));
            named.initCause(refused);
            throw named;
        }
    }
}
