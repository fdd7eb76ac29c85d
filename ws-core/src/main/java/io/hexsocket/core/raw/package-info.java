/**
 * What raw TCP clients send after their hello: bare JSON text and two bare words, cut by TCP as it likes, made into
 * messages again.
 */
@NullMarked
package io.hexsocket.core.raw;

import org.jspecify.annotations.NullMarked;
