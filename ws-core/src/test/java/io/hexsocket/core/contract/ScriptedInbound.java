package io.hexsocket.core.contract;

import io.hexsocket.core.port.transport.Inbound;
import io.hexsocket.core.port.transport.Outbound;
import io.hexsocket.core.port.transport.Peer;
import io.hexsocket.core.port.transport.SharedBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A connection in the hands of a test. Records what comes, and notes every call that the contract of {@link Inbound} or
 * {@link Outbound} does not allow.
 */
final class ScriptedInbound implements Inbound {

    final ScriptedLoop loop;
    private final ScriptedCore core;
    private final Outbound out;
    private final Peer peer;

    /** What is done when something happens. */
    volatile Reactions reactions;

    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    volatile int reads;
    volatile int drained;
    volatile int ends;
    volatile int closes;
    volatile @Nullable Throwable cause;

    // on the loop
    private boolean calling;
    private boolean paused;
    private boolean leaving;
    private boolean drainedWanted;
    private boolean failing;

    ScriptedInbound(ScriptedCore core, ScriptedLoop loop, Outbound out) {
        this.core = core;
        this.loop = loop;
        this.out = out;
        this.reactions = core.reactions.get();
        this.peer = out.peer();
    }

    // ---- what the transport tells

    @Override
    public void onForwarded() {
        throw new AssertionError("there is no proxy");
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        begin("onBytes");
        try {
            check(!paused, "onBytes while reads are paused");
            check(!leaving, "onBytes after close() or abort()");
            check(ends == 0, "onBytes after onEndOfInput");
            check(bytes.hasRemaining(), "onBytes without a byte");
            if (reactions.records()) {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(bytes.position(), copy);
                synchronized (received) {
                    received.writeBytes(copy);
                }
            }
            reads++;
            failing = true;
            reactions.onBytes(this, bytes);
            failing = false;
            bytes.position(bytes.limit());
        } finally {
            leaving |= failing;
            loop.end();
        }
    }

    @Override
    public void onDrained() {
        begin("onDrained");
        try {
            check(drainedWanted, "onDrained without requestDrained()");
            check(!leaving, "onDrained after close() or abort()");
            check(out.queuedBytes() == 0, "onDrained while bytes are queued");
            drainedWanted = false;
            drained++;
            failing = true;
            reactions.onDrained(this);
            failing = false;
        } finally {
            leaving |= failing;
            loop.end();
        }
    }

    @Override
    public void onEndOfInput() {
        begin("onEndOfInput");
        try {
            check(ends == 0, "onEndOfInput a second time");
            check(!leaving, "onEndOfInput after close() or abort()");
            ends++;
            failing = true;
            reactions.onEndOfInput(this);
            failing = false;
        } finally {
            leaving |= failing;
            loop.end();
        }
    }

    @Override
    public void onClosed(@Nullable Throwable why) {
        begin("onClosed");
        try {
            cause = why;
            leaving = true;
            loop.closed(this);
            closes++;
            reactions.onClosed(this, why);
        } finally {
            loop.end();
        }
    }

    private void begin(String call) {
        loop.begin(call);
        check(!calling, call + " inside a call of Outbound");
        check(closes == 0, call + " after onClosed");
    }

    private void check(boolean holds, String violation) {
        if (!holds) {
            core.violated(violation);
        }
    }

    // ---- what a test does, on the loop

    void write(byte[] bytes) {
        write(ByteBuffer.wrap(bytes));
    }

    void write(ByteBuffer bytes) {
        int limit = bytes.limit();
        guarded(() -> out.write(bytes));
        check(bytes.limit() == limit, "write has changed the limit of the buffer");
        check(bytes.position() == limit, "write has left the position of the buffer before its limit");
    }

    void write(SharedBytes bytes) {
        int position = bytes.bytes().position();
        int limit = bytes.bytes().limit();
        guarded(() -> out.write(bytes));
        check(
                bytes.bytes().position() == position && bytes.bytes().limit() == limit,
                "write has changed the position or the limit of shared bytes");
    }

    void flush() {
        guarded(out::flush);
    }

    void requestDrained() {
        drainedWanted |= !leaving;
        guarded(out::requestDrained);
    }

    void pauseReads() {
        paused = true;
        guarded(out::pauseReads);
    }

    void resumeReads() {
        paused = false;
        guarded(out::resumeReads);
    }

    void close() {
        leaving = true;
        guarded(out::close);
    }

    void abort() {
        leaving = true;
        guarded(out::abort);
    }

    /** "Nothing here blocks, throws or calls Inbound". */
    private void guarded(Runnable call) {
        calling = true;
        try {
            call.run();
        } catch (RuntimeException | Error thrown) {
            core.violated("a call of Outbound has thrown " + thrown);
        } finally {
            calling = false;
        }
    }

    // ---- what a test asks, on any thread

    <T> T call(Callable<T> task) {
        return loop.call(task);
    }

    void run(Runnable task) {
        loop.run(task);
    }

    Peer peer() {
        return peer;
    }

    Peer peerNow() {
        return out.peer();
    }

    long queuedBytes() {
        return out.queuedBytes();
    }

    byte[] received() {
        synchronized (received) {
            return received.toByteArray();
        }
    }

    byte[] awaitReceived(int length) {
        Await.until(length + " bytes", () -> {
            synchronized (received) {
                return received.size() >= length;
            }
        });
        return received();
    }

    boolean isClosed() {
        return closes > 0;
    }

    void awaitClosed() {
        Await.until("onClosed", this::isClosed);
    }

    void awaitEndOfInput() {
        Await.until("onEndOfInput", () -> ends > 0);
    }
}
