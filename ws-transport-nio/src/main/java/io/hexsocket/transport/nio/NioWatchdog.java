package io.hexsocket.transport.nio;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the event loops of a transport twice a second. One that does not come to the end of its turn is blocked, most likely by an
 * app: that is told, once, with the place where it stands; and when the transport ends, it is not waited for.
 */
final class NioWatchdog implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(NioWatchdog.class);

    private static final long PAUSE_MILLIS = 500;
    // Two seconds in one turn: nothing that an event loop does by itself takes a tenth of that
    private static final int LOOKS_UNTIL_TOLD = 4;
    private static final int LOOKS_UNTIL_LEFT = 2;

    private final List<NioLoop> loops;
    private final long[] turns;
    private final int[] looks;
    private volatile long drainedAt;
    private volatile boolean draining;

    NioWatchdog(List<NioLoop> loops) {
        this.loops = loops;
        this.turns = new long[loops.size()];
        this.looks = new int[loops.size()];
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
                for (int i = 0; i < loops.size(); i++) {
                    look(i);
                }
            }
        } catch (InterruptedException nobodyCares) {
            log.debug("the watchdog was sent away", nobodyCares);
        }
    }

    private void look(int i) {
        NioLoop loop = loops.get(i);
        long turn = loop.turnInProgress();
        boolean same = turn != NioLoop.NO_TURN && turn == turns[i];
        turns[i] = turn;
        if (!same) {
            if (looks[i] >= LOOKS_UNTIL_TOLD) {
                log.warn("{} goes on", loop.name());
            }
            looks[i] = 0;
            return;
        }
        looks[i]++;
        if (looks[i] == LOOKS_UNTIL_TOLD) {
            log.warn(
                    "{} has been in one callback for two seconds, and its connections wait; an app that must block asks"
                            + " for an executor in its options",
                    loop.name(),
                    loop.whereItIs());
        }
        if (draining && looks[i] >= LOOKS_UNTIL_LEFT && System.nanoTime() - drainedAt > 0) {
            log.warn("{} is blocked and left behind", loop.name());
            loop.leaveBehind();
        }
    }
}
