package io.hexsocket.core.hub;

import io.hexsocket.apps.Session;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/** A page of sessions, put together from those of all event loops. Any thread. */
final class Listing {

    private static final Comparator<Session> BY_NUMBER = Comparator.comparingLong(Session::number);

    private final long after;
    private final int atMost;
    private final CompletableFuture<List<Session>> page = new CompletableFuture<>();
    /** The last one first, so that it makes room. */
    private final PriorityQueue<Session> found = new PriorityQueue<>(BY_NUMBER.reversed());

    private int missing;

    /**
     * An empty page.
     *
     * @param after the number before the page
     * @param loops how many have to add to it
     */
    Listing(long after, int atMost, int loops) {
        if (atMost < 1) {
            throw new IllegalArgumentException("atMost is " + atMost + ", must be at least 1");
        }
        this.after = after;
        this.atMost = atMost;
        this.missing = loops;
    }

    CompletableFuture<List<Session>> page() {
        return page;
    }

    /** Adds what one event loop has. The page may be complete then. */
    void add(List<Session> sessions) {
        if (collect(sessions)) {
            finish();
        }
    }

    private synchronized boolean collect(List<Session> sessions) {
        for (Session session : sessions) {
            if (session.number() > after) {
                found.add(session);
                if (found.size() > atMost) {
                    found.remove();
                }
            }
        }
        missing--;
        return missing <= 0;
    }

    /** Completes the page with what there is. */
    void finish() {
        page.complete(sorted());
    }

    private synchronized List<Session> sorted() {
        List<Session> sorted = new ArrayList<>(found);
        sorted.sort(BY_NUMBER);
        return List.copyOf(sorted);
    }
}
