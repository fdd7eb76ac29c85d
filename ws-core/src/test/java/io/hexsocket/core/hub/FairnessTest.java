package io.hexsocket.core.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Audience;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.ManualExecutor;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.ServerFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one client has sent to many does not keep the others waiting, and does not pile up. */
class FairnessTest {

    private static final int MIB = 1024 * 1024;

    private final ManualExecutor executor = new ManualExecutor();
    private final RecordingApp readers = RecordingApp.silent();
    private final MemoryServer server = new MemoryServer(ServerConfig.at("ws://localhost:0")
            .eventLoops(2)
            .app("/readers", readers)
            .app("/echo", session -> Session::send)
            .app("/all", toReaders())
            .app("/all-elsewhere", toReaders().with(AppOptions.DEFAULT.executor(executor)))
            .limits(Limits.DEFAULT.queuedBytes(64 * MIB))
            .timeouts(Timeouts.DEFAULT.ping(Duration.ZERO))
            .build());

    private static App toReaders() {
        return session -> (sender, message) -> session.hub().app("/readers").send(message);
    }

    private List<MemoryClient> readers(int loop, int count) {
        return Stream.generate(() -> server.open(server.loop(loop), "/readers"))
                .limit(count)
                .toList();
    }

    private static long served(List<MemoryClient> clients) {
        return clients.stream().filter(client -> !client.frames().isEmpty()).count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/all", "/all-elsewhere"})
    void m5ClientThatPostsMoreThanAnotherLoopKeepsUpWithIsNotReadFromUntilThatHasCaughtUp(String path) {
        List<MemoryClient> others = readers(1, 4);
        MemoryClient sender = server.open(server.loop(0), path);
        int sent = 40;
        for (int i = 0; i < sent; i++) {
            sender.connection()
                    .arriveLater(ClientFrame.binary(new byte[100_000]).bytes());
        }
        for (int i = 0; i < 100; i++) {
            server.loop(0).run();
            executor.runAll();
        }
        assertThat(sender.connection().isPaused()).isTrue();
        assertThat(sender.connection().unread())
                .as("bytes that are left in the kernel")
                .isBetween(20 * 100_000, 35 * 100_000);

        for (int i = 0; i < 100; i++) {
            server.run();
            executor.runAll();
        }
        assertThat(sender.connection().isPaused()).isFalse();
        assertThat(others).allSatisfy(reader -> assertThat(reader.frames()).hasSize(sent));
    }

    @Test
    void m5ManySmallBroadcastsToManyReadersSlowTheirSenderByTheirDeliveries() {
        readers(1, 100);
        MemoryClient sender = server.open(server.loop(0), "/all");
        for (int i = 0; i < 1000; i++) {
            sender.connection().arriveLater(ClientFrame.text("x").bytes());
        }
        server.loop(0).run();
        assertThat(sender.connection().isPaused()).isTrue();
        assertThat(sender.connection().unread()).isPositive();
    }

    @Test
    void m5ClientOfAnotherLoopIsNotPausedByWhatOthersPost() {
        readers(1, 100);
        MemoryClient sender = server.open(server.loop(0), "/all");
        MemoryClient bystander = server.open(server.loop(0), "/echo");
        for (int i = 0; i < 1000; i++) {
            sender.connection().arriveLater(ClientFrame.text("x").bytes());
        }
        server.loop(0).run();
        bystander.connection().arriveLater(ClientFrame.text("hello").bytes());
        server.loop(0).run();
        assertThat(bystander.texts()).containsExactly("hello");
        assertThat(bystander.connection().pauses()).isEqualTo(1);
    }

    @Test
    void m5BroadcastFromAThreadOfTheHostsIsAnsweredByAValueAndRefusedForAllWhenALoopIsFarBehind() {
        List<MemoryClient> all =
                Stream.concat(readers(0, 1).stream(), readers(1, 1).stream()).toList();
        Message message = Message.binary(new byte[MIB]);
        List<SendResult> results = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            results.add(readers.session(0).hub().app("/readers").send(message));
        }
        assertThat(results).startsWith(SendResult.QUEUEING).endsWith(SendResult.FULL);
        int taken = (int) results.stream().filter(SendResult::accepted).count();
        assertThat(taken).isBetween(10, 17);
        server.run();
        assertThat(all).allSatisfy(reader -> assertThat(reader.frames()).hasSize(taken));
        assertThat(readers.session(0).hub().app("/readers").send("small")).isEqualTo(SendResult.SENT);
    }

