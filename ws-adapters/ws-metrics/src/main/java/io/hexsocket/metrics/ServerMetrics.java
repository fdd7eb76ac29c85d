package io.hexsocket.metrics;

import io.hexsocket.apps.Session;
import io.hexsocket.core.Server;
import io.hexsocket.core.port.host.LoopStats;
import io.hexsocket.core.port.host.MemoryUse;
import io.hexsocket.core.port.host.RefusalCause;
import io.hexsocket.core.port.host.ServedCertificate;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.port.host.SessionEnd;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A listener that feeds a registry of Micrometer:
 *
 * <pre>{@code
 * ServerMetrics metrics = new ServerMetrics(registry);
 * ServerConfig config = ServerConfig.at("ws://localhost:8091").app("/chat", chat).listener(metrics).build();
 * Server server = NioServer.start(config);
 * metrics.observe(server, config.apps().keySet());
 * }</pre>
 *
 * <p>All series exist from the beginning, and none is added by what clients send: tags are apps (as they are registered, not paths that were asked
 * for), event loops, causes and codes of known sets, everything else being {@code other}. Messages are counted by the event loops, in
 * plain fields, and looked at once a second; no meter is touched for a message. What is counted for an opening, a refusal or a close is one
 * addition. One for each server. Any thread.
 *
 * @since 0.2
 */
public final class ServerMetrics implements ServerListener {

    private final MeterRegistry registry;
    private final Supplier<Instant> clock;
    private final Loops loops;
    private final Closes closes;
    private final LongAdder connections = new LongAdder();
    private final LongAdder sessions = new LongAdder();
    private final Counter accepted;
    private final Counter opened;
    private final Map<RefusalCause, Counter> refusals = new EnumMap<>(RefusalCause.class);
    private final Timer handshakes;
    private final Counter handshakeFailures;
    private final Counter certificatesKept;
    private final Counter http;
    private final Counter appErrors;
    private final Counter memoryPressure;
    private final Counter fatalErrors;
    private volatile List<ServedCertificate> certificates = List.of();

    /** Registers the meters of one server. */
    public ServerMetrics(MeterRegistry registry) {
        this(registry, Instant::now);
    }

