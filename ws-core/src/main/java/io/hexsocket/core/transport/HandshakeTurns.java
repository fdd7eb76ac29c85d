package io.hexsocket.core.transport;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/**
 * How many TLS handshakes an event loop goes on with in a turn: each costs as much as a hundred messages, and those who are connected
 * already must not wait for a crowd of those who want to be. On that loop.
 */
final class HandshakeTurns {

    // Two or three milliseconds
    static final int PER_TURN = 8;

    private final Executor loop;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>(0);
    private int left = PER_TURN;
    private boolean announced;

    HandshakeTurns(Executor loop) {
        this.loop = loop;
    }

    /**
     * Takes a step of this turn.
     *
     * @param step what is called, in a later turn, if this one has none left
     * @return whether the caller may make its step now
     */
    boolean take(Runnable step) {
        announce();
        if (left > 0 && waiting.isEmpty()) {
            left--;
            return true;
        }
        waiting.add(step);
        return false;
    }

    private void announce() {
        if (!announced) {
            announced = true;
            loop.execute(this::runTurn);
        }
    }

    private void runTurn() {
        announced = false;
        left = PER_TURN;
        try {
            while (left > 0 && !waiting.isEmpty()) {
                left--;
                waiting.remove().run();
            }
        } finally {
            if (!waiting.isEmpty()) {
                announce();
            }
        }
    }
}
