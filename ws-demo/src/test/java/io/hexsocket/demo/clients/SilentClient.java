package io.hexsocket.demo.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** A client that does its opening handshake, and then does not read until it is told to. */
final class SilentClient implements AutoCloseable {

    private final Socket socket = new Socket();
    private final DataInputStream in;

    SilentClient(int port, String path) throws IOException {
        // as little as there may be on its way
        socket.setReceiveBufferSize(4 * 1024);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                        .getBytes(ISO_8859_1));
        in = new DataInputStream(socket.getInputStream());
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        assertThat(head.toString()).startsWith("HTTP/1.1 101 ");
    }

    /** A frame: opcode and payload. */
    record Frame(int opcode, byte[] payload) {}

    /** The next frame; null if the connection ended before, or in the middle of, it. */
    @Nullable Frame read() throws IOException {
        try {
            int first = in.readUnsignedByte();
            assertThat(first & 0xF0).as("final, nothing reserved").isEqualTo(0x80);
            long length = in.readUnsignedByte();
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            byte[] payload = new byte[Math.toIntExact(length)];
            in.readFully(payload);
            return new Frame(first & 0x0F, payload);
        } catch (EOFException | SocketException lost) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
