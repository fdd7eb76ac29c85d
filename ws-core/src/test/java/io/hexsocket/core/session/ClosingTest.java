package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryConnection;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.RecordingListener;
import io.hexsocket.core.testkit.Scenario;
import io.hexsocket.core.testkit.ServerFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The closing handshake")
class ClosingTest {

    private final RecordingApp app = RecordingApp.echo();
    private final RecordingListener seen = new RecordingListener();
    private final MemoryServer server = MemoryServer.serving(app, config -> config.listener(seen));
    private final MemoryClient client = server.open();
    private final Session session = app.session();

    private void assertOver(String... events) {
        server.assertNothingIsLeft();
        app.assertOrderly();
        assertThat(app.events()).containsExactly(events);
    }

    @Nested
    @DisplayName("begun by the client")
    class ByTheClient {

        @Test
        @DisplayName("C1 without a code is answered without one, and the app is told 1005")
        void c1ClosingHandshakeBegunByClientWithoutCodeIsAnsweredWithoutOneAndAppIsTold1005() {
            Scenario.echo().sends(ClientFrame.close()).assertCloses(ServerFrame.close(), "1005");
        }

        @Test
        @DisplayName("C2 with half a code fails with 1002")
        void c2ClosingHandshakeBegunByClientWithHalfCodeFailsWith1002() {
            Scenario.echo().sends(ClientFrame.close(new byte[] {3})).assertFailsWith(1002);
        }

        static Stream<Integer> forbiddenCodes() {
            return Stream.of(0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 32768, 65535);
        }

        @ParameterizedTest
        @MethodSource("forbiddenCodes")
        @DisplayName("C3 with a code that nobody may send fails with 1002")
        void c3ClosingHandshakeBegunByClientWithCodeThatNobodyMaySendFailsWith1002(int code) {
            Scenario.echo().sends(ClientFrame.close(code)).assertFailsWith(1002);
            Scenario.echo().sends(ClientFrame.close(code, "why")).assertFailsWith(1002);
        }

        static IntStream allowedCodes() {
            return IntStream.concat(
                    IntStream.concat(IntStream.rangeClosed(1000, 1003), IntStream.rangeClosed(1007, 1014)),
                    IntStream.of(3000, 3001, 3999, 4000, 4999));
        }

        @ParameterizedTest
        @MethodSource("allowedCodes")
        @DisplayName("C3 with a code that one may send is answered with it")
        void c3ClosingHandshakeBegunByClientWithCodeThatOneMaySendIsAnsweredWithIt(int code) {
            Scenario.echo().sends(ClientFrame.close(code, "why")).assertCloses(ServerFrame.close(code), code + " why");
        }

        @Test
        @DisplayName("C5 ends what is read: frames, garbage and a second close frame behind it are nothing")
        void c5ClosingHandshakeBegunByClientEndsWhatIsReadFramesGarbageAndSecondCloseFrameBehindItAreNothing() {
            byte[] stream = ClientFrame.join(
                    ClientFrame.text("a"),
                    ClientFrame.close(1000),
                    ClientFrame.text("b"),
                    ClientFrame.of(0xF, new byte[3]).unmasked(),
                    ClientFrame.close(1001));
            Scenario.echo()
                    .sends(stream)
                    .assertTells("text a")
                    .assertAnswers(ServerFrame.text("a"))
                    .assertCloses(ServerFrame.close(1000), "1000");
        }

        @Test
        @DisplayName("ends TCP on our side at once, so that a browser need not wait")
        void closingHandshakeBegunByClientEndsTCPOnOurSideAtOnceSoThatBrowserNeedNotWait() {
            client.send(ClientFrame.close(1000));
            assertThat(client.connection().isEnded()).isTrue();
            assertThat(client.connection().isClosed()).isFalse();
            client.connection().end();
            assertThat(client.connection().isClosed()).isTrue();
            assertOver("open", "close 1000");
            assertThat(seen.events())
                    .containsExactly("1 connect", "1 open /app", "1 close 1000 by client", "1 disconnect");
        }

