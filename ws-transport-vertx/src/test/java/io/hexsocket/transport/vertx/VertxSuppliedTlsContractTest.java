package io.hexsocket.transport.vertx;

import io.hexsocket.core.contract.SuppliedTlsContract;

class VertxSuppliedTlsContractTest extends SuppliedTlsContract {

    VertxSuppliedTlsContractTest() {
        super(new VertxUnderTest());
    }
}
