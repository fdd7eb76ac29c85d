package io.hexsocket.core.testkit;

import static io.hexsocket.core.testkit.ManualLoop.require;

import io.hexsocket.core.port.transport.Inbound;
import io.hexsocket.core.port.transport.Outbound;
import io.hexsocket.core.port.transport.Peer;
import io.hexsocket.core.port.transport.SharedBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * A connection in memory: the core's {@link Outbound} at one end, a client that the test plays at the other. It holds the core to the
 * ports' contracts: calls outside the loop, bytes left in the input and the like are {@link AssertionError}s. The memory that the core
 * reads from is overwritten after each call, as a socket's would be by the next read.
 *
 * <p>The client's verbs ({@link #send}, {@link #end}, {@link #accept}...) run the loop until it is idle, unless they say otherwise.
 */
public final class MemoryConnection implements Outbound {

    private static final long LINGER_NANOS = Duration.ofSeconds(1).toNanos();

    /** What the next read of some other connection brings. */
    private static final byte[] OTHER_BYTES = new byte[4096];

    static {
        Arrays.fill(OTHER_BYTES, (byte) 0xEE);
    }

    /** What waits for the network: a copy of its own, or bytes that are shared. */
    private record Waiting(ByteBuffer bytes, SharedBytes shared) {}

    private final ManualLoop loop;
    private final Peer peer;
    private Inbound inbound;

    private final Deque<Waiting> queue = new ArrayDeque<>();
    private volatile long queued;
    /** How many more bytes the network takes. */
    private long room = Long.MAX_VALUE;

    private final List<byte[]> writes = new ArrayList<>();

    private final Deque<byte[]> arrivals = new ArrayDeque<>();
    private boolean endComes;
    private boolean inputEnded;

    private Principal principal;
    private boolean readsPaused;
    private boolean drainedRequested;
    private boolean closing;
    private boolean outputEnded;
    private boolean aborted;
    private boolean lost;
    private Throwable cause;
    private boolean closed;
    private int pauses;

    MemoryConnection(ManualLoop loop, Peer peer) {
        this.loop = loop;
        this.peer = peer;
    }

    void begin() {
        loop.turn(() -> {
            inbound = loop.core().onAccept(this);
            loop.connections().add(this);
        });
    }

    // ---- the client's side

    /** Has shown a certificate that names somebody. */
    public MemoryConnection certified(Principal somebody) {
        principal = somebody;
        return this;
    }

    /** Sends bytes that arrive in one piece. */
    public MemoryConnection send(byte[] bytes) {
        arriveLater(bytes);
        loop.run();
        return this;
    }

    /** Sends bytes that arrive in several pieces. */
    public MemoryConnection send(List<byte[]> pieces) {
        pieces.forEach(this::arriveLater);
        loop.run();
        return this;
    }

    /** Sends text that arrives in one piece. */
    public MemoryConnection send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Has bytes arrive at the next turn of the loop that nothing else wants. */
    public void arriveLater(byte[] bytes) {
        if (bytes.length > 0) {
            arrivals.add(bytes);
        }
    }

    /** Ends the client's side: the core hears of it when it has read all before. */
    public MemoryConnection end() {
        endComes = true;
        loop.run();
        return this;
    }

    /** Ends the client's side, and a transport tells so although reading is paused. */
    public MemoryConnection endAtOnce() {
        inputEnded = true;
        loop.turn(() -> inbound.onEndOfInput());
        loop.run();
        return this;
    }

    /** Breaks the connection. */
    public MemoryConnection lose(Throwable why) {
        loop.turn(() -> {
            lost = true;
            cause = why;
        });
        loop.run();
        return this;
    }

    /** The network takes so many more bytes, and then nothing. */
    public MemoryConnection accept(long bytes) {
        loop.turn(() -> room = bytes);
        loop.run();
        return this;
    }

    /** The network takes everything again. */
    public MemoryConnection acceptAll() {
        return accept(Long.MAX_VALUE);
    }

    /** All that the client has got so far. */
    public byte[] received() {
        return Cuts.join(writes);
    }

    /** What the client has got since the last call; it is forgotten here. */
    public byte[] take() {
        byte[] taken = Cuts.join(writes);
        writes.clear();
        return taken;
    }

    /** All that the client has got so far, as text. */
    public String receivedText() {
        return new String(received(), StandardCharsets.UTF_8);
    }

    /** The same, one element for each write: what one read of a fast client gives. */
    public List<byte[]> writes() {
        return List.copyOf(writes);
    }

    /** Whether the server has ended its side, after everything it had to say. */
    public boolean isEnded() {
        return outputEnded;
    }

    /** Whether the server has broken the connection. */
    public boolean isAborted() {
        return aborted;
    }

    /** Whether the connection is over, and the core knows. */
    public boolean isClosed() {
        return closed;
    }

