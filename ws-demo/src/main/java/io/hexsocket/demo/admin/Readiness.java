package io.hexsocket.demo.admin;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Whether a load balancer should send new clients here: only while nothing speaks against it. Several things may do so at a time, each
 * for itself. Any thread.
 */
public final class Readiness {

    private final Set<String> objections = new ConcurrentSkipListSet<>();

    /** Ready at once. */
    public Readiness() {}

    /**
     * Something speaks against new clients from now on; a second time changes nothing.
     *
     * @param reason for people and probes, as {@code draining}
     */
    public void object(String reason) {
        objections.add(reason);
    }

    /** This does not speak against them any more. */
    public void withdraw(String reason) {
        objections.remove(reason);
    }

    /** Whether nothing speaks against them. */
    public boolean isReady() {
        return objections.isEmpty();
    }

    /** What speaks against them, in alphabetical order. */
    public List<String> objections() {
        return List.copyOf(objections);
    }
}
