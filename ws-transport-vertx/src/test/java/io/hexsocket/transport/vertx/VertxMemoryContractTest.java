package io.hexsocket.transport.vertx;

import io.hexsocket.core.contract.MemoryContract;

class VertxMemoryContractTest extends MemoryContract {

    VertxMemoryContractTest() {
        super(new VertxUnderTest());
    }
}
