/** What a server does, as meters of Micrometer: {@link io.hexsocket.metrics.ServerMetrics}. */
module io.hexsocket.metrics {
    requires transitive io.hexsocket.core;
    requires static org.jspecify;
    requires transitive micrometer.core;

    exports io.hexsocket.metrics;
}