        @Test
        @DisplayName("C6 ends TCP by force if the client does not read our answer within the deadline")
        void c6ClosingHandshakeBegunByClientEndsTCPByForceIfClientDoesNotReadOurAnswerWithinDeadline() {
            client.connection().accept(0);
            client.send(ClientFrame.close(1000));
            server.advance(Duration.ofMillis(5000));
            assertThat(client.connection().isClosed()).isFalse();
            server.advance(Duration.ofMillis(500));
            assertThat(client.connection().isAborted()).isTrue();
            assertOver("open", "close 1000");
        }
    }

    @Nested
    @DisplayName("begun by the app")
    class ByTheApp {

        @Test
        @DisplayName("waits for the client's answer and then ends TCP")
        void closingHandshakeBegunByAppWaitsForClientsAnswerAndThenEndsTCP() {
            session.close(new CloseStatus(4000, "done"));
            server.run();
            assertThat(client.frames()).containsExactly(ServerFrame.close(4000, "done"));
            assertThat(client.connection().isEnded()).isFalse();
            assertThat(session.isOpen()).isFalse();
            assertThat(app.events()).containsExactly("open");
            client.send(ClientFrame.close(4000));
            assertThat(client.connection().isEnded()).isTrue();
            client.connection().end();
            assertOver("open", "close 4000");
            assertThat(seen.events()).contains("1 close 4000 by server");
        }

        @ParameterizedTest
        @ValueSource(ints = {1005, 1006})
        @DisplayName("C4 with 1005 or 1006 is the app's error, and nothing is sent")
        void codesThatStandForNone(int code) {
            CloseStatus status = new CloseStatus(code, "");
            assertThatIllegalArgumentException().isThrownBy(() -> session.close(status));
            server.loop().turn(() -> assertThatIllegalArgumentException().isThrownBy(() -> session.close(status)));
            server.run();
            assertThat(session.isOpen()).isTrue();
            assertThat(client.frames()).isEmpty();
        }

        @Test
        @DisplayName("C4 with a reason that is too long carries what fits; half a surrogate is the app's error")
        void c4ClosingHandshakeBegunByAppWithReasonThatIsTooLongCarriesWhatFitsAndHalfSurrogateIsAppsError() {
            assertThatIllegalArgumentException().isThrownBy(() -> new CloseStatus(1000, "a\uD83D"));
            session.close(new CloseStatus(1000, "\u20AC".repeat(42)));
            server.run();
            assertThat(client.closeStatus().reason()).isEqualTo("\u20AC".repeat(41));
        }

        @Test
        @DisplayName("is begun once: a second close, with another code, is nothing")
        void closingHandshakeBegunByAppIsBegunOnceSecondCloseWithAnotherCodeIsNothing() {
            server.loop().turn(() -> {
                session.close(new CloseStatus(3000, ""));
                session.close(new CloseStatus(3001, ""));
                server.loop().elsewhere(() -> session.close());
            });
            session.close();
            server.run();
            assertThat(client.frames()).containsExactly(ServerFrame.close(3000));
        }

        @Test
        @DisplayName("C7 and by eight threads at once is one close frame, and onClose comes once")
        void c7ClosingHandshakeBegunByAppAndByEightThreadsAtOnceIsOneCloseFrameAndOnCloseComesOnce() throws Exception {
            int threads = 8;
            CountDownLatch start = new CountDownLatch(1);
            CountDownLatch done = new CountDownLatch(threads);
            for (int i = 0; i < threads; i++) {
                int code = 3000 + i;
                new Thread(() -> {
                            try {
                                start.await();
                                session.close(new CloseStatus(code, ""));
                            } catch (InterruptedException impossible) {
                                throw new AssertionError(impossible);
                            } finally {
                                done.countDown();
                            }
                        })
                        .start();
            }
            start.countDown();
            server.loop().runUntil(done);
            assertThat(client.frames()).hasSize(1);
            client.close();
            assertThat(app.events()).containsExactly("open", "close 1000");
        }

