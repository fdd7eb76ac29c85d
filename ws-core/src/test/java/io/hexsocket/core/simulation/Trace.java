package io.hexsocket.core.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has happened in a run: a digest of everything, and the last lines for people. */
final class Trace {

    private static final int KEPT_LINES = 60;
    // FNV-1a, 64 bits
    private static final long OFFSET = 0xCBF29CE484222325L;
    private static final long PRIME = 0x100000001B3L;

    private final Deque<String> last = new ArrayDeque<>();
    private long digest = OFFSET;

    void add(long nanos, String what) {
        String line = nanos / 1000 + " us: " + what;
        for (int i = 0; i < line.length(); i++) {
            digest = (digest ^ line.charAt(i)) * PRIME;
        }
        if (last.size() == KEPT_LINES) {
            last.remove();
        }
        last.add(line);
    }

    long digest() {
        return digest;
    }

    /** The last lines, the newest at the end. */
    String tail() {
        return String.join("\n", last);
    }
}
