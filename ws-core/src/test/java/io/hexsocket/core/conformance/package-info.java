/**
 * What RFC 6455 and RFC 7692 demand of a server, as cases: each says what a client sends and what has to come back. They run against the
 * core in memory, against our transports over sockets, and, by {@link io.hexsocket.core.conformance.Conformance}, against any server.
 *
 * <p>A case is data, an exchange that is known beforehand, and is judged by a reading of the RFCs of its own: the suite has its own
 * connection, its own reader of what a server sends and its own inflater, because it must neither share code with the server under test
 * nor fail where the strict readers of the test kit would.
 */
package io.hexsocket.core.conformance;
