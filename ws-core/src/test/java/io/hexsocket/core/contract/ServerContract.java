package io.hexsocket.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.contract.RawClient.End;
import io.hexsocket.core.contract.TransportUnderTest.RunningServer;
import io.hexsocket.core.contract.WsClient.Frame;
import io.hexsocket.core.port.host.ServerListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What clients and apps may rely on, whatever transport the server runs on: core and transport together, over real sockets on
 * loopback. A transport extends this class and adds nothing.
 */
public abstract class ServerContract {

    private static final App ECHO = session -> Session::send;

    private final TransportUnderTest type;

    @RegisterExtension
    final Opened toClose = new Opened();

    /** The contract for servers on one transport. */
    protected ServerContract(TransportUnderTest type) {
        this.type = type;
    }

    @Test
    @DisplayName("N8 a listener that throws in every callback leaves no client hanging")
    void throwingListener() {
        ServerListener throwing = (ServerListener) Proxy.newProxyInstance(
                ServerListener.class.getClassLoader(), new Class<?>[] {ServerListener.class}, (self, method, args) -> {
                    throw new IllegalStateException("thrown on purpose in " + method.getName());
                });
        RunningServer server = start(config().app("/echo", ECHO).listener(throwing));
        for (int i = 0; i < 3; i++) {
            WsClient client = connect(server, "/echo");
            client.echo("a");
            client.leave();
        }
    }

    @Test
    @DisplayName("X6 N1 N2 H13 what a browser, a health check and a client with a random key see of the defaults")
    void defaultsOnTheWire() {
        RunningServer server = start(config().app("/echo", ECHO));
        assertThat(statusOf(server, "GET /echo HTTP/1.1", "Host: localhost")).isEqualTo(426);
        assertThat(statusOf(server, "HEAD /echo HTTP/1.0")).isEqualTo(426);
        assertThat(statusOf(server, "GET /nothing HTTP/1.0")).isEqualTo(404);
        String[] handshake = {
            "GET /echo HTTP/1.1",
            "Host: example.org",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEC=="
        };
        assertThat(statusOf(server, handshake)).isEqualTo(101);
        assertThat(statusOf(server, with(handshake, "Origin: https://evil.example")))
                .isEqualTo(403);
        String own = (type.wire() == Wire.TLS ? "https" : "http") + "://example.org";
        assertThat(statusOf(server, with(handshake, "Origin: " + own))).isEqualTo(101);
    }

