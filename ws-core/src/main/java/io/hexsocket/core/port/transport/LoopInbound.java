package io.hexsocket.core.port.transport;

/** What a transport tells the core about one event loop. All on that loop. */
public interface LoopInbound {

    /**
     * A connection was accepted. Calls nothing of {@code outbound} but {@code peer()} before it returns.
     *
     * @return who gets the connection's bytes
     */
    Inbound onAccept(Outbound outbound);

    /**
     * Time passes: about every 250 ms, and once before the first connection. Every deadline of every connection is a comparison here.
     *
     * @param nowNanos of a monotonic clock
     */
    void onTick(long nowNanos);

    /**
     * The server goes down: every connection is told so (503 before the upgrade, a close frame with 1001 after it) and ends by the
     * ordinary rules. Connections that come later are refused. May be called twice.
     */
    void onShutdown();

    /**
     * The server goes down gently: as {@link #onShutdown()}, but sessions are told (1012) one after the other, spread evenly over a window, and
     * are served until then. {@code onShutdown} may follow, and tells who is left at once.
     *
     * @param windowNanos how long the last one may stay; 0 for nobody any longer
     */
    void onDrain(long windowNanos);

    /** The time to end is up: every connection that is left is aborted. */
    void onTimeUp();

    /** How many connections of this loop are not closed yet. */
    int connections();
}
