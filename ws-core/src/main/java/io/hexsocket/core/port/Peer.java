package io.hexsocket.core.port;

import java.net.InetSocketAddress;

/**
 * The other side of a connection.
 *
 * @param address where it is, as the operating system says
 * @param secure whether the connection is under TLS
 */
public record Peer(InetSocketAddress address, boolean secure) {}
