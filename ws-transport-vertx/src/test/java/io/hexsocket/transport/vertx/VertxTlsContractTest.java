package io.hexsocket.transport.vertx;

import io.hexsocket.core.contract.TlsContract;

class VertxTlsContractTest extends TlsContract {

    VertxTlsContractTest() {
        super(new VertxUnderTest());
    }
}
