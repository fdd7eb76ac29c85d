package io.hexsocket.core.transport;

import io.hexsocket.core.port.transport.Outbound;
import io.hexsocket.core.port.transport.SharedBytes;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The output of a {@link Link}, from which it is told apart only so that each can be read alone: in one object, since there is one for
 * every idle connection. What is written in a turn goes to the loop's output log and leaves at the end of the turn in one system call;
 * large writes leave at once, without a copy. What the wire does not take waits in a queue of the connection's own, which most never
 * have.
 */
abstract class LinkOutput extends LayerHost implements Outbound {

    // What is more than this leaves before the turn ends, so that what counts as queued is what the network has not
    // taken
    private static final int FLUSH_BYTES = 32 * 1024;

    private static final VarHandle QUEUED;

    static {
        try {
            QUEUED = MethodHandles.lookup().findVarHandle(LinkOutput.class, "queued", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    final LinkLoop loop;

    /** What the output log has for this connection: from, and up to; the same if nothing. */
    private int logFrom;

    private int logTo;
    private @Nullable OutputQueue queue;
    /** Bytes in the log and in queues; other threads look at it. */
    @SuppressWarnings("unused") // by its VarHandle
    private int queued;

    /** Whether the wire has taken less than it was given; it tells when it has room again. */
    private boolean full;

    LinkOutput(LinkLoop loop) {
        this.loop = loop;
    }

    abstract Wire wire();

    /** Whether the end has come, and the core does not know. */
    abstract boolean isClosePending();

    @Override
    public void write(ByteBuffer bytes) {
        int length = bytes.remaining();
        if (length == 0 || !isOpen()) {
            bytes.position(bytes.limit());
            ignored(length);
            return;
        }
        if (length > OutputLog.MAX_ENTRY_BYTES && !hasQueue()) {
            writeThrough(bytes);
            return;
        }
        OutputLog log = loop.log();
        if (mustQueue(length)) {
            queue().append(bytes);
        } else if (continuesLog(log.end())) {
            log.append(bytes);
            logTo += length;
        } else {
            moveLogToQueue();
            queue().append(bytes);
        }
        wrote(length);
    }

    @Override
    public void write(SharedBytes shared) {
        int length = shared.bytes().remaining();
        if (length == 0 || !isOpen()) {
            ignored(length);
            return;
        }
        OutputLog log = loop.log();
        if (length > OutputLog.MAX_ENTRY_BYTES) {
            moveLogToQueue();
            queue().append(shared);
        } else if (mustQueue(log.endsWith(shared) ? 0 : length)) {
            queue().append(shared.bytes().duplicate());
        } else if (continuesLog(log.append(shared))) {
            logTo += length;
        } else {
            moveLogToQueue();
            queue().append(shared.bytes().duplicate());
        }
        wrote(length);
    }

    /** The network will not get these. An app that sends as long as there is room must find an end of it before the turn ends. */
    private void ignored(int length) {
        if (isClosePending()) {
            addQueued(length);
        }
    }

    private void wrote(int length) {
        addQueued(length);
        markDirty();
        if (queued >= FLUSH_BYTES && !full) {
            flush();
        }
    }

    /** Whether an entry at this place continues what the log has for us; if it has nothing, it begins there. */
    private boolean continuesLog(int from) {
        if (logFrom == logTo) {
            loop.log().join();
            logFrom = from;
            logTo = from;
        }
        return logTo == from;
    }

    /** Whether the next bytes belong in the queue. Empties a full log first, and what the wire does not take of it makes a queue. */
    private boolean mustQueue(int length) {
        if (!hasQueue() && !loop.log().hasRoom(length)) {
            loop.emptyLog();
        }
        return hasQueue();
    }

    /** Writes a large buffer at once, behind what is in the log, and copies only what the wire does not take. */
    private void writeThrough(ByteBuffer bytes) {
        addQueued(bytes.remaining());
        try {
            if (logFrom == logTo) {
                addQueued(-wire().write(bytes));
            } else {
                ByteBuffer head = loop.log().view(logFrom, logTo);
                addQueued(-(int) loop.writePair(wire(), head, bytes));
                if (head.hasRemaining()) {
                    logFrom = head.position();
                } else {
                    leaveLog();
                }
            }
        } catch (IOException lost) {
            bytes.position(bytes.limit());
            closeSoon(lost);
            return;
        }
        if (bytes.hasRemaining()) {
            full = true;
            moveLogToQueue();
            queue().append(bytes);
            markDirty();
        }
    }

    private void moveLogToQueue() {
        if (logFrom != logTo) {
            queue().append(loop.log().view(logFrom, logTo));
            leaveLog();
        }
    }

    private void leaveLog() {
        if (logFrom != logTo) {
            logFrom = logTo;
            loop.log().leave();
        }
    }

    @Override
    public void flush() {
        if (!isGoing()) {
            leaveLog();
            return;
        }
        if (full) {
            moveLogToQueue();
            return;
        }
        try {
            if (logFrom != logTo) {
                ByteBuffer bytes = loop.log().view(logFrom, logTo);
                addQueued(-wire().write(bytes));
                if (bytes.hasRemaining()) {
                    queue().append(bytes);
                }
                leaveLog();
            } else if (hasQueue()) {
                addQueued(-(int) queue().writeTo(wire()));
            }
            full |= hasQueue();
        } catch (IOException lost) {
            leaveLog();
            closeSoon(lost);
        }
    }

    @Override
    void onFull() {
        full = true;
        markDirty();
    }

    @Override
    public void onWritable() {
        full = false;
        markDirty();
    }

    // ---- what waits

    @Override
    public long queuedBytes() {
        return (int) QUEUED.getOpaque(this);
    }

    /** What the queue holds, in bytes; what is in the log is the loop's. */
    final int queueHeldBytes() {
        return queue == null ? 0 : queue.heldBytes();
    }

    /** Whether all that was written has reached the network. */
    boolean isAllSent() {
        if (queued == 0) {
            queue = null;
            return true;
        }
        return false;
    }

    boolean isFull() {
        return full;
    }

    @Override
    void addQueued(int bytes) {
        QUEUED.setOpaque(this, queued + bytes);
    }

    /** Forgets all that waits. */
    void dropOutput() {
        leaveLog();
        QUEUED.setOpaque(this, 0);
        if (queue != null) {
            queue.clear();
            queue = null;
        }
        wire().dropOutput();
    }

    private boolean hasQueue() {
        return queue != null && !queue.isEmpty();
    }

    private OutputQueue queue() {
        if (queue == null) {
            queue = new OutputQueue(loop.chunks());
        }
        return queue;
    }
}
