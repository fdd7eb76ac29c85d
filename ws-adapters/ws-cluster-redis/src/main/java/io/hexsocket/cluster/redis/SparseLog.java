package io.hexsocket.cluster.redis;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A log of what others may cause at any rate: the first line at once, then one in ten seconds that says how many there were. On the
 * engine's thread.
 */
final class SparseLog {

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Logger log;
    private long nextAt = System.nanoTime();
    private int count;
    private String line = "";
    private @Nullable Throwable bug;

    SparseLog(Logger log) {
        this.log = log;
    }

    /** Something that is not this node's fault. */
    void warn(String what) {
        add(what, null);
    }

    /** Something that should not have happened; with its stack. */
    void error(String what, Throwable thrown) {
        add(what, thrown);
    }

    private void add(String what, @Nullable Throwable thrown) {
        count++;
        line = what;
        bug = thrown;
        tick(System.nanoTime());
    }

    /** Says what was left out, if it is time. */
    void tick(long now) {
        if (count == 0 || now - nextAt < 0) {
            return;
        }
        String times = count == 1 ? "" : " (" + count + " times since the last such line)";
        if (bug == null) {
            log.warn("{}{}", line, times);
        } else {
            log.error("{}{}", line, times, bug);
        }
        count = 0;
        bug = null;
        nextAt = now + PAUSE_NANOS;
    }
}
