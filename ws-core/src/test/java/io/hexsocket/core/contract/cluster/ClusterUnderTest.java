package io.hexsocket.core.contract.cluster;

import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.NodeId;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** How an engine plugs into the contract: one cluster, empty at first, whose faults and whose time the test decides. */
public interface ClusterUnderTest extends AutoCloseable {

    /** A new engine, on a line of its own, which is going to be started with this name. */
    ClusterEngine engine(NodeId node);

    /** Cuts a started node off from everybody, so that its engine is down in a moment. */
    void cutOff(NodeId node);

    /** Ends {@link #cutOff}: the engine finds the others again by itself. */
    void mend(NodeId node);

    /** Ends a node as the loss of its machine does: it says nothing to anybody and takes no more calls. */
    void kill(NodeId node);

    /**
     * Lets time pass until something has come.
     *
     * @throws AssertionError if it has not come after some ten leases
     */
    void await(String what, BooleanSupplier came);

    /** Lets time pass. */
    void pass(Duration time);

    /** How much time has passed since some moment, in nanoseconds. */
    long nanoTime();

    @Override
    void close();
}
