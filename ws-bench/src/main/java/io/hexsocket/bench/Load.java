package io.hexsocket.bench;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one workload, all on the caller's thread. Checks kind and length of every message that comes; of what comes
 * compressed, what the first one is.
 */
final class Load implements AutoCloseable {

    private static final int POLL_MILLIS = 20;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
            + "client_no_context_takeover\r\n";

    private final Workload workload;
    private final int port;
    /** Null without TLS. */
    private final @Nullable SSLContext tls;

    private final Selector selector = Selector.open();
    private final ByteBuffer input = ByteBuffer.allocateDirect(256 * 1024);
    private final ByteBuffer frames;
    private final int frameBytes;
    private final List<Client> clients = new ArrayList<>();
    private final Delays delays = new Delays();
    private long received;
    private long published;
    /** Of an open loop: when the next message is due, and whose it is. */
    private long dueAt;

    private int dueClient;

    private Load(Workload workload, Contender.Setup setup) throws IOException, GeneralSecurityException {
        this.workload = workload;
        this.port = setup.port();
        this.tls = setup.isSecure() ? setup.key().context() : null;
        ByteBuffer frame = ClientFrames.of(workload);
        frameBytes = frame.limit();
        frames = ByteBuffer.allocateDirect(workload.depth * frameBytes);
        for (int i = 0; i < workload.depth; i++) {
            frames.put(frame.rewind());
        }
    }

    /** Connects all clients. */
    static Load open(Workload workload, Contender.Setup setup) throws IOException, GeneralSecurityException {
        Load load = new Load(workload, setup);
        boolean broadcast = workload.isBroadcast();
        for (int i = 0; i < workload.clients + (broadcast ? 1 : 0); i++) {
            load.clients.add(load.new Client(broadcast ? "/broadcast" : "/echo"));
        }
        return load;
    }

    /** How many messages have come back so far. */
    long received() {
        return received;
    }

    /** Of an open loop. */
    Delays delays() {
        return delays;
    }

    /** Sends one message with each client and waits for the answers. */
    void once() throws IOException {
        for (Client client : clients) {
            client.owed = 1;
            client.send();
        }
        long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        while (received < clients.size()) {
            if (System.nanoTime() - end > 0) {
                throw new IOException((clients.size() - received) + " answers are missing");
            }
            turn(false);
        }
    }

    /** Keeps the messages of the workload under way, until it is enough: asked about every 20 ms. */
    void run(BooleanSupplier enough) throws IOException {
        if (workload == Workload.OPEN_LOOP) {
            runOpen(enough);
            return;
        }
        if (received == 0) {
            for (Client client : clients) {
                client.owed = workload.isBroadcast() ? 0 : workload.depth;
                client.send();
            }
        }
        long ask = 0;
        while (true) {
            long now = System.nanoTime();
            if (now - ask > 0) {
                if (enough.getAsBoolean()) {
                    return;
                }
                ask = now + POLL_MILLIS * 1_000_000L;
            }
            turn(!workload.isBroadcast());
            if (workload.isBroadcast()) {
                publish();
            }
        }
    }

    /** Looks at the clock all the time, since no selector wakes as precisely. */
    private void runOpen(BooleanSupplier enough) throws IOException {
        long ask = 0;
        dueAt = System.nanoTime();
        while (true) {
            long now = System.nanoTime();
            if (now - ask > 0) {
                if (enough.getAsBoolean()) {
                    return;
                }
                ask = now + POLL_MILLIS * 1_000_000L;
            }
            for (; dueAt - now <= 0; dueAt += 1_000_000_000L / Workload.OPEN_LOOP_RATE) {
                Client client = clients.get(dueClient++ % clients.size());
                client.due.add(dueAt);
                client.owed++;
                client.send();
            }
            if (selector.selectNow() > 0) {
                takeAnswers();
            }
        }
    }

    private void takeAnswers() throws IOException {
        for (SelectionKey key : selector.selectedKeys()) {
            Client client = (Client) key.attachment();
            if (key.isReadable()) {
                int messages = client.receive();
                received += messages;
                long now = System.nanoTime();
                for (int i = 0; i < messages; i++) {
                    delays.add(now - client.due.remove());
                }
            }
            client.send();
        }
        selector.selectedKeys().clear();
    }

    private void publish() throws IOException {
        Client publisher = clients.get(0);
        long due = received / workload.clients + workload.depth - published;
        published += due;
        publisher.owed += (int) due;
        publisher.send();
    }

