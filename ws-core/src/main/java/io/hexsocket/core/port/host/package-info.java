/** What a program that embeds a server implements or is told: a listener, and what answers plain HTTP requests. */
@NullMarked
package io.hexsocket.core.port.host;

import org.jspecify.annotations.NullMarked;
