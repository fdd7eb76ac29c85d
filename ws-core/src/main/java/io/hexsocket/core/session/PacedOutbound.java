package io.hexsocket.core.session;

import io.hexsocket.apps.Admission;
import io.hexsocket.core.port.transport.Outbound;
import io.hexsocket.core.port.transport.Peer;
import io.hexsocket.core.port.transport.SharedBytes;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * An outbound for clients that take what one read gives for one frame: each {@link #write} leaves as a write of its own, a moment
 * after the one before. Such a client waits for an answer to each of its messages, so the first message that is written to it after one
 * goes before all that waits, and at once; a broadcast or a control frame is no answer, nor is what another thread sends, unless the
 * app runs in other threads. On the event loop, but for {@link #queuedBytes()}.
 */
final class PacedOutbound implements Outbound {

    private final Outbound out;
    private final LoopSessions loop;
    private final long gapNanos;
    private final ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>();
    private volatile long waitingBytes;
    private boolean closing;
    private boolean drainedWanted;
    /** Whether a moment must pass before the next write. */
    private boolean resting;
    /** Whether the next write answers the client. */
    private boolean answerDue;
    /** Whether the app is about to give the answer, so that everything else has to wait. */
    private boolean held;
    /** What waits for the end of the first rest; null when that is over. */
    private @Nullable Runnable onFirstRestOver;
    /** The number of the present rest: a timer of an earlier one ends nothing. */
    private int rests;

    /** Begins with a rest. */
    PacedOutbound(Outbound out, LoopSessions loop, long gapNanos) {
        this.out = out;
        this.loop = loop;
        this.gapNanos = gapNanos;
        rest();
    }

    /** The outbound that an admission asks for. */
    static Outbound ifAsked(Connection connection, Admission.Accept admission) {
        return admission.pace().isZero()
                ? connection.out
                : new PacedOutbound(
                        connection.out, connection.loop, admission.pace().toNanos());
    }

    /** Runs a task when the first rest is over, and what was written until then is on its way. Once at most. */
    void afterFirstRest(Runnable task) {
        onFirstRestOver = task;
    }

    /** The client has sent a message, and reads nothing but the answer to it now. */
    void onMessage() {
        answerDue = true;
    }

    /** Nothing but the answer leaves until {@link #letGo}. */
    void hold() {
        held = true;
    }

    /** The app has given the answer, or will not. */
    void letGo() {
        held = false;
        if (!resting) {
            sendWaiting();
        }
    }

    @Override
    public void write(ByteBuffer bytes) {
        if (answerDue && !closing) {
            answerDue = false;
            send(bytes);
        } else {
            writeInTurn(bytes);
        }
    }

    @Override
    public void write(SharedBytes bytes) {
        writeInTurn(bytes.bytes().duplicate());
    }

    /** Writes what is no answer, behind all that waits. */
    void writeInTurn(ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
        copy.put(bytes).flip();
        enqueue(copy);
    }

    /** Whether something waits that the transport has not been given. */
    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    @Override
    public void flush() {
        // every write is flushed already
    }

    @Override
    public long queuedBytes() {
        return waitingBytes + out.queuedBytes();
    }

    @Override
    public void requestDrained() {
        if (waiting.isEmpty()) {
            out.requestDrained();
        } else {
            drainedWanted = true;
        }
    }

    @Override
    public void pauseReads() {
        out.pauseReads();
    }

    @Override
    public void resumeReads() {
        out.resumeReads();
    }

    @Override
    public void close() {
        if (waiting.isEmpty()) {
            out.close();
        } else {
            closing = true;
        }
    }

    @Override
    public void abort() {
        closing = true;
        waiting.clear();
        waitingBytes = 0;
        out.abort();
    }

    @Override
    public Peer peer() {
        return out.peer();
    }

    private void enqueue(ByteBuffer bytes) {
        if (closing) {
            return;
        }
        if (!resting && !held) {
            send(bytes);
        } else {
            waiting.add(bytes);
            waitingBytes += bytes.remaining();
        }
    }

    private void send(ByteBuffer bytes) {
        out.write(bytes);
        out.flush();
        rest();
    }

    private void rest() {
        resting = true;
        int rest = ++rests;
        loop.executeLater(() -> afterRest(rest), gapNanos);
    }

    private void afterRest(int rest) {
        if (rest != rests) {
            return;
        }
        resting = false;
        sendWaiting();
        Runnable task = onFirstRestOver;
        if (task != null) {
            onFirstRestOver = null;
            task.run();
        }
    }

    private void sendWaiting() {
        ByteBuffer next = waiting.poll();
        if (next == null) {
            return;
        }
        waitingBytes -= next.remaining();
        send(next);
        if (waiting.isEmpty()) {
            if (drainedWanted) {
                drainedWanted = false;
                out.requestDrained();
            }
            if (closing) {
                out.close();
            }
        }
    }
}
