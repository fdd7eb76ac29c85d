package io.hexsocket.core.session;

import io.hexsocket.core.config.Limits;
import org.jspecify.annotations.Nullable;

/**
 * The pings of one client: how many it may still send, and the answer that it is owed while it does not read. There is one only for a
 * client that pings, which browsers do not. On the event loop.
 */
final class ClientPings {

    // A tick is a quarter of a second: what comes back in one, of so many a second, is as many quarters of a ping
    private static final int QUARTERS = 4;

    private int allowance;
    private int at;
    private byte @Nullable [] owedPong;

    /** Has its whole allowance. */
    ClientPings(int tick, Limits limits) {
        this.at = tick;
        this.allowance = QUARTERS * limits.pingBurst();
    }

    /** A ping has come; false if it is one too many. */
    boolean take(int tick, Limits limits) {
        long refilled = allowance + (long) (tick - at) * limits.pingsPerSecond();
        allowance = (int) Math.min(refilled, (long) QUARTERS * limits.pingBurst()) - QUARTERS;
        at = tick;
        return allowance >= 0;
    }

    /** Has an answer wait, in the place of the one that waits. */
    void owe(byte @Nullable [] pong) {
        owedPong = pong;
    }

    /** The length of the answer that waits, in bytes. */
    int owedBytes() {
        return owedPong == null ? 0 : owedPong.length;
    }

    /** The answer that waits, which does so no more; null if there is none. */
    byte @Nullable [] takeOwed() {
        byte[] owed = owedPong;
        owedPong = null;
        return owed;
    }
}
