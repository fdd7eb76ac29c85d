package io.hexsocket.transport.vertx;

import io.hexsocket.core.contract.ServerContract;

class SecureVertxServerContractTest extends ServerContract {

    SecureVertxServerContractTest() {
        super(new VertxUnderTest.Secure());
    }
}