    private int statusOf(RunningServer server, String... lines) {
        RawClient client = toClose.add(RawClient.connect(type.wire(), server.port()));
        client.send((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        String start = new String(client.read("HTTP/1.1 200".length()), StandardCharsets.US_ASCII);
        assertThat(start).startsWith("HTTP/1.1 ");
        return Integer.parseInt(start.substring("HTTP/1.1 ".length()));
    }

    private static String[] with(String[] lines, String line) {
        String[] more = Arrays.copyOf(lines, lines.length + 1);
        more[lines.length] = line;
        return more;
    }

    private RunningServer start(ServerConfig.Builder config) {
        try {
            return toClose.add(type.start(config.build()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private ServerConfig.Builder config() {
        return type.wire() == Wire.TLS
                ? ServerConfig.at("wss://127.0.0.1:0").tls(TestTls.server()).eventLoops(2)
                : ServerConfig.at("ws://127.0.0.1:0").eventLoops(2);
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

    // ---- clients that do not read

    @Test
    void twoHundredClientsDoNotNoticeTheOneThatDoesNotRead() {
        RunningServer server = start(config().app("/echo", ECHO));
        // more than the kernel may keep for a connection, which is 32 MiB to read and 4 MiB to write on some machines
        int floods = 800;
        byte[] flood = Bytes.random(64 * 1024, 1);
        WsClient deaf = connect(server, "/echo", 16 * 1024);
        CompletableFuture<Void> flooding = Aside.run(() -> {
            for (int i = 0; i < floods; i++) {
                deaf.sendBinary(flood);
            }
        });
        List<WsClient> clients = connect(server, "/echo", 200, 0);
        IntStream.range(0, 8)
                .mapToObj(worker -> Aside.run(() -> {
                    for (int round = 0; round < 20; round++) {
                        for (int i = worker; i < clients.size(); i += 8) {
                            clients.get(i).echo("round " + round + " of client " + i);
                        }
                    }
                }))
                .toList()
                .forEach(Await::result);

        assertThat(flooding)
                .as("the server reads no more from a client that does not read")
                .isNotDone();
        for (int i = 0; i < floods; i++) {
            Bytes.assertSame(deaf.readMessage().payload(), flood);
        }
        Await.result(flooding);
        deaf.leave();
        clients.forEach(WsClient::leave);
    }

    @Test
    @DisplayName("S3 one of a hundred does not read a broadcast")
    void clientThatDoesNotReadABroadcastIsCutAndTheOthersLoseNothing() {
        AtomicReference<Hub> hub = new AtomicReference<>();
        Queue<CloseStatus> ends = new ConcurrentLinkedQueue<>();
        RunningServer server = start(config().app("/news", session -> {
            hub.set(session.hub());
            return onClose(ends);
        }));
        WsClient deaf = connect(server, "/news", 4 * 1024);
        List<WsClient> readers = connect(server, "/news", 99, 0);
        AtomicIntegerArray read = new AtomicIntegerArray(readers.size());
        AtomicInteger last = new AtomicInteger(-1);
        List<CompletableFuture<Void>> reading = IntStream.range(0, readers.size())
                .mapToObj(i -> Aside.run(() -> {
                    for (int number = 0; number != last.get(); number++) {
                        assertThat(number(readers.get(i).readMessage())).isEqualTo(number);
                        read.set(i, number + 1);
                    }
                }))
                .toList();

        // as fast as those who read can: never more than half of what may wait for one of them
        int sent = 0;
        for (; ends.isEmpty(); sent++) {
            assertThat(sent).as("messages of 16 KiB without a cut").isLessThan(5000);
            int due = sent - 32;
            Await.until("readers at message " + due, () -> slowest(read) >= due);
            hub.get().app("/news").send(message(sent));
        }
        last.set(sent + 1);
        hub.get().app("/news").send(message(sent));
        reading.forEach(Await::result);

        assertThat(ends).extracting(CloseStatus::code).containsExactly(1008);
        Frame frame = deaf.readMessage();
        for (int number = 0; frame.opcode() == WsClient.BINARY; number++) {
            assertThat(number(frame)).isEqualTo(number);
            frame = deaf.readMessage();
        }
        assertThat(frame.opcode()).isEqualTo(WsClient.CLOSE);
        assertThat(frame.status()).isEqualTo(1008);
        deaf.readEnd();
        readers.forEach(WsClient::leave);
    }

    private static Message message(int number) {
        return Message.binary(ByteBuffer.allocate(16 * 1024).putInt(0, number));
    }

    private static int number(Frame frame) {
        return ByteBuffer.wrap(frame.payload()).getInt();
    }

    private static int slowest(AtomicIntegerArray read) {
        return IntStream.range(0, read.length()).map(read::get).min().orElseThrow();
    }

    @Test
    @DisplayName("S3 output stalls")
    void clientThatReadsNothingForTooLongIsCutEvenIfLittleWaitsForIt() {
        Queue<CloseStatus> ends = new ConcurrentLinkedQueue<>();
        RunningServer server = start(
                config().timeouts(timeouts(5000, 500, 500, 8000)).app("/news", session -> filling(session, ends)));
        WsClient deaf = connect(server, "/news", 4 * 1024);
        Await.until("the cut", () -> !ends.isEmpty());
        assertThat(ends).extracting(CloseStatus::code).containsExactly(1008);
        Await.until("the end of the connection", () -> server.connections() == 0);
        assertThat(deaf.socket().awaitEnd()).isEqualTo(End.RST);
    }

    // ---- broadcasts

    @Test
    void broadcastsOfSeveralSendersReachAllOthersWholeAndInTheirOrder() {
        int clients = 20;
        int messages = 60;
        // readers that fall behind are not what this is about
        Limits limits = Limits.DEFAULT.queuedBytes(64 * 1024 * 1024);
        RunningServer server = start(config().eventLoops(3)
                .limits(limits)
                .app(
                        "/all",
                        session -> (sender, message) -> sender.hub().app("/all").send(message, sender)));
        List<WsClient> all = connect(server, "/all", clients, 0);
        List<CompletableFuture<Void>> reading = IntStream.range(0, clients)
                .mapToObj(reader -> Aside.run(() -> {
                    int[] next = new int[clients];
                    for (int i = 0; i < (clients - 1) * messages; i++) {
                        String[] words = all.get(reader).readMessage().text().split(" ", 3);
                        int sender = Integer.parseInt(words[0]);
                        int number = Integer.parseInt(words[1]);
                        assertThat(sender).isNotEqualTo(reader);
                        assertThat(number).isEqualTo(next[sender]++);
                        assertThat(words[2]).isEqualTo(filling(sender, number));
                    }
                }))
                .toList();
        IntStream.range(0, 4)
                .mapToObj(worker -> Aside.run(() -> {
                    for (int number = 0; number < messages; number++) {
                        for (int sender = worker; sender < clients; sender += 4) {
                            all.get(sender).send(sender + " " + number + " " + filling(sender, number));
                        }
                    }
                }))
                .toList()
                .forEach(Await::result);
        reading.forEach(Await::result);
        all.forEach(WsClient::leave);
    }

    private static String filling(int sender, int number) {
        int length = number % 20 == 7 ? 20_000 : (sender * 31 + number * 17) % 500;
        return String.valueOf((char) ('a' + (sender + number) % 26)).repeat(length);
    }

    // ---- threads

    // -Dsends=100000 is a soak
    private static final int SENDS = Integer.getInteger("sends", 2_000);

    @Test
    @DisplayName("A12 C7 sixteen threads send, ping and close")
    void whatOneThreadSendsArrivesWholeAndInItsOrderAndTheCloseFrameIsLast() {
        int threads = 16;
        AtomicIntegerArray taken = new AtomicIntegerArray(threads);
        AtomicInteger closes = new AtomicInteger();
        List<CompletableFuture<Void>> senders = Collections.synchronizedList(new ArrayList<>());
        RunningServer server = start(config().app("/flood", session -> {
            CountDownLatch due = new CountDownLatch(threads / 2);
            for (int i = 0; i < threads; i++) {
                int thread = i;
                // one half closes, at once; the other goes on until it is told that the session is closed
                senders.add(Aside.call(() -> {
                    boolean closer = thread % 2 == 0;
                    while ((!closer || taken.get(thread) < SENDS) && send(session, thread, taken.get(thread))) {
                        taken.incrementAndGet(thread);
                    }
                    if (closer) {
                        due.countDown();
                        due.await();
                        session.close(new CloseStatus(4000, "all is sent"));
                    }
                    return null;
                }));
            }
            return new Listener() {
                @Override
                public void onMessage(Session one, Message message) {}

                @Override
                public void onClose(Session one, CloseStatus status) {
                    closes.incrementAndGet();
                }
            };
        }));
        WsClient client = connect(server, "/flood");
        int[] next = new int[threads];
        Frame frame = client.readMessage();
        while (frame.opcode() == WsClient.BINARY) {
            ByteBuffer message = ByteBuffer.wrap(frame.payload());
            int thread = message.getInt();
            int number = message.getInt();
            assertThat(number).as("of thread %d", thread).isEqualTo(next[thread]++);
            assertThat(message.remaining()).isEqualTo(length(thread, number));
            while (message.hasRemaining()) {
                if (message.get() != (byte) (thread + number)) {
                    throw new AssertionError("message " + number + " of thread " + thread + " is torn");
                }
            }
            frame = client.readMessage();
        }
        assertThat(frame.status()).isEqualTo(4000);
        client.sendClose(4000);
        client.readEnd();
        senders.forEach(Await::result);
        for (int thread = 0; thread < threads; thread++) {
            assertThat(next[thread])
                    .as("what came of thread %d is what it was told is sent", thread)
                    .isEqualTo(taken.get(thread))
                    .isGreaterThanOrEqualTo(thread % 2 == 0 ? SENDS : 0);
        }
        Await.until("onClose", () -> closes.get() > 0);
        assertThat(closes).hasValue(1);
        client.close();
    }

    /** Sends until it is taken; false if the session is closed. */
    private static boolean send(Session session, int thread, int number) {
        byte[] payload = new byte[8 + length(thread, number)];
        Arrays.fill(payload, (byte) (thread + number));
        ByteBuffer message = ByteBuffer.wrap(payload).putInt(0, thread).putInt(4, number);
        if (number % 100 == 99) {
            session.ping(ByteBuffer.allocate(thread));
        }
        SendResult result = session.send(message);
        while (result == SendResult.FULL) {
            // as an app would that has nothing better to do
            Thread.onSpinWait();
            result = session.send(message);
        }
        // what was sent is the server's own
        Arrays.fill(payload, (byte) 0xEE);
        return result.accepted();
    }

    private static int length(int thread, int number) {
        return number % 500 == 250 ? 10_000 : (thread * 31 + number * 17) % 60;
    }

    @Test
    void slowAppOnAnExecutorStopsTheReadingAndGetsEverythingInTheEnd() {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        toClose.add(executor::shutdownNow);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Queue<Integer> got = new ConcurrentLinkedQueue<>();
        App slow = session -> (one, message) -> {
            begun.countDown();
            release.await();
            got.add(message.bytes().getInt());
        };
        RunningServer server = start(config().app("/slow", slow.with(AppOptions.DEFAULT.executor(executor)))
                .app("/echo", ECHO));
        WsClient flooding = connect(server, "/slow");
        int messages = 3000;
        AtomicInteger sent = new AtomicInteger();
        CompletableFuture<Void> sending = Aside.run(() -> {
            for (int i = 0; i < messages; i++) {
                flooding.sendBinary(ByteBuffer.allocate(16 * 1024).putInt(0, i).array());
                sent.incrementAndGet();
            }
        });
        Await.latch(begun);
        awaitStandstill(sent);
        assertThat(sending).as("sending 48 MB to an app that does nothing").isNotDone();
        connect(server, "/echo").echo("others are served");

        release.countDown();
        Await.result(sending);
        Await.until("all messages", () -> got.size() == messages);
        assertThat(List.copyOf(got))
                .isEqualTo(IntStream.range(0, messages).boxed().toList());
        flooding.leave();
    }

    /** Waits until a number has not changed for a second. */
    private static void awaitStandstill(AtomicInteger number) {
        int[] seen = {number.get()};
        AtomicLong since = new AtomicLong(System.nanoTime());
        Await.until("a standstill", () -> {
            if (number.get() != seen[0]) {
                seen[0] = number.get();
                since.set(System.nanoTime());
            }
            return System.nanoTime() - since.get() > TimeUnit.SECONDS.toNanos(1);
        });
    }

    @Test
    void connectionsAreSpreadEvenlyOverTheLoops() {
        Map<Thread, AtomicInteger> opened = new ConcurrentHashMap<>();
        RunningServer server = start(config().eventLoops(4).app("/echo", session -> {
            opened.computeIfAbsent(Thread.currentThread(), thread -> new AtomicInteger())
                    .incrementAndGet();
            return Session::send;
        }));
        List<WsClient> clients = connect(server, "/echo", 400, 0);
        clients.forEach(client -> client.echo("there"));
        assertThat(server.sessions()).isEqualTo(400);
        assertThat(opened).hasSize(4);
        assertThat(opened.values())
                .allSatisfy(number -> assertThat(number.get()).isBetween(90, 110));
    }

    // ---- deadlines, by the transport's ticks

    @Test
    @DisplayName("H5 C6 deadlines")
    void clientsThatDoNothingAreClosedWhenTheirTimeHasPassed() {
        App closes = session -> {
            session.close();
            return Session::send;
        };
        RunningServer server =
                start(config().timeouts(timeouts(500, 500, 10_000, 8000)).app("/close", closes));
        RawClient silent = RawClient.connect(type.wire(), server.port());
        toClose.add(silent);
        WsClient unanswering = connect(server, "/close");

        assertThat(silent.readToEnd()).isEmpty();
        assertThat(unanswering.readMessage().opcode()).isEqualTo(WsClient.CLOSE);
        unanswering.socket().awaitEnd();
        Await.until("no connection", () -> server.connections() == 0);
    }

    // ---- the end of a server

    @Test
    @DisplayName("O1 the end under load")
    void closeUnderLoadTellsEveryoneFreesThePortAtOnceAndEndsInTime() {
        RunningServer server = start(config().timeouts(timeouts(30_000, 30_000, 30_000, 3000))
                .app("/echo", ECHO)
                .app("/flood", session -> filling(session, new ConcurrentLinkedQueue<>())));
        List<WsClient> deaf = connect(server, "/flood", 50, 4 * 1024);
        List<RawClient> halfOpen = Stream.generate(() -> RawClient.connect(type.wire(), server.port()))
                .limit(20)
                .toList();
        halfOpen.forEach(toClose::add);
        byte[] request = WsClient.request("/echo");
        halfOpen.forEach(client -> client.send(request, 0, 50));
        AtomicInteger echoes = new AtomicInteger();
        List<CompletableFuture<Frame>> busy = connect(server, "/echo", 60, 0).stream()
                .map(client -> Aside.call(() -> {
                    for (int i = 0; ; i++) {
                        client.send("message " + i);
                        Frame frame = client.readMessage();
                        if (frame.opcode() == WsClient.CLOSE) {
                            client.sendClose(frame.status());
                            client.readEnd();
                            return frame;
                        }
                        assertThat(frame.text()).isEqualTo("message " + i);
                        echoes.incrementAndGet();
                    }
                }))
                .toList();
        Await.until("load", () -> echoes.get() > 2000 && server.connections() == 130);

        long before = System.nanoTime();
        CompletableFuture<Void> ended = server.shutdown();
        CompletableFuture.anyOf(busy.toArray(CompletableFuture<?>[]::new)).join();
        assertThat(isFree(server.port())).as("the port is free").isTrue();
        for (CompletableFuture<Frame> client : busy) {
            assertThat(Await.result(client).status()).isEqualTo(1001);
        }
        for (RawClient client : halfOpen) {
            assertThat(new String(client.readToEnd(), java.nio.charset.StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 503 ");
        }
        Await.result(ended);
        assertThat(System.nanoTime() - before)
                .as("nanoseconds, of which clients that do not read had three seconds")
                .isLessThan(TimeUnit.SECONDS.toNanos(13));
        deaf.forEach(client -> client.socket().awaitEnd());
        assertThat(server.connections()).isZero();
        assertThat(server.sessions()).isZero();
    }

    @Test
    @DisplayName("a drain closes each client with 1012 behind its queue, spread evenly, and frees the port at once")
    void drainSpreadsItsClientsEvenlyAndCutsNobody() {
        int number = type.wire() == Wire.TLS ? 40 : 150;
        Queue<Long> told = new ConcurrentLinkedQueue<>();
        AtomicInteger answered = new AtomicInteger();
        byte[] waiting = Bytes.random(64 * 1024, 7);
        RunningServer server = start(config().app("/news", session -> new Listener() {
            @Override
            public void onMessage(Session one, Message message) {
                one.send(ByteBuffer.wrap(waiting));
                answered.incrementAndGet();
            }

            @Override
            public void onServiceRestart(Session one, Duration reconnectIn) {
                told.add(System.nanoTime());
                one.send("back in " + reconnectIn.toMillis());
            }
        }));
        List<WsClient> clients = connect(server, "/news", number, 4 * 1024);
        clients.forEach(client -> client.send("news?"));
        Await.until("answers", () -> answered.get() == number);

        long begun = System.nanoTime();
        CompletableFuture<Void> drained =
                server.server().drain(Duration.ofSeconds(1)).toCompletableFuture();
        Await.until("the port is free", () -> isFree(server.port()));
        List<CompletableFuture<Void>> leaving = clients.stream()
                .map(client -> Aside.run(() -> {
                    assertThat(client.readMessage().payload()).isEqualTo(waiting);
                    assertThat(client.readMessage().text()).startsWith("back in ");
                    assertThat(client.readMessage().status()).isEqualTo(1012);
                    client.sendClose(1012);
                    client.readEnd();
                }))
                .toList();
        leaving.forEach(Await::result);
        Await.result(drained);

        assertThat(told).hasSize(number);
        // four batches, of which a busy machine may do two at once, but not all
        assertThat(told.stream().filter(time -> time - begun > TimeUnit.MILLISECONDS.toNanos(400)))
                .hasSizeGreaterThan(number / 4);
        assertThat(server.connections()).isZero();
    }

    @Test
    void shutdownCutsADrainShort() {
        RunningServer server = start(config().app("/echo", ECHO));
        List<WsClient> clients = connect(server, "/echo", 20, 0);
        CompletableFuture<Void> drained =
                server.server().drain(Duration.ofHours(1)).toCompletableFuture();
        Await.until("the port is free", () -> isFree(server.port()));
        clients.get(0).echo("still served");
        CompletableFuture<Void> ended = server.shutdown();
        for (WsClient client : clients) {
            assertThat(client.readMessage().status()).isIn(1001, 1012);
            client.sendClose(1001);
            client.readEnd();
        }
        Await.result(ended);
        Await.result(drained);
        assertThat(server.connections()).isZero();
    }

    @Test
    void shutdownInADrainCutsThoseWhoDoNotEndInTime() {
        RunningServer server =
                start(config().timeouts(timeouts(30_000, 30_000, 30_000, 500)).app("/echo", ECHO));
        List<WsClient> deaf = connect(server, "/echo", 5, 0);
        server.server().drain(Duration.ofHours(1));
        Await.result(server.shutdown());
        deaf.forEach(client -> client.socket().awaitEnd());
        assertThat(server.connections()).isZero();
    }

    private static boolean isFree(int port) {
        try (ServerSocket another = new ServerSocket()) {
            another.setReuseAddress(true);
            another.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    @Test
    void shutdownFromAnEventLoopIsFine() {
        AtomicReference<RunningServer> running = new AtomicReference<>();
        RunningServer server = start(
                config().app("/stop", session -> (one, message) -> running.get().shutdown()));
        running.set(server);
        WsClient client = connect(server, "/stop");
        client.send("stop");
        assertThat(client.readMessage().status()).isEqualTo(1001);
        client.sendClose(1001);
        client.readEnd();
        Await.result(server.shutdown());
    }

    /** Where an app may be when there is no memory left. */
    private enum Place {
        CALLBACK,
        CALLBACK_ON_AN_EXECUTOR,
        OPENING_REQUEST,
        OPENING_REQUEST_THAT_IS_ANSWERED_LATER;

        App app(ExecutorService executor) {
            Supplier<OutOfMemoryError> error = () -> new OutOfMemoryError("as this test wants it");
            return switch (this) {
                case CALLBACK ->
                    session -> (one, message) -> {
                        throw error.get();
                    };
                case CALLBACK_ON_AN_EXECUTOR -> CALLBACK.app(executor).with(AppOptions.DEFAULT.executor(executor));
                case OPENING_REQUEST ->
                    onRequest(request -> {
                        throw error.get();
                    });
                case OPENING_REQUEST_THAT_IS_ANSWERED_LATER ->
                    onRequest(request -> Admission.later(CompletableFuture.supplyAsync(
                            () -> {
                                throw error.get();
                            },
                            executor)));
            };
        }

        private static App onRequest(Function<OpeningRequest, Admission> answer) {
            return new App() {
                @Override
                public Admission onRequest(OpeningRequest request) {
                    return answer.apply(request);
                }

                @Override
                public Listener onOpen(Session session) {
                    return (one, message) -> {};
                }
            };
        }

        boolean isAfterOpening() {
            return this == CALLBACK || this == CALLBACK_ON_AN_EXECUTOR;
        }
    }

    @ParameterizedTest(
            name =
                    "M8 an OutOfMemoryError of an app in a {0} is told to the host''s listener, and ends that server in order")
    @EnumSource
    void outOfMemory(Place place) {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        toClose.add(executor::shutdownNow);
        Queue<Error> told = new ConcurrentLinkedQueue<>();
        RunningServer server = start(
                config().app("/echo", ECHO).app("/fails", place.app(executor)).listener(new ServerListener() {
                    @Override
                    public void onFatal(Error error) {
                        told.add(error);
                        throw new IllegalStateException("a listener that fails keeps no server alive");
                    }
                }));
        List<WsClient> others = connect(server, "/echo", 4, 0);
        others.forEach(other -> other.echo("before"));
        if (place.isAfterOpening()) {
            connect(server, "/fails").send("go");
        } else {
            toClose.add(RawClient.connect(type.wire(), server.port())).send(WsClient.request("/fails"));
        }

        for (WsClient other : others) {
            assertThat(other.readMessage().status()).isEqualTo(1001);
            other.sendClose(1001);
            other.readEnd();
        }
        assertThat(told).singleElement().isInstanceOf(OutOfMemoryError.class);
        Await.result(server.shutdown());
        assertThat(server.connections()).isZero();
        assertThat(isFree(server.port())).as("the port is free").isTrue();
    }

    // ---- nothing is left behind

    @Test
    void countersAreBackAtZeroHoweverClientsLeave() {
        App named = new App() {
            @Override
            public Admission onRequest(OpeningRequest request) {
                return Admission.accept(() -> "somebody").ident("ident");
            }

            @Override
            public Listener onOpen(Session session) {
                session.alias("alias of " + session.id());
                session.subscribe("topic");
                return Session::send;
            }
        };
        RunningServer server =
                start(config().timeouts(timeouts(5000, 500, 10_000, 8000)).app("/named", named));
        for (int i = 0; i < 60; i++) {
            WsClient client = connect(server, "/named");
            client.echo("here");
            switch (i % 6) {
                case 0 -> client.leave();
                case 1 -> client.socket().reset();
                case 2 -> client.close();
                case 3 -> client.socket().endOutput();
                case 4 -> client.socket().send(new byte[] {(byte) 0xFF, 0, 1, 2, 3});
                default -> client.socket().send(new byte[] {(byte) 0x81, (byte) 0xFE}); // and stays
            }
        }
        Await.until("the end of all but those who stay", () -> server.connections() == 10);
        assertThat(server.sessions()).isEqualTo(10);
        assertThat(server.names()).isEqualTo(21);

        Await.result(server.shutdown());
        assertThat(server.connections()).isZero();
        assertThat(server.sessions()).isZero();
        assertThat(server.names()).isZero();
    }

    @Test
    @DisplayName("R5 ten thousand connections come and go")
    void tenThousandConnectionsLeaveNothing() {
        assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "descriptors can be counted");
        RunningServer server =
                start(config().timeouts(timeouts(30_000, 5000, 10_000, 8000)).app("/echo", ECHO));
        comeAndGo(server, 1000);
        Await.until("no connection", () -> server.connections() == 0);
        int threads = threads();
        long descriptors = descriptors();
        long memory = memory();

        comeAndGo(server, 10_000);
        Await.until("no connection", () -> server.connections() == 0);
        assertThat(server.sessions()).isZero();
        assertThat(server.names()).isZero();
        // a handful may have been opened by the virtual machine
        Await.until("no descriptor", () -> descriptors() <= descriptors + 5);
        assertThat(threads()).isLessThanOrEqualTo(threads + 1);
        if (type.wire() == Wire.PLAIN) {
            // the clients of TLS remember every session. What classes and compiled code take is less than this
            Await.until("100 bytes or less of each", () -> memory() <= memory + 10_000 * 100);
        }
    }

    private void comeAndGo(RunningServer server, int times) {
        for (int i = 0; i < times; i++) {
            switch (i % 5) {
                case 0 -> RawClient.connect(type.wire(), server.port()).reset();
                case 1 -> {
                    RawClient client = RawClient.connect(type.wire(), server.port());
                    client.send(WsClient.request("/echo"));
                    client.reset();
                }
                case 2 -> RawClient.connect(type.wire(), server.port()).close();
                case 3 -> {
                    WsClient client = WsClient.connect(type.wire(), server.port(), "/echo");
                    client.send("and gone");
                    client.socket().reset();
                }
                default -> {
                    WsClient client = WsClient.connect(type.wire(), server.port(), "/echo");
                    if (i % 2 == 0) {
                        client.leave();
                    } else {
                        client.echo("and gone");
                        client.socket().reset();
                    }
                }
            }
        }
    }

    /** What is alive in the heap, and what is in use outside of it. */
    private long memory() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + direct() + type.bytesElsewhere();
    }

    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static int threads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().startsWith("contract-"))
                .count();
    }

    private static long descriptors() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    // ---- small things

    private static Timeouts timeouts(int head, int close, int writeStall, int drain) {
        return Timeouts.DEFAULT
                .head(Duration.ofMillis(head))
                .close(Duration.ofMillis(close))
                .writeStall(Duration.ofMillis(writeStall))
                .drain(Duration.ofMillis(drain))
                .tlsHandshake(Duration.ofSeconds(30));
    }

    /** Sends whatever the client takes, and then some. */
    private static Listener filling(Session session, Queue<CloseStatus> ends) {
        Listener listener = new Listener() {
            @Override
            public void onMessage(Session one, Message message) {}

            @Override
            public void onDrained(Session one) {
                fill(one);
            }

            @Override
            public void onClose(Session one, CloseStatus status) {
                ends.add(status);
            }
        };
        fill(session);
        return listener;
    }

    private static void fill(Session session) {
        ByteBuffer much = ByteBuffer.allocate(64 * 1024);
        while (session.send(much) == SendResult.SENT) {
            // until it has to wait
        }
    }

    private static Listener onClose(Queue<CloseStatus> ends) {
        return new Listener() {
            @Override
            public void onMessage(Session session, Message message) {}

            @Override
            public void onClose(Session session, CloseStatus status) {
                ends.add(status);
            }
        };
    }
}
