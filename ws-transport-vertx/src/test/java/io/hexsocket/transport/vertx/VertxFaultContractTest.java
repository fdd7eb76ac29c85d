package io.hexsocket.transport.vertx;

import io.hexsocket.core.contract.FaultContract;

class VertxFaultContractTest extends FaultContract {

    VertxFaultContractTest() {
        super(new VertxUnderTest());
    }
}
