package io.hexsocket.transport.nio;

import io.hexsocket.core.contract.ServerContract;

class SecureNioServerContractTest extends ServerContract {

    SecureNioServerContractTest() {
        super(new NioUnderTest.Secure());
    }
}
