package io.hexsocket.transport.nio;

import io.hexsocket.core.contract.SlowReadersContract;

class NioSlowReadersContractTest extends SlowReadersContract {

    NioSlowReadersContractTest() {
        super(new NioUnderTest());
    }
}