        @Test
        @DisplayName("C7 while the client's is on its way is one close frame each way, and onClose comes once")
        void c7ClosingHandshakeBegunByAppWhileClientsIsOnItsWayIsOneCloseFrameEachWayAndOnCloseComesOnce() {
            session.close(new CloseStatus(3000, "ours"));
            client.connection().arriveLater(ClientFrame.close(3001, "theirs").bytes());
            server.run();
            assertThat(client.frames()).containsExactly(ServerFrame.close(3000, "ours"));
            assertThat(client.connection().isEnded()).isTrue();
            client.connection().end();
            assertOver("open", "close 3001 theirs");
        }

        @Test
        @DisplayName("C10 delivers nothing and answers no ping any more, but still reads")
        void c10ClosingHandshakeBegunByAppDeliversNothingAndAnswersNoPingAnyMoreButStillReads() {
            session.close();
            server.run();
            client.send(
                    ClientFrame.text("a"),
                    ClientFrame.ping((byte) 1),
                    ClientFrame.pong((byte) 2),
                    ClientFrame.text("b"));
            client.send(ClientFrame.fragments("a", "b", "c"));
            assertThat(client.frames()).containsExactly(ServerFrame.close(1000));
            client.close();
            assertOver("open", "close 1000");
        }

        @Test
        @DisplayName("C6 ends TCP by force at the deadline if the client does not answer")
        void c6ClosingHandshakeBegunByAppEndsTCPByForceAtDeadlineIfClientDoesNotAnswer() {
            session.close(new CloseStatus(3000, ""));
            server.run();
            server.advance(Duration.ofMillis(5000));
            client.send(ClientFrame.text("still talking"));
            assertThat(client.connection().isClosed()).isFalse();
            server.advance(Duration.ofMillis(500));
            assertThat(client.connection().isAborted()).isTrue();
            assertOver("open", "error IOException: the client did not finish the closing handshake", "close 3000");
        }

        @Test
        @DisplayName("C6 ends TCP by force at the deadline if the client answers, but does not end its side")
        void c6ClosingHandshakeBegunByAppEndsTCPByForceAtDeadlineIfClientAnswersButDoesNotEndItsSide() {
            client.connection().accept(0);
            session.close(new CloseStatus(3000, ""));
            server.run();
            client.send(ClientFrame.close(3000));
            server.advance(Duration.ofMillis(5500));
            assertThat(client.connection().isAborted()).isTrue();
            assertOver("open", "close 3000");
        }

        @Test
        @DisplayName("C8 behind half a message: the rest goes first, the close frame never inside it")
        void c8ClosingHandshakeBegunByAppBehindHalfMessageRestGoesFirstCloseFrameNeverInsideIt() {
            client.connection().accept(1000);
            byte[] large = new byte[5 * 1024 * 1024];
            session.send(ByteBuffer.wrap(large));
            session.close();
            server.run();
            assertThat(client.connection().received()).hasSize(client.head().length() + 1000);
            client.connection().acceptAll();
            assertThat(client.wholeFrames()).containsExactly(ServerFrame.binary(large), ServerFrame.close(1000));
            client.close();
            assertOver("open", "close 1000");
        }

        @Test
        @DisplayName("C8 behind half a message that nobody reads ends at the deadline all the same")
        void behindHalfAMessageForEver() {
            client.connection().accept(1000);
            session.send(ByteBuffer.allocate(5 * 1024 * 1024));
            session.close();
            server.run();
            server.advance(Duration.ofMillis(5500));
            assertThat(client.connection().isAborted()).isTrue();
            assertThat(client.connection().received()).hasSize(client.head().length() + 1000);
            assertOver("open", "error IOException: the client did not finish the closing handshake", "close 1000");
        }

        @Test
        @DisplayName(
                "C8 behind a message that the client takes slowly waits until that is there, and then as long for the answer")
        void
                c8ClosingHandshakeBegunByAppBehindMessageThatClientTakesSlowlyWaitsUntilThatIsThereAndThenAsLongForAnswer() {
            client.connection().accept(0);
            byte[] large = new byte[100_000];
            session.send(ByteBuffer.wrap(large));
            session.close();
            server.run();
            takeSlowly(large.length);
            assertThat(client.wholeFrames()).containsExactly(ServerFrame.binary(large), ServerFrame.close(1000));
            server.advance(Duration.ofMillis(4500));
            client.close();
            assertOver("open", "close 1000");
        }

