package io.hexsocket.transport.nio;

import io.hexsocket.core.contract.TransportContract;

class SecureNioTransportContractTest extends TransportContract {

    SecureNioTransportContractTest() {
        super(new NioUnderTest.Secure());
    }
}
