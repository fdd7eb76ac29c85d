package io.hexsocket.transport.nio;

import io.hexsocket.core.contract.EmbeddingContract;

class NioEmbeddingContractTest extends EmbeddingContract {

    NioEmbeddingContractTest() {
        super(new NioUnderTest());
    }
}
