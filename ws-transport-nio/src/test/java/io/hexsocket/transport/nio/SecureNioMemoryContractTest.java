package io.hexsocket.transport.nio;

import io.hexsocket.core.contract.MemoryContract;

class SecureNioMemoryContractTest extends MemoryContract {

    SecureNioMemoryContractTest() {
        super(new NioUnderTest.Secure());
    }
}
