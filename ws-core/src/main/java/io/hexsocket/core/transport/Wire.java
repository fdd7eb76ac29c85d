package io.hexsocket.core.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * The raw bytes of one connection, as a transport implements it over a socket. On the connection's event loop, but for
 * {@link #isOpen()}. No method calls the {@link Receiver} before it returns.
 *
 * <p>A selector reads when a key is ready, writes what the socket takes, and turns {@link #listen} into interest.
 *
 * <p>A transport that is pushed bytes, such as a channel of Netty, gives them to {@link Receiver#onBytes} even if they come while
 * none are wanted: they are kept. One whose writes complete later takes what it can keep: either by a message that asks the
 * {@code Wire} for bytes when the socket has room ({@code FileRegion.transferTo} with Netty), or by a copy of its own, of no more than
 * it would be right not to count as queued; it takes nothing else until that is written, and then calls
 * {@link Receiver#onWritable()}.
 */
public interface Wire {

    /** Tells this receiver from now on. Called before anything can happen, and again when the header of a proxy is read. */
    void attach(Receiver receiver);

    /**
     * Sends what the network takes at once, and moves the position by it. The rest stays the caller's, who does not ask again before
     * {@link Receiver#onWritable()}. The buffer may be an array's, and belongs to the caller when this returns.
     *
     * @return how many bytes were taken
     * @throws IOException if the connection is broken; nothing else is written to it
     */
    int write(ByteBuffer bytes) throws IOException;

    /** The same for several buffers, one behind the other, in one system call if possible. */
    long write(ByteBuffer[] buffers, int offset, int length) throws IOException;

    /**
     * What the connection waits for; called at the end of its turn, often without a change.
     *
     * @param forBytes whether bytes of the peer are wanted; if not, whoever pulls stops at the latest when some come, and whoever is
     *     pushed stops now
     * @param forRoom whether {@link Receiver#onWritable()} is to be called when the network takes more
     */
    void listen(boolean forBytes, boolean forRoom);

    /** Ends our side, behind all that was taken. */
    void shutdownOutput() throws IOException;

    /** Has {@link #close()} send a reset, and the kernel forget what it has not sent. */
    void resetOnClose();

    /** Closes the connection now. Called once; the receiver is told nothing any more. */
    void close();

    /** Whether {@link #close()} was not called yet. Any thread; a moment old. */
    boolean isOpen();

    /** Says what belongs in front of the end of our side. A layer implements this, a transport has nothing to say. */
    default void finish() {}

    /** How much memory is held for what came and went, in bytes. A layer implements this. */
    default int heldBytes() {
        return 0;
    }

    /** Forgets what was taken and has not been sent. A layer implements this. */
    default void dropOutput() {}

    /** Whom the peer's certificate names. A layer implements this. */
    default @Nullable Principal principal() {
        return null;
    }
}
