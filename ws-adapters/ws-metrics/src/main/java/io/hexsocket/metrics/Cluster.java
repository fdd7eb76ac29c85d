package io.hexsocket.metrics;

import io.hexsocket.core.Server;
import io.hexsocket.core.port.host.ClusterStats;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A node and the others of its cluster. As many series as there are lines below, however many nodes there are. */
final class Cluster {

    private final MeterRegistry registry;
    private final Server server;

    Cluster(MeterRegistry registry, Server server) {
        this.registry = registry;
        this.server = server;
    }

    void register() {
        gauge("up", "1 while the other nodes can be reached, else 0", null, stats -> stats.isUp() ? 1 : 0);
        gauge(
                "peers",
                "Other nodes that are alive",
                null,
                stats -> stats.peers().size());
        gauge("queue", "What waits for the cluster's store to take it", "bytes", ClusterStats::queuedBytes);
        TimeGauge.builder(
                        "hexsocket.cluster.store.roundtrip",
                        server,
                        TimeUnit.NANOSECONDS,
                        running -> value(running, stats -> stats.roundTrip().toNanos()))
                .description(
                        "How long the last message of this node to itself by way of the cluster's store was under way, or the one is that has"
                                + " taken longer; not the way to another node")
                .strongReference(true)
                .register(registry);
        counter("published", "Messages to many that were to be sent to other nodes", ClusterStats::published);
        counter("unsent", "Messages to many that were not sent to other nodes", ClusterStats::unsent);
        counter("uncertain", "Messages to many that may have been sent to other nodes", ClusterStats::uncertain);
        counter("direct", "Messages to one session of another node", ClusterStats::direct);
        counter("received", "Messages of other nodes that were handed to sessions", ClusterStats::received);
        counter("missed", "Messages of other nodes that were counted as missing", ClusterStats::missed);
        counter("gaps", "How often messages of other nodes were missing, counted or not", ClusterStats::gaps);
        counter("reconnects", "How often the other nodes could be reached again", ClusterStats::reconnects);
    }

    private void gauge(String name, String what, @Nullable String unit, ToDoubleFunction<ClusterStats> value) {
        Gauge.builder("hexsocket.cluster." + name, server, running -> value(running, value))
                .description(what)
                .baseUnit(unit)
                .strongReference(true)
                .register(registry);
    }

    private void counter(String name, String what, ToDoubleFunction<ClusterStats> value) {
        FunctionCounter.builder("hexsocket.cluster." + name, server, running -> value(running, value))
                .description(what)
                .register(registry);
    }

    private static double value(Server server, ToDoubleFunction<ClusterStats> value) {
        ClusterStats stats = server.cluster();
        return stats == null ? 0 : value.applyAsDouble(stats);
    }
}
