package io.hexsocket.core.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A wire that takes as many bytes as a test says, and remembers them. */
final class FakeWire implements Wire {

    /** What it takes before it is full. */
    long room;

    /** What every write fails with, if anything. */
    @Nullable IOException failure;

    final ByteLog sent = new ByteLog();
    /** What the last write of several buffers was given; its caller's own. */
    ByteBuffer[] given = {};

    int writes;
    boolean outputEnded;
    boolean reset;
    boolean closed;
    boolean wantsBytes = true;
    boolean wantsRoom;
    private @Nullable Receiver receiver;

    @Override
    public void attach(Receiver next) {
        receiver = next;
    }

    Receiver receiver() {
        return Objects.requireNonNull(receiver);
    }

    /** One event, as a transport tells it. */
    static void tell(Link link, Runnable event) {
        link.beginTurn();
        try {
            event.run();
        } catch (RuntimeException | Error failed) {
            link.fail(failed);
        }
        link.endTurn();
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return (int) take(new ByteBuffer[] {bytes}, 0, 1);
    }

    @Override
    public long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
        given = buffers;
        return take(buffers, offset, length);
    }

    private long take(ByteBuffer[] buffers, int offset, int length) throws IOException {
        writes++;
        if (closed) {
            throw new IllegalStateException("it is closed");
        }
        if (failure != null) {
            throw failure;
        }
        long taken = 0;
        for (ByteBuffer buffer : Arrays.copyOfRange(buffers, offset, offset + length)) {
            byte[] piece = new byte[(int) Math.min(room, buffer.remaining())];
            buffer.get(piece);
            sent.writeBytes(piece);
            room -= piece.length;
            taken += piece.length;
        }
        return taken;
    }

    @Override
    public void listen(boolean forBytes, boolean forRoom) {
        wantsBytes = forBytes;
        wantsRoom = forRoom;
    }

    @Override
    public void shutdownOutput() {
        outputEnded = true;
    }

    @Override
    public void resetOnClose() {
        reset = true;
    }

    @Override
    public void close() {
        if (closed) {
            throw new IllegalStateException("it is closed already");
        }
        closed = true;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }
}
