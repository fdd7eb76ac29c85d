package io.hexsocket.core.contract.cluster;

import org.junit.jupiter.api.Nested;

/**
 * What every engine must do. A subclass gives a new, empty cluster for each test.
 *
 * <p>The faults that only one kind of store has (a server that is killed, or out of memory) are the engine's own tests.
 */
public abstract class ClusterContract {

    /** A new one for each test; the contract closes it. */
    protected abstract ClusterUnderTest cluster() throws Exception;

    /** Publishing and subscribing. */
    @Nested
    class Publishing extends PublishingContract {
        @Override
        ClusterUnderTest newCluster() throws Exception {
            return cluster();
        }
    }

    /** Envelopes to one node, and questions to all. */
    @Nested
    class Answering extends AnsweringContract {
        @Override
        ClusterUnderTest newCluster() throws Exception {
            return cluster();
        }
    }

    /** Names and their leases. */
    @Nested
    class Naming extends NamingContract {
        @Override
        ClusterUnderTest newCluster() throws Exception {
            return cluster();
        }
    }

    /** Beginning, end, and what interrupts. */
    @Nested
    class Living extends LifeContract {
        @Override
        ClusterUnderTest newCluster() throws Exception {
            return cluster();
        }
    }
}
