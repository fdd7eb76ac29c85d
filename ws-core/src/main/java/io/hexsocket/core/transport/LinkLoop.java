package io.hexsocket.core.transport;

import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.port.transport.Acceptor;
import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.port.transport.LoopInbound;
import io.hexsocket.core.port.transport.Peer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one event loop share: the output log, buffers, and the list of those that have something left to do at the end
 * of the turn. On that loop.
 *
 * <p>The loop calls {@link #attach} first, then {@link #tick} at once and every {@link #TICK_NANOS}. Its turn: read from what is ready,
 * each connection between {@link Link#beginTurn()} and {@link Link#endTurn()}; run tasks; let time pass; {@link #endTurn()}.
 */
public final class LinkLoop {

    /** How much is read at once: what a socket's receive buffer holds when a client sends fast, and within a core's second-level cache. */
    public static final int READ_BYTES = 256 * 1024;

    // How often one connection is read from in a turn: a client that keeps sending must not keep its loop for itself
    private static final int READS_PER_TURN = 4;
    // What all connections together bring at their full length in a turn: some milliseconds for the server
    private static final int READ_BYTES_PER_TURN = 4 * 1024 * 1024;
    // What each of those behind them brings
    private static final int FEW_READ_BYTES = 32 * 1024;
    // What the ends of some connections' turns may take before the loop looks at its sockets again, and how often it
    // asks for the time
    private static final long END_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int ENDS_PER_LOOK = 16;

    /**
     * How many connections are accepted in a turn. Each costs as much as some messages; what is left waits in the kernel, for a
     * millisecond.
     */
    public static final int ACCEPTS_PER_TURN = 32;

    /** Connections that the kernel has made and the server has not accepted yet; Linux cuts it to net.core.somaxconn. */
    public static final int BACKLOG = 4096;

    /** The time between two ticks. */
    public static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    // Ten seconds, as in the core
    private static final int TICKS_TO_TRIM = 40;

    private final EventLoop loop;
    private final Faults faults;
    private final Proxies proxies;
    private final Runnable onDirty;
    private final OutputLog log = new OutputLog();
    private final Chunks chunks = new Chunks();
    private final @Nullable TlsBuffers tls;
    private final ByteBuffer[] pair = new ByteBuffer[2];
    /** Connections that have something to write, to be told, or to be closed at the end of the turn, but for the current one. */
    private final ArrayDeque<Link> dirty = new ArrayDeque<>();

    /** What was read in this turn, about. */
    private int readBytes;

    private @Nullable Link current;
    private @Nullable LoopInbound inbound;
    private int ticksToTrim = TICKS_TO_TRIM;

    /**
     * For a loop that has no connection yet. Any thread.
     *
     * @param proxies who begins with a header of the PROXY protocol
     * @param tls what connections are secured with; null for plain ones
     * @param onDirty is called when there is something to do for {@link #endTurn()}; may do nothing if that is called anyway
     */
    public LinkLoop(EventLoop loop, Faults faults, Proxies proxies, @Nullable TlsSetup tls, Runnable onDirty) {
        this.loop = loop;
        this.faults = faults;
        this.proxies = proxies;
        this.tls = tls == null ? null : new TlsBuffers(tls, chunks, loop, READ_BYTES);
        this.onDirty = onDirty;
    }

    /** Takes the loop into the core's service. */
    public void attach(Acceptor core) {
        inbound = core.attach(loop);
    }

    /** A connection was accepted; nothing happens on its wire before this returns. */
    public Link accept(Wire wire, InetSocketAddress peer) {
        return begin(new Link(this, wire, peer, tls, proxies.speaksProxyProtocol(peer.getAddress())));
    }

    /**
     * A connection was accepted by somebody else, who knows its peer and may have secured it; nothing happens on its wire before this returns. On a
     * loop without TLS and proxies of its own.
     */
    public Link accept(Wire wire, Peer peer) {
        Link link = new Link(this, wire, peer.address(), null, false);
        if (peer.secure()) {
            link.secureBelow();
        }
        return begin(link);
    }

    private Link begin(Link link) {
        try {
            link.begin(inbound().onAccept(link));
        } catch (Throwable failed) {
            link.fail(failed);
        }
        return link;
    }

    /** Time passes. */
    public void tick(long nowNanos) {
        inbound().onTick(nowNanos);
        if (--ticksToTrim == 0) {
            ticksToTrim = TICKS_TO_TRIM;
            chunks.trim();
        }
    }

    /** How many bytes a connection is to bring at once. The more others have brought in this turn, the fewer. */
    public int readLimit() {
        return readBytes < READ_BYTES_PER_TURN ? READ_BYTES : FEW_READ_BYTES;
    }

    /** Whether a connection that has been read from so often in this turn may be read from again. */
    public boolean mayReadOn(int reads) {
        return reads < READS_PER_TURN && readBytes < READ_BYTES_PER_TURN;
    }

    /** So many bytes were read. */
    public void onRead(int bytes) {
        boolean few = readBytes < READ_BYTES_PER_TURN;
        readBytes += bytes;
        if (few && readBytes >= READ_BYTES_PER_TURN) {
            // the turn has to end, for the next one to begin
            onDirty.run();
        }
    }

    /** The server goes down; every connection is told. */
    public void onShutdown() {
        inbound().onShutdown();
    }

    /** The server goes down gently: sessions are told within this time. */
    public void onDrain(long windowNanos) {
        inbound().onDrain(windowNanos);
    }

    /** The time to end is up: who is left is cut at the end of the turn. */
    public void onTimeUp() {
        inbound().onTimeUp();
    }

    /** How many connections are not closed yet. */
    public int connections() {
        return inbound().connections();
    }

    /**
     * Writes, tells and closes. A connection that becomes dirty again by what the core does then is written for, but otherwise waits for
     * the next turn: a stream to a client that keeps up must not keep the loop for itself. If that takes long, the sockets have their turn
     * before the last connections.
     */
    public void endTurn() {
        readBytes = 0;
        int left = dirty.size();
        long start = left < ENDS_PER_LOOK ? 0 : loop.nanoTime();
        for (int ends = 1; ends <= left; ends++) {
            if (ends % ENDS_PER_LOOK == 0 && loop.nanoTime() - start > END_NANOS) {
                return;
            }
            endOfTurn(dirty.remove());
        }
        flushDirty();
    }

    void endOfTurn(Link link) {
        try {
            link.endOfTurn();
        } catch (Throwable failed) {
            link.fail(failed);
        }
    }

    /** Whether something is left for another {@link #endTurn()}. */
    public boolean isDirty() {
        return !dirty.isEmpty();
    }

    /** How many buffers connections hold, for output that waits and for records that are not whole. */
    public int buffersInUse() {
        return chunks.inUse() + (tls == null ? 0 : tls.records().inUse());
    }

    // ---- what links ask for

    void beginTurn(Link link) {
        Link interrupted = current;
        current = link;
        if (interrupted != null && interrupted.isDirty()) {
            markDirty(interrupted);
        }
    }

    void endTurn(Link link) {
        if (current == link) {
            current = null;
        }
    }

    void markDirty(Link link) {
        if (link != current) {
            dirty.add(link);
            onDirty.run();
        }
    }

    OutputLog log() {
        return log;
    }

    Chunks chunks() {
        return chunks;
    }

    /** Writes what is in the log for every connection. */
    void emptyLog() {
        if (current != null) {
            current.flush();
        }
        flushDirty();
    }

    private void flushDirty() {
        // no iterator, which would be all that an echo allocates
        dirty.forEach(Link::flush);
    }

    /** Writes two buffers, one behind the other. */
    long writePair(Wire wire, ByteBuffer first, ByteBuffer second) throws IOException {
        pair[0] = first;
        pair[1] = second;
        try {
            return wire.write(pair, 0, 2);
        } finally {
            // a loop with nothing to do would keep the memory of its last message
            Arrays.fill(pair, null);
        }
    }

    EventLoop eventLoop() {
        return loop;
    }

    void report(String what, Throwable thrown) {
        faults.report(what, thrown);
    }

    private LoopInbound inbound() {
        LoopInbound attached = inbound;
        if (attached == null) {
            throw new IllegalStateException("the loop is not in service");
        }
        return attached;
    }
}
