package io.hexsocket.core.transport;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Executor;

/**
 * What the TLS connections of one event loop share, so that an idle one needs no buffer: one for what has been decrypted, one for what
 * has been encrypted, and a pool for what cannot go on yet. On that loop.
 */
final class TlsBuffers {

    // Seven full records: as much as a socket's send buffer takes at once, more or less
    private static final int ENCRYPTED_BYTES = 128 * 1024;

    private final TlsSetup setup;
    private final HandshakeTurns turns;
    private final Chunks chunks;
    private final int readBytes;
    private final RecordPool records = new RecordPool();
    // The JDK's ciphers work on arrays. Encrypted bytes in other memory they copy piece by piece, into new arrays each
    // time, which takes longer than a copy of all into memory that sockets take, or from it
    private final ByteBuffer arrived;
    private final ByteBuffer decrypted;
    private final ByteBuffer encrypted = ByteBuffer.allocate(ENCRYPTED_BYTES);
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(ENCRYPTED_BYTES);
    private final ByteBuffer[] targets;
    private final ByteBuffer[] source = new ByteBuffer[1];

    /**
     * For a loop.
     *
     * @param readBytes how much it reads at once
     */
    TlsBuffers(TlsSetup setup, Chunks chunks, Executor loop, int readBytes) {
        this.turns = new HandshakeTurns(loop);
        this.setup = setup;
        this.chunks = chunks;
        this.readBytes = readBytes;
        this.arrived = ByteBuffer.allocate(readBytes + RecordPool.RECORD_BYTES);
        // an engine asks for room for a whole record, although only the beginning of one is there
        this.decrypted = ByteBuffer.allocateDirect(arrived.capacity() + RecordPool.RECORD_BYTES);
        this.targets = new ByteBuffer[] {decrypted};
    }

    HandshakeTurns turns() {
        return turns;
    }

    TlsSetup setup() {
        return setup;
    }

    /** Room for what has come, as an engine likes it; valid until the next call. */
    ByteBuffer arrived(int length) {
        return length <= arrived.capacity() ? arrived.clear() : ByteBuffer.allocate(length);
    }

    /** How much can be read behind so many bytes without another buffer. */
    int roomBehind(int length) {
        return Math.max(1, Math.min(readBytes, arrived.capacity() - length));
    }

    /** Room for what is decrypted; valid until the next call. */
    ByteBuffer decrypted() {
        return decrypted.clear();
    }

    /** The same as an array, which an engine would make for each record. */
    ByteBuffer[] targets() {
        return targets;
    }

    /** Room for what is encrypted before it is sent; valid until the next call. */
    ByteBuffer encrypted() {
        return encrypted.clear();
    }

    /** What has been encrypted, as a socket likes it; valid until the next call. */
    ByteBuffer outgoing(ByteBuffer bytes) {
        return outgoing.clear().put(bytes).flip();
    }

    /** One buffer as an array, which an engine would make for each record; to be given back by {@link #releaseSource()}. */
    ByteBuffer[] source(ByteBuffer bytes) {
        source[0] = bytes;
        return source;
    }

    void releaseSource() {
        // a loop with nothing to do would keep the memory of its last message
        Arrays.fill(source, null);
    }

    RecordPool records() {
        return records;
    }

    Chunks chunks() {
        return chunks;
    }
}
