package io.hexsocket.core.contract;

import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** The one WebSocket client of the tests over real sockets. It shares nothing with the server, and waits while it does what it is told. */
public final class WsClient implements AutoCloseable {

    /** Opcodes of RFC 6455 section 5.2. */
    public static final int TEXT = 0x1;

    public static final int BINARY = 0x2;
    public static final int CLOSE = 0x8;
    public static final int PING = 0x9;
    public static final int PONG = 0xA;

    /** A frame of the server. */
    public record Frame(int opcode, byte[] payload) {

        public String text() {
            if (opcode != TEXT) {
                throw new AssertionError("no text but " + this);
            }
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** What a close frame says; 1005 if nothing. */
        public int status() {
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

    private final RawClient socket;
    private final DataInputStream input;

    private WsClient(RawClient socket) {
        this.socket = socket;
        this.input = new DataInputStream(new BufferedInputStream(socket.input()));
    }

    public static WsClient connect(Wire wire, int port, String path) {
        return connect(wire, port, path, 0);
    }

    public static WsClient connect(Wire wire, int port, String path, int receiveBytes) {
        return open(RawClient.connect(wire, port, receiveBytes), path);
    }

    /** Does the opening handshake over a connection. */
    public static WsClient open(RawClient socket, String path, String... headers) {
        WsClient client = new WsClient(socket);
        client.socket.send(request(path, headers));
        client.readUpgrade();
        return client;
    }

    /** The opening request of RFC 6455 section 1.3, near enough, with further header lines. */
    public static byte[] request(String path, String... headers) {
        return MemoryClient.request(path, headers);
    }

    /** A client whose request the test itself has sent. */
    public static WsClient after(RawClient socket) {
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

    public RawClient socket() {
        return socket;
    }

    public void send(String text) {
        send(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    public void sendBinary(byte[] payload) {
        send(BINARY, payload);
    }

    /** Begins the closing handshake, or answers it. */
    public void sendClose(int status) {
        send(CLOSE, new byte[] {(byte) (status >> 8), (byte) status});
    }

    public static byte[] frame(int opcode, byte[] payload) {
        return ClientFrame.of(opcode, payload).bytes();
    }

    /** Sends a frame, whatever it is. */
    public void send(int opcode, byte[] payload) {
        socket.send(frame(opcode, payload));
    }

    /** The next frame, whatever it is. */
    public Frame readFrame() {
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
    public Frame readMessage() {
        while (true) {
            Frame frame = readFrame();
            switch (frame.opcode()) {
                case PING -> send(PONG, frame.payload());
                case PONG -> {}
                default -> {
                    return frame;
                }
            }
        }
    }

    public CompletableFuture<Frame> readMessageAside() {
        return Aside.call(this::readMessage);
    }

    /** Sends a text and insists on getting it back. */
    public void echo(String text) {
        send(text);
        Frame answer = readMessage();
        if (!answer.text().equals(text)) {
            throw new AssertionError("sent " + text + ", got " + answer);
        }
    }

    /** Closes in order, and insists on the server doing its part. */
    public void leave() {
        sendClose(1000);
        Frame answer = readMessage();
        if (answer.status() != 1000) {
            throw new AssertionError("got " + answer + " for a close frame");
        }
        readEnd();
        close();
    }

    /** Insists on the end, in order. */
    public void readEnd() {
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
