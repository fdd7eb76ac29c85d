package io.hexsocket.core.hub;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Compression;
import io.hexsocket.apps.Hub;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.port.transport.Inbound;
import io.hexsocket.core.port.transport.Outbound;
import io.hexsocket.core.port.transport.Peer;
import io.hexsocket.core.port.transport.SharedBytes;
import io.hexsocket.core.testkit.ManualLoop;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a broadcast hands to the transport, connection by connection. */
class BroadcastTest {

    private static final int LOOPS = 3;
    private static final String LONG_TEXT = "the same words again and again, ".repeat(20);

    private final RecordingApp fast = appAt(1);
    private final RecordingApp small = appAt(9);
    private final MemoryServer server = new MemoryServer(ServerConfig.at("ws://localhost:0")
            .eventLoops(LOOPS)
            .app("/fast", fast)
            .app("/small", small)
            .timeouts(Timeouts.DEFAULT.ping(Duration.ZERO))
            .build());
    private final List<Receiver> receivers = new ArrayList<>();

    private static RecordingApp appAt(int level) {
        App silent = session -> (self, message) -> {};
        return new RecordingApp(silent.with(
                AppOptions.DEFAULT.compression(Compression.ON.thresholdBytes(0).level(level))));
    }

    private Receiver open(int loop, String path, boolean compressed) {
        Receiver receiver = new Receiver();
        server.loop(loop).turn(() -> {
            Inbound client = server.loop(loop).core().onAccept(receiver);
            client.onBytes(ByteBuffer.wrap(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                            + (compressed ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "") + "\r\n")
                    .getBytes(US_ASCII)));
        });
        server.run();
        receivers.add(receiver);
        return receiver;
    }

    private Hub hub() {
        return fast.session(0).hub();
    }

    private static Set<ByteBuffer> memory(Stream<Receiver> some) {
        Set<ByteBuffer> buffers = Collections.newSetFromMap(new IdentityHashMap<>());
        some.forEach(one -> one.written.forEach(shared -> buffers.add(shared.bytes())));
        return buffers;
    }

    @ParameterizedTest
    @CsvSource({"false, 1", "true, 0"})
    void broadcastIsEncodedOnceForAllLoops(boolean compressed, int indexOfSender) {
        for (int i = 0; i < 2 * LOOPS; i++) {
            open(i % LOOPS, "/fast", compressed);
        }
        server.loop(indexOfSender).turn(() -> hub().everyone().send(LONG_TEXT));
        server.run();

        assertThat(receivers).allMatch(one -> one.written.size() == 1);
        assertThat(memory(receivers.stream())).as("frames made").hasSize(1);
        assertThat(receivers.get(0).firstByte()).isEqualTo(compressed ? (byte) 0xC1 : (byte) 0x81);
    }

    @Test
    void broadcastFromNoLoopIsCompressedOncePerLevelForAllLoopsAndEncodedOnce() {
        List<Receiver> atOne = IntStream.range(0, LOOPS)
                .mapToObj(loop -> open(loop, "/fast", true))
                .toList();
        List<Receiver> atNine = IntStream.range(0, LOOPS)
                .mapToObj(loop -> open(loop, "/small", true))
                .toList();
        List<Receiver> plain = IntStream.range(0, LOOPS)
                .mapToObj(loop -> open(loop, "/small", false))
                .toList();
        hub().everyone().send(LONG_TEXT);
        server.run();

        assertThat(memory(atOne.stream())).as("level 1").hasSize(1);
        assertThat(memory(atNine.stream())).as("level 9").hasSize(1);
        assertThat(memory(plain.stream())).as("as it is").hasSize(1);
        assertThat(memory(receivers.stream())).as("in all").hasSize(3);
        assertThat(receivers.stream().flatMap(one -> one.written.stream()).distinct())
                .as("each loop counts the holders of its own")
                .hasSize(3 * LOOPS);
    }

    @Test
    void broadcastThatCompressingWouldLengthenIsSentAsItIsToAll() {
        for (int i = 0; i < LOOPS; i++) {
            open(i, "/fast", true);
        }
        hub().everyone().send("x");
        server.run();
        assertThat(memory(receivers.stream())).hasSize(1);
        assertThat(receivers.get(0).firstByte()).isEqualTo((byte) 0x81);
    }

    static Stream<Throwable> anyThrow() {
        return Stream.of(
                new StackOverflowError("in the middle"),
                new OutOfMemoryError("in the middle"),
                new IllegalStateException("in the middle"));
    }

    @ParameterizedTest
    @MethodSource("anyThrow")
    void x2BroadcastAfterOneThatAnyThrowInterruptedCarriesItsOwnBytes(Throwable thrown) {
        assertNextBroadcastIsIntact(thrown, false);
    }

    @ParameterizedTest
    @MethodSource("anyThrow")
    void x2CompressedBroadcastAfterOneThatAnyThrowInterruptedCarriesItsOwnBytes(Throwable thrown) {
        assertNextBroadcastIsIntact(thrown, true);
    }

    private void assertNextBroadcastIsIntact(Throwable thrown, boolean compressed) {
        ManualLoop loop = server.loop(0);
        for (int i = 0; i < 4; i++) {
            open(0, "/fast", compressed);
        }
        receivers.get(1).toThrow = thrown;
        assertBroadcastThrows(loop, "first " + LONG_TEXT, thrown);
        receivers.get(1).toThrow = null;
        // those who come behind the one that broke get it all the same
        server.run();
        assertThat(receivers.subList(0, 4).stream().filter(one -> one.written.size() == 1))
                .hasSize(3);
        receivers.forEach(one -> one.written.clear());

        String next = "second " + LONG_TEXT.toUpperCase(java.util.Locale.ROOT);
        loop.turn(() -> hub().app("/fast").send(next));
        server.run();
        Receiver expected = open(1, "/fast", compressed);
        hub().app("/fast").send(next);
        server.run();

        byte[] alone = expected.bytes(0);
        assertThat(receivers.subList(0, 4)).allSatisfy(one -> {
            assertThat(one.written).hasSize(2);
            assertThat(one.bytes(0)).as("behind the interrupted one").isEqualTo(alone);
            assertThat(one.bytes(1)).isEqualTo(alone);
        });
        if (!compressed) {
            assertThat(new String(alone, UTF_8)).endsWith(next);
        }
    }

    private AbstractThrowableAssert<?, ?> assertBroadcastThrows(ManualLoop loop, String text, Throwable thrown) {
        loop.turn(() -> hub().everyone().send(text));
        return assertThatThrownBy(loop::run).isSameAs(thrown);
    }

    /** Keeps what is written, and breaks if told to. */
    private static final class Receiver implements Outbound {

        private final Peer peer = new Peer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), false);
        private final List<SharedBytes> written = new ArrayList<>();
        private Throwable toThrow;

        byte firstByte() {
            return written.get(0).bytes().get(0);
        }

        byte[] bytes(int index) {
            ByteBuffer bytes = written.get(index).bytes();
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(bytes.position(), copy);
            return copy;
        }

        @Override
        public void write(ByteBuffer bytes) {
            bytes.position(bytes.limit());
        }

        @Override
        public void write(SharedBytes bytes) {
            if (toThrow instanceof Error error) {
                throw error;
            } else if (toThrow instanceof RuntimeException exception) {
                throw exception;
            }
            written.add(bytes);
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
        public void close() {}

        @Override
        public void abort() {}

        @Override
        public Peer peer() {
            return peer;
        }
    }
}
