package io.hexsocket.core.contract;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A TCP client that does what it is told, and waits while it does. Not for two threads that read, nor for two that write. */
public final class RawClient implements AutoCloseable {

    /** How it ended from the client's point of view. */
    public enum End {
        /** The server has ended its side in order. */
        FIN,
        /** The connection was reset. */
        RST
    }

    private final Socket tcp;
    /** The same as {@link #tcp}, or TLS over it. */
    private final Socket socket;

    private RawClient(Socket tcp, Socket socket) {
        this.tcp = tcp;
        this.socket = socket;
    }

    public static RawClient connect(Wire wire, int port) {
        return connect(wire, port, 0);
    }

    /**
     * Connects. Under TLS, the handshake comes when something is sent or read, or with {@link #shakeHands}.
     *
     * @param receiveBytes how much the kernel takes from the server while the client does not read, about; 0 for its own choice
     */
    public static RawClient connect(Wire wire, int port, int receiveBytes) {
        Socket socket = new Socket();
        try {
            if (receiveBytes > 0) {
                // less than some records, and each of them would wait for the kernel's delayed acknowledgement
                socket.setReceiveBufferSize(wire == Wire.TLS ? Math.max(receiveBytes, 64 * 1024) : receiveBytes);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Await.PATIENCE_SECONDS));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int)
                    TimeUnit.SECONDS.toMillis(Await.PATIENCE_SECONDS));
            SSLContext tls = wire.context();
            return new RawClient(
                    socket,
                    tls == null ? socket : tls.getSocketFactory().createSocket(socket, "localhost", port, true));
        } catch (IOException failed) {
            closeQuietly(socket);
            throw new UncheckedIOException(failed);
        }
    }

    /** Goes on with a socket that is connected. */
    public static RawClient over(Socket socket) {
        return new RawClient(socket, socket);
    }

    /** Does now what has to be done before bytes can go either way. */
    public void shakeHands() {
        if (socket instanceof SSLSocket tls) {
            try {
                tls.startHandshake();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    public int localPort() {
        return tcp.getLocalPort();
    }

    public InetSocketAddress localAddress() {
        return (InetSocketAddress) tcp.getLocalSocketAddress();
    }

    // ---- sending

    /** Sends all of it; blocks while the server does not read. */
    public void send(byte[] bytes) {
        send(bytes, 0, bytes.length);
    }

    public void send(byte[] bytes, int from, int length) {
        try {
            socket.getOutputStream().write(bytes, from, length);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Sends from a thread of its own. */
    public CompletableFuture<Void> sendAside(byte[] bytes) {
        return Aside.run(() -> send(bytes));
    }

    /** Ends the client's side. */
    public void endOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    // ---- receiving

    public InputStream input() {
        try {
            return socket.getInputStream();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** As many bytes, as soon as they are there. */
    public byte[] read(int length) {
        try {
            byte[] bytes = socket.getInputStream().readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException("the server ended after " + bytes.length + " of " + length + " bytes");
            }
            return bytes;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What one read gives. */
    public byte[] readOnce(int most) {
        try {
            byte[] bytes = new byte[most];
            int length = socket.getInputStream().read(bytes);
            return Arrays.copyOf(bytes, Math.max(length, 0));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public CompletableFuture<byte[]> readAside(int length) {
        return Aside.call(() -> read(length));
    }

    /** Everything up to the end, which must be one in order. */
    public byte[] readToEnd() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
            return all.toByteArray();
        } catch (IOException failed) {
            throw new UncheckedIOException("after " + all.size() + " bytes", failed);
        }
    }

    /** Everything up to the end, which may be a reset. */
    public byte[] readToAnyEnd() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (IOException reset) {
            // what came before it counts
        }
        return all.toByteArray();
    }

    public CompletableFuture<byte[]> readToEndAside() {
        return Aside.call(this::readToEnd);
    }

    /** Reads until the end, whatever comes before. */
    public End awaitEnd() {
        byte[] bytes = new byte[64 * 1024];
        try {
            while (socket.getInputStream().read(bytes) >= 0) {
                // only the end counts
            }
            return End.FIN;
        } catch (java.net.SocketTimeoutException never) {
            throw new AssertionError("the connection did not end", never);
        } catch (IOException reset) {
            return End.RST;
        }
    }

    // ---- leaving

    /** Leaves with a reset. */
    public void reset() {
        try {
            tcp.setSoLinger(true, 0);
            tcp.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Leaves in order, and does not wait for the server to do the same. */
    @Override
    public void close() {
        if (socket != tcp) {
            try {
                socket.shutdownOutput();
            } catch (IOException failed) {
                // there is nobody to take leave of
            }
        }
        closeQuietly(tcp);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException failed) {
            // it is of no use any more, one way or the other
        }
    }
}
