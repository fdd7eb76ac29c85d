/**
 * The life of a connection: opening handshake, messages both ways, keep-alive, deadlines, closing handshake.
 */
@NullMarked
package io.hexsocket.core.session;

import org.jspecify.annotations.NullMarked;
