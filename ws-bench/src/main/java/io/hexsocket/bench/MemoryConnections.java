package io.hexsocket.bench;

import io.hexsocket.apps.App;
import io.hexsocket.apps.Audience;
import io.hexsocket.apps.Session;
import io.hexsocket.core.ServerCore;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.port.transport.Inbound;
import io.hexsocket.core.port.transport.LoopInbound;
import io.hexsocket.core.port.transport.Outbound;
import io.hexsocket.core.port.transport.Peer;
import io.hexsocket.core.port.transport.SharedBytes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** A server without a network, and its connections: what they send is copied to a buffer and forgotten. */
final class MemoryConnections {

    private static final int KEY = 0x01020304;

    private final Loop loop = new Loop();
    private final ByteBuffer sink = ByteBuffer.allocateDirect(256 * 1024);
    private final LoopInbound core;
    private final List<Inbound> all = new ArrayList<>();
    private long sentBytes;

    /** Opens so many connections at a path, {@code /echo} or {@code /broadcast}. */
    MemoryConnections(String path, int count) {
        App echo = session -> Session::send;
        App broadcast = session -> {
            Audience everyone = session.hub().app("/broadcast");
            return (sender, message) -> everyone.send(message, sender);
        };
        ServerConfig config = ServerConfig.at("ws://localhost:1")
                .eventLoops(1)
                .app("/echo", echo)
                .app("/broadcast", broadcast)
                .build();
        core = new ServerCore(config, bytes -> {}, Instant::now).attach(loop);
        core.onTick(System.nanoTime());
        for (int i = 0; i < count; i++) {
            Inbound connection = core.onAccept(new Discarding());
            connection.onBytes(request(path));
            all.add(connection);
        }
        loop.run();
    }

    /** The bytes arrive at a connection; tells how many bytes all have sent since they were opened. */
    long arrive(int connection, ByteBuffer bytes) {
        all.get(connection).onBytes(bytes);
        loop.run();
        return sentBytes;
    }

    /** A masked frame whose payload is ASCII, no matter how often it is unmasked. */
    static ByteBuffer frame(boolean text, int length) {
        ByteBuffer frame = ClientFrames.begin((byte) (text ? 0x81 : 0x82), length, KEY);
        for (int i = 0; i < length; i++) {
            frame.put((byte) ('a' + i % 26));
        }
        return frame.flip();
    }

    private static ByteBuffer request(String path) {
        String head = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        return ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII));
    }

    private static final class Loop implements EventLoop {
        private final Queue<Runnable> tasks = new ArrayDeque<>();

        void run() {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }

        @Override
        public boolean isInLoop() {
            // JMH calls from a thread of its own, but from one only
            return true;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void executeLater(Runnable task, long delayNanos) {
            throw new UnsupportedOperationException("no time passes here");
        }
    }

    private final class Discarding implements Outbound {
        private final Peer peer = new Peer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), false);

        @Override
        public void write(ByteBuffer bytes) {
            int length = bytes.remaining();
            if (sink.remaining() < length) {
                sink.clear();
            }
            sink.put(bytes);
            sentBytes += length;
        }

        @Override
        public void write(SharedBytes bytes) {
            sentBytes += bytes.bytes().remaining();
        }

        @Override
        public void flush() {}

        @Override
        public long queuedBytes() {
            return 0;
        }

        @Override
        public void requestDrained() {}

        @Override
        public void pauseReads() {}

        @Override
        public void resumeReads() {}

        @Override
        public void close() {
            throw new IllegalStateException("the core closed a connection");
        }

        @Override
        public void abort() {
            close();
        }

        @Override
        public Peer peer() {
            return peer;
        }
    }
}
