package io.hexsocket.core.contract;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** A WebSocket client that shares nothing with the server: bytes, written down here once more. */
final class WsClient implements AutoCloseable {

    /** Opcodes of RFC 6455 section 5.2. */
    static final int TEXT = 0x1;

    static final int BINARY = 0x2;
    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    /** A frame of the server. */
    record Frame(int opcode, byte[] payload) {

        String text() {
            if (opcode != TEXT) {
                throw new AssertionError("no text but " + this);
            }
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** What a close frame says; 1005 if nothing. */
        int status() {
            if (opcode != CLOSE) {
                throw new AssertionError("no close frame but " + this);
            }
            return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        }

        @Override
        public String toString() {
            return switch (opcode) {
                case CLOSE -> "close frame " + status() + " " + new String(payload, StandardCharsets.ISO_8859_1);
                case TEXT -> "text \"" + text() + "\"";
                default -> "opcode " + opcode + " with " + payload.length + " bytes";
            };
        }
    }

    private static final byte[] MASK = {0x37, (byte) 0xFA, 0x21, 0x3D};

    private final RawClient socket;
    private final DataInputStream input;

    private WsClient(RawClient socket) {
        this.socket = socket;
        this.input = new DataInputStream(new BufferedInputStream(socket.input()));
    }

    static WsClient connect(Wire wire, int port, String path) {
        return connect(wire, port, path, 0);
    }

    static WsClient connect(Wire wire, int port, String path, int receiveBytes) {
        return open(RawClient.connect(wire, port, receiveBytes), path);
    }

    static WsClient open(RawClient socket, String path) {
        WsClient client = new WsClient(socket);
        client.socket.send(request(path));
        client.readUpgrade();
        return client;
    }

    /** The opening request of RFC 6455 section 1.3, near enough. */
    static byte[] request(String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** A client whose request the test itself has sent. */
    static WsClient after(RawClient socket) {
        WsClient client = new WsClient(socket);
        client.readUpgrade();
        return client;
    }

    private void readUpgrade() {
        String head = readHead();
        if (!head.startsWith("HTTP/1.1 101 ") || !head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")) {
            throw new AssertionError("the server answered " + head);
        }
    }

    private String readHead() {
        StringBuilder head = new StringBuilder();
        try {
            while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
                head.append((char) input.readByte());
            }
            return head.toString();
        } catch (IOException failed) {
            throw new UncheckedIOException("after " + head, failed);
        }
    }

    RawClient socket() {
        return socket;
    }

    void send(String text) {
        socket.send(frame(TEXT, text.getBytes(StandardCharsets.UTF_8)));
    }

    void sendBinary(byte[] payload) {
        socket.send(frame(BINARY, payload));
    }

    /** Begins the closing handshake, or answers it. */
    void sendClose(int status) {
        socket.send(frame(CLOSE, new byte[] {(byte) (status >> 8), (byte) status}));
    }

    static byte[] frame(int opcode, byte[] payload) {
        int length = payload.length;
        ByteBuffer frame = ByteBuffer.allocate(14 + length);
        frame.put((byte) (0x80 | opcode));
        if (length < 126) {
            frame.put((byte) (0x80 | length));
        } else if (length < 65536) {
            frame.put((byte) (0x80 | 126)).putShort((short) length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(length);
        }
        frame.put(MASK);
        for (int i = 0; i < length; i++) {
            frame.put((byte) (payload[i] ^ MASK[i & 3]));
        }
        byte[] bytes = new byte[frame.flip().remaining()];
        frame.get(bytes);
        return bytes;
    }

    /** The next frame, whatever it is. */
    Frame readFrame() {
        try {
            int first = input.readUnsignedByte();
            int second = input.readUnsignedByte();
            long length = switch (second) {
                case 126 -> input.readUnsignedShort();
                case 127 -> input.readLong();
                default -> second;
            };
            if ((first & 0xF0) != 0x80 || second > 127 || length > 64 * 1024 * 1024) {
                throw new AssertionError("no frame of a server: " + first + " " + second + " " + length);
            }
            byte[] payload = new byte[(int) length];
            input.readFully(payload);
            return new Frame(first & 0x0F, payload);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The next message; answers pings on the way. */
    Frame readMessage() {
        while (true) {
            Frame frame = readFrame();
            switch (frame.opcode()) {
                case PING -> socket.send(frame(PONG, frame.payload()));
                case PONG -> {}
                default -> {
                    return frame;
                }
            }
        }
    }

    CompletableFuture<Frame> readMessageAside() {
        return Aside.call(this::readMessage);
    }

    /** Sends a text and insists on getting it back. */
    void echo(String text) {
        send(text);
        Frame answer = readMessage();
        if (!answer.text().equals(text)) {
            throw new AssertionError("sent " + text + ", got " + answer);
        }
    }

    /** Closes in order, and insists on the server doing its part. */
    void leave() {
        sendClose(1000);
        Frame answer = readMessage();
        if (answer.status() != 1000) {
            throw new AssertionError("got " + answer + " for a close frame");
        }
        readEnd();
        close();
    }

    /** Insists on the end, in order. */
    void readEnd() {
        try {
            if (input.read() >= 0) {
                throw new AssertionError("bytes after the close frame");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
