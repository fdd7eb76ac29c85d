/**
 * What the core and a cluster engine ask of each other. An engine joins the nodes of a cluster: it implements
 * {@link io.hexsocket.core.port.cluster.ClusterEngine} and calls {@link io.hexsocket.core.port.cluster.ClusterInbound}. Both together
 * with their values are the whole contract; {@code io.hexsocket.core.contract.cluster.ClusterContract}, in the tests that this module
 * publishes, proves it.
 *
 * <p>In this package, <em>an engine</em> is one node's part: each node has one, and <em>the store</em> is whatever the engines share
 * (a server, a mesh of connections, an object in memory).
 */
@NullMarked
package io.hexsocket.core.port.cluster;

import org.jspecify.annotations.NullMarked;
