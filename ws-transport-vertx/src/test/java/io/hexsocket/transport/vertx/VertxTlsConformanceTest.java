package io.hexsocket.transport.vertx;

import io.hexsocket.core.conformance.ConformanceContract;

class VertxTlsConformanceTest extends ConformanceContract {

    VertxTlsConformanceTest() {
        super(new VertxUnderTest(), true);
    }
}
