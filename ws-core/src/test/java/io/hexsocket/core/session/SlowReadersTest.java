package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Compression;
import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.SlowReaders;
import io.hexsocket.apps.Target;
import io.hexsocket.core.connection.LoopConnections;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.ManualExecutor;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.RecordingListener;
import io.hexsocket.core.testkit.ServerFrame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An app's policy for slow readers")
class SlowReadersTest {

    private static final int LIMIT = 4096;
    /** A quarter of the limit is the transport's, and one message more: the rest can be dropped. */
    private static final int WRITTEN = 11;
    /** A text of 100 bytes with its header. */
    private static final int FRAME = 102;
    /** What waits in the session when as much waits as may. */
    private static final int WAITING = (LIMIT - WRITTEN * FRAME + FRAME - 1) / FRAME;

    private final RecordingListener seen = new RecordingListener();
    private RecordingApp app;
    private MemoryServer server;
    private MemoryClient client;
    private Session session;

    private void serve(SlowReaders policy) {
        serve(AppOptions.DEFAULT.slowReaders(policy), (self, message) -> {});
    }

    private void serve(AppOptions options, Listener listener, String... headers) {
        app = new RecordingApp(App.of(one -> listener).with(options.queuedBytes(LIMIT)));
        server = MemoryServer.serving(app, config -> config.listener(seen));
        client = server.open("/app", headers);
        if (options.executor() instanceof ManualExecutor manual) {
            manual.runAll();
        }
        session = app.session();
    }

    private void onLoop(Runnable task) {
        server.loop().turn(task);
        server.run();
    }

    private static String numbered(int number) {
        return number + " " + "x".repeat(99 - Integer.toString(number).length());
    }

    private static Message keyed(int number, String key) {
        return Message.text(numbered(number)).keyed(key);
    }

    private void broadcast(int from, int to) {
        onLoop(() ->
                IntStream.range(from, to).forEach(i -> session.hub().everyone().send(numbered(i))));
    }

    private List<Integer> numbers() {
        return client.texts().stream().map(SlowReadersTest::numberOf).toList();
    }

