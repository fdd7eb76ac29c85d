package io.hexsocket.core.transport;

import java.nio.ByteBuffer;

/**
 * What a {@link Wire} tells, on its event loop, one call at a time, between {@link Link#beginTurn()} and {@link Link#endTurn()}. What is
 * thrown is an error of the server: the transport passes it to {@link Link#fail} before it ends the turn.
 */
public interface Receiver {

    /** Whether bytes are wanted. To be asked before each read, since the last one may have changed it. */
    boolean wantsBytes();

    /** How many bytes the next read should bring at most; positive. A transport that cannot say so to its network may ignore it. */
    int readLimit();

    /**
     * Bytes have come. All are taken, and may be overwritten; the buffer is the transport's again on return, and must not be read into
     * meanwhile. What comes unwanted is kept, up to the next {@link Wire#listen}, or thrown away if it will not be wanted any more.
     */
    void onBytes(ByteBuffer bytes);

    /** The network takes more than it did. */
    void onWritable();

    /** The peer has ended its side; no more bytes come. At most once. */
    void onEndOfStream();

    /** The network has broken the connection. It is closed at the end of the turn. */
    void onLost(Throwable cause);
}
