package io.hexsocket.core.connection;

import io.hexsocket.core.port.transport.Inbound;
import io.hexsocket.core.port.transport.Outbound;
import io.hexsocket.core.routing.Member;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One connection from accept to its end. It hands what happens to the {@link Phase} it is in, keeps the bytes that came while reading is
 * paused, holds the {@link State}, and sees that a connection that is closing ends. On its event loop, unless it says otherwise.
 */
public final class Connection extends Member implements Inbound {

    /** Who has the connection until it is gone. */
    interface Owner {

        /** What it shares with the other connections of its loop. Any thread. */
        LoopState loop();

        /** What they hold. */
        LoopMemory memory();

        void onGone(Connection connection);
    }

    /** Reading pauses because the app said so. */
    public static final int BY_APP = 0x01;
    /** Reading pauses because too many callbacks wait for the app's executor. */
    public static final int BY_CALLBACKS = 0x02;
    /** Reading pauses because the client does not read what it is sent. */
    public static final int BY_QUEUE = 0x04;
    /** Reading pauses until the opening request is answered. */
    static final int BY_ADMISSION = 0x08;
    /** Reading pauses because other connections have their turn. */
    private static final int BY_TURN = 0x10;
    /** Reading pauses because the connection holds much, and the server as much as it may. */
    static final int BY_MEMORY = 0x20;
    /** Reading pauses because an event loop is behind with what the client's messages have posted to it. */
    private static final int BY_BACKLOG = 0x40;

    // Of bytes that wait to be read; see LoopMemory
    private static final int UNREAD_SHARE = 8;
    // What may be queued before it is counted again within a turn
    private static final int QUEUED_STEP = 8 * 1024;

    private static final AtomicReferenceFieldUpdater<Connection, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(Connection.class, State.class, "state");

    private final Owner owner;
    private final Outbound out;
    private final long number;
    private volatile State state = State.CONNECTING;

    @SuppressWarnings("NullAway.Init") // begin() follows at once
    private Phase phase;

    private byte pauses;
    /** Null as long as its end has not begun. */
    private @Nullable CloseDeadline deadline;
    /** What arrived and could not be taken yet; the loop's. */
    private @Nullable ByteBuffer leftover;
    /** Whether the client has ended its side, and the phase is to hear of it when reading goes on. */
    private boolean endDue;
    /** Whether the leftover is being read. */
    private boolean readingLeftover;
    /** Whether what it holds is as good as given back. */
    private boolean aborted;
    /** What it holds, as far as that was counted, in bytes. */
    private int charged;

    Connection(Owner owner, Outbound out, long number) {
        this.owner = owner;
        this.out = out;
        this.number = number;
    }

    /** What it shares with the other connections of its loop. Any thread. */
    public LoopState loop() {
        return owner.loop();
    }

    /** The transport's side. */
    public Outbound out() {
        return out;
    }

    /** Its number among all connections of the server. Any thread. */
    public long number() {
        return number;
    }

    /** Where the client is; null as long as only its proxy is known. */
    @Nullable InetSocketAddress client() {
        return phase.client();
    }

    /** Whether the caller is in a callback that is about a message of this client. Any thread. */
    public boolean isAnswered() {
        Poster elsewhere = Poster.here();
        return loop().isHere() && loop().poster().isFor(this) || elsewhere != null && elsewhere.isFor(this);
    }

    /** The one state. Any thread. */
    public State state() {
        return state;
    }

    /** Goes from OPEN to CLOSING; the loop is to write the close frame, if it has not yet. Any thread. */
    public void beginClosing() {
        STATE.compareAndSet(this, State.OPEN, State.CLOSING);
    }

    /** Begins with the opening handshake. */
    void begin(Phase first) {
        phase = first;
    }

    /** Goes from the opening handshake to a session. */
    void open(Phase session) {
        phase = session;
        state = State.OPEN;
        session.onEntered();
    }

    // ---- the transport's side

    @Override
    public void onForwarded() {
        phase.onForwarded();
    }

    @Override
    public void onSecured(String protocol, String cipherSuite, long nanos) {
        loop().server().listener().onTlsHandshake(number, protocol, cipherSuite, Duration.ofNanos(nanos));
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        loop().beginTurn();
        if (!owner.memory().hasRoom() && !isClosed()) {
            // another loop is about to make some
            if (bytes != leftover) {
                leftover = loop().buffers().keep(bytes);
            }
            recount();
            yieldTurn();
            return;
        }
        Phase before;
        do {
            before = phase;
            before.onBytes(bytes);
        } while (phase != before && mayRead() && bytes.hasRemaining());
        if (bytes.hasRemaining() && bytes != leftover && !isClosed()) {
            leftover = loop().buffers().keep(bytes);
        }
        recount();
    }

    @Override
    public void onDrained() {
        phase.onDrained();
        recount();
    }

    @Override
    public void onEndOfInput() {
        if (mayRead()) {
            phase.onEndOfInput();
        } else {
            // behind all that came before it, some of which may wait
            endDue = true;
        }
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        boolean wasClosed = isClosed();
        state = State.CLOSED;
        dropLeftover();
        try {
            phase.onClosed(wasClosed, cause);
        } finally {
            aborted = true;
            recount();
            owner.onGone(this);
        }
    }

    void onTick() {
        if (!isClosed()) {
            phase.onTick();
        } else if (isEndOverdue()) {
            out.abort();
        }
    }

