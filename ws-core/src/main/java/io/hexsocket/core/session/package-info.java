/** A session: what an app may call, its callbacks, what it sends, and how it ends; over WebSocket and over raw TCP. */
@NullMarked
package io.hexsocket.core.session;

import org.jspecify.annotations.NullMarked;
