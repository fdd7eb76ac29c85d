package io.hexsocket.transport.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the TLS connections of one event loop share, so that an idle one needs no buffer: one for what has been decrypted, one for what
 * has been encrypted, and a pool for what cannot go on yet. On that loop.
 */
final class LoopTls {

    // Seven full records: as much as a socket's send buffer takes at once, more or less
    private static final int SEALED_BYTES = 128 * 1024;

    private final Tls tls;
    private final ByteBuffer opened;
    // The JDK's ciphers work on arrays. Encrypted bytes in other memory they copy piece by piece, into new arrays each
    // time, which takes longer than a copy of all into memory that sockets take, or from it
    private final ByteBuffer arrived;
    private final ByteBuffer sealed = ByteBuffer.allocate(SEALED_BYTES);
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(SEALED_BYTES);
    private final Rests rests = new Rests();
    private final Chunks chunks;
    private final ByteBuffer[] targets;
    private final @Nullable ByteBuffer[] sources = new ByteBuffer[2];
    private final Sealing sealing = new Sealing();

    /**
     * For a loop.
     *
     * @param readBytes how much it reads at once; what comes out of that is never more
     */
    LoopTls(Tls tls, int readBytes, Chunks chunks) {
        this.tls = tls;
        this.chunks = chunks;
        // an engine asks for room for a whole record, although only the beginning of one is there
        this.arrived = ByteBuffer.allocate(readBytes);
        this.opened = ByteBuffer.allocateDirect(readBytes + Rests.RECORD_BYTES);
        this.targets = new ByteBuffer[] {opened};
    }

    Tls shared() {
        return tls;
    }

    /** What was read, as an engine likes it; valid until the next call. */
    ByteBuffer arrived(ByteBuffer read) {
        return arrived.clear().put(read).flip();
    }

    /** Room for what is decrypted of one read; valid until the next call. */
    ByteBuffer opened() {
        return opened.clear();
    }

    /** The same as an array, which an engine would make for each record. */
    ByteBuffer[] targets() {
        return targets;
    }

    /** Room for what is encrypted before it is sent; valid until the next call. */
    ByteBuffer sealed() {
        return sealed.clear();
    }

    /** What has been encrypted, as a socket likes it; valid until the next call. */
    ByteBuffer outgoing(ByteBuffer sealed) {
        return outgoing.clear().put(sealed).flip();
    }

    Rests rests() {
        return rests;
    }

    Chunks chunks() {
        return chunks;
    }

    /** Has a connection encrypt and send one buffer, or two, one behind the other; tells how many bytes of them that was. */
    long seal(SecureConnection connection, ByteBuffer first, @Nullable ByteBuffer second) throws IOException {
        sources[0] = first;
        sources[1] = second;
        try {
            return connection.seal(sources, 0, second == null ? 1 : 2);
        } finally {
            // a loop with nothing to do would keep the memory of its last message
            Arrays.fill(sources, null);
        }
    }

    /** The same for what waits. */
    long seal(SecureConnection connection, WriteQueue waiting) throws IOException {
        sealing.connection = connection;
        try {
            return waiting.writeTo(sealing);
        } finally {
            sealing.connection = null;
        }
    }

    /** A channel that encrypts for the connection whose turn it is. */
    private static final class Sealing implements GatheringByteChannel {

        private @Nullable SecureConnection connection;

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
            return connection().seal(sources, offset, length);
        }

        @Override
        public long write(ByteBuffer[] sources) throws IOException {
            return write(sources, 0, sources.length);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            return connection().transmit(source);
        }

        private SecureConnection connection() {
            SecureConnection current = connection;
            if (current == null) {
                throw new IllegalStateException("nobody writes");
            }
            return current;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            throw new UnsupportedOperationException("connections close themselves");
        }
    }
}
