package io.hexsocket.transport.vertx;

import io.hexsocket.core.conformance.ConformanceContract;

class VertxConformanceTest extends ConformanceContract {

    VertxConformanceTest() {
        super(new VertxUnderTest(), false);
    }
}
