package io.hexsocket.core.connection;

import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.Policy;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.deflate.ContextBudget;
import io.hexsocket.core.handshake.HeadLimits;
import io.hexsocket.core.handshake.OriginPolicy;
import io.hexsocket.core.handshake.RequestTarget;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.protocol.MessageLimits;
import io.hexsocket.core.routing.Route;
import io.hexsocket.core.routing.Routes;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the connections of all event loops of a server share. Any thread. */
public final class ServerState {

    /** Above this a client counts as slow; below it, TCP's own buffers do the work. */
    public static final int HIGH_WATERMARK_BYTES = 64 * 1024;

    private final ServerConfig config;
    private final Routes routes;
    private final ConnectionCounts counts;
    private final ConnectionRates connectionRates;
    private final ContextBudget contextBudget;
    private final MemoryBudget memory;
    private final AtomicLong numbers = new AtomicLong();
    private final ServerClock clock = new ServerClock();
    private final List<LoopState> loops = new CopyOnWriteArrayList<>();
    private final AtomicInteger loopNumbers = new AtomicInteger();
    private final Supplier<Instant> wallClock;
    private volatile PolicyInForce inForce;
    private volatile boolean shutDown;

    /**
     * A server without connections.
     *
     * @param wallClock what time it is
     * @throws IllegalArgumentException if a path of the configuration is none
     */
    public ServerState(ServerConfig config, Supplier<Instant> wallClock) {
        this.wallClock = wallClock;
        this.config = config;
        this.routes = new Routes(config.apps());
        this.inForce = PolicyInForce.of(config.policy(), routes);
        this.counts = new ConnectionCounts();
        this.memory = new MemoryBudget(config.memoryBytes(), config.listener(), counts);
        this.connectionRates = new ConnectionRates();
        this.contextBudget = new ContextBudget(config.limits().compressionContextBytes());
    }

    /** How many connections there are, sessions or not. */
    public int connections() {
        return counts.all();
    }

    /** What time it is. */
    public Instant now() {
        return wallClock.get();
    }

    /** What the server was made from. */
    public ServerConfig config() {
        return config;
    }

    /** What is demanded of clients now. */
    public Policy policy() {
        return inForce.policy();
    }

    /**
     * Demands this of clients from now on. Any thread; each event loop goes by it from the next thing on that it looks at.
     *
     * @throws IllegalArgumentException if it differs in what is read at the start only
     */
    public void policy(Policy policy) {
        if (!policy.whileRunning(config.policy()).equals(policy)) {
            throw new IllegalArgumentException(
                    "limits.memoryBytes, limits.compressionContextBytes, timeouts.drain and"
                            + " timeouts.tlsHandshake cannot change while a server runs; Policy.whileRunning leaves them as they are");
        }
        inForce = PolicyInForce.of(policy, routes);
    }

    /** The limits that are in force. */
    public Limits limits() {
        return inForce.policy().limits();
    }

    /** Who is told what happens. */
    public ServerListener listener() {
        return config.listener();
    }

    /** The apps and their paths. */
    public Routes routes() {
        return routes;
    }

    /** Whether an app is at the path of a request target. */
    public boolean hasApp(String target) {
        String path = RequestTarget.path(target);
        return path != null && routes.match(path) != null;
    }

    /** The limits for messages to an app. */
    public MessageLimits messageLimits(Route route) {
        return inForce.forApp(route).messages();
    }

    /** How many bytes may wait for a client of an app. */
    public int queueLimit(Route route) {
        return inForce.forApp(route).queueLimit();
    }

    /** How many bytes may wait for a client of an app that does not count as slow. */
    public int highWatermark(Route route) {
        return inForce.forApp(route).highWatermark();
    }

    /** How many ticks a session of an app may be without a message; 0 for no end. */
    public int idle(Route route) {
        return inForce.forApp(route).idle();
    }

    OriginPolicy origins() {
        return inForce.origins();
    }

    HeadLimits headLimits() {
        return inForce.headLimits();
    }

    Ticks ticks() {
        return inForce.ticks();
    }

    ConnectionCounts counts() {
        return counts;
    }

    /** What clients make the server hold. */
    public MemoryBudget memory() {
        return memory;
    }

    ConnectionRates connectionRates() {
        return connectionRates;
    }

    /** Whether it is limited how much a client sends in a second. */
    public boolean hasInputRates() {
        return inForce.hasInputRates();
    }

    /** Counts a connection among those of its client's network; gives null, or why it is one too many. */
    @Nullable String join(InetAddress client) {
        Limits limits = limits();
        String tooMany = counts.join(client, limits.connectionsPerAddress());
        boolean tooFast = !connectionRates.take(client, tick(), limits.connectionsPerSecondPerAddress());
        return tooMany == null && tooFast ? OpeningPhase.TOO_FAST : tooMany;
    }

    /** A loop's clock has moved on. */
    void advance(long nowNanos) {
        clock.advance(nowNanos);
    }

    /** Ticks since the first loop began; the loops' own clocks began at other times. */
    int tick() {
        return clock.tick();
    }

    ContextBudget contextBudget() {
        return contextBudget;
    }

    int nextLoop() {
        return loopNumbers.getAndIncrement();
    }

    long nextNumber() {
        return numbers.incrementAndGet();
    }

    void add(LoopState loop) {
        loops.add(loop);
    }

    /** Whose callback runs on this thread is slowed: what it has sent waits in a backlog. Any thread. */
    public void slowPoster(Backlog behind) {
        Poster guilty = posterHere();
        if (guilty != null) {
            guilty.fellBehind(behind);
        }
    }

    /** Who runs a client's callback on this thread; null if nobody is known to. */
    private @Nullable Poster posterHere() {
        for (LoopState loop : loops) {
            if (loop.isHere()) {
                return loop.poster();
            }
        }
        return Poster.here();
    }

    boolean isShutDown() {
        return shutDown;
    }

    void shutDown() {
        shutDown = true;
    }
}
