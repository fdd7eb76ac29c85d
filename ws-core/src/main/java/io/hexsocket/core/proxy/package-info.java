/**
 * Who the client is when a proxy is in front of the server: what the proxy says in headers (RFC 7239 and its forerunners), or before
 * the first byte of the client (the PROXY protocol). A proxy is believed only if the operator has listed it.
 */
@NullMarked
package io.hexsocket.core.proxy;

import org.jspecify.annotations.NullMarked;