        @Test
        @DisplayName("C8 by the client, which takes what was sent before slowly, is answered behind that")
        void answeredBehindASlowMessage() {
            client.connection().accept(0);
            byte[] large = new byte[60_000];
            session.send(ByteBuffer.wrap(large));
            server.run();
            client.send(ClientFrame.close(1000));
            takeSlowly(large.length);
            assertThat(client.wholeFrames()).containsExactly(ServerFrame.binary(large), ServerFrame.close(1000));
            client.connection().end();
            assertOver("open", "close 1000");
        }

        @Test
        @DisplayName("C6 S4 behind a message that the client takes byte by byte ends at the deadline all the same")
        void behindAMessageThatTakesForEver() {
            client.connection().accept(0);
            session.send(ByteBuffer.allocate(100_000));
            session.close();
            server.run();
            for (int ticks = 0; ticks < 22; ticks++) {
                server.advance(Duration.ofMillis(250));
                client.connection().accept(1);
            }
            assertThat(client.connection().isAborted()).isTrue();
            assertOver("open", "error IOException: the client did not finish the closing handshake", "close 1000");
        }

        private void takeSlowly(int bytes) {
            for (int taken = 0; taken < bytes + 100; taken += 1000) {
                server.advance(Duration.ofMillis(250));
                client.connection().accept(1000);
            }
            client.connection().acceptAll();
        }

        @Test
        @DisplayName("reads on for the client's answer though the app had paused, or the queue was full")
        void closingHandshakeBegunByAppReadsOnForClientsAnswerThoughAppHadPausedOrQueueWasFull() {
            session.pause();
            server.run();
            client.connection().arriveLater(ClientFrame.text("never read").bytes());
            client.connection().arriveLater(ClientFrame.close(1000).bytes());
            server.run();
            assertThat(app.events()).containsExactly("open");
            session.close();
            server.run();
            assertThat(client.connection().isEnded()).isTrue();
            assertThat(app.events()).containsExactly("open", "close 1000");
        }

        @Test
        @DisplayName("reads on for the client's answer though the queue was long")
        void readsOnBehindALongQueue() {
            client.connection().accept(0);
            session.send(ByteBuffer.allocate(100_000));
            server.run();
            assertThat(client.connection().isPaused()).isTrue();
            session.close();
            server.run();
            client.send(ClientFrame.close(1000));
            assertThat(app.events()).containsExactly("open", "close 1000");
        }
    }

    @Nested
    @DisplayName("in a callback")
    class InACallback {

        @Test
        @DisplayName("A14 takes effect before the next message of the same segment")
        void a14ClosingHandshakeInCallbackTakesEffectBeforeNextMessageOfSameSegment() {
            Scenario.given(() -> session -> (self, message) -> {
                        self.send(message);
                        self.close(new CloseStatus(3000, "enough"));
                        self.send("never");
                    })
                    .sends(ClientFrame.text("a"), ClientFrame.text("b"), ClientFrame.close(3000))
                    .assertTells("text a")
                    .assertAnswers(ServerFrame.text("a"))
                    .assertCloses(ServerFrame.close(3000, "enough"), "3000");
        }

        @Test
        @DisplayName("comes before the first message if it is onOpen")
        void closingHandshakeInCallbackComesBeforeFirstMessageIfItIsOnOpen() {
            Scenario.given(() -> session -> {
                        session.send("hello");
                        session.close();
                        return (self, message) -> {};
                    })
                    .sends(ClientFrame.text("a"), ClientFrame.close())
                    .assertTells()
                    .assertAnswers(ServerFrame.text("hello"))
                    .assertCloses(ServerFrame.close(1000), "1005");
        }

