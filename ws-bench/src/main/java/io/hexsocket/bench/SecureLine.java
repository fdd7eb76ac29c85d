package io.hexsocket.bench;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** The same over TLS 1.3, with the same cipher for all servers. What is read needs room for a whole record. */
final class SecureLine extends Line {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    /** What has come and is not decrypted, from its position to its limit. */
    private final ByteBuffer incoming = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    /** What is encrypted and not sent. */
    private final ByteBuffer outgoing = ByteBuffer.allocate(BUFFER_BYTES).limit(0);

    SecureLine(int port, SSLContext context) throws IOException {
        super(port);
        engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {"TLSv1.3"});
        engine.setEnabledCipherSuites(new String[] {"TLS_AES_128_GCM_SHA256"});
        engine.beginHandshake();
        shakeHands();
    }

    private void shakeHands() throws IOException {
        ByteBuffer none = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> {
                    engine.wrap(NOTHING, outgoing.clear());
                    super.write(outgoing.flip());
                }
                default -> {
                    if (engine.unwrap(incoming, none).getStatus() == Status.BUFFER_UNDERFLOW && receive() < 0) {
                        throw new EOFException("the server ended a connection in the handshake of TLS");
                    }
                }
            }
        }
    }

    private int receive() throws IOException {
        int length = super.read(incoming.compact());
        incoming.flip();
        return length;
    }

    @Override
    int read(ByteBuffer target) throws IOException {
        int from = target.position();
        if (receive() < 0) {
            return -1;
        }
        while (incoming.hasRemaining()) {
            SSLEngineResult result = engine.unwrap(incoming, target);
            if (result.getStatus() == Status.CLOSED) {
                return -1;
            }
            if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
                break;
            }
            if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                throw new SSLException("no room for what has come");
            }
        }
        return target.position() - from;
    }

    @Override
    void write(ByteBuffer source) throws IOException {
        super.write(outgoing);
        while (source.hasRemaining() && !outgoing.hasRemaining()) {
            outgoing.clear();
            while (source.hasRemaining()
                    && outgoing.remaining() >= engine.getSession().getPacketBufferSize()) {
                engine.wrap(source, outgoing);
            }
            super.write(outgoing.flip());
        }
    }

    @Override
    boolean isBlocked() {
        return outgoing.hasRemaining();
    }
}
