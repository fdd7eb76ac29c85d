/**
 * permessage-deflate (RFC 7692) over {@code java.util.zip}: what a client offers and what it gets, the zlib streams of an event loop,
 * and the part that one connection has in them. Knows offers as the handshake has parsed them, and neither frames nor sessions.
 */
@NullMarked
package io.hexsocket.core.deflate;

import org.jspecify.annotations.NullMarked;
