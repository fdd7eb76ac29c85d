package io.hexsocket.core.contract;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the core may rely on, whatever transport it is given: the ports' contracts, over real sockets on loopback. Besides what a test
 * says itself, each one fails if any call to the core was on a wrong thread, nested in another, or not allowed at that moment, or if
 * {@code onClosed} was not called exactly once, and last, for every connection.
 *
 * <p>A transport extends this class and adds nothing.
 */
public abstract class TransportContract
        implements WritingContract,
                SharingContract,
                ReadingContract,
                BackPressureContract,
                EndingContract,
                FailureContract,
                EventLoopContract,
                ListeningContract {

    private final TransportUnderTest type;
    private Workbench bench;

    /** The contract for one transport. */
    protected TransportContract(TransportUnderTest type) {
        this.type = type;
        this.bench = new Workbench(type);
    }

    @BeforeEach
    final void setUp() {
        bench = new Workbench(type);
    }

    @AfterEach
    final void tearDown() {
        bench.close();
    }

    @Override
    public final Workbench bench() {
        return bench;
    }
}
