package io.hexsocket.transport.nio;

import io.hexsocket.core.contract.NodesContract;
import io.hexsocket.core.contract.cluster.LiveMemoryCluster;

class NioNodesContractTest extends NodesContract {

    NioNodesContractTest() {
        super(new NioUnderTest(), LiveMemoryCluster::new);
    }
}
