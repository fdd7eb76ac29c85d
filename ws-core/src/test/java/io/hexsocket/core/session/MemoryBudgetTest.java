package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Compression;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.SlowReaders;
import io.hexsocket.apps.json.JsonApp;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.connection.LoopConnections;
import io.hexsocket.core.port.host.MemoryUse;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.protocol.MessageBuffers;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.ManualExecutor;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryConnection;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.ServerFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The memory budget of a server")
class MemoryBudgetTest {

    private static final int KIB = 1024;
    private static final int BUDGET = 1024 * KIB;
    private static final String WHY = "1013 the server holds as much for its clients as it may";

    private static MemoryServer serving(App app) {
        return serving(app, ServerListener.NONE);
    }

    private static MemoryServer serving(App app, ServerListener listener) {
        return MemoryServer.serving(
                app, config -> config.limits(Limits.DEFAULT.memoryBytes(BUDGET)).listener(listener));
    }

    /** The use when every connection has been counted again. */
    private static MemoryUse use(MemoryServer server) {
        Runnable recount =
                () -> ((LoopConnections) server.loop().core()).memory().recount();
        server.loop().turn(recount);
        server.run();
        server.loop().turn(recount);
        return server.core().memory();
    }

    private static byte[] begun(int announced, int sent) {
        byte[] whole = ClientFrame.binary(new byte[announced]).bytes();
        return Arrays.copyOf(whole, whole.length - announced + sent);
    }

    private static void assertServes(MemoryServer server) {
        MemoryClient newcomer = server.open();
        newcomer.send(ClientFrame.text("hello"));
        assertThat(newcomer.texts()).containsExactly("hello");
        newcomer.close();
    }

    @Test
    @DisplayName("M1 is half of the JVM's maximum heap unless it is said how much")
    void preset() {
        assertThat(MemoryServer.serving(RecordingApp.echo()).core().memory().limit())
                .isEqualTo(Runtime.getRuntime().maxMemory() / 2);
        assertThat(serving(RecordingApp.echo()).core().memory().limit()).isEqualTo(BUDGET);
    }

    @Test
    @DisplayName(
            "M1 ends the one with the largest unfinished message with 1013 once it is spent, and the others finish theirs")
    void unfinishedMessage() {
        RecordingApp app = RecordingApp.echo();
        MemoryServer server = serving(app);
        MemoryClient small = server.open();
        MemoryClient large = server.open();
        small.connection().send(begun(200_000, 100_000));
        large.connection().send(begun(3_000_000, 1_200_000));
        assertThat(large.closeStatus()).hasToString(WHY);
        assertThat(app.events()).contains("close " + WHY);
        small.connection().send(new byte[100_000]);
        assertThat(small.closeStatus()).isNull();
        assertThat(use(server).ended()).isOne();
        assertServes(server);
        large.connection().end();
        small.connection().end();
        assertThat(use(server).used()).isZero();
        server.assertNothingIsLeft();
    }

