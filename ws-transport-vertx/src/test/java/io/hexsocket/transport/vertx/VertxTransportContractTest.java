package io.hexsocket.transport.vertx;

import io.hexsocket.core.contract.TransportContract;

class VertxTransportContractTest extends TransportContract {

    VertxTransportContractTest() {
        super(new VertxUnderTest());
    }
}
