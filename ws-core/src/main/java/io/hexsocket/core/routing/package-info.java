/**
 * Which app a path belongs to, who is in which audience, and who answers to which name.
 */
@NullMarked
package io.hexsocket.core.routing;

import org.jspecify.annotations.NullMarked;
