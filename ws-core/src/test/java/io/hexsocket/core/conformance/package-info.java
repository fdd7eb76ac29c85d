/**
 * What RFC 6455 and RFC 7692 demand of a server, as cases: each says what a client sends and what has to come back. They run against the
 * core in memory, against our transports over sockets, and, by {@link io.hexsocket.core.conformance.Conformance}, against any server.
 */
package io.hexsocket.core.conformance;
