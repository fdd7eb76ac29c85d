/** What a {@link io.hexsocket.apps.Message} is made of. For the server; an app sees the interface. */
@NullMarked
package io.hexsocket.apps.message;

import org.jspecify.annotations.NullMarked;
