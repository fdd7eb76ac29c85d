package io.hexsocket.transport.vertx;

import io.hexsocket.core.contract.TransportContract;

class SecureVertxTransportContractTest extends TransportContract {

    SecureVertxTransportContractTest() {
        super(new VertxUnderTest.Secure());
    }
}
