package io.hexsocket.core.testkit;

import io.hexsocket.apps.CloseStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A client of a {@link MemoryServer}, after its opening handshake. What the server sends must be frames without a fault.
 *
 * <p>A client of the raw door sends texts as they are, and takes each write of the server's for a text.
 */
public final class MemoryClient {

    // RFC 6455 section 1.3: the example of the RFC, with its answer
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private final MemoryConnection connection;
    private final boolean raw;
    private final String head;
    private final boolean deflate;
    private final boolean takeover;
    private int taken;

    private MemoryClient(MemoryConnection connection, boolean raw) {
        this.connection = connection;
        this.raw = raw;
        if (raw) {
            head = "";
            deflate = false;
            takeover = false;
            return;
        }
        byte[] received = connection.received();
        String all = new String(received, 0, Math.min(received.length, 4096), StandardCharsets.ISO_8859_1);
        int end = all.indexOf("\r\n\r\n");
        ManualLoop.require(all.startsWith("HTTP/1.1 101 ") && end > 0, "no upgrade: " + all);
        this.head = all.substring(0, end + 4);
        this.deflate = head.contains("\r\nSec-WebSocket-Extensions: permessage-deflate");
        this.takeover = !head.contains("server_no_context_takeover");
        ManualLoop.require(head.contains("\r\nSec-WebSocket-Accept: " + ACCEPT + "\r\n"), "a wrong accept: " + head);
    }

    /** A request that asks for an upgrade. */
    public static byte[] request(String path, String... headers) {
        StringBuilder request = new StringBuilder("GET ")
                .append(path)
                .append(" HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
                .append("Sec-WebSocket-Key: ")
                .append(KEY)
                .append("\r\nSec-WebSocket-Version: 13\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Does the opening handshake over a connection. */
    public static MemoryClient over(MemoryConnection connection, String path, String... headers) {
        connection.send(request(path, headers));
        return new MemoryClient(connection, false);
    }

    /** Says over a connection from a backend's address what the original PHP client begins with. */
    public static MemoryClient raw(MemoryConnection connection, String path) {
        connection.send("php process\nGET " + path + " HTTP/1.1\n");
        return new MemoryClient(connection, true);
    }

    /** A client whose handshake the test itself has done. */
    public static MemoryClient after(MemoryConnection connection) {
        return new MemoryClient(connection, false);
    }

    public MemoryConnection connection() {
        return connection;
    }

    /** The answer to the request. */
    public String head() {
        return head;
    }

    /** Sends frames that arrive in one piece. */
    public MemoryClient send(ClientFrame... frames) {
        connection.send(ClientFrame.join(frames));
        return this;
    }

    /** Sends texts, each of which arrives in a piece of its own. */
    public MemoryClient sendTexts(String... texts) {
        for (String text : texts) {
            connection.send(
                    raw
                            ? text.getBytes(StandardCharsets.UTF_8)
                            : ClientFrame.text(text).bytes());
        }
        return this;
    }

    /** Sends a close frame and ends the client's side when the answer is there. */
    public MemoryClient close() {
        send(ClientFrame.close(1000));
        connection.end();
        return this;
    }

    /**
     * Takes nothing more from the network: what the server sends from now on waits there.
     *
     * @since 0.2
     */
    public MemoryClient stopReading() {
        connection.accept(0);
        return this;
    }

    /**
     * Takes what has waited, and all that follows.
     *
     * @since 0.2
     */
    public MemoryClient readAgain() {
        connection.acceptAll();
        return this;
    }

    /** All frames so far, inflated if that was agreed on; the stream may end inside one. */
    public List<ServerFrame> frames() {
        return deflate ? new ClientDeflate(takeover).inflate(framesAsSent()) : framesAsSent();
    }

    /** All frames so far, compressed where they came so. */
    public List<ServerFrame> framesAsSent() {
        return raw ? connection.writes().stream().map(ServerFrame::text).toList() : ServerFrame.read(stream(), deflate);
    }

    /** All frames so far, inflated if that was agreed on; fails if the stream ends inside one. */
    public List<ServerFrame> wholeFrames() {
        ByteBuffer stream = stream();
        List<ServerFrame> all = ServerFrame.read(stream, deflate);
        ManualLoop.require(!stream.hasRemaining(), "the stream ends inside a frame");
        return deflate ? new ClientDeflate(takeover).inflate(all) : all;
    }

    /** The frames since the last call of this. */
    public List<ServerFrame> newFrames() {
        List<ServerFrame> all = frames();
        List<ServerFrame> fresh = all.subList(taken, all.size());
        taken = all.size();
        return fresh;
    }

    /** The text frames so far. */
    public List<String> texts() {
        return texts(frames());
    }

    /** The text frames since the last call of this or of {@link #newFrames}. */
    public List<String> newTexts() {
        return texts(newFrames());
    }

    /** From now on, what has come so far is not new. */
    public MemoryClient skip() {
        newFrames();
        return this;
    }

    private static List<String> texts(List<ServerFrame> frames) {
        return frames.stream()
                .filter(frame -> frame.opcode() == 0x1)
                .map(ServerFrame::text)
                .toList();
    }

    /** What the server's close frame says, or null if there is none. */
    public CloseStatus closeStatus() {
        return frames().stream()
                .filter(ServerFrame::isClose)
                .map(ServerFrame::status)
                .findFirst()
                .orElse(null);
    }

    /** Whether the server has neither sent a close frame nor ended the connection. */
    public boolean isOpen() {
        return !connection.isEnded() && !connection.isClosed() && closeStatus() == null;
    }

    /** What came in each write after the head, as frames; a write that holds half a frame fails. */
    public List<List<ServerFrame>> framesByWrite() {
        List<byte[]> writes = new java.util.ArrayList<>(connection.writes());
        byte[] first = writes.remove(0);
        int headBytes = head.length();
        if (first.length > headBytes) {
            writes.add(0, Arrays.copyOfRange(first, headBytes, first.length));
        }
        return writes.stream()
                .map(write -> ServerFrame.all(ByteBuffer.wrap(write)))
                .toList();
    }

    private ByteBuffer stream() {
        byte[] all = connection.received();
        return ByteBuffer.wrap(all, head.length(), all.length - head.length());
    }
}