    /** Whether the core wants to read. */
    public boolean isPaused() {
        return readsPaused;
    }

    /** How often the core has begun to pause. */
    public int pauses() {
        return pauses;
    }

    /** How many bytes have not been given to the core. */
    public int unread() {
        return arrivals.stream().mapToInt(piece -> piece.length).sum();
    }

    public ManualLoop loop() {
        return loop;
    }

    // ---- the network

    boolean hasArrivals() {
        if (closed || inputEnded || arrivals.isEmpty() && !endComes) {
            return false;
        }
        return closing ? outputEnded : !readsPaused;
    }

    /** Has the next piece arrive, or the end behind all pieces. In a turn of the loop. */
    public void arrive() {
        byte[] piece = arrivals.poll();
        if (piece == null) {
            endComes = false;
            inputEnded = true;
            if (closing) {
                lost = true;
            } else {
                inbound.onEndOfInput();
            }
        } else if (!closing) {
            read(piece);
        }
    }

    private void read(byte[] piece) {
        ByteBuffer shared = loop.readBuffer();
        boolean fits = piece.length <= shared.capacity();
        ByteBuffer in = fits ? shared.put(piece).flip() : ByteBuffer.wrap(piece.clone());
        inbound.onBytes(in);
        require(closing || !in.hasRemaining(), "the core has left bytes in the input");
        in.clear();
        for (int from = 0; from < piece.length; from += OTHER_BYTES.length) {
            in.put(from, OTHER_BYTES, 0, Math.min(piece.length - from, OTHER_BYTES.length));
        }
    }

    /** Does what the end of a turn brings; true if it was something. */
    boolean settle() {
        if (closed) {
            return false;
        }
        flush();
        if (aborted || lost) {
            finish();
            return true;
        }
        if (queued > 0) {
            return false;
        }
        if (closing) {
            if (outputEnded) {
                return false;
            }
            outputEnded = true;
            if (inputEnded) {
                finish();
            } else {
                loop.executeLater(this::finish, LINGER_NANOS);
            }
            return true;
        }
        if (drainedRequested) {
            drainedRequested = false;
            inbound.onDrained();
            return true;
        }
        return false;
    }

    private void finish() {
        if (closed) {
            return;
        }
        closed = true;
        drop();
        loop.connections().remove(this);
        inbound.onClosed(cause);
    }

    private void drop() {
        queue.forEach(waiting -> {
            if (waiting.shared != null) {
                waiting.shared.release();
            }
        });
        queue.clear();
        queued = 0;
    }

    // ---- the core's side

    @Override
    public void write(ByteBuffer bytes) {
        requireBegun("write");
        if (isOver()) {
            bytes.position(bytes.limit());
            return;
        }
        queued += bytes.remaining();
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        if (copy.hasRemaining()) {
            queue.add(new Waiting(copy, null));
        }
    }

    @Override
    public void write(SharedBytes bytes) {
        requireBegun("write");
        if (isOver()) {
            return;
        }
        bytes.retain();
        queued += bytes.bytes().remaining();
        queue.add(new Waiting(bytes.bytes().duplicate(), bytes));
    }

    @Override
    public void flush() {
        requireBegun("flush");
        byte[] write = new byte[(int) Math.min(room, queued)];
        if (write.length == 0) {
            return;
        }
        for (int at = 0; at < write.length; ) {
            Waiting first = queue.element();
            int taken = Math.min(write.length - at, first.bytes.remaining());
            first.bytes.get(write, at, taken);
            at += taken;
            if (!first.bytes.hasRemaining()) {
                queue.remove();
                if (first.shared != null) {
                    first.shared.release();
                }
            }
        }
        queued -= write.length;
        if (room != Long.MAX_VALUE) {
            room -= write.length;
        }
        writes.add(write);
    }

    @Override
    public long queuedBytes() {
        return queued;
    }

    @Override
    public long heldBytes() {
        return Math.max(0, queued - room);
    }

    @Override
    public void requestDrained() {
        requireBegun("requestDrained");
        drainedRequested = true;
    }

    @Override
    public void pauseReads() {
        requireBegun("pauseReads");
        if (!readsPaused) {
            pauses++;
        }
        readsPaused = true;
    }

    @Override
    public void resumeReads() {
        requireBegun("resumeReads");
        readsPaused = false;
    }

    @Override
    public void close() {
        requireBegun("close");
        closing = true;
    }

    @Override
    public void abort() {
        requireBegun("abort");
        aborted = true;
        closing = true;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public Principal principal() {
        return principal;
    }

    private boolean isOver() {
        return closing || closed || lost;
    }

    private void requireBegun(String call) {
        loop.requireTurn(call);
        require(inbound != null, call + " was called before the connection had begun");
    }
}
