package io.hexsocket.core.session;

import io.hexsocket.core.connection.Connection;
import io.hexsocket.core.port.transport.SharedBytes;
import io.hexsocket.core.protocol.FrameWriter;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Frames for a client that takes what one read gives for one frame: each leaves as a write of its own, a moment after the one before. Such
 * a client waits for an answer to each of its messages, so the first {@link #answer} after one goes before all that waits, and at once;
 * what is {@linkplain #push pushed} waits its turn.
 */
final class PacedFrames implements FrameOut {

    // A buffer and the header of its array
    private static final int FRAME_BYTES = 80;

    private final Connection connection;
    private final long gapNanos;
    private final boolean framed;
    private final ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>();
    private volatile long waitingBytes;
    private boolean drainedWanted;
    /** Whether a moment must pass before the next write. */
    private boolean inGap;
    /** The number of the present gap: a timer of an earlier one ends nothing. */
    private int gaps;
    /** Whether the next write answers the client. */
    private boolean answerDue;
    /** Whether the app is about to give the answer, so that everything else has to wait. */
    private boolean corked;

    /** What waits for the end of the first gap; null when that is over. */
    private @Nullable Runnable greeted;

    /** Begins with a gap. */
    PacedFrames(Connection connection, long gapNanos, boolean framed) {
        this.connection = connection;
        this.gapNanos = gapNanos;
        this.framed = framed;
        beginGap();
    }

    @Override
    public void answer(Connection to, int opcode, ByteBuffer payload) {
        if (answerDue && !connection.isClosed()) {
            answerDue = false;
            send(encode(opcode, payload));
        } else {
            push(to, opcode, payload);
        }
    }

    @Override
    public void push(Connection to, int opcode, ByteBuffer payload) {
        enqueue(encode(opcode, payload));
    }

    @Override
    public void push(Connection to, SharedBytes frame) {
        enqueue(copy(frame.bytes().duplicate()));
    }

    @Override
    public void close(Connection to) {
        // otherwise behind the last that waits
        if (waiting.isEmpty()) {
            connection.out().close();
        }
    }

    @Override
    public void abandon() {
        waiting.clear();
        waitingBytes = 0;
    }

    @Override
    public boolean isFramed() {
        return framed;
    }

    @Override
    public void whenGreeted(Runnable task) {
        greeted = task;
    }

    @Override
    public void onMessage() {
        answerDue = true;
    }

    @Override
    public void cork() {
        corked = true;
    }

    @Override
    public void uncork(Connection to) {
        corked = false;
        if (!inGap) {
            sendWaiting();
        }
    }

    @Override
    public void flush(Connection to) {
        // every write is flushed already
    }

    @Override
    public long queuedBytes(Connection to) {
        return waitingBytes + connection.out().queuedBytes();
    }

    @Override
    public int heldBytes() {
        return waiting.isEmpty() ? 0 : (int) waitingBytes + waiting.size() * FRAME_BYTES;
    }

    @Override
    public void requestDrained(Connection to) {
        if (waiting.isEmpty()) {
            connection.out().requestDrained();
        } else {
            drainedWanted = true;
        }
    }

    @Override
    public boolean isWaiting() {
        return !waiting.isEmpty();
    }

    private ByteBuffer encode(int opcode, ByteBuffer payload) {
        return framed ? ByteBuffer.wrap(FrameWriter.frame(opcode, payload)) : copy(payload);
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    }

    private void enqueue(ByteBuffer bytes) {
        if (connection.isClosed()) {
            return;
        }
        if (!inGap && !corked) {
            send(bytes);
        } else {
            waiting.add(bytes);
            waitingBytes += bytes.remaining();
        }
    }

    private void send(ByteBuffer bytes) {
        connection.out().write(bytes);
        connection.out().flush();
        beginGap();
    }

    private void beginGap() {
        inGap = true;
        int gap = ++gaps;
        connection.loop().executeLater(() -> endGap(gap), gapNanos);
    }

    private void endGap(int gap) {
        if (gap == gaps) {
            inGap = false;
            sendWaiting();
            Runnable task = greeted;
            if (task != null) {
                greeted = null;
                task.run();
            }
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
                connection.out().requestDrained();
            }
            if (connection.isClosed()) {
                connection.out().close();
            }
        }
    }
}
