package io.hexsocket.transport.vertx;

import io.hexsocket.core.contract.MemoryContract;

class SecureVertxMemoryContractTest extends MemoryContract {

    SecureVertxMemoryContractTest() {
        super(new VertxUnderTest.Secure());
    }
}
