/**
 * A whole server and its clients in one thread, with virtual time and a network that delays, slices, narrows, stalls and resets: the
 * same seed gives the same run, byte for byte. Starts at {@link io.hexsocket.core.simulation.Simulation}.
 */
package io.hexsocket.core.simulation;
