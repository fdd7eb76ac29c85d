package io.hexsocket.transport.vertx;

import io.hexsocket.core.contract.HostileTlsContract;

class VertxHostileTlsContractTest extends HostileTlsContract {

    VertxHostileTlsContractTest() {
        super(new VertxUnderTest());
    }
}
