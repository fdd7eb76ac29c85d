package io.hexsocket.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hexsocket.apps.App;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.contract.TransportUnderTest.RunningServer;
import io.hexsocket.core.contract.WsClient.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a server owes to its clients when some of them, the network or an app fail, whatever transport it runs on: over real sockets on
 * loopback. A transport extends this class and adds nothing.
 */
public abstract class FaultContract {

    private static final App ECHO = session -> Session::send;
    private static final int FILL_BYTES = 8 * 1024;

    private final TransportUnderTest type;

    @RegisterExtension
    final Opened toClose = new Opened();

    /** The contract for servers on one transport. */
    protected FaultContract(TransportUnderTest type) {
        this.type = type;
    }

    // ---- clients that do not read

    @Test
    @DisplayName("S3 A9 ten of a thousand, or over TLS of two hundred, do not read a broadcast")
    void deafClientsAreCutAndAllOthersLoseNothing() {
        AtomicReference<Hub> hub = new AtomicReference<>();
        Queue<CloseStatus> ends = new ConcurrentLinkedQueue<>();
        // those who are cut keep what waits for them until the others are done
        Timeouts patient = timeouts(60_000, 60_000, 60_000, 60_000, 8000);
        RunningServer server = start(config().timeouts(patient)
                .limits(Limits.DEFAULT.queuedBytes(256 * 1024))
                .app("/deaf", session -> {
                    // what their kernel takes is not to be waited for
                    fill(session);
                    session.subscribe("news");
                    return new Ears(ends);
                })
                .app("/news", session -> {
                    hub.set(session.hub());
                    session.subscribe("news");
                    return new Ears(ends);
                }));
        int deafOnes = 10;
        List<WsClient> deaf = connect(server, "/deaf", deafOnes, 4 * 1024);
        List<WsClient> readers = connect(server, "/news", type.wire() == Wire.TLS ? 190 : 990, 0);
        AtomicInteger last = new AtomicInteger(-1);
        int workers = 6;
        AtomicInteger[] done =
                Stream.generate(AtomicInteger::new).limit(workers).toArray(AtomicInteger[]::new);
        List<CompletableFuture<Void>> reading = IntStream.range(0, workers)
                .mapToObj(worker -> Aside.run(() -> {
                    for (int number = 0; number != last.get(); number++) {
                        for (int i = worker; i < readers.size(); i += workers) {
                            assertThat(number(readers.get(i).readMessage())).isEqualTo(number);
                        }
                        done[worker].set(number + 1);
                    }
                }))
                .toList();

        // as fast as those who read can: never more than half of what may wait for one of them
        int sent = 0;
        for (; ends.size() < deafOnes; sent++) {
            assertThat(sent).as("messages of 16 KiB without a cut").isLessThan(5000);
            int due = sent - 8;
            Await.until("readers at message " + due, () -> Arrays.stream(done).allMatch(worker -> worker.get() >= due));
            hub.get().topic("news").send(numbered(sent, 16 * 1024));
        }
        last.set(sent + 1);
        hub.get().topic("news").send(numbered(sent, 16 * 1024));
        reading.forEach(Await::result);

        assertThat(ends).extracting(CloseStatus::code).hasSize(deafOnes).containsOnly(1008);
        for (WsClient one : deaf) {
            Frame frame = one.readMessage();
            while (frame.payload().length == FILL_BYTES) {
                frame = one.readMessage();
            }
            for (int number = 0; frame.opcode() == WsClient.BINARY; number++) {
                assertThat(number(frame)).isEqualTo(number);
                frame = one.readMessage();
            }
            assertThat(frame.status()).isEqualTo(1008);
        }
    }

