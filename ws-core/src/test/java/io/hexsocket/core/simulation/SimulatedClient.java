package io.hexsocket.core.simulation;

import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.ManualLoop;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryConnection;
import io.hexsocket.core.testkit.ServerFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * A client of a {@link Simulation}, behind a {@link Line}. What it sends leaves when the line has room, and arrives in slices; what
 * it gets waits for it while it is stalled, so that the server's output queues. Everything happens on the one thread of the run.
 */
public final class SimulatedClient {

    private final Simulation world;
    private final int number;
    private final Line line;
    private final Script script;
    private final MemoryConnection connection;
    private final ServerOutput sent;
    private final ServerOutput read;

    /** Sent, and not yet in the line. */
    private final Deque<byte[]> outbox = new ArrayDeque<>();

    private boolean endLater;
    /** Bytes that have left and not arrived. */
    private int underWayUp;

    private long upFreeAt;

    /** Here, and not read. */
    private final Deque<byte[]> inbox = new ArrayDeque<>();

    private int inboxBytes;
    private int underWayDown;
    private long downFreeAt;
    private boolean stalled;
    /** The server's end of the connection is on its way here, or has arrived. */
    private boolean endUnderWay;

    private boolean endIsHere;
    private boolean endSeen;
    /** This side has ended. */
    private boolean ended;

    private boolean over;

    SimulatedClient(Simulation world, int number, Line line, boolean http, Script script, ManualLoop loop) {
        this.world = world;
        this.number = number;
        this.line = line;
        this.script = script;
        this.sent = new ServerOutput(http);
        this.read = new ServerOutput(http);
        this.connection = world.server().connect(loop, "127.0.0.1");
        connection.accept(line.window());
        world.trace(this, "connects");
    }

    void begin() {
        script.onConnect(this);
    }

    // ---- verbs

    /** Its number in the run, from 0. */
    public int number() {
        return number;
    }

    /** The run it is part of. */
    public Simulation world() {
        return world;
    }

    /** Sends an opening request. */
    public void upgrade(String path, String... headers) {
        send(MemoryClient.request(path, headers));
    }

    /** Sends frames. */
    public void send(ClientFrame... frames) {
        send(ClientFrame.join(frames));
    }

