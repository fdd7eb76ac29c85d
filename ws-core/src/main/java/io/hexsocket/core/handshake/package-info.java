/**
 * The first bytes of a connection: the request head with its limits, the opening handshake of RFC 6455 section 4 as a
 * function of that head, the answers to it, and the hello of raw TCP clients. Knows nothing of frames, sessions or
 * apps' paths.
 */
@NullMarked
package io.hexsocket.core.handshake;

import org.jspecify.annotations.NullMarked;
