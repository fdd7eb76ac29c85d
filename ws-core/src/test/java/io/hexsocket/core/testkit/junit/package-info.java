/**
 * Servers for tests of JUnit Jupiter: {@link io.hexsocket.core.testkit.junit.HexsocketExtension}. Needs JUnit Jupiter, 5 or 6.
 *
 * @since 0.2
 */
@NullMarked
package io.hexsocket.core.testkit.junit;

import org.jspecify.annotations.NullMarked;