    /** Sends text as it is, without a frame. */
    public void sendBytes(String text) {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes, as soon as the line takes them; nothing once its side has ended. */
    public void send(byte[] bytes) {
        if (over || ended) {
            return;
        }
        for (int from = 0; from < bytes.length; from += line.slice()) {
            int to = (int) Math.min(bytes.length, from + (long) line.slice());
            outbox.add(Arrays.copyOfRange(bytes, from, to));
        }
        fillLine();
    }

    /** Does something later, if the connection is not over by then. */
    public void after(Duration time, Runnable task) {
        world.after(time, () -> {
            if (!over) {
                task.run();
            }
        });
    }

    /** Reads no more; what comes waits, first here, then in the line, then in the server. */
    public void stall() {
        stalled = true;
    }

    /** Reads again. */
    public void resume() {
        stalled = false;
        world.after(Duration.ZERO, this::readInbox);
    }

    /** Ends its side, behind all that it has sent. */
    public void end() {
        if (!ended && !over) {
            ended = true;
            endLater = true;
            fillLine();
        }
    }

    /** Breaks the connection: what is under way is lost. */
    public void reset() {
        if (!over) {
            over = true;
            world.trace(this, "resets");
            if (!connection.isClosed()) {
                connection.lose(new IOException("Connection reset by peer"));
            }
        }
    }

    /** Whether nothing can happen any more. */
    public boolean isOver() {
        return over;
    }

    /** How many bytes of the server wait for the line. */
    public long serverQueue() {
        return connection.queuedBytes();
    }

    /** How many bytes wait on the server's side because the client does not take them. */
    public long heldOutput() {
        return connection.isClosed() || connection.isAborted() ? 0 : connection.heldBytes();
    }

    /** Whether the core knows that the connection is over. */
    boolean isClosed() {
        return connection.isClosed();
    }

    // ---- up

    private void fillLine() {
        while (!over && !outbox.isEmpty() && hasRoomFor(outbox.element())) {
            byte[] piece = outbox.remove();
            underWayUp += piece.length;
            upFreeAt = Math.max(upFreeAt, world.now()) + line.nanosFor(piece.length);
            world.at(upFreeAt + line.latency().toNanos(), () -> arrive(piece));
        }
        if (endLater && outbox.isEmpty()) {
            endLater = false;
            world.at(Math.max(upFreeAt, world.now()) + line.latency().toNanos(), this::endArrives);
        }
    }

    private boolean hasRoomFor(byte[] piece) {
        int used = underWayUp + connection.unread();
        return used == 0 || used + piece.length <= line.window();
    }

    private void endArrives() {
        if (!over && !connection.isClosed()) {
            world.trace(this, "has ended its side");
            connection.end();
        }
    }

    private void arrive(byte[] piece) {
        underWayUp -= piece.length;
        if (!over && !connection.isClosed()) {
            world.trace(this, "is heard: " + piece.length);
            connection.arriveLater(piece);
        }
    }

    /** After each step of the run: takes what the server has written, and gives the line what it has room for. */
    void settle() {
        if (over) {
            return;
        }
        byte[] written = connection.take();
        if (written.length > 0) {
            // the server's side of the check: whatever it writes must be right, also what nobody will read
            sent.read(written, ServerOutput.DEAF);
            goDown(written);
        }
        fillLine();
        if (endUnderWay || !connection.isEnded() && !connection.isClosed()) {
            return;
        }
        endUnderWay = true;
        boolean broken = connection.isAborted();
        if (!broken) {
            sent.requireWhole();
        }
        world.at(Math.max(downFreeAt, world.now()) + line.latency().toNanos(), () -> {
            if (broken) {
                getReset();
            } else {
                endIsHere = true;
                readInbox();
            }
        });
    }

    // ---- down

    private void goDown(byte[] written) {
        for (int from = 0; from < written.length; from += line.slice()) {
            int to = (int) Math.min(written.length, from + (long) line.slice());
            byte[] piece = Arrays.copyOfRange(written, from, to);
            underWayDown += piece.length;
            downFreeAt = Math.max(downFreeAt, world.now()) + line.nanosFor(piece.length);
            world.at(downFreeAt + line.latency().toNanos(), () -> {
                underWayDown -= piece.length;
                inbox.add(piece);
                inboxBytes += piece.length;
                readInbox();
            });
        }
    }

    private void readInbox() {
        while (!over && !stalled && !inbox.isEmpty()) {
            byte[] piece = inbox.remove();
            inboxBytes -= piece.length;
            read.read(piece, reader);
        }
        if (over) {
            return;
        }
        if (!connection.isClosed()) {
            connection.accept(Math.max(0, line.window() - underWayDown - inboxBytes));
        }
        if (endIsHere && inbox.isEmpty()) {
            if (!endSeen) {
                endSeen = true;
                world.trace(this, "sees the end");
                script.onEnd(this);
            }
            over |= ended;
        }
    }

    private void getReset() {
        if (!over) {
            over = true;
            world.trace(this, "is reset");
            script.onReset(this);
        }
    }

    private final ServerOutput.Reader reader = new ServerOutput.Reader() {
        @Override
        public void onHead(String head) {
            world.trace(SimulatedClient.this, "gets " + head.substring(0, head.indexOf('\r')));
            script.onHead(SimulatedClient.this, head);
        }

        @Override
        public void onFrame(ServerFrame frame) {
            world.trace(SimulatedClient.this, "gets " + frame);
            script.onFrame(SimulatedClient.this, frame);
        }

        @Override
        public void onBytes(byte[] bytes) {
            world.trace(SimulatedClient.this, "gets " + bytes.length + " bytes");
            script.onBytes(SimulatedClient.this, bytes);
        }
    };
}
