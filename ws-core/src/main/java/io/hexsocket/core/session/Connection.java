package io.hexsocket.core.session;

import io.hexsocket.core.port.transport.Inbound;
import io.hexsocket.core.port.transport.Outbound;
import io.hexsocket.core.routing.Member;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One connection from accept to its end. It hands what happens to the {@link Phase} it is in, keeps the bytes that came while nobody
 * wanted to read, and sees that a connection that is closing ends. On its event loop.
 */
final class Connection extends Member implements Inbound {

    /** Reading pauses because the app said so. */
    static final int BY_APP = 0x01;
    /** Reading pauses because the app's executor is behind. */
    static final int BY_LANE = 0x02;
    /** Reading pauses because the client does not read what it is sent. */
    static final int BY_QUEUE = 0x04;
    /** Reading pauses because the opening request is being judged. */
    static final int BY_ADMISSION = 0x08;
    /** Reading pauses because other connections have their turn. */
    static final int BY_TURN = 0x10;

    final LoopSessions loop;
    final Outbound out;
    final long number;
    private Phase phase;
    private byte pauses;
    private boolean closing;
    /** Null as long as its end has not begun. */
    private @Nullable CloseDeadline deadline;
    /** What arrived and could not be taken yet. */
    private @Nullable ByteBuffer leftover;
    /** Whether the client has ended its side, and the phase is to hear of it when reading goes on. */
    private boolean endDue;

    Connection(LoopSessions loop, Outbound out, long number) {
        this.loop = loop;
        this.out = out;
        this.number = number;
        this.phase = new OpeningPhase(this);
    }

    /** Refuses a new connection, whatever it is about to say. */
    void turnAway(String why) {
        if (phase instanceof OpeningPhase opening) {
            opening.turnAway(why);
        }
    }

    /** Where the client is; null if nobody has said so yet. */
    @Nullable InetSocketAddress client() {
        return phase.client();
    }

    @Override
    public void onForwarded() {
        phase.onForwarded();
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        loop.beginTurn();
        Phase before;
        do {
            before = phase;
            before.onBytes(bytes);
        } while (phase != before && mayRead() && bytes.hasRemaining());
        if (bytes.hasRemaining() && !closing) {
            keep(bytes);
        }
    }

    @Override
    public void onDrained() {
        phase.onDrained();
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
        boolean wasClosing = closing;
        closing = true;
        leftover = null;
        try {
            phase.onClosed(wasClosing, cause);
        } finally {
            loop.remove(this);
        }
    }

    void onTick() {
        if (closing) {
            if (isEndOverdue()) {
                out.abort();
            }
        } else {
            phase.onTick();
        }
    }

    void onShutdown() {
        if (!closing) {
            phase.onShutdown();
        }
    }

    /** Goes from the opening handshake to a session. */
    void enter(Phase next) {
        phase = next;
    }

    boolean isClosing() {
        return closing;
    }

    /** The close deadline begins. */
    void beginEnd() {
        deadline = new CloseDeadline(loop, out.queuedBytes());
    }

    /** Whether the close deadline has passed. */
    boolean isEndOverdue() {
        return deadline != null && deadline.hasPassed(out.queuedBytes());
    }

    /** Whether all that has arrived was taken, and ended with the end of a message. */
    boolean isBetweenMessages() {
        return leftover == null && phase.isBetweenMessages();
    }

    boolean mayRead() {
        return pauses == 0 && !closing;
    }

    /** Stops reading for a reason; a message that is being read is the last one. */
    void pause(int reason) {
        if (pauses == 0) {
            out.pauseReads();
        }
        pauses |= (byte) reason;
    }

    /** Takes a reason back; reading goes on, in a stack of its own, when it was the last one. */
    void unpause(int reason) {
        if ((pauses & reason) == 0) {
            return;
        }
        pauses &= (byte) ~reason;
        if (pauses == 0) {
            loop.execute(this::readOn);
        }
    }

    /** Lets the other connections have their turn, then reads on. */
    void yieldTurn() {
        pause(BY_TURN);
        loop.execute(() -> unpause(BY_TURN));
    }

    /** Ends the connection when everything is sent. */
    void close() {
        close(out);
    }

    /** Ends the connection when everything is sent that was written to an outbound in front of its own. */
    void close(Outbound front) {
        if (!closing) {
            closing = true;
            leftover = null;
            beginEnd();
            front.close();
        }
    }

    /** Ends the connection now. */
    void abort() {
        if (!closing) {
            closing = true;
            leftover = null;
            beginEnd();
        }
        out.abort();
    }

    private void readOn() {
        if (!mayRead()) {
            return;
        }
        ByteBuffer bytes = leftover;
        if (bytes != null) {
            leftover = null;
            onBytes(bytes);
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

    private void keep(ByteBuffer bytes) {
        ByteBuffer kept = ByteBuffer.allocateDirect(bytes.remaining());
        leftover = kept.put(bytes).flip();
    }
}
