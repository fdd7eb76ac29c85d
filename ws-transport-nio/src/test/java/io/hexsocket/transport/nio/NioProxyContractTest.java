package io.hexsocket.transport.nio;

import io.hexsocket.core.contract.ProxyContract;

class NioProxyContractTest extends ProxyContract {

    NioProxyContractTest() {
        super(new NioUnderTest());
    }
}
