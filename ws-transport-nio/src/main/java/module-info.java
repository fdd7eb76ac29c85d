/** WebSocket over plain NIO: {@link io.hexsocket.transport.nio.NioServer}. */
module io.hexsocket.transport.nio {
    requires transitive io.hexsocket.core;
    requires static org.jspecify;
    requires org.slf4j;

    exports io.hexsocket.transport.nio;
}
