package io.hexsocket.core.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.RawDoor;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.connection.LoopConnections;
import io.hexsocket.core.protocol.MessageBuffers;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.Cuts;
import io.hexsocket.core.testkit.ManualExecutor;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryConnection;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.RecordingListener;
import io.hexsocket.core.testkit.Scenario;
import io.hexsocket.core.testkit.ServerFrame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A session's listener")
class ReadingTest {

    private static ClientFrame[] texts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> ClientFrame.text(Integer.toString(i)))
                .toArray(ClientFrame[]::new);
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    @Test
    @DisplayName("costs no memory for large messages when there have been none for a while")
    void largeMessagesLeaveNothingBehind() {
        MemoryServer server = MemoryServer.serving(session -> Session::send);
        MessageBuffers buffers = ((LoopConnections) server.loop().core()).loop().buffers();
        MemoryClient client = server.open();
        byte[] frame = ClientFrame.binary(new byte[100_000]).bytes();
        client.connection().send(Arrays.copyOf(frame, 60_000));
        client.connection().send(Arrays.copyOfRange(frame, 60_000, frame.length));
        assertThat(buffers.bytes()).as("kept for the next one").isGreaterThan(100_000);
        server.advance(Duration.ofSeconds(25));
        assertThat(buffers.bytes()).isZero();
    }

    @Nested
    @DisplayName("is called")
    class Callbacks {

        @Test
        @DisplayName("H1 in the order of what arrives, frames glued to the handshake first")
        void h1SessionsListenerIsCalledInOrderOfWhatArrivesFramesGluedToHandshakeFirst() {
            Scenario.echo()
                    .sends(
                            ClientFrame.text("a"),
                            ClientFrame.binary((byte) 1),
                            ClientFrame.pong((byte) 2),
                            ClientFrame.fragments("b", "c")[0],
                            ClientFrame.pong((byte) 3),
                            ClientFrame.fragments("b", "c")[1],
                            ClientFrame.close(1001, "bye"))
                    .assertTells("text a", "binary 01", "pong 02", "pong 03", "text bc")
                    .assertAnswers(ServerFrame.text("a"), ServerFrame.binary((byte) 1), ServerFrame.text("bc"))
                    .assertCloses(ServerFrame.close(1001), "1001 bye");
        }

        @Test
        @DisplayName(
                "never within another callback, whatever a callback does: also when its own broadcast finds its own queue full")
        void noCallbackRunsWithinAnotherAlsoWhenItsOwnBroadcastFindsItsOwnQueueFull() {
            RecordingApp app = new RecordingApp(session -> new Listener() {
                @Override
                public void onMessage(Session self, Message message) {
                    for (int i = 0; i < 20; i++) {
                        self.hub().everyone().send(Message.binary(new byte[100_000]));
                    }
                    self.send("after");
                    self.pause();
                    self.resume();
                    self.close();
                }

                @Override
                public void onClose(Session self, CloseStatus status) {
                    self.hub().everyone().send("gone");
                    self.close();
                }
            });
            MemoryServer server = MemoryServer.serving(app);
            MemoryClient sender = server.open();
            MemoryClient other = server.open();
            sender.connection().accept(0);
            other.connection().accept(0);
            sender.sendTexts("go", "again");
            sender.connection().acceptAll();
            sender.close();
            // the witness did not read and was cut
            other.connection().acceptAll();
            other.connection().end();
            app.assertOrderly();
            assertThat(app.events().stream().filter(event -> event.startsWith("close")))
                    .hasSize(2);
            assertThat(other.closeStatus().code()).isEqualTo(1008);
            server.assertNothingIsLeft();
        }

        @Test
        @DisplayName("F14 for 256 messages of a segment, then others have their turn, and nothing is lost")
        void f14SessionsListenerIsCalledFor256MessagesOfSegmentThenOthersHaveTheirTurnAndNothingIsLost() {
            RecordingApp app = RecordingApp.echo();
            MemoryServer server = MemoryServer.serving(app);
            MemoryClient busy = server.open();
            MemoryClient other = server.open();
            byte[] segment = ClientFrame.join(texts(10_000));
            List<Integer> turns = new ArrayList<>();
            busy.connection().arriveLater(segment);
            other.connection().arriveLater(ClientFrame.text("me too").bytes());
            server.run();
            List<String> events = app.events();
            assertThat(events.indexOf("text me too")).isLessThanOrEqualTo(2 + 256);
            assertThat(busy.texts()).isEqualTo(numbers(0, 10_000));
            busy.framesByWrite().forEach(write -> turns.add(write.size()));
            assertThat(turns).allMatch(size -> size <= 256).hasSize((10_000 + 255) / 256);
        }

        @Test
        @DisplayName("and the server's listener sees each step")
        void sessionsListenerIsCalledAndServersListenerSeesEachStep() {
            RecordingListener seen = new RecordingListener();
            MemoryServer server = MemoryServer.serving(RecordingApp.echo(), config -> config.listener(seen));
            server.open().close();
            server.open().close();
            assertThat(seen.events())
                    .containsExactly(
                            "1 connect",
                            "1 open /app",
                            "1 close 1000 by client",
                            "1 disconnect",
                            "2 connect",
                            "2 open /app",
                            "2 close 1000 by client",
                            "2 disconnect");
        }
    }

    @Nested
    @DisplayName("is given a message")
    class Messages {

        @Test
        @DisplayName("R8 that is empty when the call is over, and shows nothing of another")
        void r8SessionsListenerIsGivenMessageThatIsEmptyWhenCallIsOverAndShowsNothingOfAnother() {
            List<ByteBuffer> keptBytes = new ArrayList<>();
            List<Message> kept = new ArrayList<>();
            List<Integer> shown = new ArrayList<>();
            App app = session -> (self, message) -> {
                keptBytes.forEach(bytes -> {
                    shown.add(bytes.remaining());
                    ByteBuffer again = bytes.duplicate();
                    shown.add(again.remaining());
                });
                ByteBuffer own = message.bytes();
                keptBytes.forEach(bytes -> shown.add(bytes.remaining()));
                assertThat(own.hasRemaining()).isTrue();
                keptBytes.add(own);
                kept.add(message);
            };
            MemoryServer server = MemoryServer.serving(app);
            MemoryClient one = server.open();
            MemoryClient other = server.open();
            one.sendTexts("secret");
            other.sendTexts("another secret", "a third one");
            other.connection()
                    .send(Cuts.every(2, ClientFrame.binary(new byte[40]).bytes()));
            one.connection().send(Cuts.every(3, ClientFrame.text("x".repeat(50)).bytes()));
            other.send(ClientFrame.fragments("frag", "ments"));
            one.send(ClientFrame.fragments("frag", "ments"));
            assertThat(kept).hasSize(7);
            assertThat(shown).isNotEmpty().containsOnly(0);
            assertThat(keptBytes).allMatch(bytes -> !bytes.hasRemaining());
            assertThat(kept).allSatisfy(Messages::assertIsOver);
        }

        private static void assertIsOver(Message message) {
            for (ThrowingCallable method : List.<ThrowingCallable>of(
                    message::isText, message::size, message::bytes, message::text, message::copy)) {
                assertThatIllegalStateException().isThrownBy(method).withMessageContaining("its callback only");
            }
            assertThat(message).asString().contains(" message of ");
        }

        @ParameterizedTest
        @ValueSource(strings = {"/web", "/raw"})
        @DisplayName("X1 that throws from each method when the listener has kept it and another client has spoken")
        void x1KeptMessageThrowsAfterItsCallback(String path) {
            List<Message> kept = new ArrayList<>();
            List<String> said = new ArrayList<>();
            App app = session -> (self, message) -> {
                kept.forEach(Messages::assertIsOver);
                kept.add(message);
                said.add(message.text());
            };
            AppOptions raw = AppOptions.DEFAULT.rawTcp(true);
            MemoryServer server = new MemoryServer(ServerConfig.at("ws://localhost:0")
                    .eventLoops(1)
                    .app("/web", app)
                    .app("/raw", app.with(raw))
                    .rawDoor(RawDoor.LOOPBACK)
                    .build());
            if (path.equals("/web")) {
                server.open("/web").sendTexts("{\"first\":1}");
                server.open("/web").sendTexts("{\"other\":2}", "{}");
            } else {
                for (String texts : List.of("{\"first\":1}", "{\"other\":2}{}")) {
                    MemoryConnection client = server.connect();
                    client.send("php process\nGET /raw HTTP/1.1\n".getBytes(UTF_8));
                    client.send(texts.getBytes(UTF_8));
                }
            }
            assertThat(said).containsExactly("{\"first\":1}", "{\"other\":2}", "{}");
            assertThat(kept).hasSize(3).allSatisfy(Messages::assertIsOver);
        }

        @Test
        @DisplayName("X1 that throws in the executor to which a listener has handed it")
        void x1MessageHandedToAnExecutorThrowsThere() {
            ManualExecutor executor = new ManualExecutor();
            List<String> seen = new ArrayList<>();
            App app = session -> (self, message) -> executor.execute(() -> {
                assertIsOver(message);
                seen.add("over");
            });
            MemoryServer server = MemoryServer.serving(app);
            server.open().sendTexts("secret of the first");
            server.open().sendTexts("text of the other one");
            executor.runAll();
            assertThat(seen).containsExactly("over", "over");
        }

        @Test
        @DisplayName("X1 that never shows another client's text to a thread that reads it while the loop goes on")
        void x1ThreadThatRacesWithTheLoopSeesItsOwnMessageOrNone() throws InterruptedException {
            AtomicReference<Message> current = new AtomicReference<>();
            AtomicReference<String> wrong = new AtomicReference<>();
            AtomicInteger refused = new AtomicInteger();
            AtomicBoolean done = new AtomicBoolean();
            App app = session -> {
                boolean mine = session.request().headers("X-Mine").isEmpty();
                return (self, message) -> {
                    if (mine) {
                        current.set(message);
                    }
                };
            };
            MemoryServer server = MemoryServer.serving(app);
            MemoryClient mine = server.open("/app");
            MemoryClient other = server.open("/app", "X-Mine: no");
            Thread thief = new Thread(() -> {
                while (!done.get()) {
                    Message message = current.get();
                    try {
                        String text = message == null ? "mine" : message.text();
                        if (!text.equals("mine")) {
                            wrong.set(text);
                        }
                    } catch (IllegalStateException over) {
                        refused.incrementAndGet();
                    }
                }
            });
            thief.start();
            for (int i = 0; i < 20_000; i++) {
                mine.sendTexts("mine");
                other.sendTexts("hers");
            }
            done.set(true);
            thief.join();
            assertThat(wrong).hasNullValue();
            assertThat(refused).hasPositiveValue();
        }

        @Test
        @DisplayName("R8 whose bytes() give nothing beyond it, though asked for all that the buffer can hold")
        void r8SessionsListenerIsGivenMessageWhoseBytesGiveNothingBeyondItThoughAskedForAllThatBufferCanHold() {
            List<Integer> capacities = new ArrayList<>();
            App app = session ->
                    (self, message) -> capacities.add(message.bytes().clear().remaining());
            MemoryServer server = MemoryServer.serving(app);
            MemoryClient client = server.open();
            client.send(ClientFrame.text("abc"), ClientFrame.text("hello"));
            client.connection().send(Cuts.every(1, ClientFrame.text("pieces").bytes()));
            assertThat(capacities).containsExactly(3, 5, 6);
        }

        @Test
        @DisplayName(
                "whose bytes() are read-only, rewound by each call, and big-endian whatever an app did to those of the last")
        void
                sessionsListenerIsGivenMessageWhoseBytesAreReadOnlyRewoundByEachCallAndBigEndianWhateverAppDidToThoseOfLast() {
            List<String> seen = new ArrayList<>();
            App app = session -> (self, message) -> {
                ByteBuffer first = message.bytes();
                seen.add(first.isReadOnly() + " " + first.order() + " " + first.remaining() + " " + first.getInt());
                first.order(ByteOrder.LITTLE_ENDIAN);
                seen.add("" + message.bytes().getInt());
                self.send(message);
            };
            MemoryServer server = MemoryServer.serving(app);
            MemoryClient client = server.open();
            ClientFrame one = ClientFrame.binary((byte) 0, (byte) 0, (byte) 0, (byte) 1);
            client.send(one, one);
            client.connection().send(Cuts.every(1, one.bytes()));
            client.connection().send(Cuts.every(1, one.bytes()));
            assertThat(seen).filteredOn(line -> line.contains(" ")).hasSize(4).containsOnly("true BIG_ENDIAN 4 1");
            assertThat(client.frames()).hasSize(4).containsOnly(ServerFrame.binary((byte) 0, (byte) 0, (byte) 0, (byte)
                    1));
        }

        @Test
        @DisplayName("R8 or the payload of a pong, which shows nothing of another either")
        void r8SessionsListenerIsGivenMessageOrPayloadOfPongWhichShowsNothingOfAnotherEither() {
            List<ByteBuffer> kept = new ArrayList<>();
            List<String> seen = new ArrayList<>();
            App app = session -> new Listener() {
                @Override
                public void onMessage(Session self, Message message) {
                    kept.forEach(bytes -> seen.add("shows " + bytes.remaining()));
                }

                @Override
                public void onPong(Session self, ByteBuffer payload) {
                    seen.add(payload.order() + " " + payload.remaining() + " " + payload.get() + " "
                            + payload.isReadOnly());
                    payload.order(ByteOrder.LITTLE_ENDIAN);
                    kept.add(payload);
                }
            };
            MemoryServer server = MemoryServer.serving(app);
            MemoryClient client = server.open();
            client.send(ClientFrame.pong((byte) 7, (byte) 8), ClientFrame.text("secret"));
            client.connection().send(Cuts.every(1, ClientFrame.pong((byte) 9).bytes()));
            client.connection().send(Cuts.every(1, ClientFrame.pong((byte) 9).bytes()));
            assertThat(seen)
                    .containsExactly("BIG_ENDIAN 2 7 true", "shows 0", "BIG_ENDIAN 1 9 true", "BIG_ENDIAN 1 9 true");
            assertThat(kept).allMatch(payload -> !payload.hasRemaining());
        }

        @Test
        @DisplayName("whose copy() stays")
        void sessionsListenerIsGivenMessageWhoseCopyStays() {
            List<Message> copies = new ArrayList<>();
            App app = session -> (self, message) -> copies.add(message.copy());
            MemoryClient client = MemoryServer.serving(app).open();
            client.send(ClientFrame.text("one"), ClientFrame.binary((byte) 2), ClientFrame.text("three"));
            assertThat(copies.get(0).text()).isEqualTo("one");
            assertThat(copies.get(1).isText()).isFalse();
            assertThat(copies.get(1).bytes()).isEqualTo(ByteBuffer.wrap(new byte[] {2}));
            assertThat(copies.get(2).text()).isEqualTo("three");
        }

        @Test
        @DisplayName("as text, or is told that it is none")
        void sessionsListenerIsGivenMessageAsTextOrIsToldThatItIsNone() {
            List<String> seen = new ArrayList<>();
            App app = session -> (self, message) -> {
                if (message.isText()) {
                    seen.add(message.text() + message.text() + message.size());
                } else {
                    try {
                        message.text();
                    } catch (IllegalStateException none) {
                        seen.add("none");
                    }
                }
                seen.add(message.toString());
            };
            MemoryClient client = MemoryServer.serving(app).open();
            client.send(ClientFrame.text("\u20AC"), ClientFrame.binary((byte) 2), ClientFrame.text(""));
            assertThat(seen)
                    .containsExactly(
                            "\u20AC\u20AC3",
                            "text message of 3 bytes",
                            "none",
                            "binary message of 1 bytes",
                            "0",
                            "text message of 0 bytes");
        }
    }

    @Nested
    @DisplayName("that pauses its session")
    class Pauses {

        private static App pausingAt(String... texts) {
            return session -> (self, message) -> {
                self.send(message);
                if (List.of(texts).contains(message.text())) {
                    self.pause();
                }
            };
        }

        @Test
        @DisplayName(
                "gets no message after the current one, not even of the same segment, and the very next when it resumes")
        void
                sessionsListenerThatPausesItsSessionGetsNoMessageAfterCurrentOneNotEvenOfSameSegmentAndVeryNextWhenItResumes() {
            byte[] stream = ClientFrame.join(texts(10));
            List<List<byte[]>> ways = new ArrayList<>(List.of(List.of(stream), Cuts.every(1, stream)));
            for (int seed = 0; seed < 8; seed++) {
                ways.add(Cuts.random(seed, stream));
            }
            for (List<byte[]> pieces : ways) {
                RecordingApp app = new RecordingApp(pausingAt("2", "3", "7"));
                MemoryServer server = MemoryServer.serving(app);
                MemoryClient client = server.open();
                pieces.forEach(client.connection()::arriveLater);
                server.run();
                for (int expected : new int[] {3, 4, 8}) {
                    assertThat(client.texts()).isEqualTo(numbers(0, expected));
                    assertThat(client.connection().isPaused()).isTrue();
                    app.session().resume();
                    server.run();
                }
                assertThat(client.texts()).isEqualTo(numbers(0, 10));
                assertThat(client.connection().isPaused()).isFalse();
                app.assertOrderly();
            }
        }

        @Test
        @DisplayName("from onOpen gets none of the frames that were glued to the handshake")
        void sessionsListenerThatPausesItsSessionFromOnOpenGetsNoneOfFramesThatWereGluedToHandshake() {
            RecordingApp app = new RecordingApp(session -> {
                session.pause();
                return Session::send;
            });
            MemoryServer server = MemoryServer.serving(app);
            MemoryConnection connection = server.connect();
            connection.send(Cuts.join(List.of(MemoryClient.request("/app"), ClientFrame.join(texts(3)))));
            MemoryClient client = MemoryClient.after(connection);
            assertThat(app.events()).containsExactly("open");
            app.session().resume();
            server.run();
            assertThat(client.texts()).isEqualTo(numbers(0, 3));
        }

        @Test
        @DisplayName("and resumes it at once has not paused it")
        void sessionsListenerThatPausesItsSessionAndResumesItAtOnceHasNotPausedIt() {
            Scenario.given(() -> session -> (self, message) -> {
                        self.pause();
                        self.resume();
                        self.resume();
                        self.send(message);
                    })
                    .sends(texts(20))
                    .assertAnswers(
                            numbers(0, 20).stream().map(ServerFrame::text).toArray(ServerFrame[]::new));
        }

        @Test
        @DisplayName("often, and resumes it once, has resumed it")
        void pausesDoNotAddUp() {
            RecordingApp app = new RecordingApp(session -> (self, message) -> {
                self.pause();
                self.pause();
                self.send(message);
            });
            MemoryServer server = MemoryServer.serving(app);
            MemoryClient client = server.open().send(texts(2));
            app.session().resume();
            server.run();
            assertThat(client.texts()).isEqualTo(numbers(0, 2));
        }

        @Test
        @DisplayName(
                "hears of the end of the input behind all that it has not been given, though the transport tells of it at once")
        void endOfInputBehindWhatWaits() {
            RecordingApp app = new RecordingApp(pausingAt("1"));
            MemoryServer server = MemoryServer.serving(app);
            MemoryClient client = server.open();
            client.send(texts(4));
            client.connection().endAtOnce();
            assertThat(app.events()).containsExactly("open", "text 0", "text 1");
            app.session().resume();
            server.run();
            assertThat(app.events())
                    .containsSequence(
                            "text 3",
                            "error EOFException: the client ended the connection without a close frame",
                            "close 1006");
            assertThat(client.texts()).isEqualTo(numbers(0, 4));
            server.assertNothingIsLeft();
        }

        @Test
        @DisplayName(
                "hears of the client's close frame behind all that it has not been given, and of no error, though the end follows at once")
        void closeFrameBehindWhatWaits() {
            RecordingApp app = new RecordingApp(pausingAt("1"));
            MemoryServer server = MemoryServer.serving(app);
            MemoryClient client = server.open();
            client.connection()
                    .send(Cuts.join(List.of(
                            ClientFrame.join(texts(4)), ClientFrame.close(1000).bytes())))
                    .endAtOnce();
            app.session().resume();
            server.run();
            assertThat(app.events()).containsExactly("open", "text 0", "text 1", "text 2", "text 3", "close 1000");
            server.assertNothingIsLeft();
        }

        @Test
        @DisplayName("and loses it hears of that at once, and gets nothing of what waited")
        void sessionsListenerThatPausesItsSessionAndLosesItHearsOfThatAtOnceAndGetsNothingOfWhatWaited() {
            RecordingApp app = new RecordingApp(pausingAt("1"));
            MemoryServer server = MemoryServer.serving(app);
            MemoryClient client = server.open();
            client.send(texts(4));
            client.connection().lose(null);
            app.session().resume();
            server.run();
            assertThat(app.events())
                    .containsExactly(
                            "open", "text 0", "text 1", "error EOFException: the connection was lost", "close 1006");
            server.assertNothingIsLeft();
        }
    }

    @Nested
    @DisplayName("that answers a client which does not read")
    class BackPressure {

        private final RecordingApp app = RecordingApp.echo();
        private final MemoryServer server = MemoryServer.serving(app);
        private final MemoryClient client = server.open();

        @Test
        @DisplayName(
                "A14 is not given more before the answers are out, so that the queue stays short, and loses nothing")
        void a14ClientThatDoesNotReadIsNotReadFromBeforeItsAnswersAreOutSoThatItsQueueStaysShort() {
            client.connection().accept(0);
            for (int i = 0; i < 1000; i++) {
                client.connection()
                        .arriveLater(ClientFrame.text(("%04d".formatted(i)).repeat(500))
                                .bytes());
            }
            server.run();
            assertThat(client.connection().isPaused()).isTrue();
            assertThat(app.session().queuedBytes()).isBetween(64L * 1024, 64L * 1024 + 4096);
            client.connection().accept(10_000);
            assertThat(client.connection().isPaused()).isTrue();
            for (int i = 0; i < 20; i++) {
                client.connection().accept(100_000);
                assertThat(app.session().queuedBytes()).isLessThan(64L * 1024 + 4096);
            }
            client.connection().acceptAll();
            assertThat(client.connection().isPaused()).isFalse();
            assertThat(client.texts()).hasSize(1000);
            assertThat(app.events().stream().filter("drained"::equals)).hasSizeGreaterThan(1);
            app.assertOrderly();
        }

        @Test
        @DisplayName("has one pong answered of many pings, the newest, when the queue is out")
        void sessionsListenerThatAnswersClientWhichDoesNotReadHasOnePongAnsweredOfManyPingsNewestWhenQueueIsOut() {
            client.connection().accept(0);
            server.loop().turn(() -> app.session().hub().everyone().send(Message.binary(new byte[100_000])));
            for (int i = 0; i < 50; i++) {
                client.send(ClientFrame.ping((byte) i));
            }
            assertThat(app.session().queuedBytes()).isEqualTo(100_010);
            client.connection().acceptAll();
            assertThat(client.frames()).hasSize(2).endsWith(ServerFrame.pong((byte) 49));
            client.send(ClientFrame.ping((byte) 77));
            assertThat(client.frames()).hasSize(3).endsWith(ServerFrame.pong((byte) 77));
        }

        @Test
        @DisplayName("has no pong for a ping that is older than one answered already")
        void sessionsListenerThatAnswersClientWhichDoesNotReadHasNoPongForPingThatIsOlderThanOneAnsweredAlready() {
            client.connection().accept(0);
            server.loop().turn(() -> app.session().hub().everyone().send(Message.binary(new byte[100_000])));
            client.send(ClientFrame.ping((byte) 1));
            // below the mark again, but not empty
            client.connection().accept(60_000);
            client.send(ClientFrame.ping((byte) 2));
            client.connection().acceptAll();
            assertThat(client.frames()).hasSize(2).endsWith(ServerFrame.pong((byte) 2));
        }

        @ParameterizedTest
        @ValueSource(ints = {1024, 10_000})
        @DisplayName("keeps to a lower limit of the configuration")
        void sessionsListenerThatAnswersClientWhichDoesNotReadKeepsToLowerLimitOfConfiguration(int limit) {
            RecordingApp other = RecordingApp.echo();
            MemoryServer small =
                    MemoryServer.serving(other, config -> config.limits(Limits.DEFAULT.queuedBytes(limit)));
            MemoryClient slow = small.open();
            slow.connection().accept(0);
            for (int i = 0; i < 100; i++) {
                slow.connection().arriveLater(ClientFrame.binary(new byte[500]).bytes());
            }
            small.run();
            assertThat(other.session().queuedBytes()).isBetween((long) limit, (long) limit + 504);
            slow.connection().acceptAll();
            assertThat(slow.frames()).hasSize(100);
        }
    }

    @Test
    @DisplayName("is not needed for what follows a close frame, however much it is")
    void floodBehindACloseFrame() {
        RecordingApp app = RecordingApp.echo();
        MemoryServer server = MemoryServer.serving(app);
        MemoryClient client = server.open();
        client.connection()
                .send(Cuts.join(List.of(
                        ClientFrame.close(1000).bytes(), "x".repeat(60_000).getBytes(StandardCharsets.US_ASCII))));
        assertThat(client.frames()).containsExactly(ServerFrame.close(1000));
        client.connection().end();
        server.assertNothingIsLeft();
    }
}