    @Test
    void m5SendToOneSessionFromAThreadOfTheHostsIsRefusedWhenItsLoopIsFarBehind() {
        readers(1, 1);
        SendResult result = SendResult.SENT;
        int sent = 0;
        while (result.accepted()) {
            result = readers.session(0).send(Message.binary(new byte[MIB]));
            sent++;
        }
        assertThat(result).isEqualTo(SendResult.FULL);
        assertThat(sent).isLessThan(20);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void m7LargeBroadcastIsDeliveredInSlicesSoThatOthersOfTheLoopHaveTheirTurn(int loopOfSender) {
        List<MemoryClient> all = readers(0, 40);
        MemoryClient bystander = server.open(server.loop(0), "/echo");
        Message message = Message.binary(new byte[2 * MIB]);
        if (loopOfSender == 0) {
            server.loop(0).turn(() -> readers.session(0).hub().app("/readers").send(message));
        } else {
            server.loop(1).turn(() -> readers.session(0).hub().app("/readers").send(message));
            server.loop(0).runATurn();
        }
        server.loop(0).runATurn();
        assertThat(served(all)).isBetween(1L, 20L);
        bystander.connection().arriveLater(ClientFrame.text("hello").bytes());
        server.loop(0).runATurn();
        assertThat(bystander.texts()).containsExactly("hello");
        assertThat(served(all)).isLessThan(40);
        server.run();
        assertThat(all).allSatisfy(reader -> assertThat(reader.frames()).hasSize(1));
    }

    @Test
    void sendToASessionInTheMiddleOfABroadcastComesBehindIt() {
        List<MemoryClient> all = readers(0, 40);
        Message message = Message.binary(new byte[2 * MIB]);
        server.loop(0).turn(() -> {
            readers.session(0).hub().app("/readers").send(message);
            for (int i = 0; i < 40; i++) {
                readers.session(i).send("behind");
            }
        });
        assertThat(all)
                .allSatisfy(reader -> assertThat(reader.frames())
                        .hasSize(2)
                        .extracting(ServerFrame::opcode)
                        .containsExactly(2, 1));
        server.run();
        assertThat(all).allSatisfy(reader -> assertThat(reader.frames()).hasSize(2));
    }

    @Test
    void whoLeavesOrJoinsInTheMiddleOfABroadcastCostsNobodyTheMessageAndGivesItToNobodyTwice() {
        List<MemoryClient> all = new ArrayList<>(readers(0, 40));
        for (int i = 0; i < 40; i++) {
            readers.session(i).subscribe("t");
        }
        server.run();
        Message message = Message.binary(new byte[2 * MIB]);
        MemoryClient[] late = new MemoryClient[1];
        server.loop(0).turn(() -> readers.session(0).hub().topic("t").send(message));
        server.loop(0).runATurn();
        // some that have got it, and some that have not
        for (int i : new int[] {39, 38, 0, 5, 20}) {
            server.loop(0).turn(() -> readers.session(i).unsubscribe("t"));
        }
        late[0] = server.open(server.loop(0), "/readers");
        server.run();
        assertThat(all).allSatisfy(reader -> assertThat(reader.frames()).hasSize(1));
        assertThat(late[0].frames()).isEmpty();
    }

    @Test
    void broadcastsThatAreUnderWayArriveInTheirOrder() {
        List<MemoryClient> all = readers(0, 20);
        server.loop(1).turn(() -> {
            for (int i = 0; i < 5; i++) {
                readers.session(0).hub().app("/readers").send(Message.binary(sized(i)));
            }
        });
        server.loop(0).runATurn();
        server.loop(0).turn(() -> readers.session(7).send("x"));
        server.run();
        assertThat(all)
                .allSatisfy(reader -> assertThat(reader.frames().stream()
                                .filter(frame -> frame.opcode() == 2)
                                .map(frame -> (int) frame.payload().get(0)))
                        .containsExactly(0, 1, 2, 3, 4));
    }

    @Test
    void m7ManySmallBroadcastsReachEachMemberInOneWriteOfOneTurnAndNotAllMembersInTheSame() {
        List<MemoryClient> all = readers(0, 1000);
        server.loop(0).turn(() -> sendNumbers(0, 16));
        server.loop(0).runATurn();
        List<Integer> perMember = all.stream()
                .map(reader -> reader.texts().size())
                .distinct()
                .sorted()
                .toList();
        assertThat(perMember).containsExactly(0, 16);
        assertThat(served(all)).isBetween(100L, 300L);
        server.run();
        assertThat(all).allSatisfy(reader -> assertThat(reader.texts()).containsExactlyElementsOf(numbers(16)));
    }

    @Test
    void m7BroadcastsThatBeginOnTheWayOfOthersGoAlongToThoseWhoComeAndReachAllOnceInOrder() {
        List<MemoryClient> all = readers(0, 1000);
        server.loop(0).turn(() -> sendNumbers(0, 16));
        server.loop(0).runATurn();
        server.loop(0).turn(() -> sendNumbers(16, 32));
        server.loop(0).runATurn();
        assertThat(all).anySatisfy(reader -> assertThat(reader.texts()).hasSize(32));
        server.loop(0).turn(() -> {
            // one that is done, and one that is not: both change the places of others
            readers.session(999).close();
            readers.session(1).close();
        });
        server.run();
        assertThat(all)
                .allSatisfy(reader -> assertThat(reader.frames().stream()
                                .filter(frame -> frame.opcode() == 1)
                                .map(ServerFrame::text))
                        .containsExactlyElementsOf(numbers(32)));
    }

    @Test
    void broadcastsToAnAudienceWithoutMembersTakeTheirPartOfTheTurn() {
        readers(0, 1);
        Audience nobody = readers.session(0).hub().topic("nobody");
        for (int i = 0; i < 100_000; i++) {
            nobody.send("x".repeat(100));
        }
        server.loop(1).run();
        // begins them all, to come behind them
        server.loop(0).turn(() -> readers.session(0).send("hello"));
        server.loop(0).runATurn();
        assertThat(nobody.send("x")).as("with most of them to come").isEqualTo(SendResult.QUEUEING);
        server.run();
        assertThat(nobody.send("x")).as("with all behind it").isEqualTo(SendResult.SENT);
    }

    @Test
    void sendWhileManyBroadcastsAreUnderWayDoesNotLookAtThemAllAgain() {
        RecordingApp app = RecordingApp.silent();
        MemoryServer flooded = new MemoryServer(ServerConfig.at("ws://localhost:0")
                .eventLoops(1)
                .app("/readers", RecordingApp.silent())
                .app("/app", app)
                .timeouts(Timeouts.DEFAULT.ping(Duration.ZERO))
                .build());
        flooded.open("/readers");
        MemoryClient client = flooded.open("/app");
        for (int i = 0; i < 200_000; i++) {
            flooded.hub().app("/readers").send("x");
        }
        int sends = 20_000;
        flooded.loop().turn(() -> {
            long start = System.nanoTime();
            for (int i = 0; i < sends; i++) {
                app.session().send("y");
            }
            // four thousand million looks take several
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        });
        assertThat(client.texts()).hasSize(sends);
    }

    private void sendNumbers(int from, int to) {
        Audience audience = readers.session(0).hub().app("/readers");
        IntStream.range(from, to).forEach(i -> audience.send("" + i));
    }

    private static List<String> numbers(int to) {
        return IntStream.range(0, to).mapToObj(String::valueOf).toList();
    }

    // ---- turns

    private final List<Session> served = new ArrayList<>();
    private final MemoryServer busy = new MemoryServer(ServerConfig.at("ws://localhost:0")
            .app("/app", session -> (sender, message) -> served.add(sender))
            .limits(Limits.DEFAULT.pingsPerSecond(1_000_000).pingBurst(1_000_000))
            .timeouts(Timeouts.DEFAULT.ping(Duration.ZERO))
            .build());

    @ParameterizedTest
    @EnumSource(Little.class)
    void m19FramesThatMakeNoMessageTakeTheirPartOfTheTurn(Little little) {
        MemoryClient flooding = busy.open();
        MemoryClient bystander = busy.open();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 1000; i++) {
            bytes.writeBytes(little.frame(i).bytes());
        }
        bytes.writeBytes(little.last.bytes());
        flooding.connection().arriveLater(bytes.toByteArray());
        bystander.connection().arriveLater(ClientFrame.text("hello").bytes());
        busy.run();
        assertThat(served).extracting(Session::number).containsExactly(2L, 1L);
    }

