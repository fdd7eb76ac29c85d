/**
 * A server in memory for tests: no sockets, one thread, virtual time. Starts at {@link io.hexsocket.core.testkit.MemoryServer}; {@link
 * io.hexsocket.core.testkit.Scenario} tells a whole test in one sentence.
 *
 * <p>There is one server in memory, {@link io.hexsocket.core.testkit.MemoryServer}, and one client of it, {@link
 * io.hexsocket.core.testkit.MemoryClient}. Frames are written by {@link io.hexsocket.core.testkit.ClientFrame} and read by {@link
 * io.hexsocket.core.testkit.ServerFrame}, neither of which shares code with the server; all other clients of the tests write theirs so.
 */
package io.hexsocket.core.testkit;
