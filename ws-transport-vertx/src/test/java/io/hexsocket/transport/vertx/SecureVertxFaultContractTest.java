package io.hexsocket.transport.vertx;

import io.hexsocket.core.contract.FaultContract;

class SecureVertxFaultContractTest extends FaultContract {

    SecureVertxFaultContractTest() {
        super(new VertxUnderTest.Secure());
    }
}
