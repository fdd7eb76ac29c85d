package io.hexsocket.transport.vertx;

import io.hexsocket.core.contract.ProxyContract;

class VertxProxyContractTest extends ProxyContract {

    VertxProxyContractTest() {
        super(new VertxUnderTest());
    }
}
