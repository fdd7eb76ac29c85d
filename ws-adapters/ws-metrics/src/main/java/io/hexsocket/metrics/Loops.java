package io.hexsocket.metrics;

import io.hexsocket.core.port.host.AppStats;
import io.hexsocket.core.port.host.LoopStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The reports of the event loops, kept until they are asked for. Series by app are sums of all loops; those by loop say which one is in
 * trouble. They are registered with the first report of a loop or app, a second after the start at the latest.
 */
final class Loops {

    private final MeterRegistry registry;
    private final Map<Integer, Loop> loops = new ConcurrentHashMap<>();
    private final Map<String, App> apps = new ConcurrentHashMap<>();

    /** The last report of one loop, and the peaks of those before. */
    private static final class Loop {
        volatile LoopStats last;
        final Peak lag = new Peak();
        final Peak ping = new Peak();
        final List<Peak> callbacks;

        Loop(LoopStats first) {
            this.last = first;
            this.callbacks = first.apps().stream().map(app -> new Peak()).toList();
            take(first);
        }

        /** On the loop. */
        void take(LoopStats stats) {
            last = stats;
            lag.add(stats.worstLag());
            ping.add(stats.pings().worst());
            for (int i = 0; i < callbacks.size(); i++) {
                callbacks.get(i).add(stats.apps().get(i).callbacks().worst());
            }
        }
    }

    /** An app, by the place that it has in the reports. */
    private record App(Loops loops, int index) {

        long sum(ToLongFunction<AppStats> value) {
            long sum = 0;
            for (Loop loop : loops.loops.values()) {
                sum += value.applyAsLong(loop.last.apps().get(index));
            }
            return sum;
        }

        long worstCallbackNanos() {
            long longest = 0;
            for (Loop loop : loops.loops.values()) {
                longest = Math.max(longest, loop.callbacks.get(index).nanos());
            }
            return longest;
        }
    }

    Loops(MeterRegistry registry) {
        this.registry = registry;
    }

    void take(LoopStats stats) {
        Loop loop = loops.get(stats.loop());
        if (loop != null) {
            loop.take(stats);
            return;
        }
        Loop first = new Loop(stats);
        loops.put(stats.loop(), first);
        register(first, Integer.toString(stats.loop()));
        for (int i = 0; i < stats.apps().size(); i++) {
            int index = i;
            apps.computeIfAbsent(stats.apps().get(i).pattern(), pattern -> register(pattern, new App(this, index)));
        }
    }

    private void register(Loop loop, String name) {
        gauge(loop, name, "hexsocket.loop.connections", "Connections of an event loop", LoopStats::connections, null);
        gauge(loop, name, "hexsocket.queue", "Output that waits for clients to read", LoopStats::queuedBytes, "bytes");
        gauge(
                loop,
                name,
                "hexsocket.queue.longest",
                "The most output that waits for one client",
                LoopStats::longestQueueBytes,
                "bytes");
        gauge(
                loop,
                name,
                "hexsocket.posted",
                "What other threads have sent and an event loop has not come to",
                LoopStats::postedBytes,
                "bytes");
        counter(
                loop,
                name,
                "hexsocket.broadcasts",
                "Messages to many that an event loop has served",
                LoopStats::broadcasts);
        counter(
                loop,
                name,
                "hexsocket.broadcast.receivers",
                "How many sessions they went to; divided by broadcasts, the fan-out",
                LoopStats::broadcastReceivers);
        peak(
                "hexsocket.loop.lag",
                "The longest that an event loop was late in the last 30 s",
                "loop",
                name,
                loop,
                one -> one.lag.nanos());
        peak(
                "hexsocket.ping.worst",
                "The longest round trip of a ping in the last 30 s",
                "loop",
                name,
                loop,
                one -> one.ping.nanos());
        FunctionTimer.builder(
                        "hexsocket.ping",
                        loop,
                        one -> one.last.pings().count(),
                        one -> one.last.pings().total().toNanos(),
                        TimeUnit.NANOSECONDS)
                .description("Round trips of the server's pings")
                .tag("loop", name)
                .register(registry);
    }

    private App register(String pattern, App app) {
        counter(
                app,
                pattern,
                "received",
                "messages",
                "Messages of clients that were given to the app",
                AppStats::messagesReceived);
        counter(app, pattern, "sent", "messages", "Messages that were written to clients", AppStats::messagesSent);
        counter(app, pattern, "received", "bytes", "Bytes of frames of clients, without TLS", AppStats::bytesReceived);
        counter(app, pattern, "sent", "bytes", "Bytes of frames to clients, without TLS", AppStats::bytesSent);
        FunctionTimer.builder(
                        "hexsocket.callback",
                        app,
                        one -> one.sum(stats -> stats.callbacks().count()),
                        one -> one.sum(stats -> stats.callbacks().total().toNanos()),
                        TimeUnit.NANOSECONDS)
                .description(
                        "Time in the app for a message; one message in " + AppStats.MESSAGES_PER_TIMING + " is timed")
                .tag("app", pattern)
                .register(registry);
        peak(
                "hexsocket.callback.worst",
                "The longest time in the app for a message that was timed in the last 30 s",
                "app",
                pattern,
                app,
                App::worstCallbackNanos);
        return app;
    }

    private void counter(
            App app, String pattern, String direction, String unit, String what, ToLongFunction<AppStats> value) {
        FunctionCounter.builder("hexsocket." + unit + "." + direction, app, one -> one.sum(value))
                .description(what)
                .tag("app", pattern)
                .register(registry);
    }

    private void counter(Loop loop, String name, String metric, String what, ToLongFunction<LoopStats> value) {
        FunctionCounter.builder(metric, loop, one -> value.applyAsLong(one.last))
                .description(what)
                .tag("loop", name)
                .register(registry);
    }

    private void gauge(
            Loop loop,
            String name,
            String metric,
            String what,
            ToDoubleFunction<LoopStats> value,
            @Nullable String unit) {
        Gauge.builder(metric, loop, one -> value.applyAsDouble(one.last))
                .description(what)
                .baseUnit(unit)
                .tag("loop", name)
                .strongReference(true)
                .register(registry);
    }

    private <T> void peak(String metric, String what, String tag, String name, T of, ToDoubleFunction<T> nanos) {
        TimeGauge.builder(metric, of, TimeUnit.NANOSECONDS, nanos)
                .description(what)
                .tag(tag, name)
                .strongReference(true)
                .register(registry);
    }
}
