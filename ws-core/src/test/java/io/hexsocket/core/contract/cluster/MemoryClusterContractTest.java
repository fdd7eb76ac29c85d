package io.hexsocket.core.contract.cluster;

import java.time.Duration;
import java.util.function.BooleanSupplier;

class MemoryClusterContractTest extends ClusterContract {

    @Override
    protected ClusterUnderTest cluster() {
        return new InMemory();
    }

    private static final class InMemory extends OverMemory {

        private static final Duration STEP = Duration.ofMillis(10);

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
        public void close() {}
    }
}
