package io.hexsocket.core.session;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What other threads ask of the sessions of one event loop, in the order in which each thread did, whether it is for one session or
 * for many. No letter calls an app, so the loop opens the mailbox before it does anything that must come after what was asked before,
 * even in the middle of a callback. Any thread posts, the loop opens.
 */
final class Mailbox {

    // Then the connections of the loop have their turn, however much is posted meanwhile
    private static final int LETTERS_A_TURN = 1024;

    private final Executor loop;
    private final Queue<Runnable> letters = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean announced = new AtomicBoolean();

    Mailbox(Executor loop) {
        this.loop = loop;
    }

    /** Puts a letter; the loop will open it. */
    void post(Runnable letter) {
        letters.add(letter);
        announce();
    }

    /** Opens all that was posted before this call. */
    void open() {
        // a letter whose sender has not announced it yet has not been posted before anything
        if (announced.get()) {
            announced.set(false);
            open(Integer.MAX_VALUE);
        }
    }

    private void announce() {
        if (!announced.get() && announced.compareAndSet(false, true)) {
            loop.execute(this::openSome);
        }
    }

    private void openSome() {
        announced.set(false);
        open(LETTERS_A_TURN);
        if (!letters.isEmpty()) {
            announce();
        }
    }

    private void open(int most) {
        for (int i = 0; i < most; i++) {
            Runnable letter = letters.poll();
            if (letter == null) {
                return;
            }
            try {
                letter.run();
            } catch (RuntimeException | Error broken) {
                // the letters behind it are others'
                announce();
                throw broken;
            }
        }
    }
}
