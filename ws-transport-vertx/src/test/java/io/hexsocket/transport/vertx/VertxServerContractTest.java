package io.hexsocket.transport.vertx;

import io.hexsocket.core.contract.ServerContract;

class VertxServerContractTest extends ServerContract {

    VertxServerContractTest() {
        super(new VertxUnderTest());
    }
}
