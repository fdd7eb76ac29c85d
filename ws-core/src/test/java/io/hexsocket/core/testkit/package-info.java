/**
 * A server in memory for tests: no sockets, one thread, virtual time. Starts at {@link io.hexsocket.core.testkit.MemoryServer}; {@link
 * io.hexsocket.core.testkit.Scenario} tells a whole test in one sentence.
 */
package io.hexsocket.core.testkit;
