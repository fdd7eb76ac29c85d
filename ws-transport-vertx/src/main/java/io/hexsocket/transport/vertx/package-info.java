/**
 * The transport for programs that run on Vert.x, or want its native transports: a {@link io.vertx.core.net.NetServer} on each of N event
 * loops, which share one port. Vert.x accepts and deals out the connections; from there on their bytes go straight between Netty's
 * channel and the core.
 */
@NullMarked
package io.hexsocket.transport.vertx;

import org.jspecify.annotations.NullMarked;
