package io.hexsocket.demo.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hexsocket.core.Server;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.metrics.ServerMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** {@code GET /metrics} and {@code GET /api/stats}: what the server and its virtual machine do. Any thread. */
public final class Metrics {

    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    // in nanoseconds, and in the way of a count: Prometheus' own names are others
    private static final Set<String> UNUSUAL = Set.of("process.cpu.time", "system.cpu.count");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ServerMetrics server = new ServerMetrics(registry);

    /**
     * With nothing counted.
     *
     * @param lostLogLines how many log lines were lost so far
     */
    public Metrics(LongSupplier lostLogLines) {
        FunctionCounter.builder("hexsocket.log.lost", lostLogLines, LongSupplier::getAsLong)
                .description("Log lines that were dropped or did not reach the log file")
                .register(registry);
        registry.config().meterFilter(MeterFilter.deny(id -> UNUSUAL.contains(id.getName())));
        FunctionCounter.builder("process.cpu", ProcessHandle.current(), Metrics::cpuSeconds)
                .baseUnit("seconds")
                .description("Processor time of the process")
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    private static double cpuSeconds(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    }

    /** What the server has to tell. */
    public ServerListener listener() {
        return server;
    }

    /** The server has started. */
    void observe(Server running, Collection<String> apps) {
        server.observe(running, apps);
    }

    Answer prometheus(Request request) {
        return new Answer(200, TEXT, Map.of(), registry.scrape().getBytes(StandardCharsets.UTF_8));
    }

    /** Sums since the start, and how it is now. */
    Answer stats(Request request) throws Refusal {
        request.onlyParameters(Set.of());
        ObjectNode stats = Json.object()
                .put("connections", sum("hexsocket.connections"))
                .put("sessions", sum("hexsocket.sessions.open"))
                .put("opened", sum("hexsocket.sessions.opened"))
                .put("refused", sum("hexsocket.refusals"))
                .put("messagesReceived", sum("hexsocket.messages.received"))
                .put("messagesSent", sum("hexsocket.messages.sent"))
                .put("bytesReceived", sum("hexsocket.bytes.received"))
                .put("bytesSent", sum("hexsocket.bytes.sent"))
                .put("queuedBytes", sum("hexsocket.queue"))
                .put("memoryUsed", sum("hexsocket.memory.used"))
                .put("memoryLimit", sum("hexsocket.memory.limit"))
                .put("worstLagMillis", Math.round(100_000 * most("hexsocket.loop.lag")) / 100.0);
        ObjectNode closes = stats.putObject("closes");
        for (Counter counter : registry.find("hexsocket.closes").counters()) {
            String code = String.valueOf(counter.getId().getTag("code"));
            long count = (long) counter.count();
            if (count > 0) {
                closes.put(code, closes.path(code).asLong() + count);
            }
        }
        return Answer.ok(stats);
    }

    private long sum(String name) {
        double sum = 0;
        for (Meter meter : registry.find(name).meters()) {
            sum += value(meter);
        }
        return (long) sum;
    }

    /** In seconds, as the registry counts time. */
    private double most(String name) {
        double most = 0;
        for (Meter meter : registry.find(name).meters()) {
            most = Math.max(most, value(meter));
        }
        return most;
    }

    private static double value(Meter meter) {
        return meter.measure().iterator().next().getValue();
    }
}
