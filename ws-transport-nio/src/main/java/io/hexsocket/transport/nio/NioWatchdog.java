package io.hexsocket.transport.nio;

import io.hexsocket.core.transport.Faults;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the event loops of a transport twice a second. One that does not come to the end of its turn is blocked, most likely by an
 * app: that is told, once, with the stack of the loop; and when the transport ends, it is not waited for.
 */
final class NioWatchdog implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(NioWatchdog.class);

    private static final long PAUSE_MILLIS = 500;
    // Two seconds in one turn: nothing that an event loop does by itself takes a tenth of that
    private static final int CHECKS_UNTIL_LOGGED = 4;
    private static final int CHECKS_UNTIL_ABANDONED = 2;

    private final List<NioLoop> loops;
    private final Faults faults;
    private final long[] turns;
    private final int[] checks;
    private volatile long drainedAt;
    private volatile boolean draining;

    NioWatchdog(List<NioLoop> loops, Faults faults) {
        this.loops = loops;
        this.faults = faults;
        this.turns = new long[loops.size()];
        this.checks = new int[loops.size()];
    }

    void start() {
        OwnThreads.daemon(this, "hexsocket-watchdog").start();
    }

    /** The loops are told to end by themselves within this time. */
    void drain(long nanos) {
        drainedAt = System.nanoTime() + nanos;
        draining = true;
    }

    @Override
    public void run() {
        try {
            while (loops.stream().anyMatch(loop -> !loop.ended().isDone())) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                checkAll();
            }
        } catch (InterruptedException interrupted) {
            log.debug("the watchdog was interrupted", interrupted);
        }
    }

    private void checkAll() {
        try {
            for (int i = 0; i < loops.size(); i++) {
                check(i);
            }
        } catch (RuntimeException | Error failed) {
            faults.report("looking at the event loops failed", failed);
        }
    }

    private void check(int i) {
        NioLoop loop = loops.get(i);
        long turn = loop.turnInProgress();
        boolean same = turn != NioLoop.NO_TURN && turn == turns[i];
        turns[i] = turn;
        if (!same) {
            if (checks[i] >= CHECKS_UNTIL_LOGGED) {
                log.warn("{} goes on", loop.name());
            }
            checks[i] = 0;
            return;
        }
        checks[i]++;
        if (checks[i] == CHECKS_UNTIL_LOGGED) {
            log.warn(
                    "{} has been in one callback for two seconds, and its connections wait; an app that must block asks"
                            + " for an executor in its options",
                    loop.name(),
                    loop.stackTrace());
        }
        if (draining && checks[i] >= CHECKS_UNTIL_ABANDONED && System.nanoTime() - drainedAt > 0) {
            log.warn("{} is blocked and abandoned", loop.name());
            loop.abandon();
        }
    }
}
