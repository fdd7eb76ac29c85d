/** The server that runs by itself. Exports nothing: it is a program, and its fat jar runs on the class path. */
module io.hexsocket.demo {
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires io.hexsocket.apps;
    requires io.hexsocket.cluster.redis;
    requires io.hexsocket.core;
    requires io.hexsocket.metrics;
    requires io.hexsocket.transport.nio;
    requires io.hexsocket.transport.vertx;
    requires java.net.http;
    requires jdk.httpserver;
    requires micrometer.core;
    requires micrometer.registry.prometheus;
    requires static org.jspecify;
    requires org.jose4j;
    requires org.slf4j;

    uses io.hexsocket.apps.AppProvider;

    provides ch.qos.logback.classic.spi.Configurator with
            io.hexsocket.demo.SilentStart;
}
