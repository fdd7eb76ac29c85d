package io.hexsocket.core.transport;

import io.hexsocket.core.port.transport.Inbound;
import io.hexsocket.core.port.transport.Peer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection between the core and its {@link Wire}: its states, its input, and the end of its turn. On its event loop, but for
 * {@link #queuedBytes()} and {@link #peer()}.
 *
 * <pre>
 *   OPEN ──close()──► CLOSING ──all is sent──► LINGERING
 *     │                  │                         │ end of stream, or a second
 *     └──────────────────┴── abort(), broken ──────┤
 *                                                  ▼
 *                                   CLOSE_PENDING ──end of turn──► CLOSED
 * </pre>
 */
public final class Link extends LinkOutput {

    // After our last byte: what the peer sends meanwhile is read and thrown away, however much it is, or the kernel
    // would answer it with a reset, which takes our last bytes from the peer as well
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private enum State {
        /** Bytes go both ways. */
        OPEN,
        /** Our side ends when all is sent. */
        CLOSING,
        /** Our side has ended; what comes is thrown away. */
        LINGERING,
        /** The wire is to be closed at the end of the turn. */
        CLOSE_PENDING,
        /** The wire is closed, and the core knows. */
        CLOSED
    }

    private final Wire wire;
    private InetSocketAddress address;
    private @Nullable Inbound inbound;
    private State state = State.OPEN;

    /** What came while reads were paused, from wires that are pushed bytes. */
    private @Nullable ByteBuffer leftover;

    private @Nullable Throwable cause;
    private boolean secure;
    private boolean dirty;
    private boolean drainedRequested;
    private boolean readPaused;
    private boolean inputEnded;
    /** Whether the core does not know of the end yet. */
    private boolean endPending;

    Link(LinkLoop loop, Wire raw, InetSocketAddress peer, @Nullable TlsBuffers tls, boolean behindProxy) {
        super(loop);
        this.address = peer;
        this.secure = tls != null;
        TlsLayer layer = tls == null ? null : new TlsLayer(this, loop.eventLoop(), tls, raw);
        this.wire = layer == null ? raw : layer;
        Receiver bottom = layer == null ? this : layer;
        raw.attach(behindProxy ? new ProxyLayer(raw, this, bottom) : bottom);
    }

    /** What is below the wire has secured the connection. */
    void secureBelow() {
        secure = true;
    }

    void begin(Inbound core) {
        inbound = core;
    }

    // ---- reading

    @Override
    public boolean wantsBytes() {
        return !inputEnded && (state == State.OPEN ? !readPaused : state == State.LINGERING);
    }

    @Override
    public int readLimit() {
        return loop.readLimit();
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        if (state != State.OPEN) {
            return;
        }
        if (readPaused || leftover != null) {
            keep(bytes);
        } else {
            inbound().onBytes(bytes);
        }
    }

    private void keep(ByteBuffer bytes) {
        int before = leftover == null ? 0 : leftover.remaining();
        ByteBuffer all = ByteBuffer.allocate(before + bytes.remaining());
        if (leftover != null) {
            all.put(leftover);
        }
        leftover = all.put(bytes).flip();
        markDirty();
    }

    @Override
    public void onEndOfStream() {
        if (state == State.LINGERING) {
            closeSoon(null);
        } else if (!inputEnded) {
            inputEnded = true;
            endPending = true;
            deliverPending();
        }
        markDirty();
    }

    /** Hands over what came while reads were paused, and the end of the stream behind it. */
    private void deliverPending() {
        if (leftover != null && state == State.OPEN && !readPaused) {
            ByteBuffer bytes = leftover;
            leftover = null;
            inbound().onBytes(bytes);
        }
        if (endPending && state == State.OPEN && !readPaused) {
            endPending = false;
            inbound().onEndOfInput();
        }
    }

    @Override
    public void onLost(Throwable lost) {
        closeSoon(lost);
    }

    @Override
    void onForwarded(InetSocketAddress client, boolean secureUpToProxy) {
        address = client;
        secure |= secureUpToProxy;
        if (state == State.OPEN) {
            inbound().onForwarded();
        }
    }

    @Override
    void onSecured(String protocol, String cipherSuite, long nanos) {
        if (state == State.OPEN) {
            inbound().onSecured(protocol, cipherSuite, nanos);
        }
    }

    // ---- the turn

    /** Something has happened to the wire: what comes of it for this connection is done at {@link #endTurn()}. */
    public void beginTurn() {
        loop.beginTurn(this);
    }

    /** Does what the turn has left: writes, tells the core, closes. To be called whatever was thrown. */
    public void endTurn() {
        loop.endTurn(this);
        if (dirty) {
            loop.endOfTurn(this);
        }
    }

    /** Writes what the turn has left, then tells the core what came of it. */
    void endOfTurn() {
        dirty = false;
        deliverPending();
        flush();
        if (state == State.CLOSE_PENDING) {
            closeNow();
            return;
        }
        if (state == State.CLOSED) {
            return;
        }
        if (isAllSent()) {
            if (state == State.CLOSING) {
                endOutput();
            } else if (state == State.OPEN && drainedRequested) {
                drainedRequested = false;
                inbound().onDrained();
            }
        }
        wire.listen(wantsBytes(), isFull());
    }

    @Override
    void markDirty() {
        if (!dirty) {
            dirty = true;
            loop.markDirty(this);
        }
    }

    /** Ends our side; all that was written is sent. */
    private void endOutput() {
        wire.finish();
        if (isAllSent() && state == State.CLOSING) {
            shutdownOutput();
        }
    }

    private void shutdownOutput() {
        if (inputEnded) {
            closeSoon(null);
            return;
        }
        state = State.LINGERING;
        try {
            wire.shutdownOutput();
            loop.eventLoop().executeLater(() -> closeSoon(null), LINGER_NANOS);
        } catch (IOException lost) {
            closeSoon(lost);
        }
    }

    @Override
    void endBroken(Throwable reason) {
        if (isGoing()) {
            cause = reason;
            dropOutput();
            shutdownOutput();
            markDirty();
        }
    }

    // ---- the rest of Outbound

    @Override
    public void requestDrained() {
        if (state == State.OPEN) {
            drainedRequested = true;
            markDirty();
        }
    }

    @Override
    public void pauseReads() {
        if (!readPaused) {
            readPaused = true;
            markDirty();
        }
    }

    @Override
    public void resumeReads() {
        if (readPaused) {
            readPaused = false;
            markDirty();
        }
    }

    @Override
    public void close() {
        if (state == State.OPEN) {
            state = State.CLOSING;
            markDirty();
        }
    }

    @Override
    public void abort() {
        if (state != State.CLOSE_PENDING && state != State.CLOSED) {
            wire.resetOnClose();
            dropOutput();
            closeSoon(null);
        }
    }

    @Override
    public void fail(Throwable error) {
        abort();
        cause = error;
        loop.report("a connection failed on an error of the server", error);
    }

    @Override
    public long heldBytes() {
        return (leftover == null ? 0 : leftover.capacity()) + queueHeldBytes() + wire.heldBytes();
    }

    @Override
    public Peer peer() {
        return new Peer(address, secure);
    }

    @Override
    public @Nullable Principal principal() {
        return wire.principal();
    }

    // ---- the end

    @Override
    void closeSoon(@Nullable Throwable reason) {
        if (state != State.CLOSE_PENDING && state != State.CLOSED) {
            state = State.CLOSE_PENDING;
            if (cause == null) {
                cause = reason;
            }
            markDirty();
        }
    }

    private void closeNow() {
        state = State.CLOSED;
        dropOutput();
        leftover = null;
        wire.close();
        Inbound core = inbound;
        if (core != null) {
            // the timer that ends the lingering knows this object for a second, and should not know what the core has
            // held for the client
            inbound = null;
            core.onClosed(cause);
        }
    }

    // ---- what layers ask for

    boolean isDirty() {
        return dirty;
    }

    @Override
    Wire wire() {
        return wire;
    }

    @Override
    boolean isOpen() {
        return state == State.OPEN;
    }

    @Override
    boolean isGoing() {
        return state == State.OPEN || state == State.CLOSING;
    }

    @Override
    boolean isClosePending() {
        return state == State.CLOSE_PENDING;
    }

    @Override
    boolean isLingering() {
        return state == State.LINGERING;
    }

    @Override
    boolean hasInputEnded() {
        return inputEnded;
    }

    private Inbound inbound() {
        Inbound attached = inbound;
        if (attached == null) {
            throw new IllegalStateException("the connection has not begun");
        }
        return attached;
    }
}