    private void turn(boolean answer) throws IOException {
        selector.select(POLL_MILLIS);
        for (SelectionKey key : selector.selectedKeys()) {
            Client client = (Client) key.attachment();
            if (key.isReadable()) {
                int messages = client.receive();
                received += messages;
                if (answer) {
                    client.owed += messages;
                }
            }
            client.send();
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        for (Client client : clients) {
            client.line.channel().close();
        }
        selector.close();
    }

    private final class Client {

        private final Line line;
        private final SelectionKey key;
        private final ByteBuffer output = frames.duplicate().limit(0);
        /** Messages to be sent that are not in the output yet. */
        private int owed;

        private final byte[] header = new byte[10];
        private int headerBytes;
        private long left;
        /** The payload of each message that is to come; of compressed ones, known from the first on. */
        private long expectedBytes = workload.isDeflated() ? -1 : workload.bytes;

        private final ByteArrayOutputStream first = new ByteArrayOutputStream(0);
        /** Of an open loop: when the messages under way were due. */
        private final ArrayDeque<Long> due = new ArrayDeque<>();

        Client(String path) throws IOException {
            line = tls == null ? new Line(port) : new SecureLine(port, tls);
            shakeHands(path);
            line.channel().configureBlocking(false);
            key = line.channel().register(selector, SelectionKey.OP_READ, this);
        }

        private void shakeHands(String path) throws IOException {
            String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                    + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + (workload.isDeflated() ? OFFER : "")
                    + "\r\n";
            line.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            StringBuilder answer = new StringBuilder();
            while (answer.indexOf("\r\n\r\n") < 0) {
                fill();
                answer.append(StandardCharsets.US_ASCII.decode(input));
            }
            // the server speaks only when it is spoken to, so nothing follows
            if (!answer.toString().startsWith("HTTP/1.1 101 ")
                    || !answer.toString().endsWith("\r\n\r\n")) {
                throw new IOException("the server answered " + answer);
            }
            if (workload.isDeflated() && answer.indexOf("server_no_context_takeover") < 0) {
                throw new IOException("the server takes no compression, or not as it was offered: " + answer);
            }
        }

        private void fill() throws IOException {
            if (line.read(input.clear()) < 0) {
                throw new EOFException("the server has ended a connection");
            }
            input.flip();
        }

        void send() throws IOException {
            while (output.hasRemaining() || owed > 0 || line.isBlocked()) {
                if (!output.hasRemaining() && owed > 0) {
                    int batch = Math.min(owed, workload.depth);
                    owed -= batch;
                    output.limit(batch * frameBytes).position(0);
                }
                line.write(output);
                if (output.hasRemaining() || line.isBlocked()) {
                    break;
                }
            }
            boolean blocked = output.hasRemaining() || line.isBlocked();
            int interest = SelectionKey.OP_READ | (blocked ? SelectionKey.OP_WRITE : 0);
            if (key.interestOps() != interest) {
                key.interestOps(interest);
            }
        }

        /** Reads once; tells how many messages are complete now. */
        int receive() throws IOException {
            fill();
            int messages = 0;
            while (input.hasRemaining()) {
                if (left == 0) {
                    header[headerBytes++] = input.get();
                    if (headerBytes < 2 || headerBytes < neededHeaderBytes()) {
                        continue;
                    }
                    headerBytes = 0;
                    left = payloadBytes();
                    check();
                }
                int part = (int) Math.min(left, input.remaining());
                take(part);
                left -= part;
                if (left == 0) {
                    messages++;
                    checkFirst();
                }
            }
            return messages;
        }

        private void take(int bytes) {
            if (expectedBytes < 0) {
                for (int i = 0; i < bytes; i++) {
                    first.write(input.get());
                }
            } else {
                input.position(input.position() + bytes);
            }
        }

        private void checkFirst() throws IOException {
            if (expectedBytes < 0) {
                ClientFrames.checkDeflated(workload, first.toByteArray());
                // none of them refers to others, so all are the same
                expectedBytes = first.size();
            }
        }

        private int neededHeaderBytes() {
            return header[1] == 127 ? 10 : header[1] == 126 ? 4 : 2;
        }

        private long payloadBytes() {
            ByteBuffer whole = ByteBuffer.wrap(header);
            return header[1] == 127 ? whole.getLong(2) : header[1] == 126 ? whole.getShort(2) & 0xFFFF : header[1];
        }

        private void check() throws IOException {
            if (header[0] != ClientFrames.firstByte(workload) || expectedBytes >= 0 && left != expectedBytes) {
                throw new IOException("a frame came that was not sent: first byte 0x"
                        + Integer.toHexString(header[0] & 0xFF) + ", " + left + " bytes");
            }
        }
    }
}
