package io.hexsocket.core.connection;

import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.Origins;
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
    private final OriginPolicy origins;
    private final HeadLimits headLimits;
    private final List<MessageLimits> messageLimits;
    private final int[] queueLimits;
    private final int[] highWatermarks;
    private final Ticks ticks;
    private final ConnectionCounts counts;
    private final ConnectionRates connectionRates;
    private final boolean hasInputRates;
    private final ContextBudget contextBudget;
    private final MemoryBudget memory;
    private final AtomicLong numbers = new AtomicLong();
    private final ServerClock clock = new ServerClock();
    private final List<LoopState> loops = new CopyOnWriteArrayList<>();
    private final AtomicInteger loopNumbers = new AtomicInteger();
    private final Supplier<Instant> wallClock;
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
        this.origins = originPolicy(config.allowedOrigins());
        Limits limits = config.limits();
        this.headLimits = new HeadLimits(limits.headBytes(), limits.requestLineBytes(), limits.headers());
        this.messageLimits =
                routes.all().stream().map(route -> messageLimits(limits, route)).toList();
        this.queueLimits = routes.all().stream()
                .mapToInt(route -> queueLimit(limits, route))
                .toArray();
        this.highWatermarks = routes.all().stream()
                .mapToInt(route -> highWatermark(limits, route))
                .toArray();
        this.ticks = Ticks.of(config.timeouts());
        this.counts = new ConnectionCounts(limits);
        this.memory = new MemoryBudget(config.memoryBytes(), config.listener(), counts);
        this.connectionRates = new ConnectionRates(limits.connectionsPerSecondPerAddress());
        this.hasInputRates = limits.messagesPerSecond() > 0 || limits.bytesPerSecond() > 0;
        this.contextBudget = new ContextBudget(limits.compressionContextBytes());
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

    /** The limits of the configuration. */
    public Limits limits() {
        return config.limits();
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
        return messageLimits.get(route.index());
    }

    /** How many bytes may wait for a client of an app. */
    public int queueLimit(Route route) {
        return queueLimits[route.index()];
    }

    /** How many bytes may wait for a client of an app that does not count as slow. */
    public int highWatermark(Route route) {
        return highWatermarks[route.index()];
    }

    OriginPolicy origins() {
        return origins;
    }

    HeadLimits headLimits() {
        return headLimits;
    }

    Ticks ticks() {
        return ticks;
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
        return hasInputRates;
    }

    /** Counts a connection among those of its client's network; gives null, or why it is one too many. */
    @Nullable String join(InetAddress client) {
        String tooMany = counts.join(client);
        boolean tooFast = !connectionRates.take(client, tick());
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

    private static OriginPolicy originPolicy(Origins origins) {
        return switch (origins.kind()) {
            case SAME -> OriginPolicy.same();
            case ANY -> OriginPolicy.any();
            case LISTED -> OriginPolicy.of(origins.entries());
        };
    }

    private static int queueLimit(Limits limits, Route route) {
        int own = route.options().queuedBytes();
        return own == 0 ? limits.queuedBytes() : Math.min(own, limits.queuedBytes());
    }

    private static int highWatermark(Limits limits, Route route) {
        int limit = queueLimit(limits, route);
        // what the transport has cannot be dropped any more
        boolean drops = route.options().slowReaders().drops();
        return Math.min(HIGH_WATERMARK_BYTES, drops ? limit / 4 : limit);
    }

    private static MessageLimits messageLimits(Limits limits, Route route) {
        int own = route.options().maxMessageBytes();
        return new MessageLimits(
                own == 0 ? limits.messageBytes() : own, limits.fragments(), Limits.MIN_AVERAGE_FRAGMENT_BYTES);
    }
}
