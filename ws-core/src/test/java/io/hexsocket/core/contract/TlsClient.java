package io.hexsocket.core.contract;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/** A client whose records are in the hands of the test: made and opened here, sent and received when the test says so. */
public final class TlsClient implements AutoCloseable {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What it is connected by. */
    public final Socket socket;
    /** Its side of TLS; before the handshake, this is where a test says what it wants. */
    public final SSLEngine engine;

    private final ByteBuffer arrived = ByteBuffer.allocate(256 * 1024).limit(0);
    private final ByteArrayOutputStream opened = new ByteArrayOutputStream();

    /** Connects, and says nothing yet. */
    public TlsClient(int port, SSLContext context) throws IOException {
        socket = tcp(port);
        engine = context.createSSLEngine("localhost", port);
        engine.setUseClientMode(true);
    }

    /** A connection without TLS. */
    public static Socket tcp(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(40_000);
        return socket;
    }

    /** Does the handshake. */
    public TlsClient shakeHands() throws IOException {
        send(lastFlight());
        return this;
    }

    /** Does the handshake up to the last flight, which is returned. */
    public byte[] lastFlight() throws IOException {
        engine.beginHandshake();
        ByteArrayOutputStream flight = new ByteArrayOutputStream();
        while (true) {
            HandshakeStatus status = engine.getHandshakeStatus();
            switch (status) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> flight.writeBytes(wrap(NOTHING));
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    send(flight.toByteArray());
                    flight.reset();
                    unwrap();
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    return flight.toByteArray();
                }
            }
        }
    }

    /** What the engine wants to say by itself, post-handshake. */
    public byte[] own() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        do {
            runTasks();
            all.writeBytes(wrap(NOTHING));
        } while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
        return all.toByteArray();
    }

    /** A record with these bytes, or several. */
    public byte[] seal(byte... bytes) throws IOException {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        do {
            all.writeBytes(wrap(source));
        } while (source.hasRemaining());
        return all.toByteArray();
    }

    private byte[] wrap(ByteBuffer source) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(64 * 1024);
        engine.wrap(source, record);
        return Arrays.copyOf(record.array(), record.position());
    }

    /** Sends bytes as they are, and all of them in one segment. */
    public void send(byte[]... pieces) throws IOException {
        ByteArrayOutputStream segment = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            segment.writeBytes(piece);
        }
        socket.getOutputStream().write(segment.toByteArray());
    }

    /** So many bytes out of records. */
    public byte[] read(int length) throws IOException {
        while (opened.size() < length) {
            if (engine.isInboundDone()) {
                throw new EOFException("the server has taken its leave");
            }
            unwrap();
        }
        byte[] all = opened.toByteArray();
        opened.reset();
        opened.write(all, length, all.length - length);
        return Arrays.copyOf(all, length);
    }

    /** Reads to the end of the server's side, which it has to announce. */
    public byte[] readToEnd() throws IOException {
        while (!engine.isInboundDone()) {
            unwrap();
        }
        if (socket.getInputStream().read() >= 0) {
            throw new AssertionError("bytes after the close_notify");
        }
        return opened.toByteArray();
    }

    private void unwrap() throws IOException {
        ByteBuffer plain = ByteBuffer.allocate(64 * 1024);
        SSLEngineResult result = engine.unwrap(arrived, plain);
        opened.write(plain.array(), 0, plain.position());
        runTasks();
        if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
            arrived.compact();
            int length = socket.getInputStream().read(arrived.array(), arrived.position(), arrived.remaining());
            if (length < 0) {
                throw new EOFException("the server has ended its side");
            }
            arrived.position(arrived.position() + length).flip();
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
