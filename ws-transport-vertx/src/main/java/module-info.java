/** WebSocket over Vert.x: {@link io.hexsocket.transport.vertx.VertxServer}. */
module io.hexsocket.transport.vertx {
    requires transitive io.hexsocket.core;
    requires transitive io.vertx.core;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires static org.jspecify;
    requires org.slf4j;

    exports io.hexsocket.transport.vertx;
}
