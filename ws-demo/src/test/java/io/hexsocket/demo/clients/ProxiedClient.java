package io.hexsocket.demo.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.hexsocket.core.testkit.ClientFrame;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A client at 127.0.0.2, which is no proxy's address, over TLS: bytes, written down here once more. */
final class ProxiedClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final DataInputStream input;

    private ProxiedClient(Socket socket) throws IOException {
        this.socket = socket;
        this.input = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /** A frame of the server. */
    record Frame(int opcode, byte[] payload) {
        String text() {
            return new String(payload, UTF_8);
        }

        int status() {
            return ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        }
    }

    static ProxiedClient connect(int port, Path root) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream file = Files.newInputStream(root)) {
            trusted.setCertificateEntry(
                    "root", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        Socket plain = new Socket();
        plain.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0));
        plain.setSoTimeout(PATIENCE_MILLIS);
        plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        return new ProxiedClient(tls.getSocketFactory().createSocket(plain, "localhost", port, true));
    }

    /** Sends an opening request; what the answer begins with, up to the blank line. */
    String request(String path, String... headers) throws IOException {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: example.org\r\n")
                .append("Upgrade: websocket\r\nConnection: Upgrade\r\n")
                .append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        send(request.append("\r\n").toString().getBytes(ISO_8859_1));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) input.readUnsignedByte());
        }
        return head.toString();
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void send(int opcode, byte[] payload) throws IOException {
        send(ClientFrame.of(opcode, payload).bytes());
    }

    Frame read() throws IOException {
        int opcode = input.readUnsignedByte() & 0x0F;
        int length = input.readUnsignedByte();
        if (length == 126) {
            length = input.readUnsignedShort();
        } else if (length == 127) {
            length = (int) input.readLong();
        }
        return new Frame(opcode, input.readNBytes(length));
    }

    /** All that comes until the end, which may be a rude one. */
    String rest() {
        StringBuilder all = new StringBuilder();
        try {
            for (int b = input.read(); b >= 0; b = input.read()) {
                all.append((char) b);
            }
        } catch (IOException reset) {
            all.append("<reset>");
        }
        return all.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
