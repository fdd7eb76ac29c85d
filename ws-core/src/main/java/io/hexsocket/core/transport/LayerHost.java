package io.hexsocket.core.transport;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What the layers below a connection ask of it; they know nothing else of it. */
abstract class LayerHost implements Receiver {

    /** Whether bytes go both ways. */
    abstract boolean isOpen();

    /** Whether bytes go both ways, or what was written is still to be sent. */
    abstract boolean isGoing();

    /** Whether our side has ended, and what comes is thrown away. */
    abstract boolean isLingering();

    /** Whether the peer has ended its side. */
    abstract boolean hasInputEnded();

    /** Asks for {@link Wire#listen} at the end of the turn. */
    abstract void markDirty();

    /** Counts what a layer has taken and the network has not; less than nothing for what it has taken since. */
    abstract void addQueued(int bytes);

    /** Nothing more is to be written before {@link #onWritable()}. */
    abstract void onFull();

    /** A proxy has said who the client is. */
    abstract void onForwarded(InetSocketAddress client, boolean secureUpToProxy);

    /** The TLS handshake is done. */
    abstract void onSecured(String protocol, String cipherSuite, long nanos);

    /** Has the wire closed at the end of the turn; the first reason counts. */
    abstract void closeSoon(@Nullable Throwable reason);

    /** Ends our side at once, without what waits; the core hears the reason when the peer has ended its own side, or been given the time. */
    abstract void endBroken(Throwable reason);

    /** Ends the connection at once for an error of the server, which is reported. */
    public abstract void fail(Throwable error);
}