    private static int numberOf(String text) {
        return Integer.parseInt(text.substring(0, text.indexOf(' ')));
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static List<Integer> both(List<Integer> one, List<Integer> other) {
        List<Integer> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }

    @Nested
    @DisplayName("for what is sent to many")
    class Broadcasts {

        @Test
        @DisplayName("CLOSE ends the session at the app's own limit, and no message is missing before")
        void closeEndsSessionAtAppsOwnLimitAndNoMessageIsMissingBefore() {
            serve(SlowReaders.CLOSE);
            client.connection().accept(0);
            broadcast(0, 1000);
            client.connection().acceptAll();
            assertThat(numbers()).isEqualTo(range(0, LIMIT / FRAME + 1));
            assertThat(client.closeStatus()).isEqualTo(new CloseStatus(1008, "the client reads too slowly"));
            assertThat(session.dropped()).isZero();
        }

        @Test
        @DisplayName("DROP_NEW keeps the first messages that fit, in order, and the session stays open")
        void dropNewKeepsFirstMessagesThatFitInOrderAndSessionStaysOpen() {
            serve(SlowReaders.DROP_NEW);
            client.connection().accept(0);
            broadcast(0, 1000);
            assertThat(session.queuedBytes()).isEqualTo((long) (WRITTEN + WAITING) * FRAME);
            client.connection().acceptAll();
            assertThat(numbers()).isEqualTo(range(0, WRITTEN + WAITING));
            broadcast(1000, 1001);
            assertThat(numbers()).endsWith(1000);
            assertThat(session.dropped()).isEqualTo(1000 - WRITTEN - WAITING);
            assertThat(client.isOpen()).isTrue();
            assertThat(session.queuedBytes()).isZero();
        }

        @Test
        @DisplayName("DROP_OLDEST keeps what the transport has, and then the last messages that fit, in order")
        void dropOldestKeepsWhatTransportHasAndThenLastMessagesThatFitInOrder() {
            serve(SlowReaders.DROP_OLDEST);
            client.connection().accept(0);
            broadcast(0, 1000);
            client.connection().acceptAll();
            assertThat(numbers()).isEqualTo(both(range(0, WRITTEN), range(1000 - WAITING, 1000)));
            assertThat(session.dropped()).isEqualTo(1000 - WRITTEN - WAITING);
        }

        @Test
        @DisplayName("DROP_OLDEST keeps the newest message even where it is longer than the limit")
        void dropOldestKeepsNewestMessageEvenWhereItIsLongerThanLimit() {
            serve(SlowReaders.DROP_OLDEST);
            client.connection().accept(0);
            onLoop(() -> {
                session.hub().everyone().send("a".repeat(2 * LIMIT));
                session.hub().everyone().send("b".repeat(2 * LIMIT));
                session.hub().everyone().send("c".repeat(2 * LIMIT));
            });
            client.connection().acceptAll();
            assertThat(client.texts().stream().map(text -> text.substring(0, 1)))
                    .containsExactly("a", "c");
            assertThat(session.dropped()).isEqualTo(1);
        }

        @Test
        @DisplayName(
                "KEEP_LATEST replaces what waits under the same key, loses no key, and keeps the order of what is left")
        void keepLatestReplacesWhatWaitsUnderSameKeyLosesNoKeyAndKeepsOrderOfWhatIsLeft() {
            serve(SlowReaders.KEEP_LATEST);
            client.connection().accept(0);
            onLoop(() -> {
                for (int i = 0; i < 1000; i++) {
                    session.hub().everyone().send(keyed(i, "key " + i % 5));
                }
                session.hub().everyone().send(numbered(1000));
                session.hub().everyone().send(keyed(1001, "key 0"));
            });
            client.connection().acceptAll();
            assertThat(numbers()).isEqualTo(both(range(0, WRITTEN), List.of(996, 997, 998, 999, 1000, 1001)));
            assertThat(session.dropped()).isEqualTo(1002 - WRITTEN - 6);
        }

        @Test
        @DisplayName("KEEP_LATEST closes rather than losing a message without a key, or of one key too many")
        void keepLatestClosesRatherThanLosingMessageWithoutKeyOrOfOneKeyTooMany() {
            serve(SlowReaders.KEEP_LATEST);
            client.connection().accept(0);
            broadcast(0, 200);
            client.connection().acceptAll();
            assertThat(client.closeStatus()).isEqualTo(new CloseStatus(1008, "the client reads too slowly"));

            serve(SlowReaders.KEEP_LATEST);
            client.connection().accept(0);
            onLoop(() -> IntStream.range(0, 200)
                    .forEach(i -> session.hub().everyone().send(keyed(i, "key " + i))));
            client.connection().acceptAll();
            assertThat(client.closeStatus()).isEqualTo(new CloseStatus(1008, "the client reads too slowly"));
            assertThat(session.dropped()).isZero();
        }

        @ParameterizedTest
        @EnumSource(value = SlowReaders.class, mode = Mode.EXCLUDE, names = "CLOSE")
        @DisplayName("drops nothing for a client that takes what it is given, however much is sent in one turn")
        void policyDropsNothingForClientThatTakesWhatItIsGivenHoweverMuchIsSentInOneTurn(SlowReaders policy) {
            serve(policy);
            broadcast(0, 1000);
            assertThat(numbers()).isEqualTo(range(0, 1000));
            assertThat(session.dropped()).isZero();
        }

        @Test
        @DisplayName("counts a short message for a 1,024th of the limit, so that there are never more than that")
        void policyCountsShortMessageForThousandthOfLimit() {
            serve(SlowReaders.DROP_OLDEST);
            client.connection().accept(0);
            onLoop(() -> IntStream.range(0, 20_000)
                    .forEach(i -> session.hub().everyone().send(Message.binary(new byte[0]))));
            // 513 of 2 bytes are more than a quarter of the limit, and each that waits counts 4
            assertThat(session.queuedBytes()).isEqualTo(2 * (513 + (LIMIT - 2 * 513 + 3) / 4));
        }

        @Test
        @DisplayName("drops for the one who is slow, and the others get all of it")
        void policyDropsForOneWhoIsSlowAndOthersGetAllOfIt() {
            serve(SlowReaders.DROP_NEW);
            MemoryClient other = server.open();
            client.connection().accept(0);
            broadcast(0, 1000);
            assertThat(other.texts()).hasSize(1000);
            assertThat(seen.events()).noneMatch(event -> event.startsWith("2 dropped"));
        }
    }

    @Nested
    @DisplayName("for what the app sends to the session itself")
    class DirectSends {

        @Test
        @DisplayName(
                "DROP_NEW says QUEUEING while there is room and DROPPED then, on the loop and elsewhere, and both are"
                        + " counted")
        void dropNewSaysQueueingWhileThereIsRoomAndDroppedThenOnLoopAndElsewhereAndBothAreCounted() {
            serve(SlowReaders.DROP_NEW);
            client.connection().accept(0);
            List<SendResult> results = new ArrayList<>();
            onLoop(() -> IntStream.range(0, 100).forEach(i -> results.add(session.send(numbered(i)))));
            assertThat(results.subList(0, WRITTEN - 1)).containsOnly(SendResult.SENT);
            assertThat(results.subList(WRITTEN - 1, WRITTEN + WAITING)).containsOnly(SendResult.QUEUEING);
            assertThat(results.subList(WRITTEN + WAITING, 100)).containsOnly(SendResult.DROPPED);
            assertThat(SendResult.DROPPED.accepted()).isFalse();
            assertThat(session.send(numbered(100))).isEqualTo(SendResult.DROPPED);
            assertThat(session.send(numbered(101))).isEqualTo(SendResult.DROPPED);
            server.run();
            assertThat(session.dropped()).isEqualTo(100 - WRITTEN - WAITING + 2);
            assertThat(client.connection().isPaused()).isFalse();
            client.connection().acceptAll();
            assertThat(numbers()).isEqualTo(range(0, WRITTEN + WAITING));
        }

        @Test
        @DisplayName("Hub.send says SLOW for what is dropped at once")
        void hubSendSaysSlowForWhatIsDroppedAtOnce() {
            serve(SlowReaders.DROP_NEW);
            client.connection().accept(0);
            broadcast(0, 100);
            assertThat(session.hub().send(Target.id(session.id()), "x")).isCompletedWithValue(Delivery.SLOW);
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        @DisplayName("sendAsync completes with SENT, DROPPED or CLOSED, whatever the message came to")
        void sendAsyncCompletesWithWhateverMessageCameTo(boolean here) {
            serve(SlowReaders.DROP_OLDEST);
            client.connection().accept(0);
            List<CompletableFuture<SendResult>> told = new ArrayList<>();
            Runnable sends = () -> IntStream.range(0, 100)
                    .forEach(i -> told.add(
                            session.sendAsync(Message.text(numbered(i))).toCompletableFuture()));
            if (here) {
                onLoop(sends);
            } else {
                for (int i = 0; i < 100; i++) {
                    told.add(session.sendAsync(Message.text(numbered(i))).toCompletableFuture());
                    server.run();
                }
            }
            int dropped = 100 - WRITTEN - WAITING;
            assertThat(told.subList(0, WRITTEN)).noneMatch(CompletableFuture::isDone);
            assertThat(told.subList(WRITTEN, WRITTEN + dropped))
                    .allMatch(one -> one.getNow(null) == SendResult.DROPPED);
            assertThat(told.subList(WRITTEN + dropped, 100)).noneMatch(CompletableFuture::isDone);
            client.connection().accept((WRITTEN + 3) * FRAME);
            server.advance(Duration.ofMillis(500));
            assertThat(told.get(WRITTEN + dropped + 2)).isCompletedWithValue(SendResult.SENT);
            assertThat(told.get(WRITTEN + dropped + 3)).isNotDone();
            client.connection().lose(new java.io.IOException("gone"));
            assertThat(told.get(99)).isCompletedWithValue(SendResult.CLOSED);
        }

        @Test
        @DisplayName("KEEP_LATEST replaces across threads, and refuses with FULL what has no key, which does not fit")
        void keepLatestReplacesAcrossThreadsAndRefusesWithFullWhatHasNoKeyWhichDoesNotFit() {
            serve(SlowReaders.KEEP_LATEST);
            client.connection().accept(0);
            broadcast(0, WRITTEN);
            for (int i = WRITTEN; i < 1000; i++) {
                assertThat(session.send(keyed(i, "one"))).isEqualTo(SendResult.QUEUEING);
                server.run();
            }
            SendResult last = SendResult.QUEUEING;
            int taken = 0;
            while (last.accepted() && taken < 100) {
                last = session.send(numbered(2000 + taken));
                server.run();
                taken += last.accepted() ? 1 : 0;
            }
            assertThat(last).isEqualTo(SendResult.FULL);
            assertThat(taken).isEqualTo(WAITING);
            client.connection().acceptAll();
            assertThat(numbers()).isEqualTo(both(both(range(0, WRITTEN), List.of(999)), range(2000, 2000 + taken)));
            assertThat(session.dropped()).isEqualTo(999 - WRITTEN);
        }

        @Test
        @DisplayName("A12 keeps what waits as it was when it was given, though the buffer is changed afterwards")
        void a12WhatWaitsIsAsItWasWhenItWasGivenThoughBufferIsChangedAfterwards() {
            serve(SlowReaders.DROP_OLDEST);
            client.connection().accept(0);
            broadcast(0, WRITTEN);
            byte[] bytes = "before".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            onLoop(() -> {
                session.send(ByteBuffer.wrap(bytes));
                java.util.Arrays.fill(bytes, (byte) 'x');
            });
            client.connection().acceptAll();
            assertThat(client.frames()).endsWith(ServerFrame.binary("before".getBytes()));
        }
    }

    @Nested
    @DisplayName("leaves alone")
    class NotDropped {

        @ParameterizedTest
        @EnumSource(value = SlowReaders.class, mode = Mode.EXCLUDE, names = "CLOSE")
        @DisplayName(
                "answers: each comes in its place behind what was sent before, and reading pauses as long as one waits")
        void answersComeInTheirPlaceAndReadingPausesAsLongAsOneWaits(SlowReaders policy) {
            serve(AppOptions.DEFAULT.slowReaders(policy), Session::send);
            client.connection().accept(0);
            onLoop(() -> IntStream.range(0, 500)
                    .forEach(i -> session.hub().everyone().send(keyed(i, "key " + i % 3))));
            client.sendTexts("question");
            assertThat(client.connection().isPaused()).isTrue();
            onLoop(() -> IntStream.range(500, 1000)
                    .forEach(i -> session.hub().everyone().send(keyed(i, "key " + i % 3))));
            client.connection().acceptAll();
            assertThat(client.connection().isPaused()).isFalse();
            assertThat(client.texts()).contains("question");
            List<String> others = new ArrayList<>(client.texts());
            others.remove("question");
            assertThat(others.stream().map(SlowReadersTest::numberOf))
                    .isSorted()
                    .doesNotHaveDuplicates();
            int place = client.texts().indexOf("question");
            assertThat(client.texts().subList(0, place)).allMatch(text -> numberOf(text) < 500);
            assertThat(client.texts().subList(place + 1, client.texts().size()))
                    .allMatch(text -> numberOf(text) >= 500);
        }

        @Test
        @DisplayName("answers of an app on an executor, and no push of the same app is one")
        void answersOfAppOnExecutorAreNotDropped() {
            ManualExecutor executor = new ManualExecutor();
            serve(AppOptions.DEFAULT.slowReaders(SlowReaders.DROP_NEW).executor(executor), Session::send);
            client.connection().accept(0);
            broadcast(0, 100);
            client.sendTexts("question");
            executor.runAll();
            assertThat(session.send("push")).isEqualTo(SendResult.DROPPED);
            server.run();
            client.connection().acceptAll();
            assertThat(client.texts()).endsWith("question").doesNotContain("push");
        }

        @Test
        @DisplayName("an app that answers without end: its answers have the limit to themselves, and then are FULL")
        void answersHaveLimitToThemselvesAndThenAreFull() {
            List<SendResult> results = new ArrayList<>();
            serve(AppOptions.DEFAULT.slowReaders(SlowReaders.DROP_OLDEST), (self, message) -> {
                for (int i = 0; i < 100; i++) {
                    results.add(self.send(numbered(i)));
                }
            });
            client.connection().accept(0);
            broadcast(1000, 1100);
            client.sendTexts("go");
            assertThat(results.subList(0, WAITING)).containsOnly(SendResult.QUEUEING);
            assertThat(results.subList(WAITING, 100)).containsOnly(SendResult.FULL);
            client.connection().acceptAll();
            assertThat(numbers())
                    .isEqualTo(both(both(range(1000, 1000 + WRITTEN), range(1100 - WAITING, 1100)), range(0, WAITING)));
        }

        @Test
        @DisplayName(
                "control frames: a pong of the server's goes ahead, a ping of the app's keeps its place or is refused")
        void controlFramesAreNotDropped() {
            serve(SlowReaders.DROP_OLDEST);
            client.connection().accept(0);
            broadcast(0, 100);
            onLoop(() -> assertThat(session.ping(ByteBuffer.allocate(1))).isEqualTo(SendResult.FULL));
            assertThat(session.ping(ByteBuffer.allocate(2))).isEqualTo(SendResult.QUEUEING);
            server.run();
            broadcast(100, 1000);
            client.send(ClientFrame.ping((byte) 7));
            client.connection().acceptAll();
            assertThat(client.frames()).contains(ServerFrame.ping((byte) 0, (byte) 0), ServerFrame.pong((byte) 7));
            assertThat(client.frames().stream().filter(frame -> frame.opcode() == 0x9))
                    .hasSize(1);
            assertThat(session.dropped()).isEqualTo(1000 - WRITTEN - WAITING);
        }
    }

    @Nested
    @DisplayName("is told")
    class Told {

        @Test
        @DisplayName(
                "to the listener and the host with the number since the last time: at a tick, before onDrained, before"
                        + " onClose")
        void listenerAndHostAreToldNumberSinceLastTime() {
            serve(SlowReaders.DROP_NEW);
            client.connection().accept(0);
            int fit = WRITTEN + WAITING;
            broadcast(0, fit + 5);
            assertThat(app.newEvents()).containsExactly("open");
            server.advance(Duration.ofMillis(300));
            assertThat(app.newEvents()).containsExactly("dropped 5");
            server.advance(Duration.ofMillis(300));
            assertThat(app.newEvents()).isEmpty();
            onLoop(() -> session.send(numbered(1)));
            client.connection().acceptAll();
            assertThat(app.newEvents()).containsExactly("dropped 1", "drained");
            client.connection().accept(0);
            broadcast(0, fit + 7);
            client.connection().lose(new java.io.IOException("gone"));
            assertThat(app.newEvents()).containsExactly("dropped 7", "error IOException: gone", "close 1006");
            assertThat(seen.events().stream().filter(event -> event.contains("dropped")))
                    .containsExactly("1 dropped 5", "1 dropped 1", "1 dropped 7");
            assertThat(session.dropped()).isEqualTo(13);
            app.assertOrderly();
            server.assertNothingIsLeft();
        }
    }

    @Nested
    @DisplayName("at the end of a session")
    class Ends {

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        @DisplayName("what waits goes before the close frame, whoever closes in order")
        void whatWaitsGoesBeforeCloseFrameWhoeverClosesInOrder(boolean byServer) {
            serve(SlowReaders.DROP_NEW);
            client.connection().accept(0);
            broadcast(0, 100);
            if (byServer) {
                onLoop(session::close);
            } else {
                client.send(ClientFrame.close(1000));
            }
            client.connection().acceptAll();
            assertThat(numbers()).isEqualTo(range(0, WRITTEN + WAITING));
            assertThat(client.frames()).endsWith(ServerFrame.close(1000));
        }

        @Test
        @DisplayName("what waits is forgotten when the server fails it, and sendAsync says so")
        void whatWaitsIsForgottenWhenServerFailsSession() {
            serve(SlowReaders.DROP_NEW);
            client.connection().accept(0);
            broadcast(0, WRITTEN);
            CompletableFuture<SendResult> told = new CompletableFuture<>();
            onLoop(() -> session.sendAsync(Message.text("waits")).thenAccept(told::complete));
            client.send(ClientFrame.text("a").unmasked());
            assertThat(told).isCompletedWithValue(SendResult.CLOSED);
            client.connection().acceptAll();
            assertThat(numbers()).isEqualTo(range(0, WRITTEN));
            assertThat(client.closeStatus().code()).isEqualTo(1002);
        }

        @Test
        @DisplayName("a client that takes nothing at all has the deadline for writing, whatever may be dropped")
        void clientThatTakesNothingAtAllHasDeadlineForWriting() {
            serve(SlowReaders.DROP_OLDEST);
            client.connection().accept(0);
            for (int i = 0;
                    i < 60
                            && client.closeStatus() == null
                            && !client.connection().isClosed();
                    i++) {
                broadcast(i * 10, i * 10 + 10);
                server.advance(Duration.ofSeconds(1));
            }
            assertThat(seen.events()).contains("1 close 1008 the client reads too slowly by server");
        }
    }

    @Nested
    @DisplayName("with compression")
    class Compressed {

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        @DisplayName("drops before it compresses, so that a context that the client shares stays whole")
        void policyDropsBeforeItCompresses(boolean takeover) {
            Compression compression = Compression.ON.thresholdBytes(1).contextTakeover(takeover);
            serve(
                    AppOptions.DEFAULT.slowReaders(SlowReaders.DROP_OLDEST).compression(compression),
                    Session::send,
                    "Sec-WebSocket-Extensions: permessage-deflate");
            Random random = new Random(4);
            List<Integer> all = new ArrayList<>();
            for (int round = 0; round < 30; round++) {
                client.connection().accept(random.nextInt(3000));
                int from = round * 100;
                onLoop(() -> {
                    for (int i = from; i < from + 100; i++) {
                        String text = numbered(i) + random.nextLong() + random.nextLong();
                        if (random.nextBoolean()) {
                            session.send(text);
                        } else {
                            session.hub().everyone().send(text);
                        }
                    }
                });
                client.sendTexts((from + 99) + " question");
            }
            client.connection().acceptAll();
            // the client of the test kit inflates every one, or fails; a question may have had to wait for its turn to
            // be read
            List<String> texts = client.texts();
            assertThat(texts.stream()
                            .filter(text -> !text.endsWith(" question"))
                            .map(SlowReadersTest::numberOf))
                    .isSorted()
                    .contains(2999);
            assertThat(texts.stream().filter(text -> text.endsWith(" question")).map(SlowReadersTest::numberOf))
                    .isSorted()
                    .hasSize(30);
            assertThat(session.dropped()).isPositive();
            assertThat(client.texts().size() + session.dropped()).isEqualTo(30 * 101);
        }
    }

    @Nested
    @DisplayName("and memory")
    class Memory {

        private long used() {
            LoopConnections loop = (LoopConnections) server.loop().core();
            onLoop(() -> loop.memory().recount());
            return server.core().memory().used();
        }

        @Test
        @DisplayName("what waits is in the budget: what many wait for once, and nothing is left when it is gone")
        void whatWaitsIsInBudgetAndWhatManyWaitForOnce() {
            serve(SlowReaders.DROP_OLDEST);
            MemoryClient other = server.open();
            assertThat(used()).isZero();
            client.connection().accept(0);
            other.connection().accept(0);
            onLoop(() -> session.hub().everyone().send(Message.binary(new byte[LIMIT])));
            long transports = used();
            assertThat(transports).isEqualTo(2L * (LIMIT + 4));
            onLoop(() -> session.hub().everyone().send(Message.binary(new byte[100_000])));
            assertThat(used() - transports).isBetween(100_000L, 101_000L);
            onLoop(() -> session.send(ByteBuffer.allocate(50_000)));
            // the message to both is the other's alone now
            assertThat(used() - transports).isBetween(150_000L, 151_000L);
            client.connection().acceptAll();
            other.connection().acceptAll();
            assertThat(used()).isZero();
            assertThat(session.dropped()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("is an option of the app like the others, and a limit below zero is an error")
    void policyIsOptionOfAppLikeOthers() {
        AppOptions options =
                AppOptions.DEFAULT.slowReaders(SlowReaders.DROP_NEW).queuedBytes(5);
        assertThat(options.rateLimited(true).rawTcp(false).maxMessageBytes(0)).isEqualTo(options);
        assertThat(options).isNotEqualTo(AppOptions.DEFAULT.queuedBytes(5)).hasSameHashCodeAs(options.queuedBytes(5));
        assertThat(options).isNotEqualTo(options.queuedBytes(6));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AppOptions.DEFAULT.queuedBytes(-1))
                .withMessage("queuedBytes is -1, must not be negative");
    }
}
