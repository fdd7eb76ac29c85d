/**
 * What every transport must do, as tests that run over real sockets: {@link io.hexsocket.core.contract.TransportContract} stands where
 * the core stands, on the ports; {@link io.hexsocket.core.contract.ServerContract} stands where clients and apps stand. A transport
 * extends both and says by {@link io.hexsocket.core.contract.TransportUnderTest} how it is started.
 *
 * <p>Tests over real sockets have one client, {@link io.hexsocket.core.contract.RawClient} for bytes with {@link
 * io.hexsocket.core.contract.WsClient} for frames over it. Two more do what it cannot: {@link io.hexsocket.core.contract.TlsClient} puts
 * each TLS record into the hands of the test, and a client of the tests that count memory owns nothing but its channel.
 */
@NullMarked
package io.hexsocket.core.contract;

import org.jspecify.annotations.NullMarked;
