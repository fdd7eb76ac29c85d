package io.hexsocket.transport.vertx;

import io.hexsocket.core.contract.NodesContract;
import io.hexsocket.core.contract.cluster.LiveMemoryCluster;

class VertxNodesContractTest extends NodesContract {

    VertxNodesContractTest() {
        super(new VertxUnderTest(), LiveMemoryCluster::new);
    }
}
