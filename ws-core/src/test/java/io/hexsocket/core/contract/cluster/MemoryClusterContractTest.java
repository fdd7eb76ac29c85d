package io.hexsocket.core.contract.cluster;

import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.testkit.MemoryCluster;
import java.time.Duration;
import java.util.function.BooleanSupplier;

class MemoryClusterContractTest extends ClusterContract {

    @Override
    protected ClusterUnderTest cluster() {
        return new InMemory(new MemoryCluster(21));
    }

    private record InMemory(MemoryCluster memory) implements ClusterUnderTest {

        private static final Duration STEP = Duration.ofMillis(10);

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
        public void await(String what, BooleanSupplier came) {
            Duration end = memory.elapsed().plusSeconds(100);
            while (!came.getAsBoolean()) {
                if (memory.elapsed().compareTo(end) > 0) {
                    throw new AssertionError("never came: " + what);
                }
                memory.advance(STEP);
            }
        }

        @Override
        public void pass(Duration time) {
            memory.advance(time);
        }

        @Override
        public long nanoTime() {
            return memory.elapsed().toNanos();
        }

        @Override
        public void close() {}
    }
}
