package io.hexsocket.core.port.transport;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a transport tells the core about one connection, on the connection's event loop, one call at a time. The transport flushes
 * what was written when a call has returned. After {@link Outbound#close()} or {@link Outbound#abort()} nothing is told any more but
 * {@link #onClosed}. A call that throws ends the connection, and no other.
 */
public interface Inbound {

    /**
     * A proxy has said by the PROXY protocol who the peer is, and {@link Outbound#peer()} tells so from now on. At most once, before the
     * first byte. Calls nothing of the connection's {@link Outbound} but {@code peer()} before it returns.
     */
    void onForwarded();

    /**
     * The TLS handshake is done. At most once, before the first byte. Calls nothing of the connection's {@link Outbound} before it returns.
     *
     * @param protocol the version of TLS, as {@code TLSv1.3}
     * @param cipherSuite by its name in the IANA registry
     * @param nanos how long it took since the connection was accepted
     */
    default void onSecured(String protocol, String cipherSuite, long nanos) {}

    /**
     * Bytes have arrived. The core takes all of them and may overwrite them (it unmasks in place); the buffer is the transport's
     * again on return. At least one; not called while reads are paused.
     */
    void onBytes(ByteBuffer bytes);

    /** All that was written has reached the network. Called once when {@link Outbound#requestDrained()} has asked for it. */
    void onDrained();

    /** The peer has ended its side; no more bytes come. At most once. */
    void onEndOfInput();

    /**
     * The connection is gone. Called exactly once, and last.
     *
     * @param cause what broke it, a {@link TlsFailure} if it never got beyond the TLS handshake; null if it was closed in order
     */
    void onClosed(@Nullable Throwable cause);
}
