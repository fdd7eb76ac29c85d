package io.hexsocket.transport.nio;

import io.hexsocket.core.contract.HostileTlsContract;

class NioHostileTlsContractTest extends HostileTlsContract {

    NioHostileTlsContractTest() {
        super(new NioUnderTest());
    }
}