    /**
     * The same with another clock.
     *
     * @param clock by which days of certificates are counted
     */
    public ServerMetrics(MeterRegistry registry, Supplier<Instant> clock) {
        this.registry = registry;
        this.clock = clock;
        this.loops = new Loops(registry);
        this.closes = new Closes(registry);
        gauge("hexsocket.connections", "Connections that there are, sessions or not", LongAdder::sum, connections);
        gauge("hexsocket.sessions.open", "Sessions that are open", LongAdder::sum, sessions);
        accepted = counter("hexsocket.connections.accepted", "Connections that were accepted");
        opened = counter("hexsocket.sessions.opened", "Sessions that were opened");
        for (RefusalCause cause : RefusalCause.values()) {
            refusals.put(
                    cause,
                    Counter.builder("hexsocket.refusals")
                            .description("Connections that became no session, by cause")
                            .tag("cause", cause.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        handshakes = Timer.builder("hexsocket.tls.handshakes")
                .description("TLS handshakes that were done, from accept")
                .register(registry);
        handshakeFailures = counter("hexsocket.tls.failures", "TLS handshakes that failed");
        certificatesKept = counter("hexsocket.tls.kept", "New certificate files that could not be used");
        http = counter("hexsocket.http.answers", "Plain HTTP requests that were answered");
        appErrors = counter("hexsocket.app.errors", "Errors that apps threw");
        memoryPressure = counter("hexsocket.memory.pressure", "How often the memory budget was nearly spent");
        fatalErrors = counter("hexsocket.fatal.errors", "OutOfMemoryErrors");
    }

    /**
     * Adds what only the running server knows: sessions by app, its memory budget, and, if it is a node of several, how it is with the
     * others. To be called once, when it has started.
     *
     * @param apps the paths or patterns that its apps are registered for: {@code config.apps().keySet()}
     * @throws IllegalArgumentException naming the one for which none is; then nothing is added
     */
    public void observe(Server server, Collection<String> apps) {
        apps.forEach(app -> server.hub().app(app));
        for (String app : apps) {
            Gauge.builder(
                            "hexsocket.sessions",
                            server,
                            running -> running.hub().app(app).localSize())
                    .description("Sessions that are open on this node, by app")
                    .tag("app", app)
                    .strongReference(true)
                    .register(registry);
        }
        memory(server, "hexsocket.memory.limit", "The budget for what clients make the server hold", MemoryUse::limit);
        memory(server, "hexsocket.memory.used", "What clients make the server hold", MemoryUse::used);
        memory(server, "hexsocket.memory.peak", "The most that clients have made the server hold", MemoryUse::peak);
        counted(server, "hexsocket.memory.ended", "Connections that were ended to make room", MemoryUse::ended);
        counted(server, "hexsocket.memory.paused", "How often reading was paused for the budget", MemoryUse::paused);
        if (server.cluster() != null) {
            new Cluster(registry, server).register();
        }
    }

    private void memory(Server server, String name, String what, ToDoubleFunction<MemoryUse> value) {
        Gauge.builder(name, server, running -> value.applyAsDouble(running.memory()))
                .description(what)
                .baseUnit("bytes")
                .strongReference(true)
                .register(registry);
    }

    private void counted(Server server, String name, String what, ToDoubleFunction<MemoryUse> value) {
        FunctionCounter.builder(name, server, running -> value.applyAsDouble(running.memory()))
                .description(what)
                .register(registry);
    }

    private Counter counter(String name, String what) {
        return Counter.builder(name).description(what).register(registry);
    }

    private <T> void gauge(String name, String what, ToDoubleFunction<T> value, T of) {
        Gauge.builder(name, of, value).description(what).strongReference(true).register(registry);
    }

    @Override
    public void onConnect(long connection, InetSocketAddress peer) {
        connections.increment();
        accepted.increment();
    }

    @Override
    public void onDisconnect(long connection) {
        connections.decrement();
    }

    @Override
    public void onRefused(long connection, InetSocketAddress peer, RefusalCause cause, int status, String why) {
        Counter counter = refusals.get(cause);
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public void onTlsHandshake(long connection, String protocol, String cipherSuite, Duration took) {
        handshakes.record(took);
    }

    @Override
    public void onTlsFailure(long connection, InetSocketAddress peer, String why) {
        handshakeFailures.increment();
    }

    @Override
    public void onTlsServed(List<ServedCertificate> served) {
        boolean isFirst = certificates.isEmpty();
        certificates = List.copyOf(served);
        if (isFirst && !served.isEmpty()) {
            Gauge.builder("hexsocket.tls.certificate.days", this, ServerMetrics::daysLeft)
                    .description("Whole days left of the certificate that is over first")
                    .strongReference(true)
                    .register(registry);
        }
    }

    private double daysLeft() {
        Instant now = clock.get();
        return certificates.stream().mapToDouble(one -> one.daysLeft(now)).min().orElse(Double.NaN);
    }

    @Override
    public void onTlsKept(String why) {
        certificatesKept.increment();
    }

    @Override
    public void onOpen(long connection, Session session) {
        sessions.increment();
        opened.increment();
    }

    @Override
    public void onClose(long connection, Session session, SessionEnd end) {
        sessions.decrement();
        closes.count(end.status(), end.byServer());
    }

    @Override
    public void onHttp(long connection, String path, int status) {
        http.increment();
    }

    @Override
    public void onAdmissionError(long connection, @Nullable String pattern, Throwable cause) {
        appErrors.increment();
    }

    @Override
    public void onAppError(long connection, Session session, Throwable cause) {
        appErrors.increment();
    }

    @Override
    public void onStopError(String pattern, Throwable cause) {
        appErrors.increment();
    }

    @Override
    public void onLoopStats(LoopStats stats) {
        loops.take(stats);
    }

    @Override
    public void onMemoryPressure(MemoryUse use) {
        memoryPressure.increment();
    }

    @Override
    public void onFatal(Error error) {
        fatalErrors.increment();
    }
}
