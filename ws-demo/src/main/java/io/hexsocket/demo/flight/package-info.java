/** The flight recorder: what a client sent before it was failed, in a file, and played again. */
@NullMarked
package io.hexsocket.demo.flight;

import org.jspecify.annotations.NullMarked;
