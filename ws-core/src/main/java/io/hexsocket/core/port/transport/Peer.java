package io.hexsocket.core.port.transport;

import java.net.InetSocketAddress;

/**
 * The other side of a connection.
 *
 * @param address where it is, as the operating system says, or a trusted proxy by the PROXY protocol
 * @param secure whether it came over TLS
 */
public record Peer(InetSocketAddress address, boolean secure) {}
