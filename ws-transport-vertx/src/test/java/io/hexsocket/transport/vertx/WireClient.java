package io.hexsocket.transport.vertx;

import io.hexsocket.core.testkit.ClientFrame;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A client that says bytes and keeps all that it hears. Frames are put together here once more, so that nothing is shared with the server. */
final class WireClient implements AutoCloseable {

    static final int CONTINUATION = 0x0;
    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;
    static final int FIN = 0x80;

    // Only a server that never answers is waited for so long
    private static final int PATIENCE_MILLIS = (int) TimeUnit.SECONDS.toMillis(40);
    private static final int KEY = 0x37FA213D;

    /** A frame of the server. */
    record Frame(int opcode, byte[] payload) {

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** The status of a close frame. */
        int status() {
            return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        }
    }

    private final Socket socket;
    private final InputStream input;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    private WireClient(Socket socket) throws IOException {
        this.socket = socket;
        this.input = socket.getInputStream();
    }

    /** A bare connection. */
    static WireClient connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        return new WireClient(socket);
    }

    /** A connection whose opening handshake is done. */
    static WireClient open(int port, String path) throws IOException {
        WireClient client = connect(port).say(request(path));
        String head = client.head();
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new AssertionError("the server answered " + head);
        }
        return client;
    }

    /** An opening request, with further header lines. */
    static String request(String path, String... headers) {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    /** A masked frame; the first byte is given as it is. */
    static byte[] frame(int first, byte[] payload) {
        return new ClientFrame(first >= 0x80, first >> 4 & 7, first & 0x0F, true, KEY, 0, -1, payload).bytes();
    }

    // ---- saying

    WireClient say(byte[]... pieces) throws IOException {
        for (byte[] piece : pieces) {
            socket.getOutputStream().write(piece);
        }
        return this;
    }

    WireClient say(String ascii) throws IOException {
        return say(ascii.getBytes(StandardCharsets.ISO_8859_1));
    }

    WireClient sayByteByByte(byte[] bytes) throws IOException {
        for (byte b : bytes) {
            socket.getOutputStream().write(b);
        }
        return this;
    }

    WireClient text(String text) throws IOException {
        return say(frame(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8)));
    }

    WireClient close(int status) throws IOException {
        return say(frame(FIN | CLOSE, new byte[] {(byte) (status >>> 8), (byte) status}));
    }

    WireClient endOutput() throws IOException {
        if (!socket.isOutputShutdown()) {
            socket.shutdownOutput();
        }
        return this;
    }

    // ---- hearing

    /** All bytes so far. */
    byte[] heard() {
        return heard.toByteArray();
    }

    byte[] bytes(int length) throws IOException {
        byte[] bytes = input.readNBytes(length);
        heard.writeBytes(bytes);
        if (bytes.length < length) {
            throw new EOFException("the server ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /** A head, up to its blank line. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) bytes(1)[0]);
        }
        return head.toString();
    }

    Frame frame() throws IOException {
        byte[] start = bytes(2);
        int length = start[1] & 0xFF;
        if (length == 126) {
            length = ByteBuffer.wrap(bytes(2)).getShort() & 0xFFFF;
        } else if (length == 127) {
            length = (int) ByteBuffer.wrap(bytes(8)).getLong();
        }
        return new Frame(start[0] & 0x0F, bytes(length));
    }

    /** Everything up to the end of the connection; how it ended. */
    String end() throws IOException {
        byte[] bytes = new byte[64 * 1024];
        try {
            for (int length = input.read(bytes); length >= 0; length = input.read(bytes)) {
                heard.write(bytes, 0, length);
            }
            return "FIN";
        } catch (java.net.SocketTimeoutException never) {
            throw never;
        } catch (IOException reset) {
            return "RST";
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
