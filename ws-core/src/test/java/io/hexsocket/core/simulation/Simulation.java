package io.hexsocket.core.simulation;

import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.testkit.ManualLoop;
import io.hexsocket.core.testkit.MemoryServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A run of a whole server with its clients, in one thread and in virtual time. Everything random comes from the seed, so the same
 * seed and the same calls give the same run; {@link #digest} tells whether they did.
 *
 * <p>After each step these hold, or the run ends with an {@link AssertionError} that shows the last steps:
 *
 * <ul>
 *   <li>what the server writes is a head and frames without a fault, and ends with a whole one;
 *   <li>the core counts as many connections as there are, and no more sessions than that;
 *   <li>no connection has more output waiting than {@code queuedBytes} and one message;
 *   <li>whatever else was {@linkplain #always required}.
 * </ul>
 *
 * <pre>
 *   Simulation world = new Simulation(7);
 *   world.serve(ServerConfig.at("ws://localhost").app("/app", app).build());
 *   SimulatedClient client = world.connect(Line.PERFECT, script);
 *   world.run(Duration.ofMinutes(1));
 *   world.end();
 * </pre>
 */
public final class Simulation {

    // deadlines are looked at as often: a longer step would hide what happens between two looks
    private static final long LONGEST_STEP = Duration.ofMillis(250).toNanos();
    private static final int HEADER_BYTES = 10;

    private record Event(long due, long number, Runnable task) {}

    private final long seed;
    private final Random random;
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            (a, b) -> a.due != b.due ? Long.compare(a.due, b.due) : Long.compare(a.number, b.number));
    /** Those who are not gone yet. */
    private final List<SimulatedClient> clients = new ArrayList<>();

    private int connected;
    private final List<Runnable> requirements = new ArrayList<>();
    private final Trace trace = new Trace();
    private MemoryServer server;
    private long mostQueued;
    private long now;
    private long numbers;

    /** A run that has not begun, without a server. */
    public Simulation(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    /** Starts the server. Before anything else. */
    public MemoryServer serve(ServerConfig config) {
        server = new MemoryServer(config);
        int largest = config.apps().values().stream()
                .mapToInt(app -> app.options().maxMessageBytes())
                .map(bytes -> bytes == 0 ? config.limits().messageBytes() : bytes)
                .max()
                .orElseThrow();
        mostQueued = (long) config.limits().queuedBytes() + largest + HEADER_BYTES;
        return server;
    }

    /** The server. */
    public MemoryServer server() {
        return server;
    }

    /** The nanoseconds since the run began. */
    public long now() {
        return now;
    }

    /** A source of random numbers that depends on the seed and on how often this was called. */
    public Random newRandom() {
        return new Random(random.nextLong());
    }

    /** Connects a client that speaks HTTP first, to the loop whose turn it is. */
    public SimulatedClient connect(Line line, Script script) {
        return connect(line, true, script);
    }

    /** Connects a client of the raw door. */
    public SimulatedClient connectRaw(Line line, Script script) {
        return connect(line, false, script);
    }

    private SimulatedClient connect(Line line, boolean http, Script script) {
        int number = connected++;
        ManualLoop loop = server.loop(number % server.core().config().eventLoops());
        SimulatedClient client = new SimulatedClient(this, number, line, http, script, loop);
        clients.add(client);
        client.begin();
        return client;
    }

    /** Does something when a time has passed. */
    public void after(Duration time, Runnable task) {
        at(now + time.toNanos(), task);
    }

    void at(long nanos, Runnable task) {
        events.add(new Event(nanos, numbers++, task));
    }

    /** Has something checked after each step; it throws what it has to say. */
    public void always(Runnable requirement) {
        requirements.add(requirement);
    }

    /** Lets a time pass. */
    public void run(Duration time) {
        long end = now + time.toNanos();
        guarded(() -> {
            while (now < end || isDue(end)) {
                step(end);
            }
        });
    }

    private boolean isDue(long moment) {
        return !events.isEmpty() && events.element().due <= moment;
    }

    private void step(long end) {
        long next = Math.min(end, now + LONGEST_STEP);
        if (isDue(next)) {
            next = Math.max(now, events.element().due);
        }
        server.advance(Duration.ofNanos(next - now));
        now = next;
        if (isDue(now)) {
            events.remove().task.run();
        }
        server.run();
        check();
    }

    /** How many bytes wait on the server's side, for all clients that are there. */
    public long heldOutput() {
        return clients.stream().mapToLong(SimulatedClient::heldOutput).sum();
    }

    /** Fails unless every connection is gone, in one way or another, and nothing is left of it. */
    public void end() {
        guarded(server::assertNothingIsLeft);
    }

    private void check() {
        int open = 0;
        for (SimulatedClient client : clients) {
            client.settle();
            open += client.isClosed() ? 0 : 1;
            if (client.serverQueue() > mostQueued) {
                throw new AssertionError(client.serverQueue() + " bytes wait for client " + client.number());
            }
        }
        clients.removeIf(client -> client.isOver() && client.isClosed());
        if (server.core().connections() != open) {
            throw new AssertionError(server.core().connections() + " connections, not " + open);
        }
        if (server.core().sessions() > open) {
            throw new AssertionError(server.core().sessions() + " sessions of " + open + " connections");
        }
        requirements.forEach(Runnable::run);
    }

    /** Tells two runs apart: what every client sent and got, and when. */
    public long digest() {
        return trace.digest();
    }

    /** Says something for the trace. */
    public void note(String what) {
        trace.add(now, what);
    }

    void trace(SimulatedClient client, String what) {
        trace.add(now, "client " + client.number() + " " + what);
    }

    private void guarded(Runnable part) {
        try {
            part.run();
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError("seed " + seed + ": " + broken.getMessage() + "\n" + trace.tail(), broken);
        }
    }
}
