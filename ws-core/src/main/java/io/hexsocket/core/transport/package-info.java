/**
 * The half of a transport that is no I/O, written once: the states of a connection, its output, the tasks of an event loop, TLS and the
 * header of the PROXY protocol. A transport implements {@link io.hexsocket.core.transport.Wire} and
 * {@link io.hexsocket.core.port.transport.EventLoop}, gives every connection to
 * {@link io.hexsocket.core.transport.LinkLoop#accept}, and tells the {@link io.hexsocket.core.transport.Receiver} that it gets for it
 * what the network does. No sockets, no threads, no clock.
 *
 * <pre>
 *   core     Inbound   Outbound
 *               ▲         │
 *               └─ Link ──┘          states, output log and queue, end of turn
 *                  ▲  │
 *                  │  ▼
 *                TlsLayer            only where there is TLS
 *                  ▲  │
 *        ProxyLayer│  │              only until the header is read
 *                  │  ▼
 *   transport  Receiver Wire         a socket
 * </pre>
 */
@NullMarked
package io.hexsocket.core.transport;

import org.jspecify.annotations.NullMarked;
