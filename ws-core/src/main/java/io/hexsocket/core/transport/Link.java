package io.hexsocket.core.transport;

import io.hexsocket.core.port.transport.Inbound;
import io.hexsocket.core.port.transport.Outbound;
import io.hexsocket.core.port.transport.Peer;
import io.hexsocket.core.port.transport.SharedBytes;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection between the core and its {@link Wire}. What is written in a turn goes to the loop's output log and leaves at the end of
 * the turn in one system call; large writes leave at once, without a copy. What the wire does not take waits in a queue of the
 * connection's own, which most never have. On its event loop, but for {@link #queuedBytes()} and {@link #peer()}.
 *
 * <pre>
 *   OPEN ──close()──► CLOSING ──all is sent──► LINGERING
 *     │                  │                         │ end of stream, or a second
 *     └──────────────────┴── abort(), broken ──────┤
 *                                                  ▼
 *                                   CLOSE_PENDING ──end of turn──► CLOSED
 * </pre>
 */
public final class Link implements Outbound, Receiver {

    // What is more than this leaves before the turn ends, so that what counts as queued is what the network has not
    // taken
    private static final int FLUSH_BYTES = 32 * 1024;
    // After our last byte: what the peer sends meanwhile is read and thrown away, however much it is, or the kernel
    // would answer it with a reset, which takes our last bytes from the peer as well
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final VarHandle QUEUED;

