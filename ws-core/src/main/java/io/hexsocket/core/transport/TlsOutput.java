package io.hexsocket.core.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What one TLS connection encrypts and sends. What the wire does not take of it counts as queued by the {@link Link}. */
final class TlsOutput {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final LayerHost link;
    private final TlsBuffers buffers;
    private final Wire wire;
    /** What is encrypted and was not taken by the wire. */
    private @Nullable OutputQueue unsent;

    TlsOutput(LayerHost link, TlsBuffers buffers, Wire wire) {
        this.link = link;
        this.buffers = buffers;
        this.wire = wire;
    }

    /** Whether something waits for the wire. */
    boolean isBlocked() {
        return unsent != null;
    }

    /** The memory of what waits for the wire, in bytes. */
    int heldBytes() {
        return unsent == null ? 0 : unsent.heldBytes();
    }

    /** Encrypts and sends as much as the wire takes; tells how many bytes of the sources that was. */
    long write(SSLEngine engine, ByteBuffer[] sources, int offset, int length) throws IOException {
        if (!sendUnsent()) {
            return 0;
        }
        long all = 0;
        ByteBuffer out = buffers.encrypted();
        int last = offset + length - 1;
        while (sources[last].hasRemaining()) {
            SSLEngineResult result = engine.wrap(sources, offset, length, out);
            all += result.bytesConsumed();
            if (result.getStatus() == Status.CLOSED) {
                // RFC 5246 7.2.1: who gets a close_notify discards "any pending writes"
                throw new SSLException("the client has ended the connection for both sides");
            }
            if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                if (!makeRoom(out)) {
                    return all;
                }
            } else if (result.bytesProduced() == 0) {
                throw new SSLException("the engine does not encrypt any more: " + result);
            }
        }
        send(out);
        return all;
    }

    /** Sends what the engine has to say by itself; false if some of it waits for the wire. */
    boolean sendOwn(SSLEngine engine) throws IOException {
        if (!sendUnsent()) {
            return false;
        }
        ByteBuffer out = buffers.encrypted();
        SSLEngineResult result;
        do {
            result = engine.wrap(NOTHING, out);
            if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                if (!makeRoom(out)) {
                    return false;
                }
            } else if (result.bytesProduced() == 0) {
                break;
            }
        } while (result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
        return send(out);
    }

    private boolean makeRoom(ByteBuffer out) throws IOException {
        if (out.position() == 0) {
            throw new SSLException("a record of more than " + out.capacity() + " bytes");
        }
        return send(out);
    }

    /** Sends what has been encrypted, and keeps what the wire does not take; whether that is nothing. The buffer is empty again. */
    private boolean send(ByteBuffer encrypted) throws IOException {
        ByteBuffer outgoing = buffers.outgoing(encrypted.flip());
        encrypted.clear();
        if (outgoing.hasRemaining()) {
            wire.write(outgoing);
        }
        if (outgoing.hasRemaining()) {
            link.addQueued(outgoing.remaining());
            unsent = new OutputQueue(buffers.chunks());
            unsent.append(outgoing);
            link.onFull();
            return false;
        }
        return true;
    }

    /** Sends what waits encrypted; whether nothing of it is left, which the link is told. */
    boolean sendUnsent() throws IOException {
        if (unsent != null) {
            link.addQueued(-(int) unsent.writeTo(wire));
            if (!unsent.isEmpty()) {
                return false;
            }
            unsent = null;
            link.onWritable();
        }
        return true;
    }

    /** Forgets what waits. */
    void drop() {
        if (unsent != null) {
            unsent.clear();
            unsent = null;
        }
    }
}
