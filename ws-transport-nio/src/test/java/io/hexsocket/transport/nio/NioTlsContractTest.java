package io.hexsocket.transport.nio;

import io.hexsocket.core.contract.TlsContract;

class NioTlsContractTest extends TlsContract {

    NioTlsContractTest() {
        super(new NioUnderTest());
    }
}