    static {
        try {
            QUEUED = MethodHandles.lookup().findVarHandle(Link.class, "queued", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

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

    private final LinkLoop loop;
    private final Wire wire;
    private InetSocketAddress address;
    private @Nullable Inbound inbound;
    private State state = State.OPEN;

    /** What the output log has for this connection: from, and up to; the same if nothing. */
    private int logFrom;

    private int logTo;
    private @Nullable OutputQueue queue;
    /** Bytes in the log and in queues; other threads look at it. */
    @SuppressWarnings("unused") // by its VarHandle
    private int queued;

    /** What came while reads were paused, from wires that are pushed bytes. */
    private @Nullable ByteBuffer leftover;

    private @Nullable Throwable cause;
    /** Whether the wire has taken less than it was given; it tells when it has room again. */
    private boolean full;

    private boolean secure;
    private boolean dirty;
    private boolean drainedRequested;
    private boolean readPaused;
    private boolean inputEnded;
    /** Whether the core does not know of the end yet. */
    private boolean endPending;

    Link(LinkLoop loop, Wire raw, InetSocketAddress peer, @Nullable TlsBuffers tls, boolean behindProxy) {
        this.loop = loop;
        this.address = peer;
        Receiver bottom;
        if (tls == null) {
            wire = raw;
            bottom = this;
        } else {
            TlsLayer layer = new TlsLayer(this, loop, tls, raw);
            wire = layer;
            bottom = layer;
            secure = true;
        }
        raw.attach(behindProxy ? new ProxyLayer(raw, this, bottom) : bottom);
    }

    void begin(Inbound core) {
        inbound = core;
    }

    @Override
    public Link link() {
        return this;
    }

    // ---- reading

    @Override
    public boolean wantsBytes() {
        return !inputEnded && (state == State.OPEN ? !readPaused : state == State.LINGERING);
    }

    @Override
    public int readLimit() {
        return LinkLoop.READ_BYTES;
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

    /** A proxy has said who the client is. */
    void onForwarded(InetSocketAddress client, boolean secureUpToProxy) {
        address = client;
        secure |= secureUpToProxy;
        if (state == State.OPEN) {
            inbound().onForwarded();
        }
    }

    // ---- writing

    @Override
    public void write(ByteBuffer bytes) {
        int length = bytes.remaining();
        if (state != State.OPEN || length == 0) {
            bytes.position(bytes.limit());
            ignored(length);
            return;
        }
        if (length > OutputLog.MAX_ENTRY_BYTES && !hasQueue()) {
            writeThrough(bytes);
            return;
        }
        OutputLog log = loop.log();
        if (mustQueue(length)) {
            queue().append(bytes);
        } else if (continuesLog(log.end())) {
            log.append(bytes);
            logTo += length;
        } else {
            moveLogToQueue();
            queue().append(bytes);
        }
        wrote(length);
    }

    @Override
    public void write(SharedBytes shared) {
        int length = shared.bytes().remaining();
        if (state != State.OPEN || length == 0) {
            ignored(length);
            return;
        }
        OutputLog log = loop.log();
        if (length > OutputLog.MAX_ENTRY_BYTES) {
            moveLogToQueue();
            queue().append(shared);
        } else if (mustQueue(log.endsWith(shared) ? 0 : length)) {
            queue().append(shared.bytes().duplicate());
        } else if (continuesLog(log.append(shared))) {
            logTo += length;
        } else {
            moveLogToQueue();
            queue().append(shared.bytes().duplicate());
        }
        wrote(length);
    }

    /** The network will not get these. An app that sends as long as there is room must find an end of it before the turn ends. */
    private void ignored(int length) {
        if (state == State.CLOSE_PENDING) {
            addQueued(length);
        }
    }

    private void wrote(int length) {
        addQueued(length);
        markDirty();
        if (queued >= FLUSH_BYTES && !full) {
            flush();
        }
    }

    /** Whether an entry at this place continues what the log has for us; if it has nothing, it begins there. */
    private boolean continuesLog(int from) {
        if (logFrom == logTo) {
            loop.log().join();
            logFrom = from;
            logTo = from;
        }
        return logTo == from;
    }

    /** Whether the next bytes belong in the queue. Empties a full log first, and what the wire does not take of it makes a queue. */
    private boolean mustQueue(int length) {
        if (!hasQueue() && !loop.log().hasRoom(length)) {
            loop.emptyLog();
        }
        return hasQueue();
    }

    /** Writes a large buffer at once, behind what is in the log, and copies only what the wire does not take. */
    private void writeThrough(ByteBuffer bytes) {
        addQueued(bytes.remaining());
        try {
            if (logFrom == logTo) {
                addQueued(-wire.write(bytes));
            } else {
                ByteBuffer head = loop.log().view(logFrom, logTo);
                addQueued(-(int) loop.writePair(wire, head, bytes));
                if (head.hasRemaining()) {
                    logFrom = head.position();
                } else {
                    leaveLog();
                }
            }
        } catch (IOException lost) {
            bytes.position(bytes.limit());
            closeSoon(lost);
            return;
        }
        if (bytes.hasRemaining()) {
            full = true;
            moveLogToQueue();
            queue().append(bytes);
            markDirty();
        }
    }

    private void moveLogToQueue() {
        if (logFrom != logTo) {
            queue().append(loop.log().view(logFrom, logTo));
            leaveLog();
        }
    }

    private void leaveLog() {
        if (logFrom != logTo) {
            logFrom = logTo;
            loop.log().leave();
        }
    }

    @Override
    public void flush() {
        if (state == State.CLOSE_PENDING || state == State.CLOSED) {
            leaveLog();
            return;
        }
        if (full) {
            moveLogToQueue();
            return;
        }
        try {
            if (logFrom != logTo) {
                ByteBuffer bytes = loop.log().view(logFrom, logTo);
                addQueued(-wire.write(bytes));
                if (bytes.hasRemaining()) {
                    queue().append(bytes);
                }
                leaveLog();
            } else if (hasQueue()) {
                addQueued(-(int) queue().writeTo(wire));
            }
            full |= hasQueue();
        } catch (IOException lost) {
            closeSoon(lost);
        }
    }

    /** A layer has taken something that the network has not. */
    void onFull() {
        full = true;
        markDirty();
    }

    @Override
    public void onWritable() {
        full = false;
        markDirty();
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
        if (queued == 0) {
            queue = null;
            if (state == State.CLOSING) {
                endOutput();
            } else if (state == State.OPEN && drainedRequested) {
                drainedRequested = false;
                inbound().onDrained();
            }
        }
        if (state != State.CLOSED) {
            wire.listen(wantsBytes(), full);
        }
    }

    void markDirty() {
        if (!dirty) {
            dirty = true;
            loop.markDirty(this);
        }
    }

    /** Ends our side; all that was written is sent. */
    private void endOutput() {
        wire.finish();
        if (queued == 0 && state == State.CLOSING) {
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
            loop.executeLater(() -> closeSoon(null), LINGER_NANOS);
        } catch (IOException lost) {
            closeSoon(lost);
        }
    }

    /** Ends our side at once, without what waits; the core hears the reason when the peer has ended its own side, or been given the time. */
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
    public long queuedBytes() {
        return (int) QUEUED.getOpaque(this);
    }

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
            closeSoon(null);
        }
    }

    /** The same for an error of the server, which the core is told as the cause. */
    void abort(Throwable failed) {
        abort();
        cause = failed;
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

    /** Has the wire closed at the end of the turn; the first reason counts. */
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
        if (inbound != null) {
            inbound.onClosed(cause);
        }
    }

    private void dropOutput() {
        leaveLog();
        QUEUED.setOpaque(this, 0);
        if (queue != null) {
            queue.clear();
            queue = null;
        }
        wire.dropOutput();
    }

    private boolean hasQueue() {
        return queue != null && !queue.isEmpty();
    }

    private OutputQueue queue() {
        if (queue == null) {
            queue = new OutputQueue(loop.chunks());
        }
        return queue;
    }

    // ---- what layers ask for

    /** Counts what waits; less than nothing for what does so no more. */
    void addQueued(int bytes) {
        QUEUED.setOpaque(this, queued + bytes);
    }

    boolean isDirty() {
        return dirty;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether the end is not decided, or still to be told to the peer. */
    boolean isGoing() {
        return state == State.OPEN || state == State.CLOSING;
    }

    boolean isLingering() {
        return state == State.LINGERING;
    }

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
