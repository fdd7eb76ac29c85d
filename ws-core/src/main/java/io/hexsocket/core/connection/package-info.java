/** A connection from accept to its end: the opening handshake, deadlines, counts, and what the connections of a loop share. */
@NullMarked
package io.hexsocket.core.connection;

import org.jspecify.annotations.NullMarked;
