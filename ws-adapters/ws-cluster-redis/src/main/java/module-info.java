/** A cluster over Redis or Valkey: {@link io.hexsocket.cluster.redis.RedisClusterEngine}. */
module io.hexsocket.cluster.redis {
    requires transitive io.hexsocket.core;
    requires io.netty.buffer;
    requires io.netty.common;
    requires io.netty.transport;
    requires lettuce.core;
    requires static org.jspecify;
    requires org.slf4j;
    requires reactor.core;

    exports io.hexsocket.cluster.redis;
}
