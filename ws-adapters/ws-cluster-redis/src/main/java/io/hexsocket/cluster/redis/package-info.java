/**
 * A {@link io.hexsocket.core.port.cluster.ClusterEngine} over Redis or Valkey: pub/sub between nodes, keys with a time to live for
 * leases. Everything but the entry points runs on one thread of the engine's, an event loop of Netty's.
 */
@NullMarked
package io.hexsocket.cluster.redis;

import org.jspecify.annotations.NullMarked;
