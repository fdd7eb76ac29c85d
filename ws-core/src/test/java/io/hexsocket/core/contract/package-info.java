/**
 * What every transport must do, as tests that run over real sockets: {@link io.hexsocket.core.contract.TransportContract} stands where
 * the core stands, on the ports; {@link io.hexsocket.core.contract.ServerContract} stands where clients and apps stand. A transport
 * extends both and says by {@link io.hexsocket.core.contract.TransportUnderTest} how it is started.
 */
@NullMarked
package io.hexsocket.core.contract;

import org.jspecify.annotations.NullMarked;