        @ParameterizedTest
        @CsvSource({"RuntimeException", "AssertionError", "StackOverflowError", "LinkageError", "Exception"})
        @DisplayName("A10 H29 whatever onOpen throws, that session is closed with 1011 and no callback of it follows")
        void a10H29ClosingHandshakeInCallbackWhateverOnOpenThrowsThatSessionIsClosedWith1011AndNoCallbackOfItFollows(
                String name) {
            RecordingApp failing = new RecordingApp(one -> {
                throw throwable(name);
            });
            MemoryServer other = MemoryServer.serving(
                    failing, config -> config.app("/other", app).listener(seen));
            MemoryClient healthy = other.open("/other");
            MemoryClient refused = other.open();
            refused.sendTexts("a");
            assertThat(refused.frames()).containsExactly(ServerFrame.close(1011, "the app failed"));
            assertThat(refused.connection().isEnded()).isTrue();
            refused.connection().end();
            assertThat(failing.events()).containsExactly("open");
            assertThat(other.core().connections()).isEqualTo(1);
            assertThat(other.core().sessions()).isEqualTo(1);
            assertThat(healthy.sendTexts("still here").texts()).containsExactly("still here");
        }

        @ParameterizedTest
        @CsvSource({"RuntimeException", "AssertionError", "StackOverflowError", "LinkageError", "Exception"})
        @DisplayName(
                "A10 whatever onMessage throws, that session alone is closed with 1011, and onError and onClose come once")
        void a10SessionAloneIsClosedWith1011WhateverItsOnMessageThrowsAndOnErrorAndOnCloseComeOnce(String name) {
            Scenario.given(() -> session -> (self, message) -> {
                        self.send("before");
                        throw throwable(name);
                    })
                    .sends(ClientFrame.text("a"), ClientFrame.text("b"))
                    .assertTells("text a")
                    .assertAnswers(ServerFrame.text("before"))
                    .assertFailsWith(1011);
        }

        @Test
        @DisplayName("A10 what onPong, onDrained, onError and onClose throw ends nothing but that session")
        void a10ClosingHandshakeInCallbackWhatOnPongOnDrainedOnErrorAndOnCloseThrowEndsNothingButThatSession() {
            for (String where : List.of("pong", "drained", "error", "close")) {
                RecordingApp failing = new RecordingApp(one -> new Failing(where));
                MemoryServer other = MemoryServer.serving(failing, config -> config.listener(seen));
                MemoryClient victim = other.open();
                MemoryClient witness = other.open();
                victim.send(ClientFrame.pong());
                other.loop().turn(() -> failing.session(0).send(ByteBuffer.allocate(100_000)));
                other.run();
                victim.send(ClientFrame.text("x").unmasked());
                victim.connection().end();
                int expected = where.equals("pong") || where.equals("drained") ? 1011 : 1002;
                assertThat(victim.closeStatus().code()).as(where).isEqualTo(expected);
                assertThat(failing.events().stream().filter(event -> event.startsWith("close")))
                        .as(where)
                        .hasSize(1);
                assertThat(seen.newEvents()).as(where).contains("1 app error thrown in " + where);
                witness.close();
                other.assertNothingIsLeft();
                failing.assertOrderly();
            }
        }

        private Exception throwable(String name) throws Exception {
            switch (name) {
                case "RuntimeException" -> throw new IllegalStateException("thrown");
                case "AssertionError" -> throw new AssertionError("thrown");
                case "StackOverflowError" -> overflow(0);
                case "LinkageError" -> throw new LinkageError("thrown");
                default -> throw new Exception("thrown");
            }
            throw new AssertionError("not reached");
        }

        @SuppressWarnings("InfiniteRecursion") // that is the point
        private int overflow(int depth) {
            return 1 + overflow(depth + 1);
        }

        private record Failing(String where) implements io.hexsocket.apps.Listener {

            private void fail(String here) {
                if (here.equals(where)) {
                    throw new IllegalStateException("thrown in " + where);
                }
            }

            @Override
            public void onMessage(Session self, io.hexsocket.apps.Message message) {}

            @Override
            public void onPong(Session self, ByteBuffer payload) {
                fail("pong");
            }

            @Override
            public void onDrained(Session self) {
                fail("drained");
            }

            @Override
            public void onError(Session self, Throwable cause) {
                fail("error");
            }

            @Override
            public void onClose(Session self, CloseStatus status) {
                fail("close");
            }
        }
    }

    /** {open, we closed, they closed} x {close frame, bad frame, lost, ended, the app throws}. */
    @Nested
    @DisplayName("in every state, whatever comes next")
    class Matrix {