    @Test
    @DisplayName("M1 ends as many as it takes, one by one, the largest first, and says so")
    void oneByOne() {
        MemoryServer server = serving(RecordingApp.echo());
        List<MemoryClient> clients = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            clients.add(server.open());
            clients.get(i).connection().send(begun(1_000_000, (i + 1) * 20_000));
        }
        MemoryUse use = use(server);
        assertThat(use.used()).isLessThanOrEqualTo(BUDGET);
        assertThat(use.peak()).isGreaterThan(BUDGET - BUDGET / 8);
        server.advance(Duration.ofSeconds(4));
        assertThat(clients.subList(0, 5)).allMatch(MemoryClient::isOpen);
        assertThat(clients.stream().filter(client -> !client.isOpen()))
                .isNotEmpty()
                .allSatisfy(client -> assertThat(client.closeStatus()).hasToString(WHY))
                .hasSize((int) server.core().memory().ended());
    }

    @Test
    @DisplayName(
            "M1 when it is nearly spent, does not read from those who hold most, says so, and goes on when others have finished")
    void pressure() {
        List<MemoryUse> told = new ArrayList<>();
        MemoryServer server = serving(RecordingApp.echo(), new ServerListener() {
            @Override
            public void onMemoryPressure(MemoryUse use) {
                told.add(use);
            }
        });
        MemoryClient first = server.open();
        MemoryClient second = server.open();
        MemoryClient other = server.open();
        first.connection().send(begun(500_000, 300_000));
        second.connection().send(begun(500_000, 300_000));
        assertThat(told).hasSize(1);
        assertThat(told.get(0).used()).isBetween(BUDGET - BUDGET / 8L, (long) BUDGET);
        assertThat(second.connection().isPaused()).isTrue();
        assertThat(first.connection().isPaused())
                .as("it has not asked for more")
                .isFalse();
        assertThat(other.connection().isPaused()).isFalse();
        first.connection().send(new byte[200_000]);
        first.connection().end();
        server.advance(Duration.ofMillis(500));
        assertThat(second.connection().isPaused()).isFalse();
        assertThat(second.closeStatus()).isNull();
        assertThat(use(server).paused()).isOne();
    }

    @Test
    @DisplayName("M1 when it is nearly spent and nobody finishes, ends the largest holder after two seconds")
    void lastingPressure() {
        MemoryServer server = serving(RecordingApp.echo());
        MemoryClient first = server.open();
        MemoryClient second = server.open();
        first.connection().send(begun(500_000, 300_000));
        second.connection().send(begun(500_000, 300_000));
        server.advance(Duration.ofSeconds(1));
        assertThat(second.isOpen()).isTrue();
        server.advance(Duration.ofSeconds(2));
        assertThat(List.of(first, second)).filteredOn(MemoryClient::isOpen).hasSize(1);
        assertServes(server);
    }

    @Test
    @DisplayName(
            "M2 counts what a compressed message has become, and closes the session when nothing of it has come for ten seconds")
    void compressed() {
        byte[] message = new byte[500 * KIB];
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(message);
        byte[] deflated = new byte[10_000];
        int length = deflater.deflate(deflated, 0, deflated.length, Deflater.SYNC_FLUSH);
        deflater.end();
        App echo = RecordingApp.echo().with(AppOptions.DEFAULT.compression(Compression.ON));
        MemoryServer server = serving(echo);
        MemoryClient client = server.open("/app", "Sec-WebSocket-Extensions: permessage-deflate");
        client.send(
                ClientFrame.binary(Arrays.copyOf(deflated, length)).rsv(0b100).notFinal());
        assertThat(use(server).used()).isGreaterThan(message.length);
        for (int i = 0; i < 9; i++) {
            server.advance(Duration.ofSeconds(1));
            client.send(ClientFrame.ping("here"));
        }
        assertThat(client.isOpen()).isTrue();
        server.advance(Duration.ofSeconds(3));
        assertThat(client.closeStatus()).hasToString("1008 a message arrives too slowly");
        assertThat(use(server).used()).isZero();
    }

    @Test
    @DisplayName("M2 a message whose fragments come at 240 bytes a second is waited for")
    void slowEnough() {
        MemoryServer server = serving(RecordingApp.echo());
        MemoryClient client = server.open();
        client.send(ClientFrame.text("x").notFinal());
        for (int i = 0; i < 30; i++) {
            server.advance(Duration.ofSeconds(1));
            client.send(ClientFrame.continuation("x".repeat(300)).notFinal());
        }
        client.send(ClientFrame.continuation("end"));
        assertThat(client.texts()).hasSize(1);
    }

    @Test
    @DisplayName("M3 counts chunks after bufferON, and ends their sender when it is spent")
    void chunks() {
        RecordingApp app = new RecordingApp(JsonApp.builder().build());
        MemoryServer server = serving(app);
        MemoryClient client = server.open();
        MemoryClient other = server.open();
        client.sendTexts("bufferON");
        for (int i = 1; i <= 4; i++) {
            client.sendTexts("x".repeat(200_000));
            assertThat(use(server).used()).isBetween(i * 200_000L, i * 200_000L + 10_000);
        }
        client.sendTexts("x".repeat(300_000));
        assertThat(client.closeStatus()).hasToString(WHY);
        assertThat(use(server).used()).isLessThan(10_000);
        assertThat(other.isOpen()).isTrue();
    }

    @Test
    @DisplayName("M3 closes a session whose chunks stop for a minute, whatever it pings, and none whose chunks go on")
    void chunksThatStop() {
        MemoryServer server = serving(JsonApp.builder().build());
        MemoryClient stopped = server.open();
        MemoryClient slow = server.open();
        MemoryClient idle = server.open();
        stopped.sendTexts("bufferON", "[");
        slow.sendTexts("bufferON", "[");
        for (int i = 0; i < 11; i++) {
            server.advance(Duration.ofSeconds(5));
            stopped.send(ClientFrame.ping("x".repeat(100)));
            slow.sendTexts(" ");
        }
        assertThat(stopped.isOpen()).isTrue();
        server.advance(Duration.ofSeconds(7));
        assertThat(stopped.closeStatus()).hasToString("1008 what was begun is not finished");
        assertThat(slow.isOpen()).isTrue();
        assertThat(idle.isOpen()).isTrue();
        slow.sendTexts("]", "bufferOFF");
        assertThat(use(server).used()).isZero();
    }

    @Test
    @DisplayName(
            "M4 cuts the receivers with the longest queues first, their app hears 1013, and those who read lose nothing")
    void receivers() {
        RecordingApp app = new RecordingApp(
                session -> (self, message) -> self.hub().app("/app").send(message));
        MemoryServer server = serving(app);
        MemoryClient reader = server.open();
        List<MemoryClient> deaf = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            deaf.add(server.open());
            deaf.get(i).connection().accept(0);
        }
        for (int i = 0; i < 40; i++) {
            reader.send(ClientFrame.text(i + " ".repeat(10_000)));
        }
        assertThat(reader.texts()).hasSize(40);
        assertThat(use(server).used()).isLessThanOrEqualTo(BUDGET);
        assertThat(deaf).filteredOn(client -> client.connection().isAborted()).isNotEmpty();
        assertThat(app.events()).contains("close " + WHY).doesNotContain("close 1008 the client reads too slowly");
        deaf.forEach(client -> client.connection().acceptAll().end());
        reader.connection().end();
        server.advance(Duration.ofSeconds(2));
        assertThat(use(server).used()).isZero();
        server.assertNothingIsLeft();
    }

    @Test
    @DisplayName(
            "M4 neither pauses nor ends the sender of broadcasts for what waits to be read of it: the readers get all, at once")
    void senderToReceiversThatDoNotRead() {
        int sent = 3000;
        RecordingApp app = new RecordingApp(
                session -> (self, message) -> self.hub().app("/app").send(message, self));
        MemoryServer server = MemoryServer.serving(
                app, config -> config.limits(Limits.DEFAULT.memoryBytes(BUDGET)).eventLoops(2));
        MemoryClient sender = server.open();
        List<MemoryClient> readers = List.of(server.open(), server.open(server.loop(1), "/app"));
        List<MemoryClient> deaf = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            deaf.add(server.open(server.loop(i % 2), "/app"));
            deaf.get(i).connection().accept(0);
        }
        // as much as a socket brings at once, of which much waits for the next turns
        ClientFrame[] block = new ClientFrame[250];
        Arrays.fill(block, ClientFrame.binary(new byte[KIB]));
        for (int i = 0; i < sent; i += block.length) {
            sender.send(block);
            server.run();
        }
        assertThat(readers).allSatisfy(reader -> assertThat(reader.frames()).hasSize(sent));
        assertThat(sender.connection().isPaused()).isFalse();
        assertThat(deaf).filteredOn(client -> client.connection().isAborted()).isNotEmpty();
        assertThat(server.core().memory().used()).isLessThanOrEqualTo(BUDGET);
    }

    @Test
    @DisplayName("M4 serves a client on another loop, which holds nothing, before the largest holder is ended")
    void bystanderWhileAllIsSpent() {
        MemoryServer server = onTwoLoops();
        MemoryClient large = server.open();
        MemoryClient bystander = server.open(server.loop(1), "/app");
        spend(server, 9, large);
        bystander.connection().arriveLater(ClientFrame.text("hello").bytes());
        server.loop(1).run();
        assertThat(bystander.texts()).containsExactly("hello");
        server.run();
        assertThat(large.closeStatus()).hasToString(WHY);
        assertThat(server.core().memory().ended()).isOne();
    }

    @Test
    @DisplayName(
            "M4 a client on another loop waits, and is not ended, while much more than all is spent, until the largest holder is ended")
    void bystanderWhileMuchMoreThanAllIsSpent() {
        MemoryServer server = onTwoLoops();
        MemoryClient large = server.open();
        MemoryClient bystander = server.open(server.loop(1), "/app");
        MemoryClient small = server.open(server.loop(1), "/app");
        small.connection().send(begun(20_001, 20_000));
        spend(server, 12, large);
        bystander.connection().arriveLater(ClientFrame.text("hello").bytes());
        for (int i = 0; i < 20; i++) {
            server.loop(1).runATurn();
        }
        assertThat(bystander.texts()).isEmpty();
        server.run();
        assertThat(bystander.texts()).containsExactly("hello");
        assertThat(large.closeStatus()).hasToString(WHY);
        assertThat(small.isOpen()).isTrue();
        assertThat(server.core().memory().ended()).isOne();
    }

    private static MemoryServer onTwoLoops() {
        return MemoryServer.serving(
                RecordingApp.echo(),
                config -> config.limits(Limits.DEFAULT.memoryBytes(BUDGET)).eventLoops(2));
    }

    /** Has the first loop hold 60 KiB for each of so many, and then 500 KB more for one; it is about to make room. */
    private static void spend(MemoryServer server, int others, MemoryClient large) {
        for (int i = 0; i < others; i++) {
            server.open().connection().send(begun(62_001, 62_000));
        }
        large.connection().arriveLater(begun(500_001, 500_000));
        server.loop().runATurn();
        assertThat(server.loop().hasTasks()).isTrue();
    }

    @Test
    @DisplayName("M9 M15 counts copies for an executor, those that are held back too, until they are delivered")
    void executorCopies() {
        ManualExecutor executor = new ManualExecutor();
        RecordingApp app = RecordingApp.silent();
        MemoryServer server = serving(app.with(AppOptions.DEFAULT.executor(executor)));
        MemoryClient client = server.open();
        executor.runWith(server);
        app.session().pause();
        client.send(ClientFrame.text("x".repeat(30_000)));
        assertThat(use(server).used()).isZero();
        app.session().resume();
        server.run();
        client.send(ClientFrame.text("x".repeat(30_000)));
        assertThat(use(server).used()).isBetween(60_000L, 62_000L);
        app.session().pause();
        executor.runWith(server);
        assertThat(use(server).used()).as("held back").isBetween(60_000L, 62_000L);
        app.session().resume();
        executor.runWith(server);
        assertThat(use(server).used()).isZero();
        assertThat(app.events()).hasSize(3);
    }

    @Test
    @DisplayName("M9 counts what an interrupted read has left, without new memory outside the heap for each")
    void leftovers() {
        RecordingApp app = new RecordingApp(session -> (self, message) -> self.pause());
        MemoryServer server = serving(app);
        LoopConnections loop = (LoopConnections) server.loop().core();
        MemoryClient client = server.open();
        ClientFrame[] frames = new ClientFrame[200];
        Arrays.fill(frames, ClientFrame.text("x".repeat(200)));
        client.send(frames);
        assertThat(use(server).used()).isEqualTo(64 * KIB);
        long direct = loop.loop().buffers().directBytes();
        for (int i = 1; i < frames.length; i++) {
            app.session().resume();
            server.run();
            assertThat(loop.loop().buffers().directBytes()).isEqualTo(direct);
        }
        app.session().resume();
        server.run();
        assertThat(app.events()).hasSize(1 + frames.length);
        assertThat(use(server).used()).isZero();
        assertThat(loop.loop().buffers().takenBytes()).isZero();
    }

    @Test
    @DisplayName("M6 takes memory outside the heap up to a bound, and arrays beyond it")
    void directMemory() {
        MemoryServer server = serving(RecordingApp.echo());
        LoopConnections loop = (LoopConnections) server.loop().core();
        List<MemoryClient> clients = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            clients.add(server.open());
            clients.get(i).connection().send(begun(100_000, 40_000));
        }
        assertThat(loop.loop().buffers().directBytes()).isLessThanOrEqualTo(BUDGET / 8);
        assertThat(loop.loop().buffers().takenBytes()).isGreaterThan(12 * 40_000);
        clients.forEach(client -> client.connection().end());
        assertThat(loop.loop().buffers().takenBytes()).isZero();
    }

    @Test
    @DisplayName(
            "M6 large broadcasts take memory outside the heap up to a bound, and use again what is sent; all arrive unchanged")
    void directMemoryOfBroadcasts() {
        RecordingApp app = RecordingApp.silent();
        MemoryServer server = MemoryServer.serving(
                app,
                config -> config.limits(Limits.DEFAULT.memoryBytes(32 * BUDGET).queuedBytes(32 * BUDGET)));
        MessageBuffers buffers = ((LoopConnections) server.loop().core()).loop().buffers();
        List<MemoryClient> deaf = List.of(server.open(), server.open());
        deaf.forEach(client -> client.connection().accept(0));
        List<ServerFrame> sent = new ArrayList<>();
        for (int i = 1; i <= 60; i++) {
            byte[] message = new byte[100_000];
            Arrays.fill(message, (byte) i);
            sent.add(ServerFrame.binary(message));
            app.session(0).hub().app("/app").send(Message.binary(message));
            server.run();
        }
        assertThat(buffers.directBytes()).isBetween(2L * BUDGET, 4L * BUDGET);
        long direct = buffers.directBytes();
        deaf.forEach(client -> client.connection().acceptAll());
        assertThat(buffers.takenBytes()).as("what is sent is given back").isZero();
        assertThat(deaf).allSatisfy(client -> assertThat(client.frames()).isEqualTo(sent));

        app.session(0).hub().app("/app").send(Message.binary(new byte[100_000]));
        server.run();
        assertThat(buffers.directBytes()).as("used again").isEqualTo(direct);
        assertThat(buffers.takenBytes()).isZero();
    }

    @Test
    @DisplayName(
            "M6 large compressed broadcasts that wait in a slow reader's own order arrive unchanged, long after others have them")
    void directMemoryOfBroadcastsThatWait() {
        RecordingApp app = RecordingApp.silent();
        AppOptions options = AppOptions.DEFAULT.compression(Compression.ON).slowReaders(SlowReaders.DROP_OLDEST);
        MemoryServer server = MemoryServer.serving(
                app.with(options),
                config -> config.limits(Limits.DEFAULT.memoryBytes(64 * BUDGET).queuedBytes(32 * BUDGET)));
        MemoryClient slow = server.open("/app", "Sec-WebSocket-Extensions: permessage-deflate");
        MemoryClient plain = server.open();
        MemoryClient fast = server.open("/app", "Sec-WebSocket-Extensions: permessage-deflate");
        slow.connection().accept(0);
        plain.connection().accept(0);
        Random random = new Random(7);
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(100_000, 'a', 'q').forEach(letter -> text.append((char) letter));
            sent.add(text.toString());
            app.session(0).hub().app("/app").send(text.toString());
            server.run();
        }
        assertThat(fast.texts()).isEqualTo(sent);
        slow.connection().acceptAll();
        plain.connection().acceptAll();
        assertThat(slow.texts()).isEqualTo(sent);
        assertThat(plain.texts()).isEqualTo(sent);
        LoopConnections loop = (LoopConnections) server.loop().core();
        assertThat(loop.loop().buffers().takenBytes()).isZero();
    }

    @Test
    @DisplayName("M9 M18 counts the pong that a client is owed")
    void owedPong() {
        App app = session -> (self, message) -> self.hub().app("/app").send(Message.binary(new byte[70_000]), self);
        MemoryServer server = serving(app);
        MemoryClient deaf = server.open();
        deaf.connection().accept(0);
        server.open().send(ClientFrame.text("fill"));
        long queued = use(server).used();
        assertThat(queued).isGreaterThan(70_000);
        deaf.send(ClientFrame.ping("x".repeat(10)), ClientFrame.ping("y".repeat(20)));
        assertThat(use(server).used()).isEqualTo(queued + 20);
        deaf.connection().acceptAll();
        assertThat(deaf.frames()).endsWith(ServerFrame.pong("y".repeat(20).getBytes(StandardCharsets.US_ASCII)));
        assertThat(use(server).used()).isZero();
    }

    @Test
    @DisplayName("M9 counts what waits because a client is paced")
    void paced() {
        App app = new App() {
            @Override
            public Admission onRequest(OpeningRequest request) {
                return Admission.accept().pace(Duration.ofSeconds(1));
            }

            @Override
            public Listener onOpen(Session session) {
                session.send(ByteBuffer.allocate(1000));
                session.send(ByteBuffer.allocate(1000));
                return Session::send;
            }
        };
        MemoryServer server = serving(app);
        MemoryClient client = server.open();
        assertThat(use(server).used()).isBetween(2000L, 2200L);
        server.advance(Duration.ofMillis(2500));
        assertThat(client.frames()).hasSize(2);
        assertThat(use(server).used()).isZero();
    }

    @Test
    @DisplayName("M9 counts what other threads have sent until it is written")
    void posted() {
        RecordingApp app = RecordingApp.silent();
        MemoryServer server = serving(app);
        MemoryClient client = server.open();
        Session session = app.session();
        session.send(ByteBuffer.allocate(10_000));
        server.loop().turn(() -> {
            ((LoopConnections) server.loop().core()).memory().recount();
            assertThat(server.core().memory().used()).isBetween(10_000L, 11_000L);
        });
        server.run();
        assertThat(client.frames()).hasSize(1);
        assertThat(use(server).used()).isZero();
    }

    @Test
    @DisplayName("M13 counts heads of requests, and refuses the largest with 503 when it is spent")
    void heads() {
        MemoryServer server = serving(RecordingApp.echo());
        List<MemoryConnection> connections = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            connections.add(server.connect());
            connections.get(i).send("GET /app HTTP/1.1\r\nHost: example.org\r\nX: " + "x".repeat(7_900));
        }
        assertThat(use(server).used()).isBetween(BUDGET / 2L, (long) BUDGET);
        assertThat(connections)
                .filteredOn(MemoryConnection::isEnded)
                .hasSizeBetween(60, 140)
                .allSatisfy(one -> assertThat(one.receivedText()).startsWith("HTTP/1.1 503 "));
        assertServes(server);
        server.advance(Duration.ofSeconds(10));
        assertThat(use(server).used()).isZero();
    }

    @Test
    @DisplayName("M14 aborts the client that does not read the echo of its own large messages")
    void unreadEcho() {
        RecordingApp app = RecordingApp.echo();
        MemoryServer server = serving(app);
        MemoryClient other = server.open();
        MemoryClient client = server.open();
        client.connection().accept(0);
        client.connection().send(ClientFrame.binary(new byte[1_200_000]).bytes());
        assertThat(client.connection().isAborted()).isTrue();
        assertThat(app.events()).contains("close " + WHY);
        assertThat(use(server).used()).isZero();
        other.send(ClientFrame.text("hello"));
        assertThat(other.texts()).containsExactly("hello");
    }

    @Test
    @DisplayName("M17 keeps a large packet in pieces, which take no whole regions of the heap")
    void piecesOfRawPacket() {
        MemoryServer server =
                MemoryServer.serving(App.of(session -> Session::send).with(AppOptions.DEFAULT.rawTcp(true)));
        MemoryClient client = server.openRaw("/app");
        client.connection().send("{\"a\":\"" + "x".repeat(800_000));
        assertThat(use(server).used()).isBetween(800_000L, 800_000L + 128 * 1024);
        client.connection().send("\"}");
        assertThat(use(server).used()).isZero();
    }

    @Test
    @DisplayName("M17 counts packets of raw clients that are not finished, and tells the largest why it is ended")
    void rawPackets() {
        RecordingApp app = RecordingApp.echo();
        MemoryServer server = serving(app.with(AppOptions.DEFAULT.rawTcp(true)));
        MemoryClient small = server.openRaw("/app");
        MemoryClient large = server.openRaw("/app");
        small.connection().send("{\"a\":\"" + "x".repeat(100_000));
        large.connection().send("{\"a\":\"" + "x".repeat(1_000_000));
        assertThat(large.connection().isEnded()).isTrue();
        assertThat(large.connection().receivedText()).contains("holds as much for its clients as it may");
        small.connection().send("\"}");
        assertThat(small.frames()).extracting(ServerFrame::opcode).containsExactly(0x1);
        assertThat(use(server).used()).isZero();
    }

    @Test
    @DisplayName("M17 gets back at once what a raw client held that is ended, and ends no more of them than it must")
    void oneRawPacketIsEnough() {
        MemoryServer server = serving(RecordingApp.echo().with(AppOptions.DEFAULT.rawTcp(true)));
        List<MemoryClient> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            MemoryClient client = server.openRaw("/app");
            all.add(client);
            client.connection().send("{\"a\":\"" + "x".repeat(360_000));
        }
        assertThat(all).filteredOn(client -> client.connection().isEnded()).hasSize(1);
        assertThat(use(server).used()).isBetween(700_000L, 800_000L);
    }

    @Test
    @DisplayName("M2 M19 a message that is begun and left is closed after its own timeout")
    void timeout() {
        MemoryServer server = MemoryServer.serving(
                RecordingApp.echo(),
                config -> config.timeouts(Timeouts.DEFAULT.ping(Duration.ZERO).slowMessage(Duration.ofSeconds(2))));
        MemoryClient client = server.open();
        client.send(ClientFrame.text("x").notFinal());
        server.advance(Duration.ofMillis(1900));
        assertThat(client.isOpen()).isTrue();
        server.advance(Duration.ofMillis(900));
        assertThat(client.closeStatus()).hasToString("1008 a message arrives too slowly");
    }
}
