package io.hexsocket.transport.nio;

import io.hexsocket.core.port.transport.Inbound;
import io.hexsocket.core.port.transport.LoopInbound;
import io.hexsocket.core.port.transport.Outbound;
import io.hexsocket.core.port.transport.Peer;
import io.hexsocket.core.port.transport.SharedBytes;
import io.hexsocket.core.proxy.ProxyHeader;
import io.hexsocket.core.proxy.ProxyHeaderParser;
import io.hexsocket.core.proxy.ProxyViolation;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket on its event loop. What is written in a turn stands in the loop's write log and leaves at the end of the turn in one system
 * call; large writes leave at once, without a copy. What the socket does not take waits in a queue of the connection's own, which most
 * never have. {@link SecureConnection} puts TLS between all of this and the socket.
 */
class NioConnection implements Outbound, NioLoop.Ready {

    private static final Logger log = LoggerFactory.getLogger(NioConnection.class);

    // A client that keeps sending must not keep its loop for itself
    private static final int READS_A_TURN = 4;
    // What is more than this leaves before the turn ends, so that what counts as queued is what the network has not
    // taken
    private static final int FLUSH_BYTES = 32 * 1024;
    // After our last byte: what the peer sends meanwhile is read and thrown away, however much it is, or the kernel
    // would answer it with a reset, which takes our last bytes from the peer as well
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final VarHandle QUEUED;

