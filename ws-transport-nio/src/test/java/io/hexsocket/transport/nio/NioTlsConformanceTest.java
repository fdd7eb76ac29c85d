package io.hexsocket.transport.nio;

import io.hexsocket.core.conformance.ConformanceContract;

class NioTlsConformanceTest extends ConformanceContract {

    NioTlsConformanceTest() {
        super(new NioUnderTest(), true);
    }
}
