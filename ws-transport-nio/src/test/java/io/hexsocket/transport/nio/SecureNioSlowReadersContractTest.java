package io.hexsocket.transport.nio;

import io.hexsocket.core.contract.SlowReadersContract;

class SecureNioSlowReadersContractTest extends SlowReadersContract {

    SecureNioSlowReadersContractTest() {
        super(new NioUnderTest.Secure());
    }
}
