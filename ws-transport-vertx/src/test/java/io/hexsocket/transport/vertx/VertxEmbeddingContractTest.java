package io.hexsocket.transport.vertx;

import io.hexsocket.core.contract.EmbeddingContract;

class VertxEmbeddingContractTest extends EmbeddingContract {

    VertxEmbeddingContractTest() {
        super(new VertxUnderTest());
    }
}
