package io.hexsocket.core.session;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a connection is at the moment: an opening handshake, or a session. On the connection's event loop. */
interface Phase {

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

    /** Whether the client may begin something new: no message of it is under way. */
    default boolean isBetweenMessages() {
        return false;
    }

    /** Time has passed: deadlines are compared here. Not called once the connection is closing. */
    void onTick();

    /** The server goes down. */
    void onShutdown();

    /**
     * The connection is gone.
     *
     * @param wasClosing whether we had begun to close it
     */
    void onClosed(boolean wasClosing, @Nullable Throwable cause);
}
