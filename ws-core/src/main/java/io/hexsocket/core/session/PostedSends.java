package io.hexsocket.core.session;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** What other threads have sent to a session and its loop has not written yet. Any thread. */
final class PostedSends {

    private final AtomicLong bytes = new AtomicLong();
    /** Whether a thread was told FULL, and the loop does not know yet. */
    private final AtomicBoolean refused = new AtomicBoolean();

    /** How many threads have dropped, and the loop does not know yet. */
    private final AtomicInteger dropped = new AtomicInteger();

    /** How many bytes they are. */
    long bytes() {
        return bytes.get();
    }

    /**
     * Posts a send while the session is open; what is posted goes before whatever ends it.
     *
     * @return false if the session is over, and nothing was posted
     */
    synchronized boolean post(int length, BooleanSupplier isOpen, Runnable post) {
        if (!isOpen.getAsBoolean()) {
            return false;
        }
        bytes.addAndGet(length);
        post.run();
        return true;
    }

    /** Runs what lets no further send be posted: whoever has been told that one is, has posted it by then. */
    synchronized void end(Runnable closing) {
        closing.run();
    }

    /** The loop has come to a send. */
    void taken(int length) {
        bytes.addAndGet(-length);
    }

    /** A send was refused; whether the loop is to be told. */
    boolean refuse() {
        return refused.compareAndSet(false, true);
    }

    /** The loop knows of the refusal. */
    void refusalSeen() {
        refused.set(false);
    }

    /** A send was dropped; whether the loop is to be told. */
    boolean drop() {
        return dropped.getAndIncrement() == 0;
    }

    /** How many were dropped; the loop is to be told of the next one. */
    int takeDropped() {
        return dropped.getAndSet(0);
    }
}
