/**
 * What the core asks of the world, and what the world asks of the core. A transport implements {@link io.hexsocket.core.port.EventLoop} and
 * {@link io.hexsocket.core.port.Outbound}, and calls {@link io.hexsocket.core.port.LoopInbound} and {@link io.hexsocket.core.port.Inbound}.
 */
@NullMarked
package io.hexsocket.core.port;

import org.jspecify.annotations.NullMarked;
