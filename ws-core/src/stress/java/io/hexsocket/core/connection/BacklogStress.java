package io.hexsocket.core.connection;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A client that is not read from, while the loop that it waits for comes to its end of what was posted. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "It is read from again, once.")
@Outcome(expect = Expect.FORBIDDEN, desc = "It is never read from again, or told twice.")
@State
public class BacklogStress {

    private static final int HIGH = 2 * 1024 * 1024;

    private final Backlog backlog = new Backlog();
    private final AtomicInteger resumed = new AtomicInteger();

    /** Begins with more than is low. */
    public BacklogStress() {
        backlog.add(HIGH);
    }

    @Actor
    public void loop() {
        backlog.done(HIGH);
    }

    @Actor
    public void client() {
        backlog.onLow(resumed::incrementAndGet);
    }

    @Arbiter
    public void end(I_Result result) {
        result.r1 = resumed.get();
    }
}
