package io.hexsocket.transport.nio;

import io.hexsocket.core.conformance.ConformanceContract;

class NioConformanceTest extends ConformanceContract {

    NioConformanceTest() {
        super(new NioUnderTest(), false);
    }
}
