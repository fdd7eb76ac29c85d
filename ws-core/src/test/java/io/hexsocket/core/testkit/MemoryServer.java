package io.hexsocket.core.testkit;

import io.hexsocket.apps.App;
import io.hexsocket.apps.Hub;
import io.hexsocket.core.ServerCore;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.port.transport.Peer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** A whole server in memory: the core, driven by {@link ManualLoop}s. The same calls give the same bytes. */
public final class MemoryServer implements AutoCloseable {

    private static final long SEED = 42;

    private final ServerCore core;
    private final List<ManualLoop> loops;
    private int clients;
    /** The wall clock, which {@link #advance} moves, too. */
    private Instant now = Instant.EPOCH;

    /** A server on as many loops as its configuration says. */
    public MemoryServer(ServerConfig config) {
        Random random = new Random(SEED);
        this.core = new ServerCore(config, random::nextBytes, () -> now);
        // a cluster in memory needs somebody to let time pass, which may be the caller
        core.joinCluster();
        core.startApps();
        this.loops = IntStream.range(0, config.eventLoops())
                .mapToObj(i -> new ManualLoop(core))
                .toList();
    }

    /** A server on one loop with one app, at {@code /app}; nothing is pinged. */
    public static MemoryServer serving(App app) {
        return serving(app, config -> config);
    }

    /** The same with another configuration. */
    public static MemoryServer serving(App app, UnaryOperator<ServerConfig.Builder> more) {
        ServerConfig.Builder config = ServerConfig.at("ws://localhost:0")
                .eventLoops(1)
                .app("/app", app)
                .timeouts(Timeouts.DEFAULT.ping(Duration.ZERO));
        return new MemoryServer(more.apply(config).build());
    }

    /** What time it is. */
    public Instant now() {
        return now;
    }

    /** Sets the wall clock, as an operator or a time service may; no other clock moves. */
    public void setWallClock(Instant time) {
        now = time;
    }

    public ServerCore core() {
        return core;
    }

    /**
     * The way to the sessions, as a host has it. What it sends is on its way when the loops have {@linkplain #run() run}.
     *
     * @since 0.2
     */
    public Hub hub() {
        return core.hub();
    }

    /** The first loop. */
    public ManualLoop loop() {
        return loops.get(0);
    }

    public ManualLoop loop(int index) {
        return loops.get(index);
    }

    /** A connection from this host to the first loop. */
    public MemoryConnection connect() {
        return connect(loop(), "127.0.0.1");
    }

    /** A connection from somewhere to a loop. */
    public MemoryConnection connect(ManualLoop loop, String address) {
        MemoryConnection connection = new MemoryConnection(loop, new Peer(at(address, nextPort()), false));
        connection.begin();
        loop.run();
        return connection;
    }

    /** A connection whose first bytes have arrived before the loop has run any task. */
    public MemoryConnection connectWith(byte[] firstBytes) {
        MemoryConnection connection = new MemoryConnection(loop(), new Peer(at("127.0.0.1", nextPort()), false));
        connection.begin();
        loop().turn(() -> {
            connection.arriveLater(firstBytes);
            connection.arrive();
        });
        loop().run();
        return connection;
    }

    /** A WebSocket client of {@code /app} on the first loop whose opening handshake is done. */
    public MemoryClient open() {
        return open("/app");
    }

    /** A WebSocket client on the first loop whose opening handshake is done. */
    public MemoryClient open(String path, String... headers) {
        return open(loop(), path, headers);
    }

    /** A WebSocket client whose opening handshake is done. */
    public MemoryClient open(ManualLoop loop, String path, String... headers) {
        return MemoryClient.over(connect(loop, "127.0.0.1"), path, headers);
    }

    /**
     * Asks for an upgrade, whatever comes of it; {@link #open} is for who must be let in.
     *
     * @since 0.2
     */
    public MemoryRequest tryOpen(String path, String... headers) {
        MemoryConnection connection = connect();
        connection.send(MemoryClient.request(path, headers));
        return new MemoryRequest(connection);
    }

    /**
     * Sends a request that asks for no upgrade and has no body.
     *
     * @param headers lines such as {@code Cookie: a=b}
     * @since 0.2
     */
    public MemoryRequest request(String method, String path, String... headers) {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: example.org\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        MemoryConnection connection = connect();
        connection.send(request.append("\r\n").toString());
        return new MemoryRequest(connection);
    }

    /** A client of the raw door, from this host, on the first loop. */
    public MemoryClient openRaw(String path) {
        return MemoryClient.raw(connect(), path);
    }

    /** Runs all loops until none has anything to do. */
    public void run() {
        do {
            loops.forEach(ManualLoop::run);
        } while (loops.stream().anyMatch(ManualLoop::hasTasks));
    }

    /** Lets a time pass on all loops, tick by tick. */
    public void advance(Duration time) {
        Duration tick = Duration.ofNanos(ManualLoop.TICK_NANOS);
        Duration left = time;
        run();
        while (left.compareTo(tick) > 0) {
            now = now.plus(tick);
            loops.forEach(loop -> loop.advance(tick));
            run();
            left = left.minus(tick);
        }
        Duration rest = left;
        now = now.plus(rest);
        loops.forEach(loop -> loop.advance(rest));
        run();
    }

    /** Tells all loops that the server goes down. */
    public void shutDown() {
        loops.forEach(loop -> loop.turn(() -> loop.core().onShutdown()));
        run();
        if (core.connections() == 0) {
            core.stopApps();
        }
    }

    /**
     * Ends the server: {@link #shutDown()}, then as much time as it has to drain, then the end of its apps. A second call changes
     * nothing.
     *
     * @since 0.2
     */
    @Override
    public void close() {
        shutDown();
        advance(core.config().timeouts().drain());
        core.stopApps();
    }

    /** Tells all loops that their sessions are to leave within this time. */
    public void drain(Duration window) {
        loops.forEach(loop -> loop.turn(() -> loop.core().onDrain(window.toNanos())));
        run();
    }

    /** Fails if there is a connection, a session, or a name of one. */
    public void assertNothingIsLeft() {
        ManualLoop.require(core.connections() == 0, core.connections() + " connections are left");
        ManualLoop.require(core.sessions() == 0, core.sessions() + " sessions are left");
        ManualLoop.require(core.names() == 0, core.names() + " names are left");
        loops.forEach(loop -> ManualLoop.require(
                loop.core().connections() == 0, loop.core().connections() + " connections of a loop are left"));
    }

    private int nextPort() {
        return 40_000 + clients++ % 20_000;
    }

    private static InetSocketAddress at(String address, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(address), port);
        } catch (UnknownHostException noLiteral) {
            throw new IllegalArgumentException(address + " is no literal address", noLiteral);
        }
    }
}
