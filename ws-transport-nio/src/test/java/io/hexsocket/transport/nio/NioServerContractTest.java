package io.hexsocket.transport.nio;

import io.hexsocket.core.contract.ServerContract;

class NioServerContractTest extends ServerContract {

    NioServerContractTest() {
        super(new NioUnderTest());
    }
}
