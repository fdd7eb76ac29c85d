/**
 * The app author's view of a WebSocket server. An {@link io.hexsocket.apps.App} is registered for a path; for each client it
 * opens a {@link io.hexsocket.apps.Listener} that gets the messages of one {@link io.hexsocket.apps.Session}. Echo is
 * {@code session -> Session::send}.
 */
@NullMarked
package io.hexsocket.apps;

import org.jspecify.annotations.NullMarked;
