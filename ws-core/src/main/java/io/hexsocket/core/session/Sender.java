package io.hexsocket.core.session;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.SendResult;
import io.hexsocket.core.connection.AppTraffic;
import io.hexsocket.core.connection.Connection;
import io.hexsocket.core.connection.Progress;
import io.hexsocket.core.connection.State;
import io.hexsocket.core.protocol.Opcode;
import io.hexsocket.core.routing.Route;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a session writes, and how a client that does not read is kept from piling it up. On the event loop. */
abstract class Sender extends Recipient {

    final Connection connection;
    private final FrameOut frames;
    /** Bytes written, modulo 2^32: only differences count. */
    private long writtenBytes;

    private long writtenMessages;
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
    private boolean evicted;
    /** Null as long as the client was never behind, or if nothing may be dropped. */
    private volatile @Nullable SlowReader slow;

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

    /**
     * Sends a message of the app's.
     *
     * @param key what it is the latest value of, or null
     * @param told who awaits it, or null
     */
    final SendResult send(
            int opcode, ByteBuffer payload, @Nullable String key, @Nullable CompletableFuture<SendResult> told) {
        if (connection.state() != State.OPEN) {
            return tell(SendResult.CLOSED, told);
        }
        if (mustWait()) {
            // the caller's again on return, and a buffer that many share
            ByteBuffer copy =
                    ByteBuffer.allocate(payload.remaining()).put(payload).flip();
            return slow().hold(new WaitingMessage(opcode, copy, key, frames, true, isDroppable(key), told), false);
        }
        if (isQueueFull()) {
            awaitDrained();
            return tell(SendResult.FULL, told);
        }
        markActive();
        countMessage();
        writeMessage(opcode, payload, true);
        connection.onWritten();
        tell(SendResult.SENT, told);
        if (!isQueueHigh()) {
            return SendResult.SENT;
        }
        if (!isDroppable(key)) {
            // reads no more from a client that does not read, so that it cannot make us queue what it asks for
            connection.pause(Connection.BY_QUEUE);
        }
        awaitDrained();
        return SendResult.QUEUEING;
    }

    /** Tells who awaits a send what became of it: at once, or if it is SENT, when it is. */
    private SendResult tell(SendResult result, @Nullable CompletableFuture<SendResult> told) {
        if (told == null) {
            return result;
        }
        if (!result.accepted()) {
            AwaitedSends.answer(connection.loop(), told, result);
            return result;
        }
        if (awaited == null) {
            awaited = new AwaitedSends(connection.loop());
        }
        awaited.add((int) writtenBytes, told);
        requestDrained();
        return result;
    }

