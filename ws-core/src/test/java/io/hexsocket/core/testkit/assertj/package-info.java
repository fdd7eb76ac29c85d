/**
 * Assertions of AssertJ for clients, requests, frames and sessions: {@link
 * io.hexsocket.core.testkit.assertj.HexsocketAssertions}. Needs AssertJ 3.
 *
 * @since 0.2
 */
@NullMarked
package io.hexsocket.core.testkit.assertj;

import org.jspecify.annotations.NullMarked;
