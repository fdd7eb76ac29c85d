/**
 * What the core and a transport ask of each other. A transport implements {@link io.hexsocket.core.port.transport.EventLoop} and
 * {@link io.hexsocket.core.port.transport.Outbound}, and calls {@link io.hexsocket.core.port.transport.Acceptor},
 * {@link io.hexsocket.core.port.transport.LoopInbound} and {@link io.hexsocket.core.port.transport.Inbound}.
 */
@NullMarked
package io.hexsocket.core.port.transport;

import org.jspecify.annotations.NullMarked;
