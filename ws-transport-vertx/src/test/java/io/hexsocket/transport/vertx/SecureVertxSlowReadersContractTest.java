package io.hexsocket.transport.vertx;

import io.hexsocket.core.contract.SlowReadersContract;

class SecureVertxSlowReadersContractTest extends SlowReadersContract {

    SecureVertxSlowReadersContractTest() {
        super(new VertxUnderTest.Secure());
    }
}
