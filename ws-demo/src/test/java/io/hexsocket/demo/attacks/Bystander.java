package io.hexsocket.demo.attacks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.hexsocket.core.contract.TestTls;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * An ordinary client: a few bytes to {@code /echo} every few milliseconds, whether or not those before have come back, from an address that no
 * attacker has. How long an echo takes is counted from when it was to be asked for, so that a server that stands still is late for
 * all of them, and by no more than it stood still.
 */
final class Bystander implements AutoCloseable {

    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int MAX_SAMPLES = 40_000;
    private static final String ADDRESS = "127.0.0.2";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final byte[] MESSAGE = Frames.text("is anybody there");

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final long[] due = new long[MAX_SAMPLES];
    private final long[] late = new long[MAX_SAMPLES];
    private int asked;
    private int answered;
    private boolean lost;
    private volatile boolean closed;

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private Bystander(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        this.out = socket.getOutputStream();
    }

    /** Connects, and begins. */
    static Bystander start(int port, boolean tls) throws IOException {
        Bystander bystander = connect(port, tls, PATIENCE);
        bystander.start("bystander asks", bystander::ask);
        bystander.start("bystander listens", bystander::listen);
        return bystander;
    }

    /** Whether somebody new is served within this time. */
    static boolean isServed(int port, boolean tls, Duration patience) {
        try (Bystander newcomer = connect(port, tls, patience)) {
            newcomer.echo();
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    private static Bystander connect(int port, boolean tls, Duration patience) throws IOException {
        Socket plain = new Socket();
        plain.bind(new InetSocketAddress(InetAddress.getByName(ADDRESS), 0));
        plain.setTcpNoDelay(true);
        plain.setSoTimeout((int) patience.toMillis());
        plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) patience.toMillis());
        Socket socket = tls ? TestTls.client().getSocketFactory().createSocket(plain, "localhost", port, true) : plain;
        Bystander bystander = new Bystander(socket);
        bystander.out.write(Frames.upgrade("/echo", false));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append(new String(new byte[] {bystander.in.readByte()}, ISO_8859_1));
        }
        if (!head.toString().startsWith("HTTP/1.1 101 ")) {
            socket.close();
            throw new IOException(head.toString());
        }
        return bystander;
    }

    private void start(String name, Step step) {
        Thread thread = new Thread(
                () -> {
                    try {
                        step.run();
                    } catch (IOException | InterruptedException ended) {
                        lose();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void ask() throws IOException, InterruptedException {
        long next = System.nanoTime();
        while (!closed && asked < MAX_SAMPLES) {
            long pause = next - System.nanoTime();
            if (pause > 0) {
                TimeUnit.NANOSECONDS.sleep(pause);
            }
            synchronized (this) {
                due[asked++] = next;
            }
            write(MESSAGE);
            next += EVERY_NANOS;
        }
    }

    private void listen() throws IOException {
        while (!closed && answered < MAX_SAMPLES) {
            awaitEcho();
            synchronized (this) {
                late[answered] = System.nanoTime() - due[answered];
                answered++;
            }
        }
    }

    private synchronized void lose() {
        lost = !closed;
    }

    private void echo() throws IOException {
        write(MESSAGE);
        awaitEcho();
    }

    private void awaitEcho() throws IOException {
        while (true) {
            int opcode = in.readUnsignedByte() & 0x0F;
            int length = in.readUnsignedByte();
            byte[] payload = new byte[length == 126 ? in.readUnsignedShort() : length];
            in.readFully(payload);
            if (opcode == Frames.PING) {
                write(Frames.frame(Frames.FIN | Frames.PONG, payload));
            } else if (opcode == Frames.CLOSE) {
                throw new EOFException("closed");
            } else {
                return;
            }
        }
    }

    private void write(byte[] frame) throws IOException {
        // a pong comes between two questions
        synchronized (out) {
            out.write(frame);
        }
    }

    /** Whether its connection was ended by somebody else. */
    synchronized boolean isLost() {
        return lost;
    }

    /** How it was served from one moment to another, those echoes included that have not come yet. */
    synchronized Latencies between(long from, long to) {
        long[] chosen = new long[MAX_SAMPLES];
        int count = 0;
        long now = System.nanoTime();
        for (int i = 0; i < asked; i++) {
            if (due[i] - from >= 0 && due[i] - to < 0) {
                chosen[count++] = i < answered ? late[i] : now - due[i];
            }
        }
        return new Latencies(Arrays.copyOf(chosen, count));
    }

    @Override
    public void close() throws IOException {
        closed = true;
        socket.close();
    }
}
