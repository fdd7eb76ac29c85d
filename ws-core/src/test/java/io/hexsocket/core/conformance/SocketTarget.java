package io.hexsocket.core.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A server behind sockets, plain or TLS.
 *
 * @param uri where it echoes
 * @param toldPath where it does what it is told; empty if nowhere
 * @param sockets makes sockets that are not connected
 * @param patience how long to wait for what must come
 */
record SocketTarget(URI uri, String toldPath, SocketFactory sockets, Duration patience) implements Target {

    private static final int READ_BYTES = 64 * 1024;

    /**
     * Sockets for TLS.
     *
     * @param authorities a file with certificates in PEM, any of which may have signed the server's
     */
    static SocketFactory tls(Path authorities) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(authorities)) {
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("authority " + trusted.size(), one);
            }
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    private int port() {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("wss") ? 443 : 80;
    }

    @Override
    public String host() {
        return uri.getRawAuthority();
    }

    @Override
    public String echoPath() {
        return uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    }

    @Override
    public TargetConnection connect() {
        try {
            Socket socket = sockets.createSocket();
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(uri.getHost(), port()), (int) patience.toMillis());
            return new SocketConnection(socket, patience);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot connect to " + uri, failed);
        }
    }

    /** A connection whose every byte is taken at once by a thread of its own, so that no side ever waits for the other to read. */
    private static final class SocketConnection implements TargetConnection {

        private static final byte[] NOTHING = {};

        /** What the thread has read; the last one says how it ended. */
        private record Arrival(byte[] bytes, End end) {}

        private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
        private final Socket socket;
        private final Duration patience;
        private final Thread reader;
        private End end = End.NONE;

        SocketConnection(Socket socket, Duration patience) {
            this.socket = socket;
            this.patience = patience;
            this.reader = new Thread(this::read, "conformance-reader");
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            byte[] bytes = new byte[READ_BYTES];
            try {
                InputStream in = socket.getInputStream();
                for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                    arrivals.add(new Arrival(Arrays.copyOf(bytes, length), End.NONE));
                }
                arrivals.add(new Arrival(NOTHING, End.FIN));
            } catch (IOException reset) {
                arrivals.add(new Arrival(NOTHING, End.RESET));
            }
        }

        @Override
        public void send(List<byte[]> pieces) {
            try {
                OutputStream out = socket.getOutputStream();
                for (byte[] piece : pieces) {
                    out.write(piece);
                }
            } catch (IOException gone) {
                // the reader knows, and what came before it counts
            }
        }

        @Override
        public byte[] receive() {
            if (end != End.NONE) {
                return NOTHING;
            }
            try {
                Arrival arrival = arrivals.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
                if (arrival == null) {
                    return NOTHING;
                }
                end = arrival.end;
                return arrival.bytes;
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }

        @Override
        public End end() {
            return end;
        }

        @Override
        public void endOutput() {
            try {
                socket.shutdownOutput();
            } catch (IOException gone) {
                // then it has ended
            }
        }

        @Override
        public void reset() {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException gone) {
                // then it has ended
            }
            close();
        }

        @Override
        public void close() {
            try {
                socket.close();
                reader.join();
            } catch (IOException | InterruptedException failed) {
                throw new IllegalStateException(failed);
            }
        }
    }
}
