/**
 * A whole server and its clients in one thread, with virtual time and a network that delays, slices, narrows, stalls and resets: the
 * same seed gives the same run, byte for byte. Starts at {@link io.hexsocket.core.simulation.Simulation}.
 *
 * <p>A {@link io.hexsocket.core.simulation.Script} reacts to what happens to its client, and a {@link
 * io.hexsocket.core.simulation.SimulatedClient} is at the far end of a line, so that its bytes take time; {@link
 * io.hexsocket.core.testkit.MemoryClient} stands right beside the server and needs neither.
 */
package io.hexsocket.core.simulation;