    static {
        try {
            QUEUED = MethodHandles.lookup().findVarHandle(NioConnection.class, "queued", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    enum Stage {
        /** Bytes go both ways. */
        OPEN,
        /** Our side ends when the queue is empty. */
        CLOSING,
        /** Our side has ended; what comes is thrown away. */
        LINGERING,
        /** The socket is to be closed at the end of the turn. */
        DOOMED,
        /** The socket is closed, and the core knows. */
        CLOSED
    }

    private final NioLoop loop;
    private InetSocketAddress address;
    private SelectionKey key;
    private @Nullable Inbound inbound;
    private Stage stage = Stage.OPEN;

    /** What stands in the write log for this connection: from, and up to; the same if nothing does. */
    private int logFrom;

    private int logTo;
    private @Nullable WriteQueue queue;
    /** Whether the socket has taken less than it was given; the selector tells when it has room again. */
    private boolean full;
    /** Bytes in the log and in the queue; other threads look at it. */
    @SuppressWarnings("unused") // by its VarHandle
    private int queued;

    /** What a proxy says first; null once it has, and for everybody else. */
    private @Nullable ProxyHeaderParser proxyHeader;

    private boolean secureUpToProxy;
    private boolean unsettled;
    private boolean drainedRequested;
    private boolean readPaused;
    private boolean inputEnded;
    private @Nullable Throwable cause;

    NioConnection(NioLoop loop, InetSocketAddress address, SelectionKey key) {
        this.loop = loop;
        this.address = address;
        this.key = key;
    }

    /** Prepares an accepted channel. The caller closes it if this throws. */
    static NioConnection open(NioLoop loop, SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        // without it, a second small write waits for the answer to the first: 40 ms a message
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        InetSocketAddress address = (InetSocketAddress) channel.getRemoteAddress();
        if (address == null) {
            throw new SocketException("the peer was gone before it could be asked for its address");
        }
        SelectionKey key = channel.register(loop.selector(), SelectionKey.OP_READ);
        LoopTls tls = loop.tls();
        NioConnection connection =
                tls == null ? new NioConnection(loop, address, key) : new SecureConnection(loop, tls, address, key);
        if (loop.proxies().speaksProxyProtocol(address.getAddress())) {
            connection.proxyHeader = new ProxyHeaderParser();
        }
        key.attach(connection);
        return connection;
    }

    void begin(LoopInbound core) {
        inbound = core.onAccept(this);
    }

    void movedTo(SelectionKey moved) {
        key = moved;
    }

    // ---- reading

    @Override
    public void onReady(SelectionKey ready) {
        if (ready.isWritable()) {
            onWritable();
        }
        // another connection may have paused or closed this one in the same turn
        if (ready.isValid() && ready.isReadable()) {
            if (wantsInput()) {
                onReadable();
            } else {
                stopListening();
            }
        }
        // a turn of its own for what this connection has written to itself: it is still in the cache
        if (unsettled && logFrom != logTo) {
            flushInTurn();
        }
    }

    private void onReadable() {
        for (int i = 0; i < READS_A_TURN; i++) {
            ByteBuffer buffer = loop.readBuffer();
            int length;
            try {
                length = receive(buffer);
            } catch (IOException lost) {
                doom(lost);
                return;
            }
            if (length < 0) {
                onEndOfStream();
                return;
            }
            if (length == 0) {
                return;
            }
            boolean filled = !buffer.hasRemaining();
            buffer.flip();
            if (stage != Stage.LINGERING && (proxyHeader == null || takeProxyHeader(proxyHeader, buffer))) {
                onInput(buffer);
            }
            if (!filled || !wantsInput()) {
                return;
            }
        }
    }

    /** Takes what belongs to the header of a proxy; true if that is over and something stands behind it. */
    private boolean takeProxyHeader(ProxyHeaderParser parser, ByteBuffer bytes) {
        ProxyHeader header;
        try {
            header = parser.parse(bytes);
        } catch (ProxyViolation broken) {
            doom(broken);
            return false;
        }
        if (header == null) {
            return false;
        }
        proxyHeader = null;
        InetSocketAddress client = header.client();
        if (client != null) {
            address = client;
            secureUpToProxy = header.secure();
            if (stage == Stage.OPEN) {
                inbound().onForwarded();
            }
        }
        return bytes.hasRemaining() && wantsInput();
    }

    /** The socket has brought bytes, or whoever looked at the first of them has left these; valid during the call. */
    void onInput(ByteBuffer bytes) {
        inbound().onBytes(bytes);
    }

    /** Whether bytes of the socket are wanted: the core's, or those that are thrown away. */
    boolean wantsInput() {
        return !inputEnded && (stage == Stage.OPEN ? !readPaused : stage == Stage.LINGERING);
    }

    /** The peer has ended its side of the socket. */
    void onEndOfStream() {
        endInput();
    }

    /** Nothing more is read; what is left to do is told by the stage. */
    final void endInput() {
        inputEnded = true;
        // the selector would report the end again and again
        updateInterest();
        if (stage == Stage.OPEN) {
            inbound().onEndOfInput();
        } else if (stage == Stage.LINGERING) {
            doom(null);
        }
    }

    // ---- writing

    @Override
    public void write(ByteBuffer bytes) {
        int length = bytes.remaining();
        if (stage != Stage.OPEN || length == 0) {
            bytes.position(bytes.limit());
            ignored(length);
            return;
        }
        if (length > WriteLog.MAX_ENTRY_BYTES && !hasQueue()) {
            writeThrough(bytes);
            return;
        }
        if (mustQueue(length)) {
            queue().append(bytes);
        } else {
            WriteLog writeLog = loop.writeLog();
            int from = writeLog.end();
            if (joinsLog(from)) {
                writeLog.append(bytes);
                logTo = from + length;
            } else {
                moveLogToQueue();
                queue().append(bytes);
            }
        }
        wrote(length);
    }

    @Override
    public void write(SharedBytes shared) {
        int length = shared.bytes().remaining();
        if (stage != Stage.OPEN) {
            ignored(length);
            return;
        }
        if (length > WriteLog.MAX_ENTRY_BYTES) {
            moveLogToQueue();
            queue().append(shared);
        } else if (mustQueue(loop.writeLog().endsWith(shared) ? 0 : length)) {
            queue().append(shared.bytes().duplicate());
        } else {
            int from = loop.writeLog().append(shared);
            if (joinsLog(from)) {
                logTo = from + length;
            } else {
                moveLogToQueue();
                queue().append(shared.bytes().duplicate());
            }
        }
        wrote(length);
    }

    /** The network will not get these. An app that sends as long as there is room must find an end of it before the turn ends. */
    private void ignored(int length) {
        if (stage == Stage.DOOMED) {
            addQueued(length);
        }
    }

    private void wrote(int length) {
        addQueued(length);
        unsettle();
        if (queued >= FLUSH_BYTES && !full) {
            flushInTurn();
        }
    }

    /** Whether an entry at this place continues what stands in the log for us; if nothing does, it begins there. */
    private boolean joinsLog(int from) {
        if (logFrom == logTo) {
            logFrom = from;
            logTo = from;
        }
        return logTo == from;
    }

    /** Whether the next bytes belong in the queue. Empties a full log first, and what the socket does not take of it makes a queue. */
    private boolean mustQueue(int length) {
        if (!hasQueue() && !loop.writeLog().hasRoom(length)) {
            loop.emptyWriteLog();
        }
        return hasQueue();
    }

    /** Writes a large buffer at once, behind what stands in the log, and copies only what the socket does not take. */
    private void writeThrough(ByteBuffer bytes) {
        int length = bytes.remaining();
        addQueued(length);
        try {
            if (logFrom == logTo) {
                addQueued(-transmit(bytes));
            } else {
                ByteBuffer head = loop.writeLog().view(logFrom, logTo);
                int taken = (int) transmit(head, bytes);
                logFrom = head.position();
                addQueued(-taken);
            }
        } catch (IOException lost) {
            bytes.position(bytes.limit());
            doom(lost);
            return;
        }
        if (bytes.hasRemaining()) {
            full = true;
            moveLogToQueue();
            queue().append(bytes);
            unsettle();
        }
    }

    private void moveLogToQueue() {
        if (logFrom != logTo) {
            queue().append(loop.writeLog().view(logFrom, logTo));
            logFrom = logTo;
        }
    }

    @Override
    public void flush() {
        if (stage == Stage.DOOMED || stage == Stage.CLOSED) {
            logFrom = logTo;
            return;
        }
        if (full) {
            moveLogToQueue();
            return;
        }
        try {
            if (logFrom != logTo) {
                ByteBuffer bytes = loop.writeLog().view(logFrom, logTo);
                addQueued(-transmit(bytes));
                logFrom = bytes.position();
                moveLogToQueue();
            } else if (queue != null && !queue.isEmpty()) {
                addQueued(-(int) transmit(queue));
            }
            full = isBlocked();
        } catch (IOException lost) {
            doom(lost);
        }
    }

    private void flushInTurn() {
        flush();
        if (loop.isOnlyUnsettled(this)) {
            loop.writeLog().reset();
        }
    }

    /** The socket may take more than it did. */
    final void onWritable() {
        full = false;
        unsettle();
    }

    // ---- the end of the turn

    /** Writes what the turn has left, then tells the core what came of it. */
    void settle() {
        unsettled = false;
        flush();
        if (stage == Stage.DOOMED) {
            closeNow();
            return;
        }
        if (stage == Stage.CLOSED) {
            return;
        }
        if (queued == 0) {
            if (queue != null) {
                queue = null;
            }
            if (stage == Stage.CLOSING) {
                endOutput();
            } else if (stage == Stage.OPEN && drainedRequested) {
                drainedRequested = false;
                inbound().onDrained();
            }
        }
        updateInterest();
    }

    final void unsettle() {
        if (!unsettled) {
            unsettled = true;
            loop.unsettle(this);
        }
    }

    /** Ends our side; all that was written is sent. */
    void endOutput() {
        endOutputNow();
    }

    private void endOutputNow() {
        if (inputEnded) {
            doom(null);
            return;
        }
        stage = Stage.LINGERING;
        try {
            channel().shutdownOutput();
            loop.executeLater(() -> doom(null), LINGER_NANOS);
        } catch (IOException lost) {
            doom(lost);
        }
    }

    /** Ends our side at once, without what waits; the core hears the reason when the peer has ended its own side, or been given the time. */
    final void endBroken(Throwable reason) {
        if (stage == Stage.OPEN || stage == Stage.CLOSING) {
            cause = reason;
            forgetOutput();
            endOutputNow();
            unsettle();
        }
    }

    /** Most pauses are over before anything comes: as long as nothing does, the selector goes on listening, which costs no system call. */
    private void updateInterest() {
        if (key.isValid()) {
            int reading =
                    inputEnded ? 0 : wantsInput() ? SelectionKey.OP_READ : key.interestOps() & SelectionKey.OP_READ;
            listenFor(reading | (isBlocked() ? SelectionKey.OP_WRITE : 0));
        }
    }

    private void stopListening() {
        listenFor(key.interestOps() & ~SelectionKey.OP_READ);
    }

    private void listenFor(int interest) {
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    // ---- the rest of Outbound

    @Override
    public long queuedBytes() {
        return (int) QUEUED.getOpaque(this);
    }

    @Override
    public void requestDrained() {
        if (stage == Stage.OPEN) {
            drainedRequested = true;
            unsettle();
        }
    }

    @Override
    public void pauseReads() {
        readPaused = true;
    }

    @Override
    public void resumeReads() {
        if (readPaused) {
            readPaused = false;
            unsettle();
        }
    }

    @Override
    public void close() {
        if (stage == Stage.OPEN) {
            stage = Stage.CLOSING;
            unsettle();
        }
    }

    @Override
    public void abort() {
        if (stage == Stage.DOOMED || stage == Stage.CLOSED) {
            return;
        }
        try {
            // closing will send a reset, and nothing lingers in the kernel
            channel().setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException gone) {
            log.trace("no reset needed", gone);
        }
        doom(null);
    }

    @Override
    public Peer peer() {
        return new Peer(address, isSecure() || secureUpToProxy);
    }

    boolean isSecure() {
        return false;
    }

    // ---- the end

    @Override
    public void onBroken(Throwable failed) {
        abort();
        cause = failed;
    }

    /** Has the socket closed at the end of the turn. */
    void doom(@Nullable Throwable reason) {
        if (stage != Stage.DOOMED && stage != Stage.CLOSED) {
            stage = Stage.DOOMED;
            if (cause == null) {
                cause = reason;
            }
            unsettle();
        }
    }

    private void closeNow() {
        stage = Stage.CLOSED;
        forgetOutput();
        key.cancel();
        try {
            channel().close();
        } catch (IOException failed) {
            log.debug("closing failed", failed);
        }
        if (inbound != null) {
            inbound.onClosed(cause);
        }
    }

    /** Lets go of all that waits to be sent. */
    void forgetOutput() {
        logFrom = logTo;
        QUEUED.setOpaque(this, 0);
        if (queue != null) {
            queue.clear();
            queue = null;
        }
    }

    // ---- the socket, or what stands before it

    /** Reads into the loop's buffer; tells how many bytes came, or -1 at the end. */
    int receive(ByteBuffer buffer) throws IOException {
        return channel().read(buffer);
    }

    /** Sends what is taken at once; tells how much that is. */
    int transmit(ByteBuffer bytes) throws IOException {
        return bytes.isDirect() ? channel().write(bytes) : WriteQueue.writeArray(channel(), bytes);
    }

    /** The same for two buffers, one behind the other. */
    long transmit(ByteBuffer head, ByteBuffer body) throws IOException {
        if (body.isDirect()) {
            return loop.write(channel(), head, body);
        }
        int taken = transmit(head);
        return head.hasRemaining() ? taken : taken + transmit(body);
    }

    /** The same for what waits. */
    long transmit(WriteQueue waiting) throws IOException {
        return waiting.writeTo(channel());
    }

    /** Whether there is something that has to wait for the socket. */
    boolean isBlocked() {
        return hasQueue();
    }

    private boolean hasQueue() {
        return queue != null && !queue.isEmpty();
    }

    private WriteQueue queue() {
        if (queue == null) {
            queue = new WriteQueue(loop.chunks());
        }
        return queue;
    }

    /** Counts what waits; less than nothing for what does so no more. */
    final void addQueued(int bytes) {
        QUEUED.setOpaque(this, queued + bytes);
    }

    final Stage stage() {
        return stage;
    }

    /** Whether the socket has taken less than it was given, and has not told since that it has room. */
    final boolean isFull() {
        return full;
    }

    final boolean hasInputEnded() {
        return inputEnded;
    }

    final SocketChannel channel() {
        return (SocketChannel) key.channel();
    }

    final Inbound inbound() {
        Inbound attached = inbound;
        if (attached == null) {
            throw new IllegalStateException("the connection has not begun");
        }
        return attached;
    }
}
