package io.hexsocket.core.deflate;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that all connections of a server together may own for context takeover. Any thread. */
public final class ContextBudget {

    // zlib.h: "deflate memory usage (bytes): (1 << (windowBits+2)) + (1 << (memLevel+9)) [...] plus about 6 KB for
    // small objects"
    static final int DEFLATER_BYTES = 268 * 1024;
    // zconf.h: "inflate [...] 1 << windowBits", that is 32K, "plus about 7 KB", which is 10 to 12 KB in later versions
    static final int INFLATER_BYTES = 44 * 1024;

    private final AtomicLong left;

    /** A budget of so many bytes. */
    public ContextBudget(long bytes) {
        this.left = new AtomicLong(bytes);
    }

    /** What is left of it, in bytes. */
    public long left() {
        return left.get();
    }

    /** Takes a part; false, and nothing is taken, if less is left. */
    boolean take(int bytes) {
        for (long before = left.get(); before >= bytes; before = left.get()) {
            if (left.compareAndSet(before, before - bytes)) {
                return true;
            }
        }
        return false;
    }

    void giveBack(int bytes) {
        left.addAndGet(bytes);
    }
}
