/** The way into the domain: {@link io.hexsocket.core.ServerCore}. */
@NullMarked
package io.hexsocket.core;

import org.jspecify.annotations.NullMarked;
