package io.hexsocket.core.port.transport;

import java.nio.ByteBuffer;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * One connection, as the core uses it. The transport implements this. Nothing here blocks, throws or calls {@link Inbound}; all on
 * the connection's event loop, but for {@link #queuedBytes()} and {@link #peer()}. Ignored once the connection is closing.
 */
public interface Outbound {

    /**
     * Writes the bytes from position to limit after all that was written before. The transport sends or copies them before it
     * returns: the buffer is the caller's again, its position at its limit. Small writes of one turn leave together.
     */
    void write(ByteBuffer bytes);

    /** Writes bytes that go to many connections without a copy for each. */
    void write(SharedBytes bytes);

    /** Sends what was written so far in a write of its own, as far as the network takes it. */
    void flush();

    /**
     * How many bytes were written and have not reached the network. What is written to a connection that has broken counts as well until
     * the core is told of it, or an app that sends as long as there is room would never come to an end. Any thread; a moment old.
     */
    long queuedBytes();

    /**
     * How much memory is held for this connection, in bytes: what waits, whole buffers where one begins, its share of what many wait for,
     * and what was read and cannot go on yet. On the event loop; cheap if nothing waits.
     */
    default long heldBytes() {
        return queuedBytes();
    }

    /**
     * Asks for one call of {@link Inbound#onDrained}, when all that was written has reached the network, and never inside this call. A
     * second request before that call changes nothing.
     */
    void requestDrained();

    /** Stops the calls of {@link Inbound#onBytes}. A second call changes nothing. */
    void pauseReads();

    /** Ends {@link #pauseReads()}. A second call changes nothing. */
    void resumeReads();

    /**
     * Ends the connection in order: when all that was written is sent, our side is ended; what the peer still sends, however much, is
     * read and thrown away for one second, so that even a peer in the middle of a flood is not met with a reset before it can read
     * what was written last; then the connection is closed.
     */
    void close();

    /** Ends the connection now; what is queued is lost. */
    void abort();

    /** Who is on the other side: whoever has connected, or, from {@link Inbound#onForwarded} on, whose connection it forwards. Any thread. */
    Peer peer();

    /**
     * Whom the peer's certificate names, checked; null without TLS, without a certificate, and before the first
     * {@link Inbound#onBytes}. On the event loop.
     */
    default @Nullable Principal principal() {
        return null;
    }
}
