package io.hexsocket.core.session;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.SendResult;
import io.hexsocket.core.connection.AppTraffic;
import io.hexsocket.core.connection.Connection;
import io.hexsocket.core.connection.Progress;
import io.hexsocket.core.connection.State;
import io.hexsocket.core.protocol.Opcode;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a session writes, and how a client that does not read is kept from piling it up. On the event loop. */
abstract class Sender extends Recipient {

    // Above this the client counts as slow and is not read from; below it, TCP's own buffers do the work
    private static final int HIGH_WATERMARK_BYTES = 64 * 1024;

    final Connection connection;
    private final FrameOut frames;
    /** Bytes written, modulo 2^32: only differences count. */
    private int writtenBytes;
    /** The tick at which the last message went either way. */
    private int activeAt;
    /** Of the output that waits for the client; null if none does. */
    private @Nullable Progress output;
    /** Null as long as nobody awaits a send. */
    private @Nullable AwaitedSends awaited;

    private boolean drainedRequested;
    private boolean drainedAwaited;
    /** Whether the client reads too slowly for the audience it is in, and is about to be told so. */
    private boolean cut;
    /** Whether the connection was aborted because it held too much. */
    private boolean dropped;

    Sender(Connection connection, FrameOut frames) {
        this.connection = connection;
        this.frames = frames;
        this.activeAt = connection.loop().tick();
    }

    // ---- what the parts below say

    /** Writes a message, compressed if that is agreed on and worth it. */
    abstract void writeMessage(int opcode, ByteBuffer payload, boolean answer);

    /** Writes a message to many. */
    abstract void writeShared(SharedMessage message);

    /** Whether a frame may be written: our close frame is not out. */
    abstract boolean mayWrite();

    /** Whether what other threads send may be an answer to the client. */
    abstract boolean answersFromElsewhere();

    /** Ends the session for a reason of ours. */
    abstract void fail(CloseStatus status);

    // ---- sending

    /** Sends a message of the app's. */
    final SendResult send(int opcode, ByteBuffer payload) {
        if (connection.state() != State.OPEN) {
            return SendResult.CLOSED;
        }
        if (isQueueFull()) {
            awaitDrained();
            return SendResult.FULL;
        }
        markActive();
        traffic().messageSent();
        writeMessage(opcode, payload, true);
        connection.onWritten();
        if (!isQueueHigh()) {
            return SendResult.SENT;
        }
        // reads no more from a client that does not read, so that it cannot make us queue what it asks for
        connection.pause(Connection.BY_QUEUE);
        awaitDrained();
        return SendResult.QUEUEING;
    }

    /** Somebody awaits the send that has just been made. */
    final void await(SendResult result, CompletableFuture<SendResult> answer) {
        if (!result.accepted()) {
            AwaitedSends.answer(connection.loop(), answer, result);
            return;
        }
        if (awaited == null) {
            awaited = new AwaitedSends(connection.loop());
        }
        awaited.add(writtenBytes, answer);
        requestDrained();
    }

    /** Tells those whose send has reached the network. */
    final void tellReached() {
        if (awaited != null && !awaited.isEmpty()) {
            awaited.reached(writtenBytes - (int) frames.queuedBytes(connection));
        }
    }

    /** The session ends: what the network does not take now is not known to reach it. */
    final void endAwaited() {
        if (awaited != null && !awaited.isEmpty()) {
            frames.flush(connection);
            tellReached();
            awaited.end();
        }
    }

    /** The connection is gone. */
    final void abandonAwaited() {
        if (awaited != null) {
            awaited.end();
        }
    }

    /** Sends a control frame of the app's. */
    final SendResult sendControl(int opcode, ByteBuffer payload) {
        if (connection.state() != State.OPEN) {
            return SendResult.CLOSED;
        }
        if (isQueueHigh()) {
            awaitDrained();
            return SendResult.FULL;
        }
        writeControl(opcode, payload);
        return SendResult.SENT;
    }