    @Test
    @DisplayName("A9 a broadcast of 5 MiB to a hundred who do not read is kept once")
    void largeBroadcastIsKeptOnce() throws IOException {
        assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "the memory of the process can be told");
        AtomicReference<Hub> hub = new AtomicReference<>();
        RunningServer server = start(config().app("/news", session -> {
            hub.set(session.hub());
            return new Ears(new ConcurrentLinkedQueue<>());
        }));
        List<WsClient> deaf = connect(server, "/news", 100, 4 * 1024);
        long before = residentBytes();
        hub.get().app("/news").send(numbered(7, 5 * 1024 * 1024));
        // the first bytes of each are there, so the rest of each waits
        deaf.forEach(client -> assertThat(client.socket().readOnce(2)).hasSizeBetween(1, 2));
        assertThat(residentBytes() - before)
                .as("bytes more than before, of 500 MiB that wait")
                .isLessThan(150L * 1024 * 1024);
    }

    @Test
    @DisplayName("S5 R6 a thousand slow ones of all kinds take little memory and nobody's time")
    void thousandSlowOnesOfAllKinds() {
        assumeTrue(type.wire() == Wire.PLAIN, "the engines of TLS clients would be in the same heap");
        Timeouts patient = timeouts(120_000, 60_000, 1000, 120_000, 120_000);
        RunningServer server = start(config().timeouts(patient)
                .limits(Limits.DEFAULT.queuedBytes(16 * 1024))
                .app("/echo", ECHO)
                .app("/flood", FaultContract::flood));
        byte[] request = WsClient.request("/echo");
        byte[] frame = WsClient.frame(WsClient.BINARY, new byte[5 * 1024 * 1024]);
        List<WsClient> quick = connect(server, "/echo", 4, 0);
        comeAndGo(server, 8);
        long before = heapBytes();

        for (int i = 0; i < 1000; i++) {
            switch (i % 5) {
                case 0 -> keep(RawClient.connect(type.wire(), server.port()));
                case 1 -> keep(RawClient.connect(type.wire(), server.port())).send(request, 0, request.length - 3);
                // a header that announces 5 MiB, and nothing of them
                case 2 -> connect(server, "/echo").socket().send(frame, 0, 14);
                case 3 -> connect(server, "/echo").socket().send(frame, 0, 14 + 1000);
                default -> connect(server, "/flood", 4 * 1024);
            }
        }
        Await.until("all of them", () -> server.connections() == 1004);
        for (int round = 0; round < 50; round++) {
            for (WsClient client : quick) {
                client.echo("round " + round);
            }
        }
        // of the budget of each, 16 KiB of output and the head of a request, though clients live in this heap, too
        assertThat(heapBytes() - before).as("bytes of heap for all").isLessThan(1000L * 24 * 1024);
        assertThat(server.connections()).isEqualTo(1004);
    }

    @Test
    @DisplayName("R6 a connection that does nothing takes at most 4 KiB of heap, its client included")
    void idleConnectionsTakeLittle() throws IOException {
        assumeTrue(type.wire() == Wire.PLAIN, "the engines of TLS clients would be in the same heap");
        RunningServer server = start(config().app("/echo", ECHO));
        comeAndGo(server, 100);
        int number = 1000;
        List<SmallClient> clients = new ArrayList<>(number);
        long before = heapBytes();
        for (int i = 0; i < number; i++) {
            SmallClient client = SmallClient.connect(server.port(), "/echo");
            toClose.add(client);
            clients.add(client);
        }
        long each = (heapBytes() - before) / number;
        assertThat(clients).hasSize(number);
        assertThat(each).as("bytes of heap each").isLessThan(4 * 1024);
    }

    // ---- peers that are gone

    @Test
    @DisplayName("P4 a peer that is gone without a word is noticed, with nothing on its way to it and with much")
    void blackHoleIsNoticed() {
        Queue<CloseStatus> ends = new ConcurrentLinkedQueue<>();
        Timeouts quick = timeouts(60_000, 500, 500, 1000, 8000);
        RunningServer server = start(config().timeouts(quick)
                .app("/quiet", session -> new Ears(ends))
                .app("/flood", session -> {
                    fill(session);
                    return new Ears(ends);
                }));
        // their kernel takes what it has room for; nobody ever looks at it, or answers a ping
        connect(server, "/quiet", 20, 4 * 1024);
        connect(server, "/flood", 20, 4 * 1024);
        Await.until("the end of all", () -> server.connections() == 0);
        assertThat(ends).extracting(CloseStatus::code).hasSize(40).containsOnly(1008);
        assertThat(server.sessions()).isZero();
    }

    @Test
    @DisplayName("R4 C9 resets by the thousand, from eight threads and at every moment, harm nobody else")
    void resetsByTheThousand() {
        AtomicInteger opened = new AtomicInteger();
        AtomicInteger closed = new AtomicInteger();
        RunningServer server = start(config().app("/echo", ECHO).app("/storm", session -> {
            opened.incrementAndGet();
            fill(session);
            return new Ears(new ConcurrentLinkedQueue<>()) {
                @Override
                public void onClose(Session one, CloseStatus status) {
                    closed.incrementAndGet();
                }
            };
        }));
        WsClient calm = connect(server, "/echo");
        byte[] request = WsClient.request("/storm");
        // over TLS each costs two signatures, and the keys of a handshake
        int resets = type.wire() == Wire.TLS ? 60 : 250;
        List<CompletableFuture<Void>> storm = IntStream.range(0, 8)
                .mapToObj(thread -> Aside.run(() -> {
                    for (int i = 0; i < resets; i++) {
                        RawClient client = RawClient.connect(type.wire(), server.port());
                        client.send(request, 0, i % 2 == 0 ? request.length : i % request.length);
                        if (i % 4 == 0) {
                            client.readOnce(1 + i);
                        }
                        client.reset();
                    }
                }))
                .toList();
        for (int i = 0; storm.stream().anyMatch(one -> !one.isDone()); i++) {
            calm.echo("echo " + i);
        }
        storm.forEach(Await::result);
        Await.until("the end of all but one", () -> server.connections() == 1);
        assertThat(server.sessions()).isOne();
        assertThat(opened).hasValueGreaterThan(0);
        assertThat(closed).hasValue(opened.get());
        calm.leave();
    }

    @Test
    @DisplayName("F11 P1 a client that is cut in the middle of a flood reads why")
    void floodIsCutWithAReason() {
        RunningServer server = start(config().app("/echo", ECHO));
        WsClient pings = connect(server, "/echo");
        WsClient fragments = connect(server, "/echo");
        byte[] ping = WsClient.frame(WsClient.PING, new byte[100]);
        byte[] first = WsClient.frame(WsClient.BINARY, new byte[1]);
        first[0] = WsClient.BINARY;
        byte[] next = WsClient.frame(0, new byte[1]);
        next[0] = 0;
        fragments.socket().send(first);
        List<CompletableFuture<Void>> floods = List.of(
                Aside.run(() -> pings.socket().send(repeated(ping, 8 * 1024 * 1024))),
                Aside.run(() -> fragments.socket().send(repeated(next, 8 * 1024 * 1024))));
        for (WsClient client : List.of(pings, fragments)) {
            Frame frame = client.readFrame();
            while (frame.opcode() == WsClient.PONG) {
                frame = client.readFrame();
            }
            assertThat(frame.status()).isEqualTo(1008);
            client.readEnd();
        }
        floods.forEach(Await::result);
    }

    private static byte[] repeated(byte[] frame, int length) {
        byte[] all = new byte[length / frame.length * frame.length];
        for (int at = 0; at < all.length; at += frame.length) {
            System.arraycopy(frame, 0, all, at, frame.length);
        }
        return all;
    }

    // ---- apps that block

    @Test
    @DisplayName(
            "A11 an app that blocks an event loop for ever stops that loop's connections and no others, and not the shutdown")
    void appThatBlocksForEver() {
        CountDownLatch goOn = new CountDownLatch(1);
        toClose.add(goOn::countDown);
        Timeouts soon = timeouts(60_000, 30_000, 500, 10_000, 1000);
        Queue<Thread> blocked = new ConcurrentLinkedQueue<>();
        AtomicInteger loops = new AtomicInteger();
        RunningServer server = type(config().timeouts(soon)
                .app(
                        "/where",
                        session -> (one, message) ->
                                one.send(Thread.currentThread().getName()))
                .app("/block", session -> (one, message) -> {
                    blocked.add(Thread.currentThread());
                    Await.latch(goOn);
                }));
        List<WsClient> all = connect(server, "/where", 6, 0);
        List<String> threads = new ArrayList<>();
        for (WsClient client : all) {
            client.send("where?");
            threads.add(client.readMessage().text());
        }
        loops.set((int) threads.stream().distinct().count());
        assertThat(loops).hasValue(2);

        connect(server, "/block").send("now");
        Await.until("the block", () -> !blocked.isEmpty());
        String stuck = blocked.element().getName();
        for (int i = 0; i < all.size(); i++) {
            if (!threads.get(i).equals(stuck)) {
                all.get(i).send("still there?");
                assertThat(all.get(i).readMessage().text()).isEqualTo(threads.get(i));
            }
        }
        Await.result(server.shutdown());
    }

    // ---- small things

    /** Starts a server that is told to end by the test itself. */
    private RunningServer type(ServerConfig.Builder config) {
        try {
            return type.start(config.build());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private RunningServer start(ServerConfig.Builder config) {
        return toClose.add(type(config));
    }

    /** In milliseconds; a frame that does not go on has as long as the head of a request, and so has a TLS handshake. */
    private static Timeouts timeouts(int head, int ping, int close, int writeStall, int drain) {
        return new Timeouts(
                Duration.ofMillis(head),
                Duration.ZERO,
                Duration.ofMillis(ping),
                Duration.ofMillis(close),
                Duration.ofMillis(writeStall),
                Duration.ofMillis(head),
                Duration.ofMillis(drain),
                Duration.ofMillis(head));
    }

    private ServerConfig.Builder config() {
        ServerConfig.Builder config = type.wire() == Wire.TLS
                ? ServerConfig.at("wss://127.0.0.1:0").tls(TestTls.server())
                : ServerConfig.at("ws://127.0.0.1:0");
        // clients come a thousand at once, and each has its handshake in time
        return config.eventLoops(2).timeouts(timeouts(60_000, 30_000, 5000, 10_000, 8000));
    }

    private WsClient connect(RunningServer server, String path) {
        return connect(server, path, 0);
    }

    private WsClient connect(RunningServer server, String path, int receiveBytes) {
        return toClose.add(WsClient.connect(type.wire(), server.port(), path, receiveBytes));
    }

    private List<WsClient> connect(RunningServer server, String path, int number, int receiveBytes) {
        return Stream.generate(() -> connect(server, path, receiveBytes))
                .limit(number)
                .toList();
    }

    private RawClient keep(RawClient client) {
        return toClose.add(client);
    }

    private void comeAndGo(RunningServer server, int times) {
        for (int i = 0; i < times; i++) {
            WsClient client = WsClient.connect(type.wire(), server.port(), "/echo");
            client.echo("and gone");
            client.leave();
        }
    }

    private static Message numbered(int number, int length) {
        return Message.binary(ByteBuffer.allocate(length).putInt(0, number));
    }

    private static int number(Frame frame) {
        return ByteBuffer.wrap(frame.payload()).getInt();
    }

    private static Listener flood(Session session) {
        fill(session);
        return new Ears(new ConcurrentLinkedQueue<>());
    }

    private static void fill(Session session) {
        ByteBuffer much = ByteBuffer.allocate(FILL_BYTES);
        while (session.send(much) == SendResult.SENT) {
            // until it has to wait
        }
    }

    private static long heapBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    private static long residentBytes() throws IOException {
        System.gc();
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IOException("/proc/self/status does not name VmRSS");
    }

    /** Hears, and says nothing. */
    private static class Ears implements Listener {

        private final Queue<CloseStatus> ends;

        Ears(Queue<CloseStatus> ends) {
            this.ends = ends;
        }

        @Override
        public void onMessage(Session session, Message message) {}

        @Override
        public void onClose(Session session, CloseStatus status) {
            ends.add(status);
        }
    }
}
