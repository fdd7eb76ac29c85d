/**
 * What every cluster engine must do, as tests. An engine's own test class extends
 * {@link io.hexsocket.core.contract.cluster.ClusterContract} and says by
 * {@link io.hexsocket.core.contract.cluster.ClusterUnderTest} how nodes are started, cut off and killed.
 */
@NullMarked
package io.hexsocket.core.contract.cluster;

import org.jspecify.annotations.NullMarked;
