package io.hexsocket.transport.nio;

import io.hexsocket.core.contract.SuppliedTlsContract;

class NioSuppliedTlsContractTest extends SuppliedTlsContract {

    NioSuppliedTlsContractTest() {
        super(new NioUnderTest());
    }
}
