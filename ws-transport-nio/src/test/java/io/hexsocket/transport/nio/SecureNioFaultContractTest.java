package io.hexsocket.transport.nio;

import io.hexsocket.core.contract.FaultContract;

class SecureNioFaultContractTest extends FaultContract {

    SecureNioFaultContractTest() {
        super(new NioUnderTest.Secure());
    }
}
