package io.hexsocket.transport.vertx;

import io.hexsocket.core.contract.SlowReadersContract;

class VertxSlowReadersContractTest extends SlowReadersContract {

    VertxSlowReadersContractTest() {
        super(new VertxUnderTest());
    }
}
