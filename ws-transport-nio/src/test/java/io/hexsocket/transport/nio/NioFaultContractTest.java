package io.hexsocket.transport.nio;

import io.hexsocket.core.contract.FaultContract;

class NioFaultContractTest extends FaultContract {

    NioFaultContractTest() {
        super(new NioUnderTest());
    }
}