        private void weClose() {
            session.close(new CloseStatus(3000, "ours"));
            server.run();
        }

        private void theyClose() {
            client.connection().accept(0);
            client.send(ClientFrame.close(3001, "theirs"));
        }

        private void badFrame() {
            client.send(ClientFrame.text("x").rsv(1));
        }

        @Test
        @DisplayName("C9 open, then ended: onError, then onClose with 1006")
        void c9ClosingHandshakeInEveryStateWhateverComesNextOpenThenEndedOnErrorThenOnCloseWith1006() {
            client.connection().end();
            assertThat(client.frames()).isEmpty();
            assertOver(
                    "open", "error EOFException: the client ended the connection without a close frame", "close 1006");
            assertThat(seen.events())
                    .contains("1 close 1006 by client because: the client ended the connection without a close frame");
        }

        @Test
        @DisplayName("C9 open, then lost: onError, then onClose with 1006")
        void c9ClosingHandshakeInEveryStateWhateverComesNextOpenThenLostOnErrorThenOnCloseWith1006() {
            client.connection().lose(new IOException("reset"));
            assertOver("open", "error IOException: reset", "close 1006");
        }

        @Test
        @DisplayName("C9 open, then lost without a cause: onError, then onClose with 1006")
        void openThenLostWithoutCause() {
            client.connection().lose(null);
            assertOver("open", "error EOFException: the connection was lost", "close 1006");
        }

        @Test
        @DisplayName("C9 F15 ended inside a header, a mask or a payload: 1006, and nothing of it is delivered")
        void
                c9F15ClosingHandshakeInEveryStateWhateverComesNextEndedInsideHeaderMaskOrPayload1006AndNothingOfItIsDelivered() {
            byte[] frame = ClientFrame.text("x".repeat(300)).bytes();
            for (int cut : new int[] {1, 2, 3, 5, 7, 8, 100, frame.length - 1}) {
                RecordingApp other = RecordingApp.echo();
                MemoryServer fresh = MemoryServer.serving(other);
                fresh.open()
                        .connection()
                        .send(java.util.Arrays.copyOf(frame, cut))
                        .end();
                assertThat(other.events()).hasSize(3).endsWith("close 1006");
                fresh.assertNothingIsLeft();
            }
        }

        @Test
        @DisplayName("open, then a bad frame: our close frame, onError, onClose with 1002")
        void closingHandshakeInEveryStateWhateverComesNextOpenThenBadFrameOurCloseFrameOnErrorOnCloseWith1002() {
            badFrame();
            assertThat(client.closeStatus().code()).isEqualTo(1002);
            client.connection().end();
            assertThat(app.events()).hasSize(3);
            assertThat(app.events().get(1)).startsWith("error ProtocolViolation: ");
            assertThat(app.events().get(2)).startsWith("close 1002 ");
            server.assertNothingIsLeft();
        }

        @Test
        @DisplayName("we closed, then ended: our status, and no error")
        void closingHandshakeInEveryStateWhateverComesNextWeClosedThenEndedOurStatusAndNoError() {
            weClose();
            client.connection().end();
            assertOver("open", "close 3000 ours");
        }

        @Test
        @DisplayName("we closed, then lost: our status, and no error")
        void closingHandshakeInEveryStateWhateverComesNextWeClosedThenLostOurStatusAndNoError() {
            weClose();
            client.connection().lose(new IOException("reset"));
            assertOver("open", "close 3000 ours");
        }

        @Test
        @DisplayName("we closed, then a bad frame: no second close frame, and our status")
        void weClosedThenBadFrame() {
            weClose();
            badFrame();
            assertThat(client.frames()).containsExactly(ServerFrame.close(3000, "ours"));
            assertThat(client.connection().isEnded()).isTrue();
            client.connection().end();
            assertThat(app.events()).hasSize(3).endsWith("close 3000 ours");
            assertThat(app.events().get(1)).startsWith("error ProtocolViolation: ");
            server.assertNothingIsLeft();
        }

