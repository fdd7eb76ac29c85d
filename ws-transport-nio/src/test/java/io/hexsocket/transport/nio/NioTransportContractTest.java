package io.hexsocket.transport.nio;

import io.hexsocket.core.contract.TransportContract;

class NioTransportContractTest extends TransportContract {

    NioTransportContractTest() {
        super(new NioUnderTest());
    }
}