    private enum Little {
        FRAGMENTS(ClientFrame.of(0, new byte[0])),
        PINGS(ClientFrame.text("late")),
        PONGS(ClientFrame.text("late"));

        private final ClientFrame last;

        Little(ClientFrame last) {
            this.last = last;
        }

        private ClientFrame frame(int number) {
            return switch (this) {
                case FRAGMENTS ->
                    ClientFrame.of(number == 0 ? 2 : 0, new byte[40]).notFinal();
                case PINGS -> ClientFrame.of(9, new byte[0]);
                case PONGS -> ClientFrame.of(10, new byte[0]);
            };
        }
    }

    @Test
    void m19TheMoreClientsWaitForTheirTurnsTheShorterEachIs() {
        int clients = 64;
        byte[] many = ByteBuffer.allocate(300 * 7)
                .put(repeated(300, ClientFrame.text("x").bytes()))
                .array();
        List<MemoryClient> all = Stream.generate(busy::open).limit(clients).toList();
        all.forEach(client -> client.connection().arriveLater(many));
        busy.run();
        assertThat(served).hasSize(300 * clients);
        assertThat(longestRun(served.get(0))).as("of the first one").isEqualTo(256);
        assertThat(longestRun(served.get(served.size() / 2)))
                .as("of one among many")
                .isLessThan(64);
    }

    private static byte[] repeated(int times, byte[] piece) {
        ByteBuffer all = ByteBuffer.allocate(times * piece.length);
        for (int i = 0; i < times; i++) {
            all.put(piece);
        }
        return all.array();
    }

    private int longestRun(Session of) {
        int longest = 0;
        int run = 0;
        for (Session one : served) {
            run = one == of ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }

    private static byte[] sized(int first) {
        byte[] bytes = new byte[2 * MIB];
        bytes[0] = (byte) first;
        return bytes;
    }
}