    /** Tells those whose send has reached the network. */
    final void tellReached() {
        if (awaited != null && !awaited.isEmpty()) {
            awaited.reached((int) writtenBytes - (int) frames.queuedBytes(connection));
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
        SlowReader known = slow;
        if (isQueueHigh() || known != null && !known.messages().isEmpty()) {
            awaitDrained();
            return SendResult.FULL;
        }
        writeControl(opcode, payload);
        return SendResult.SENT;
    }

    /**
     * Writes what another thread has sent.
     *
     * @param key what it is the latest value of, or null
     * @param droppable whether it may be dropped, where the app lets that be
     * @param drainPromised whether that thread was told to wait for {@code onDrained}
     * @param told who awaits it, or null
     */
    final void takePosted(
            int opcode,
            ByteBuffer payload,
            @Nullable String key,
            boolean droppable,
            boolean drainPromised,
            @Nullable CompletableFuture<SendResult> told) {
        if (!mayWrite()) {
            tell(SendResult.CLOSED, told);
            return;
        }
        // an app that answers on the loop: what comes from elsewhere, even in the middle of a callback, is no answer
        boolean answer = answersFromElsewhere();
        if (mustWait()) {
            WaitingMessage message = new WaitingMessage(opcode, payload, key, frames, answer, droppable, told);
            if (slow().hold(message, true) == SendResult.FULL) {
                cut();
            }
            return;
        }
        markActive();
        if (!Opcode.isControl(opcode)) {
            countMessage();
        }
        writeMessage(opcode, payload, answer);
        connection.onWritten();
        tell(SendResult.SENT, told);
        if (isQueueHigh()) {
            if (!droppable) {
                connection.pause(Connection.BY_QUEUE);
            }
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
        if (mustWait()) {
            boolean droppable = SlowReader.mayDrop(route(), message.key());
            if (slow().hold(new WaitingMessage(message, frames, droppable), false) == SendResult.FULL) {
                cut();
            }
        } else if (isQueueFull()) {
            cut();
            return;
        } else {
            markActive();
            connection.loop().traffic().broadcastReceived();
            countMessage();
            writeShared(message);
        }
        if (connection.dropIfTooMuch()) {
            cut = true;
            evicted = true;
        }
    }

    private void cut() {
        if (cut) {
            return;
        }
        cut = true;
        // not here: a callback may be running, and ours must not nest in it
        connection.loop().execute(() -> fail(new CloseStatus(1008, "the client reads too slowly")));
    }

    /** Whether the connection was aborted because it held too much. */
    final boolean isEvicted() {
        return evicted;
    }

    final void writeControl(int opcode, ByteBuffer payload) {
        hub().catchUp(this);
        wrote(frames.wireBytes(payload.remaining()));
        frames.control(connection, opcode, payload);
    }

    final FrameOut frameOut() {
        return frames;
    }

    private void countMessage() {
        writtenMessages++;
        traffic().messageSent();
    }

    final long writtenMessages() {
        return writtenMessages;
    }

    final long writtenBytes() {
        return writtenBytes;
    }

    final void wrote(int bytes) {
        writtenBytes += bytes;
        traffic().bytesSent(bytes);
    }

    /** What counts for its app. */
    abstract AppTraffic traffic();

    final void markActive() {
        activeAt = connection.loop().tick();
    }

    final int activeAt() {
        return activeAt;
    }

    // ---- what may be dropped

    /** Whether a message that the app sends here and now may be dropped. */
    private boolean isDroppable(@Nullable String key) {
        return SlowReader.mayDrop(route(), key) && !connection.isAnswered();
    }

    /** Whether the client is behind, and its app lets messages be dropped: then they have to wait here, where that can be done. */
    private boolean mustWait() {
        SlowReader known = slow;
        if (known != null && known.isStillBehind()) {
            return true;
        }
        return isQueueHigh() && route().options().slowReaders().drops() && isStillHigh();
    }

    /** Whether the queue is high once the network has been given what was written in this turn, which is not the client's fault. */
    final boolean isStillHigh() {
        frames.flush(connection);
        return isQueueHigh();
    }

    /** What the client is once it has been behind. */
    private SlowReader slow() {
        SlowReader known = slow;
        if (known == null) {
            known = new SlowReader(this);
            slow = known;
        }
        return known;
    }

    /** What waits because the client is behind; null if it never was, or nothing may be dropped. Any thread. */
    public final @Nullable SlowReader slowReader() {
        return slow;
    }

    /** Other threads have dropped so many. */
    final void countDropped(int messages) {
        slow().messages().countDropped(messages);
        awaitDrained();
    }

    /** Writes a message that has waited. */
    final void write(WaitingMessage message) {
        markActive();
        if (message.shared != null) {
            connection.loop().traffic().broadcastReceived();
            countMessage();
            writeShared(message.shared);
        } else {
            if (!Opcode.isControl(message.opcode)) {
                countMessage();
            }
            writeMessage(message.opcode, Objects.requireNonNull(message.payload), message.answer);
        }
        tell(SendResult.SENT, message.told);
    }

    /** The network has taken what it had, so what waits here goes next; false if that is nothing. */
    final boolean writeNextWaiting() {
        SlowReader known = slow;
        if (known == null || known.messages().isEmpty()) {
            return false;
        }
        drainedRequested = false;
        tellReached();
        known.writeNext();
        requestDrained();
        return true;
    }

    /** Writes all that waits: nothing comes behind it. */
    final void writeAllWaiting() {
        SlowReader known = slow;
        if (known != null) {
            known.writeAll();
        }
    }

    /** What waits goes nowhere. */
    final void forgetWaiting() {
        SlowReader known = slow;
        if (known != null) {
            known.messages().clear();
        }
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
        int limit = connection.loop().server().queueLimit(route());
        if (frames.queuedBytes(connection) >= limit) {
            // what was written in this turn has not been offered to the network yet: that is not the client's fault
            frames.flush(connection);
        }
        return frames.queuedBytes(connection) >= limit;
    }

    final boolean isQueueHigh() {
        return frames.queuedBytes(connection) > highWatermark(connection, route());
    }

    /** How many bytes a client may leave in its queue without counting as slow. Any thread. */
    static int highWatermark(Connection connection, Route route) {
        return connection.loop().server().highWatermark(route);
    }

    /** Whether the client takes too little of what waits for it. */
    final boolean isStalled() {
        if (connection.out().queuedBytes() == 0) {
            // nothing waits, or it waits because we pace it
            output = null;
            return false;
        }
        int sentBytes = (int) writtenBytes - (int) frames.queuedBytes(connection);
        if (output == null) {
            output = new Progress(connection.loop(), sentBytes);
        }
        return output.isTooSlow(
                connection.loop(), sentBytes, connection.loop().ticks().writeStall());
    }
}
