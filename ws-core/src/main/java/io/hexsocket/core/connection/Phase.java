package io.hexsocket.core.connection;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a connection is at the moment: an opening handshake, or a session. On the connection's event loop. */
public interface Phase {

    /** The connection is in this phase from now on. */
    default void onEntered() {}

    /** Runs a task when what was written to greet the client is on its way, at once in most cases. */
    default void whenGreeted(Runnable task) {
        task.run();
    }

    /** Where the client is, as far as that is known, and what its connection is counted by; null as long as only its proxy is. */
    @Nullable InetSocketAddress client();

    /** A proxy has said who the peer is. */
    void onForwarded();

    /** Bytes have arrived. What is left in the buffer waits until reading goes on, or belongs to the next phase. */
    void onBytes(ByteBuffer bytes);

    /** Everything that was written is out, as asked for. */
    void onDrained();

    /** No more bytes come. */
    void onEndOfInput();

    /** Time has passed: deadlines are compared here. Not called once the connection is closed. */
    void onTick();

    /** The server goes down. */
    void onShutdown();

    /** The server is to be left: who has no session yet is sent away at once. Asked at each tick from then on. */
    default void onDrain(Drain drain) {
        onShutdown();
    }

    /** The connection is to end: closes the outbound behind all that was written. Called at most once. */
    void closeOutput();

    /** What is held here for the client, in bytes. Without allocation: it is asked after each read. */
    int heldBytes();

    /**
     * The connection is to end because its client makes the server hold more than the others do. Not inside a callback.
     *
     * @param deaf whether there is no use in telling the client, behind what it does not read; the connection is aborted then
     */
    void endForMemory(boolean deaf);

    /**
     * The connection is gone.
     *
     * @param wasClosed whether we had closed it
     */
    void onClosed(boolean wasClosed, @Nullable Throwable cause);
}