    void onShutdown() {
        if (!isClosed()) {
            phase.onShutdown();
        }
    }

    void onDrain(Drain drain) {
        if (!isClosed()) {
            phase.onDrain(drain);
        }
    }

    // ---- the end

    /** Whether it is {@link State#CLOSED}. Any thread. */
    public boolean isClosed() {
        return state == State.CLOSED;
    }

    /** The close deadline begins, unless it has. */
    public void beginEnd() {
        if (deadline == null) {
            deadline = new CloseDeadline(loop(), out.queuedBytes());
        }
    }

    /** Whether the close deadline has begun. */
    public boolean isEnding() {
        return deadline != null;
    }

    /** Whether the close deadline has passed. */
    public boolean isEndOverdue() {
        return deadline != null && deadline.hasPassed(out.queuedBytes());
    }

    /** Ends the connection when everything is sent. */
    public void close() {
        if (leave()) {
            phase.closeOutput();
        }
    }

    /** Ends the connection now. */
    public void abort() {
        leave();
        aborted = true;
        out.abort();
    }

    private boolean leave() {
        if (isClosed()) {
            return false;
        }
        state = State.CLOSED;
        dropLeftover();
        deadline = new CloseDeadline(loop(), out.queuedBytes());
        return true;
    }

    // ---- reading

    /** Whether nothing pauses reading. */
    public boolean mayRead() {
        return pauses == 0 && !isClosed();
    }

    /** Stops reading for a reason; a message that is being read is the last one. */
    public void pause(int reason) {
        if (pauses == 0) {
            out.pauseReads();
        }
        pauses |= (byte) reason;
    }

    /** Takes a reason back; reading goes on, in a stack of its own, when it was the last one. */
    public void unpause(int reason) {
        if ((pauses & reason) == 0) {
            return;
        }
        pauses &= (byte) ~reason;
        if (pauses == 0) {
            loop().execute(this::readOn);
        }
    }

    /** Lets the other connections have their turn, then reads on. */
    public void yieldTurn() {
        pause(BY_TURN);
        loop().awaitTurn(this::takeTurn);
    }

    private void takeTurn() {
        pauses &= ~BY_TURN;
        readOn();
    }

    /** Does not read from a client whose messages another loop, or this one, has not caught up with. */
    public void awaitLow(Backlog behind) {
        pause(BY_BACKLOG);
        behind.onLow(() -> loop().execute(() -> unpause(BY_BACKLOG)));
    }

    private void readOn() {
        if (!mayRead()) {
            return;
        }
        ByteBuffer bytes = leftover;
        if (bytes != null) {
            readingLeftover = true;
            try {
                onBytes(bytes);
            } catch (RuntimeException | Error broken) {
                // what has been read of it is not known
                abort();
                throw broken;
            } finally {
                readingLeftover = false;
                if (!bytes.hasRemaining() || isClosed()) {
                    dropLeftover();
                }
            }
            recount();
        }
        if (!mayRead()) {
            return;
        }
        if (endDue) {
            endDue = false;
            phase.onEndOfInput();
        } else {
            out.resumeReads();
        }
    }

    private void dropLeftover() {
        ByteBuffer bytes = leftover;
        if (bytes != null && !readingLeftover) {
            leftover = null;
            loop().buffers().giveBack(bytes);
        }
    }

    // ---- memory

    /** What it holds for its client, as far as that was counted, in bytes, but little of what waits to be read. */
    int weight() {
        ByteBuffer bytes = leftover;
        int unread = bytes == null ? 0 : bytes.capacity();
        return Math.max(0, charged - unread) + Math.min(charged, unread) / UNREAD_SHARE;
    }

    /** Counts again what it holds for its client. */
    public void recount() {
        int now = heldBytes();
        if (now != charged) {
            int before = charged;
            charged = now;
            owner.memory().charge(this, before, now);
        }
    }

    private int heldBytes() {
        if (aborted) {
            return 0;
        }
        long held = (leftover == null ? 0 : leftover.capacity()) + phase.heldBytes() + out.heldBytes();
        return (int) Math.min(held, Integer.MAX_VALUE);
    }

    /** Output was written, which may have to wait. */
    public void onWritten() {
        if (out.queuedBytes() - charged > QUEUED_STEP) {
            recount();
        }
    }

    /**
     * Output was written that its client has not asked for, and more of it may come before the turn ends: whether what waited is dropped
     * for it, and the connection aborted, since it held too much. Also inside a callback; the phase hears of the end when the turn ends.
     */
    public boolean dropIfTooMuch() {
        onWritten();
        if (aborted || !owner.memory().isTooMuch(weight())) {
            return false;
        }
        owner.memory().countEnded();
        aborted = true;
        out.abort();
        recount();
        return true;
    }

    /** Whether it was read from, and is not now. */
    boolean pauseForMemory() {
        if ((pauses & BY_MEMORY) != 0 || isClosed()) {
            return false;
        }
        pause(BY_MEMORY);
        return true;
    }

    /** Ends it to make room: with a word to its client, unless what it holds is what the client does not read. Not inside a callback. */
    void endForMemory() {
        boolean useless = isClosed() || out.heldBytes() > charged / 2;
        if (!isClosed()) {
            phase.endForMemory(useless);
        }
        if (useless) {
            abort();
        }
        recount();
    }
}
