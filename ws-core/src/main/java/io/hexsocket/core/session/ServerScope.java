package io.hexsocket.core.session;

import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.Origins;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.deflate.ContextBudget;
import io.hexsocket.core.handshake.HeadLimits;
import io.hexsocket.core.handshake.OriginPolicy;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.port.transport.Entropy;
import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.port.transport.LoopInbound;
import io.hexsocket.core.protocol.MessageLimits;
import io.hexsocket.core.routing.Directory;
import io.hexsocket.core.routing.Route;
import io.hexsocket.core.routing.Routes;
import io.hexsocket.core.routing.SessionIds;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What all event loops of a server share. Any thread. */
public final class ServerScope {

    private final ServerConfig config;
    private final Routes routes;
    private final OriginPolicy origins;
    private final HeadLimits headLimits;
    private final List<MessageLimits> messageLimits;
    private final Ticks ticks;
    private final Directory<LiveSession> directory;
    private final ConnectionCounts counts;
    private final ContextBudget contextBudget;
    private final ServerHub hub = new ServerHub(this);
    private final List<LoopSessions> loops = new CopyOnWriteArrayList<>();
    private final List<AtomicInteger> population;
    private final AtomicLong numbers = new AtomicLong();
    private volatile boolean shutDown;

    /**
     * A server without event loops.
     *
     * @throws IllegalArgumentException if a path of the configuration is none
     */
    public ServerScope(ServerConfig config, Entropy entropy) {
        this.config = config;
        this.routes = new Routes(config.apps());
        this.origins = originPolicy(config.allowedOrigins());
        Limits limits = config.limits();
        this.headLimits = new HeadLimits(limits.headBytes(), limits.requestLineBytes(), limits.headers());
        this.messageLimits =
                routes.all().stream().map(route -> messageLimits(limits, route)).toList();
        this.population =
                routes.all().stream().map(route -> new AtomicInteger()).toList();
        this.ticks = Ticks.of(config.timeouts());
        this.directory = new Directory<>(new SessionIds(entropy));
        this.counts = new ConnectionCounts(limits);
        this.contextBudget = new ContextBudget(limits.compressionContextBytes());
    }

    /** Takes an event loop into service. On that loop. */
    public LoopInbound attach(EventLoop eventLoop) {
        LoopSessions loop = new LoopSessions(this, eventLoop);
        loops.add(loop);
        return loop;
    }

    /** How many connections there are. */
    public int connections() {
        return counts.all();
    }

    /** How many names are in use: ids, aliases and idents. */
    public int names() {
        return directory.size();
    }

    /** How many sessions there are. */
    public int sessions() {
        return population.stream().mapToInt(AtomicInteger::get).sum();
    }

    ServerConfig config() {
        return config;
    }

    Limits limits() {
        return config.limits();
    }

    ServerListener listener() {
        return config.listener();
    }

    Routes routes() {
        return routes;
    }

    OriginPolicy origins() {
        return origins;
    }

    HeadLimits headLimits() {
        return headLimits;
    }

    MessageLimits messageLimits(Route route) {
        return messageLimits.get(route.index());
    }

    Ticks ticks() {
        return ticks;
    }

    Directory<LiveSession> directory() {
        return directory;
    }

    ConnectionCounts counts() {
        return counts;
    }

    ContextBudget contextBudget() {
        return contextBudget;
    }

    ServerHub hub() {
        return hub;
    }

    List<LoopSessions> loops() {
        return loops;
    }

    /** How many sessions an app has. */
    AtomicInteger population(Route route) {
        return population.get(route.index());
    }

    long nextNumber() {
        return numbers.incrementAndGet();
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

    private static MessageLimits messageLimits(Limits limits, Route route) {
        int own = route.options().maxMessageBytes();
        return new MessageLimits(own == 0 ? limits.messageBytes() : own, limits.fragments(), Limits.BYTES_A_FRAGMENT);
    }
}