        @Test
        @DisplayName("we closed, then a ping too many: no second close frame, and our status")
        void weClosedThenTooManyPings() {
            weClose();
            ClientFrame[] pings = new ClientFrame[101];
            java.util.Arrays.fill(pings, ClientFrame.ping());
            client.send(pings);
            assertThat(client.frames()).containsExactly(ServerFrame.close(3000, "ours"));
            client.connection().end();
            assertThat(app.events()).endsWith("close 3000 ours");
        }

        @Test
        @DisplayName("they closed, then ended: their status, and no error")
        void closingHandshakeInEveryStateWhateverComesNextTheyClosedThenEndedTheirStatusAndNoError() {
            theyClose();
            client.connection().end();
            client.connection().acceptAll();
            client.connection().end();
            assertOver("open", "close 3001 theirs");
        }

        @Test
        @DisplayName("they closed, then lost before our answer was out: their status, and no error")
        void
                closingHandshakeInEveryStateWhateverComesNextTheyClosedThenLostBeforeOurAnswerWasOutTheirStatusAndNoError() {
            theyClose();
            client.connection().lose(new IOException("reset"));
            assertOver("open", "close 3001 theirs");
        }

        @Test
        @DisplayName("they closed, then garbage: thrown away, for a second")
        void closingHandshakeInEveryStateWhateverComesNextTheyClosedThenGarbageThrownAwayForSecond() {
            client.send(ClientFrame.close(3001, "theirs"));
            for (int i = 0; i < 100; i++) {
                client.connection().send(new byte[1024]);
            }
            assertThat(client.connection().isClosed()).isFalse();
            server.advance(Duration.ofSeconds(1));
            assertThat(client.connection().isClosed()).isTrue();
            assertOver("open", "close 3001 theirs");
        }

        @Test
        @DisplayName("the server shuts down, then all that may come")
        void closingHandshakeInEveryStateWhateverComesNextServerShutsDownThenAllThatMayCome() {
            session.send("posted before");
            server.shutDown();
            server.shutDown();
            assertThat(client.frames())
                    .containsExactly(
                            ServerFrame.text("posted before"), ServerFrame.close(1001, "the server is shutting down"));
            client.send(ClientFrame.text("x"), ClientFrame.close(1001));
            client.connection().end();
            assertOver("open", "close 1001");
        }
    }

    @Test
    @DisplayName("sends what other threads had sent before the client's close frame was read")
    void closingHandshakeSendsWhatOtherThreadsHadSentBeforeClientsCloseFrameWasRead() {
        MemoryConnection connection = client.connection();
        connection.loop().turn(() -> {
            server.loop().elsewhere(() -> session.send("a"));
            connection.arriveLater(ClientFrame.close(1000).bytes());
            connection.arrive();
        });
        server.run();
        assertThat(client.frames()).containsExactly(ServerFrame.text("a"), ServerFrame.close(1000));
    }

    @Test
    @DisplayName("sends what other threads had sent before a rule was broken")
    void closingHandshakeSendsWhatOtherThreadsHadSentBeforeRuleWasBroken() {
        MemoryConnection connection = client.connection();
        session.send("a");
        connection.loop().turn(() -> {
            server.loop().elsewhere(() -> session.send("b"));
            connection.arriveLater(ClientFrame.text("x").unmasked().bytes());
            connection.arrive();
        });
        server.run();
        assertThat(client.texts()).containsExactly("a", "b");
        assertThat(client.closeStatus().code()).isEqualTo(1002);
    }

    @Test
    @DisplayName("C6 has another deadline if the configuration says so")
    void c6ClosingHandshakeHasAnotherDeadlineIfConfigurationSaysSo() {
        Timeouts timeouts = Timeouts.DEFAULT.ping(Duration.ZERO).close(Duration.ofSeconds(1));
        RecordingApp other = RecordingApp.echo();
        MemoryServer fast = MemoryServer.serving(other, config -> config.timeouts(timeouts));
        MemoryClient silent = fast.open();
        other.session().close();
        fast.advance(Duration.ofMillis(1000));
        assertThat(silent.connection().isClosed()).isFalse();
        fast.advance(Duration.ofMillis(500));
        assertThat(silent.connection().isAborted()).isTrue();
    }
}
