package io.hexsocket.transport.nio;

import io.hexsocket.core.contract.MemoryContract;

class NioMemoryContractTest extends MemoryContract {

    NioMemoryContractTest() {
        super(new NioUnderTest());
    }
}
