package io.hexsocket.core.connection;

import io.hexsocket.core.deflate.DeflateStreams;
import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.protocol.FrameWriter;
import io.hexsocket.core.protocol.MessageBuffers;
import io.hexsocket.core.protocol.MessageReaders;
import java.nio.ByteBuffer;

/**
 * What the connections of one event loop share: its thread and mailbox, its clock, its turns, its memory. On that loop, unless it says
 * otherwise.
 */
public final class LoopState {

    /** The length of a tick. */
    public static final int TICK_MILLIS = (int) (Ticks.NANOS / 1_000_000);

    // A turn ends after so many messages of one client, so that the others wait a millisecond at most
    private static final int MESSAGES_PER_TURN = 256;
    // What zlib inflates in the time that the server takes for a message, about
    private static final int INFLATED_PER_MESSAGE = 1024;

    private final ServerState server;
    private final EventLoop eventLoop;
    private final Mailbox mailbox;
    private final MessageBuffers buffers = new MessageBuffers();
    private final MessageReaders readers = new MessageReaders(buffers);
    private final DeflateStreams deflateStreams = new DeflateStreams();
    private final ByteBuffer header = ByteBuffer.allocateDirect(FrameWriter.MAX_HEADER_BYTES);

    private final int index;
    private final Traffic traffic = new Traffic();

    private long origin;
    private boolean hasOrigin;
    private int tick;
    private int turnsLeft;

    /** A loop whose clock is still to begin. */
    public LoopState(ServerState server, EventLoop eventLoop) {
        this.server = server;
        this.eventLoop = eventLoop;
        this.mailbox = new Mailbox(eventLoop);
        this.index = server.nextLoop();
    }

    /** What it shares with the other loops of its server. Any thread. */
    public ServerState server() {
        return server;
    }

    /** Its place among the loops of its server, from 0. Any thread. */
    int index() {
        return index;
    }

    /** What its sessions receive and send. */
    public Traffic traffic() {
        return traffic;
    }

    // ---- thread

    /** Whether the caller is on this loop. Any thread. */
    public boolean isHere() {
        return eventLoop.isInLoop();
    }

    /** Runs a task on this loop, later. Any thread. */
    public void execute(Runnable task) {
        eventLoop.execute(task);
    }

    /** Runs a task on this loop when a time has passed. */
    public void executeLater(Runnable task, long delayNanos) {
        eventLoop.executeLater(task, delayNanos);
    }

    /** Has something done for sessions here that calls no app, behind all that the caller has posted before. Any other thread. */
    public void post(Runnable task) {
        mailbox.post(task);
    }

    /** Does what other threads have posted before this call. */
    public void drainMailbox() {
        mailbox.drain();
    }

    // ---- clock

    /** Moves the clock. */
    void advance(long nowNanos) {
        if (!hasOrigin) {
            hasOrigin = true;
            origin = nowNanos;
        }
        tick = (int) ((nowNanos - origin) / Ticks.NANOS);
    }

    /** The clock: ticks since the loop began. */
    public int tick() {
        return tick;
    }

    /** Whether a deadline has passed for sure, since a tick is coarse. */
    public boolean hasPassed(int since, int ticks) {
        return tick - since > ticks;
    }

    /** The server's deadlines. */
    public Ticks ticks() {
        return server.ticks();
    }

    // ---- turns

    void beginTurn() {
        turnsLeft = MESSAGES_PER_TURN;
    }

    /** Takes one message off the turn; false if it was the last. */
    public boolean spendTurn() {
        return --turnsLeft > 0;
    }

    /** Takes off the turn what it took to inflate so many bytes. */
    public void spendTurn(int inflatedBytes) {
        turnsLeft -= inflatedBytes / INFLATED_PER_MESSAGE;
    }

    // ---- memory

    /** The buffers of messages that come in pieces. */
    public MessageBuffers buffers() {
        return buffers;
    }

    /** The readers between two messages. */
    public MessageReaders readers() {
        return readers;
    }

    /** The zlib streams. */
    public DeflateStreams deflateStreams() {
        return deflateStreams;
    }

    /** A header in the loop's own buffer, valid until the next one. */
    public ByteBuffer header(int opcode, int length) {
        header.clear();
        FrameWriter.putHeader(header, opcode, length);
        return header.flip();
    }
}
