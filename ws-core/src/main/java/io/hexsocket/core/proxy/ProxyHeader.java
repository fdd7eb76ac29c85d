package io.hexsocket.core.proxy;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a header of the PROXY protocol says.
 *
 * @param client where the client is; {@link ForwardedClient#UNKNOWN} if the proxy does not know; null if there is none, since the proxy
 *     has connected for itself, to see whether we are well
 * @param secure whether the client has come to the proxy over TLS
 */
public record ProxyHeader(@Nullable InetSocketAddress client, boolean secure) {}
