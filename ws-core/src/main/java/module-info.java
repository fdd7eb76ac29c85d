/** The domain of a WebSocket server: handshake, frames, sessions, routing. No I/O: a transport brings bytes, time and threads. */
module io.hexsocket.core {
    requires transitive io.hexsocket.apps;
    requires static transitive org.jspecify;

    exports io.hexsocket.core;
    exports io.hexsocket.core.config;
    exports io.hexsocket.core.port.cluster;
    exports io.hexsocket.core.port.host;
    exports io.hexsocket.core.port.transport;
    exports io.hexsocket.core.proxy;
    exports io.hexsocket.core.tls;
    exports io.hexsocket.core.transport;
}