    /**
     * Writes what another thread has sent.
     *
     * @param drainPromised whether that thread was told to wait for {@code onDrained}
     * @param answer who awaits it, or null
     */
    final void takePosted(
            int opcode, ByteBuffer payload, boolean drainPromised, @Nullable CompletableFuture<SendResult> answer) {
        if (!mayWrite()) {
            if (answer != null) {
                await(SendResult.CLOSED, answer);
            }
            return;
        }
        markActive();
        if (!Opcode.isControl(opcode)) {
            traffic().messageSent();
        }
        // an app that answers on the loop: what comes from elsewhere, even in the middle of a callback, is no answer
        writeMessage(opcode, payload, answersFromElsewhere());
        connection.onWritten();
        if (answer != null) {
            await(SendResult.SENT, answer);
        }
        if (isQueueHigh()) {
            connection.pause(Connection.BY_QUEUE);
            requestDrained();
        }
        if (drainPromised) {
            awaitDrained();
        }
    }

    @Override
    public final void receive(SharedMessage message) {
        if (!mayWrite() || cut) {
            return;
        }
        if (isQueueFull()) {
            // not here: a callback may be running, and ours must not nest in it
            cut = true;
            connection.loop().execute(() -> fail(new CloseStatus(1008, "the client reads too slowly")));
            return;
        }
        markActive();
        connection.loop().traffic().broadcastReceived();
        traffic().messageSent();
        writeShared(message);
        if (connection.dropIfTooMuch()) {
            cut = true;
            dropped = true;
        }
    }

    /** Whether the connection was aborted because it held too much. */
    final boolean isDropped() {
        return dropped;
    }

    final void writeControl(int opcode, ByteBuffer payload) {
        wrote(frames.wireBytes(payload.remaining()));
        frames.control(connection, opcode, payload);
    }

    final FrameOut frameOut() {
        return frames;
    }

    final void wrote(int bytes) {
        writtenBytes += bytes;
        traffic().bytesSent(bytes);
    }

    /** What the sessions of the same app on this loop have received and sent. */
    final AppTraffic traffic() {
        return connection.loop().traffic().of(route());
    }

    final void markActive() {
        activeAt = connection.loop().tick();
    }

    final int activeAt() {
        return activeAt;
    }

    // ---- the queue

    /** All that was written has reached the network; true if the app is waiting for that. */
    final boolean drained() {
        drainedRequested = false;
        tellReached();
        boolean awaited = drainedAwaited && connection.state() == State.OPEN;
        if (awaited) {
            drainedAwaited = false;
        }
        return awaited;
    }

    final void awaitDrained() {
        drainedAwaited = true;
        requestDrained();
    }

    final void requestDrained() {
        if (!drainedRequested) {
            drainedRequested = true;
            frames.requestDrained(connection);
        }
    }

    /** Whether the client has been given what waits for it, and has left more of it than the limit. */
    private boolean isQueueFull() {
        int limit = connection.loop().server().limits().queuedBytes();
        if (frames.queuedBytes(connection) >= limit) {
            // what was written in this turn has not been offered to the network yet: that is not the client's fault
            frames.flush(connection);
        }
        return frames.queuedBytes(connection) >= limit;
    }

    final boolean isQueueHigh() {
        return frames.queuedBytes(connection) > highWatermark(connection);
    }

    /** How many bytes a client may leave in its queue without counting as slow. Any thread. */
    static int highWatermark(Connection connection) {
        return Math.min(
                HIGH_WATERMARK_BYTES, connection.loop().server().limits().queuedBytes());
    }

    /** Whether the client takes too little of what waits for it. */
    final boolean isStalled() {
        if (connection.out().queuedBytes() == 0) {
            // nothing waits, or it waits because we pace it
            output = null;
            return false;
        }
        int sentBytes = writtenBytes - (int) frames.queuedBytes(connection);
        if (output == null) {
            output = new Progress(connection.loop(), sentBytes);
        }
        return output.isTooSlow(
                connection.loop(), sentBytes, connection.loop().ticks().writeStall());
    }
}
