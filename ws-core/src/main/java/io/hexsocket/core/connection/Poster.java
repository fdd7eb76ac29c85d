package io.hexsocket.core.connection;

import io.hexsocket.core.routing.Member;
import org.jspecify.annotations.Nullable;

/**
 * Who runs a client's callback: an event loop, or a thread of an app's executor. It remembers a loop that fell behind by what the
 * callback has posted, so that the client can be slowed. On one thread at a time.
 */
public final class Poster {

    private static final ThreadLocal<@Nullable Poster> OF_EXECUTOR = new ThreadLocal<>();

    /** The connection whose message the callback is about; null if it is about none. */
    private @Nullable Member client;

    private @Nullable Backlog behind;

    /** No callback runs. */
    Poster() {}

    /** A thread that is no event loop's, for one callback about a client's message. */
    public Poster(Member client) {
        this.client = client;
    }

    /** Runs a callback on a thread that is no event loop's. */
    public static void run(Poster poster, Runnable callback) {
        OF_EXECUTOR.set(poster);
        try {
            callback.run();
        } finally {
            OF_EXECUTOR.remove();
        }
    }

    /** A callback about a client's message begins, on an event loop. */
    public void begin(Member client) {
        this.client = client;
    }

    /** It has returned. */
    public void end() {
        client = null;
    }

    /** Whether a callback about a message of this client runs. */
    boolean isFor(Member other) {
        return client == other;
    }

    /** The one whose callback runs on this thread, which is no event loop's; null if it runs none. */
    static @Nullable Poster here() {
        return OF_EXECUTOR.get();
    }

    void fellBehind(Backlog loop) {
        behind = loop;
    }

    /** What the callback has made fall behind since the last call, or null. */
    public @Nullable Backlog takeBehind() {
        Backlog found = behind;
        if (found != null) {
            behind = null;
        }
        return found;
    }
}
