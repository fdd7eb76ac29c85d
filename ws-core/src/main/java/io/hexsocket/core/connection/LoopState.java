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
    // However many wait for their turns: what is left of a read is copied, which costs as much as some messages
    private static final int MIN_MESSAGES_PER_TURN = 16;
    // As many turns at their full length take some milliseconds
    private static final int FULL_TURNS = 4;
    // What zlib inflates in the time that the server takes for a message, about
    private static final int INFLATED_PER_MESSAGE = 1024;
    // What all loops together may have outside the heap for messages that come in pieces: half of what a JVM with
    // -XX:MaxDirectMemorySize=64m has for everything
    private static final long MAX_DIRECT_BYTES = 32 * 1024 * 1024;
    // How many of a broadcast's deliveries take as long as a message, about
    private static final int DELIVERIES_PER_MESSAGE = 16;
    /** What the broadcasts of an event loop may cost in a turn, in deliveries of a few bytes; a write costs several. */
    public static final int DELIVERIES_PER_TURN = MESSAGES_PER_TURN * DELIVERIES_PER_MESSAGE;
    // A delivery is one for each of these, begun or not: more takes its time to copy
    private static final int BYTES_PER_DELIVERY = 4096;

    private final ServerState server;
    private final EventLoop eventLoop;
    private final Mailbox mailbox;
    private final Backlog backlog = new Backlog();
    private final Poster poster = new Poster();
    private final MessageBuffers buffers;
    private final MessageReaders readers;
    private final DeflateStreams deflateStreams = new DeflateStreams();
    private final ByteBuffer header = ByteBuffer.allocateDirect(FrameWriter.MAX_HEADER_BYTES);

    private final int index;
    private final Traffic traffic;

    private long origin;
    private boolean hasOrigin;
    private int tick;
    private int turnsLeft;
    /** How many connections wait for their next turn, with bytes that they have brought. */
    private int waiting;

    /** A loop whose clock is still to begin. */
    public LoopState(ServerState server, EventLoop eventLoop) {
        this.server = server;
        this.eventLoop = eventLoop;
        this.mailbox = new Mailbox(eventLoop);
        long direct = Math.min(MAX_DIRECT_BYTES, server.memory().limit() / 8);
        this.buffers = new MessageBuffers(direct / server.config().eventLoops());
        this.readers = new MessageReaders(buffers);
        this.traffic = new Traffic(server.routes().all());
        server.add(this);
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

    /** The time of the loop's clock, in nanoseconds since any moment. Any thread. */
    public long nanoTime() {
        return eventLoop.nanoTime();
    }

    /** Runs a task on this loop when a time has passed. */
    public void executeLater(Runnable task, long delayNanos) {
        eventLoop.executeLater(task, delayNanos);
    }

    /**
     * Has something done for sessions here that calls no app, behind all that the caller has posted before. Any other thread.
     *
     * @param weight as {@link Backlog} has it; the task takes it back when it is done
     */
    public void post(Runnable task, long weight) {
        backlog.add(weight);
        mailbox.post(task);
        if (backlog.isHigh()) {
            tellPoster();
        }
    }

    /** What has been posted here and is not done. Any thread. */
    public Backlog backlog() {
        return backlog;
    }

    /** Who runs the callbacks of clients here. */
    public Poster poster() {
        return poster;
    }

    /** Whose callback runs on this thread is slowed: it has posted something, and this loop is behind. Any thread. */
    public void tellPoster() {
        server.slowPoster(backlog);
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

    /** The more connections wait for their turns, the shorter each is. */
    void beginTurn() {
        turnsLeft = waiting < FULL_TURNS
                ? MESSAGES_PER_TURN
                : Math.max(MESSAGES_PER_TURN * FULL_TURNS / (waiting + 1), MIN_MESSAGES_PER_TURN);
    }

    /** Runs a task when all that wait now have had their turns. */
    void awaitTurn(Runnable turn) {
        waiting++;
        execute(() -> {
            waiting--;
            turn.run();
        });
    }

    /** Takes one message off the turn; false if it was the last. */
    public boolean spendTurn() {
        return --turnsLeft > 0;
    }

    /** Takes off the turn what it took to inflate or deflate so many bytes; false if that was the last of it. */
    public boolean spendTurn(int bytes) {
        turnsLeft -= bytes / INFLATED_PER_MESSAGE;
        return turnsLeft > 0;
    }

    /** Takes off the turn what it took to make so many deliveries. */
    public void spendDeliveries(long deliveries) {
        turnsLeft -= (int) Math.min(deliveries / DELIVERIES_PER_MESSAGE, MESSAGES_PER_TURN);
    }

    /** How many deliveries one of so many bytes counts for. Any thread. */
    public static int deliveriesFor(int bytes) {
        return 1 + bytes / BYTES_PER_DELIVERY;
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
