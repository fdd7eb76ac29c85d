package io.hexsocket.core.contract.cluster;

import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.testkit.MemoryCluster;

/** A {@link MemoryCluster} to be tested, whoever makes its time pass. */
abstract class OverMemory implements ClusterUnderTest {

    final MemoryCluster memory = new MemoryCluster(21);

    @Override
    public ClusterEngine engine(NodeId node) {
        return memory.engine();
    }

    @Override
    public void cutOff(NodeId node) {
        memory.cutOff(node);
    }

    @Override
    public void mend(NodeId node) {
        memory.mend(node);
    }

    @Override
    public void kill(NodeId node) {
        memory.kill(node);
    }

    @Override
    public long nanoTime() {
        return memory.elapsed().toNanos();
    }
}
