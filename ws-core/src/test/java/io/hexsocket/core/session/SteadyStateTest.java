package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.hexsocket.apps.App;
import io.hexsocket.apps.Audience;
import io.hexsocket.core.ServerCore;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.port.transport.Inbound;
import io.hexsocket.core.port.transport.LoopInbound;
import io.hexsocket.core.port.transport.Outbound;
import io.hexsocket.core.port.transport.Peer;
import io.hexsocket.core.port.transport.SharedBytes;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts the bytes that this thread allocates, so what stands around the core here must allocate nothing itself. */
@DisplayName("In a steady state")
class SteadyStateTest {

    private static final int WARM_UP = 2_000;
    private static final int MESSAGES = 10_000;
    // Code that is compiled, and classes that are loaded late, cost something once: less than one byte a message
    private static final long SPARE_BYTES = MESSAGES - 1;
    private static final long VIEW_BYTES = 32;
    /** What holds the frame of a broadcast: itself, two buffers, the array's header, and on its one loop what is shared and how far it is. */
    private static final long BROADCAST_BYTES = 32 + 2 * 56 + 16 + 32 + 64;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Loop loop = new Loop();
    private long writtenBytes;

    @ParameterizedTest(
            name = "an echo of {1} bytes with opcode {0} in {2} reads allocates 32 bytes, the view of its message")
    @CsvSource({"2, 32, 1", "1, 32, 1", "2, 65536, 1", "2, 4096, 2", "1, 4096, 3"})
    void echo(int opcode, int length, int reads) {
        App echo = session -> io.hexsocket.apps.Session::send;
        Inbound client = open(core("/echo", echo), "/echo");
        ByteBuffer frame = frame(opcode, length);

        long bytes = allocatedBy(() -> arrive(client, frame, reads));

        assertThat(bytes).isLessThanOrEqualTo(VIEW_BYTES * MESSAGES + SPARE_BYTES);
        assertThat(writtenBytes).isGreaterThan((long) (WARM_UP + MESSAGES) * length);
    }

    @ParameterizedTest(name = "a broadcast to {0} receivers allocates its frame once, and nothing for a receiver")
    @ValueSource(ints = {10, 100})
    void inSteadyStateBroadcastToReceiversAllocatesItsFrameOnceAndNothingForReceiver(int receivers) {
        App app = session -> {
            Audience everyone = session.hub().app("/broadcast");
            return (sender, message) -> everyone.send(message, sender);
        };
        LoopInbound core = core("/broadcast", app);
        Inbound client = open(core, "/broadcast");
        for (int i = 0; i < receivers; i++) {
            open(core, "/broadcast");
        }
        ByteBuffer frame = frame(1, 128);

        long bytes = allocatedBy(() -> arrive(client, frame, 1));

        assertThat(bytes).isLessThanOrEqualTo((VIEW_BYTES + BROADCAST_BYTES + 130) * MESSAGES + SPARE_BYTES);
        assertThat(writtenBytes).isGreaterThan((WARM_UP + MESSAGES) * 128L * receivers);
    }

    @Test
    @DisplayName("an allocation for each message would be seen")
    void inSteadyStateAllocationForEachMessageWouldBeSeen() {
        App app = session -> (sender, message) -> sender.send(message.copy());
        Inbound client = open(core("/echo", app), "/echo");
        ByteBuffer frame = frame(2, 32);

        assertThat(allocatedBy(() -> arrive(client, frame, 1))).isGreaterThan(32L * MESSAGES);
    }

    private long allocatedBy(Runnable message) {
        for (int i = 0; i < WARM_UP; i++) {
            message.run();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < MESSAGES; i++) {
            message.run();
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private LoopInbound core(String path, App app) {
        ServerConfig config =
                ServerConfig.at("ws://localhost:1").eventLoops(1).app(path, app).build();
        LoopInbound core = new ServerCore(config, bytes -> {}, () -> Instant.EPOCH).attach(loop);
        core.onTick(1);
        return core;
    }

    private Inbound open(LoopInbound core, String path) {
        Inbound client = core.onAccept(new Counting());
        client.onBytes(ByteBuffer.wrap(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                        + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII)));
        loop.run();
        return client;
    }

    /** A frame whose payload is letters, however often it is unmasked. */
    private static ByteBuffer frame(int opcode, int length) {
        ByteBuffer frame = ByteBuffer.allocateDirect(14 + length).put((byte) (0x80 | opcode));
        if (length < 126) {
            frame.put((byte) (0x80 | length));
        } else if (length < 65536) {
            frame.put((byte) (0x80 | 126)).putShort((short) length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(length);
        }
        frame.putInt(0x01020304);
        while (frame.position() < frame.capacity() && length-- > 0) {
            frame.put((byte) 'a');
        }
        return frame.flip();
    }

    private void arrive(Inbound client, ByteBuffer frame, int reads) {
        int end = frame.limit();
        for (int i = 1; i <= reads; i++) {
            frame.limit(end * i / reads).position(end * (i - 1) / reads);
            client.onBytes(frame);
        }
        loop.run();
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

    /** Takes everything at once. */
    private final class Counting implements Outbound {
        private final Peer peer = new Peer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), false);

        @Override
        public void write(ByteBuffer bytes) {
            writtenBytes += bytes.remaining();
            bytes.position(bytes.limit());
        }

        @Override
        public void write(SharedBytes bytes) {
            writtenBytes += bytes.bytes().remaining();
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
