package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hexsocket.apps.Audience;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.ServerFrame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A session sends")
class SendingTest {

    private static final int HIGH_WATER = 64 * 1024;

    private final RecordingApp app = RecordingApp.silent();
    private final MemoryServer server = MemoryServer.serving(app, config -> config.limits(Limits.DEFAULT));
    private final MemoryClient client = server.open();
    private final Session session = app.session();

    private void onLoop(Runnable task) {
        server.loop().turn(task);
        server.run();
    }

    @Nested
    @DisplayName("what it is given")
    class Payloads {

        @Test
        @DisplayName("text and binary, with a header as long as it has to be")
        void sessionSendsWhatItIsGivenTextAndBinaryWithHeaderAsLongAsItHasToBe() {
            for (int size : new int[] {0, 1, 125, 126, 127, 65535, 65536, 65537}) {
                byte[] bytes = new byte[size];
                Arrays.fill(bytes, (byte) 'x');
                onLoop(() -> assertThat(session.send(new String(bytes, java.nio.charset.StandardCharsets.US_ASCII))
                                .accepted())
                        .isTrue());
                onLoop(() -> assertThat(session.send(ByteBuffer.wrap(bytes)).accepted())
                        .isTrue());
                assertThat(client.newFrames()).containsExactly(ServerFrame.text(bytes), ServerFrame.binary(bytes));
                session.send(Message.utf8(ByteBuffer.wrap(bytes)));
                session.send(ByteBuffer.wrap(bytes));
                server.run();
                assertThat(client.newFrames()).containsExactly(ServerFrame.text(bytes), ServerFrame.binary(bytes));
            }
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        @DisplayName("from position to limit, and leaves the buffer as it was")
        void buffersStayAsTheyAre(boolean here) {
            ByteBuffer bytes = ByteBuffer.wrap(new byte[] {9, 1, 2, 3, 9}, 1, 3).order(ByteOrder.LITTLE_ENDIAN);
            if (here) {
                onLoop(() -> session.send(bytes));
                onLoop(() -> session.ping(bytes));
            } else {
                session.send(bytes);
                session.ping(bytes);
                server.run();
            }
            assertThat(client.frames())
                    .containsExactly(
                            ServerFrame.binary((byte) 1, (byte) 2, (byte) 3),
                            ServerFrame.ping((byte) 1, (byte) 2, (byte) 3));
            assertThat(bytes.position()).isEqualTo(1);
            assertThat(bytes.limit()).isEqualTo(4);
            assertThat(bytes.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        @DisplayName("A12 as it was when it was given, though the buffer is changed afterwards")
        void a12SessionSendsWhatItIsGivenAsItWasWhenItWasGivenThoughBufferIsChangedAfterwards(boolean here) {
            byte[] bytes = "before".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            Runnable sendThenChange = () -> {
                session.send(ByteBuffer.wrap(bytes));
                Arrays.fill(bytes, (byte) 'x');
            };
            if (here) {
                onLoop(sendThenChange);
            } else {
                sendThenChange.run();
                server.run();
            }
            assertThat(client.frames()).containsExactly(ServerFrame.binary("before".getBytes()));
        }

        @ParameterizedTest
        @ValueSource(strings = {"\uD800", "a\uDC00", "\uD83D", "\uDE00\uD83D", "?\uD800?", "\uD83D\uDE00\uD83D"})
        @DisplayName("U7 but no surrogate without its other half: that is the app's error, and nothing is sent")
        void u7SessionSendsWhatItIsGivenButNoSurrogateWithoutItsOtherHalfThatIsAppsErrorAndNothingIsSent(String text) {
            assertThatIllegalArgumentException().isThrownBy(() -> session.send(text));
            assertThatIllegalArgumentException().isThrownBy(() -> Message.text(text));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> session.hub().everyone().send(text));
            onLoop(() -> assertThatIllegalArgumentException().isThrownBy(() -> session.send(text)));
            assertThat(client.frames()).isEmpty();
            assertThat(session.isOpen()).isTrue();
        }

        @Test
        @DisplayName("U7 and every text that is one, a question mark as well")
        void u7SessionSendsWhatItIsGivenAndEveryTextThatIsOneQuestionMarkAsWell() {
            onLoop(() -> session.send("?\uD83D\uDE00?"));
            session.send("\uD83D\uDE00");
            server.run();
            assertThat(client.texts()).containsExactly("?\uD83D\uDE00?", "\uD83D\uDE00");
        }

        @Test
        @DisplayName("a ping of 125 bytes at most")
        void sessionSendsWhatItIsGivenPingOf125BytesAtMost() {
            session.ping(ByteBuffer.allocate(125));
            onLoop(() -> session.ping(ByteBuffer.allocate(0)));
            assertThat(client.frames()).containsExactly(ServerFrame.ping(new byte[125]), ServerFrame.ping());
            assertThatIllegalArgumentException().isThrownBy(() -> session.ping(ByteBuffer.allocate(126)));
        }
    }

    @Nested
    @DisplayName("in order")
    class Order {

        @Test
        @DisplayName("what one thread sends to it, to many, and to it again")
        void sendsAndBroadcastsOfOneThread() {
            Audience everyone = session.hub().everyone();
            for (int i = 0; i < 3; i++) {
                session.send("a" + i);
                everyone.send("b" + i);
                session.send("c" + i);
                session.hub().app("/app").send("d" + i);
                session.ping(ByteBuffer.wrap(new byte[] {(byte) i}));
            }
            server.run();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                expected.addAll(List.of("text a" + i, "text b" + i, "text c" + i, "text d" + i, "ping 0" + i));
            }
            assertThat(client.frames()).map(ServerFrame::toString).isEqualTo(expected);
        }

        @Test
        @DisplayName("what another thread has sent before, then what a callback sends")
        void sessionSendsInOrderWhatAnotherThreadHasSentBeforeThenWhatCallbackSends() {
            onLoop(() -> {
                server.loop().elsewhere(() -> session.send("first"));
                session.send("second");
                server.loop().elsewhere(() -> session.send("third"));
                session.ping(ByteBuffer.allocate(0));
                server.loop().elsewhere(() -> session.send("fourth"));
                session.hub().everyone().send("fifth");
                server.loop().elsewhere(() -> session.hub().everyone().send("sixth"));
                session.send("seventh");
                server.loop().elsewhere(() -> session.send("eighth"));
                session.close();
                server.loop().elsewhere(() -> session.send("ninth"));
            });
            assertThat(client.frames())
                    .containsExactly(
                            ServerFrame.text("first"),
                            ServerFrame.text("second"),
                            ServerFrame.text("third"),
                            ServerFrame.ping(),
                            ServerFrame.text("fourth"),
                            ServerFrame.text("fifth"),
                            ServerFrame.text("sixth"),
                            ServerFrame.text("seventh"),
                            ServerFrame.text("eighth"),
                            ServerFrame.close(1000));
        }

        @Test
        @DisplayName("what a thread sends to a topic after it had the session subscribe, and not what it sends before")
        void sessionSendsInOrderWhatThreadSendsToTopicAfterItHadSessionSubscribeAndNotWhatItSendsBefore() {
            Audience topic = session.hub().topic("t");
            session.send("0");
            topic.send("1");
            session.subscribe("t");
            topic.send("2");
            session.unsubscribe("t");
            topic.send("3");
            onLoop(() -> {
                server.loop().elsewhere(() -> session.subscribe("t"));
                topic.send("4");
                server.loop().elsewhere(() -> session.unsubscribe("t"));
                topic.send("5");
                server.loop().elsewhere(() -> topic.send("6"));
                session.subscribe("t");
                server.loop().elsewhere(() -> topic.send("7"));
                session.unsubscribe("t");
            });
            assertThat(client.texts()).containsExactly("0", "2", "4", "7");
        }

        @Test
        @DisplayName("A12 whole frames, each thread's in its order, when 16 threads send, ping and close at once")
        void a12SessionSendsInOrderWholeFramesEachThreadsInItsOrderWhen16ThreadsSendPingAndCloseAtOnce() {
            int threads = 16;
            int each = 500;
            CountDownLatch start = new CountDownLatch(1);
            CountDownLatch done = new CountDownLatch(threads);
            AtomicInteger refused = new AtomicInteger();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                new Thread(() -> {
                            try {
                                start.await();
                                for (int i = 0; i < each; i++) {
                                    SendResult result = switch (i % 4) {
                                        case 0 -> session.send(thread + " " + i);
                                        case 1 -> session.ping(ByteBuffer.wrap(new byte[] {1}));
                                        case 2 -> session.send(Message.text(thread + " " + i));
                                        default -> {
                                            session.hub().everyone().send(thread + " " + i);
                                            yield SendResult.SENT;
                                        }
                                    };
                                    if (!result.accepted()) {
                                        refused.incrementAndGet();
                                    }
                                }
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
            assertThat(refused).hasValue(0);
            int[] next = new int[threads];
            for (String text : client.texts()) {
                String[] parts = text.split(" ");
                int thread = Integer.parseInt(parts[0]);
                int number = Integer.parseInt(parts[1]);
                int expected = next[thread] % 4 == 1 ? next[thread] + 1 : next[thread];
                assertThat(number).as("next of thread %d", thread).isEqualTo(expected);
                next[thread] = number + 1;
            }
            assertThat(next).containsOnly(each);
            assertThat(client.frames()).hasSize(threads * each);
        }
    }

    @Nested
    @DisplayName("and says what became of it:")
    class Results {

        private final ByteBuffer half = ByteBuffer.allocate(HIGH_WATER / 2);

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        @DisplayName("SENT up to 64 KiB, QUEUEING up to the limit, FULL beyond, and onDrained when it is out")
        void sessionSendsAndSaysWhatBecameOfItSENTUpTo64KiBQUEUEINGUpToLimitFULLBeyondAndOnDrainedWhenItIsOut(
                boolean here) {
            client.connection().accept(0);
            List<SendResult> results = new ArrayList<>();
            Runnable send = () -> {
                for (int i = 0; i < 34; i++) {
                    results.add(session.send(half));
                }
            };
            if (here) {
                onLoop(send);
            } else {
                send.run();
                server.run();
            }
            // each takes four bytes of header
            assertThat(results.get(0)).isEqualTo(SendResult.SENT);
            assertThat(results.subList(1, 32)).containsOnly(SendResult.QUEUEING);
            assertThat(results.subList(32, 34)).containsOnly(SendResult.FULL);
            assertThat(session.queuedBytes()).isEqualTo(32 * (HIGH_WATER / 2 + 4));
            assertThat(app.events()).containsExactly("open");

            client.connection().accept(100);
            assertThat(app.events()).containsExactly("open");
            client.connection().acceptAll();
            assertThat(app.events()).containsExactly("open", "drained");
            assertThat(client.frames()).hasSize(32);
            assertThat(session.queuedBytes()).isZero();
            onLoop(() -> assertThat(session.send(half)).isEqualTo(SendResult.SENT));
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        @DisplayName("SENT up to 64 KiB and not a byte more, and FULL when the limit is reached")
        void sessionSendsAndSaysWhatBecameOfItSENTUpTo64KiBAndNotByteMoreAndFULLWhenLimitIsReached(boolean here) {
            client.connection().accept(0);
            ByteBuffer withHeader = half.duplicate().position(4);
            List<SendResult> results = new ArrayList<>();
            Runnable send = () -> {
                for (int i = 0; i < 33; i++) {
                    results.add(session.send(withHeader));
                }
            };
            if (here) {
                onLoop(send);
            } else {
                send.run();
                server.run();
            }
            assertThat(results.subList(0, 2)).containsOnly(SendResult.SENT);
            assertThat(results.subList(2, 32)).containsOnly(SendResult.QUEUEING);
            assertThat(results.get(32)).isEqualTo(SendResult.FULL);
            assertThat(session.queuedBytes()).isEqualTo(Limits.DEFAULT.queuedBytes());
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        @DisplayName("no onDrained unless a send was told to wait")
        void sessionSendsAndSaysWhatBecameOfItNoOnDrainedUnlessSendWasToldToWait(boolean here) {
            if (here) {
                onLoop(() -> assertThat(session.send(half)).isEqualTo(SendResult.SENT));
            } else {
                assertThat(session.send(half)).isEqualTo(SendResult.SENT);
                server.run();
            }
            client.connection().accept(0);
            session.send("x");
            session.hub().everyone().send(Message.binary(new byte[2 * HIGH_WATER]));
            server.run();
            client.connection().acceptAll();
            assertThat(app.events()).containsExactly("open");
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        @DisplayName("onDrained again after each time it was told to wait")
        void sessionSendsAndSaysWhatBecameOfItOnDrainedAgainAfterEachTimeItWasToldToWait(boolean here) {
            for (int i = 1; i <= 3; i++) {
                Runnable send = () -> assertThat(session.send(ByteBuffer.allocate(2 * HIGH_WATER)))
                        .isEqualTo(SendResult.QUEUEING);
                if (here) {
                    onLoop(send);
                } else {
                    send.run();
                    server.run();
                }
                assertThat(app.newEvents()).contains("drained").doesNotContain("drained drained");
            }
        }

        @Test
        @DisplayName("never FULL to a client that takes all it is given, however much it is in one callback")
        void burstToAFastClient() {
            onLoop(() -> {
                for (int i = 0; i < 50; i++) {
                    assertThat(session.send(ByteBuffer.allocate(100_000)).accepted())
                            .isTrue();
                    session.hub().everyone().send(Message.binary(new byte[100_000]));
                }
            });
            assertThat(session.isOpen()).isTrue();
            assertThat(client.frames()).hasSize(100);
        }

        @Test
        @DisplayName("onDrained once, and not again when the queue is out for another reason")
        void sessionSendsAndSaysWhatBecameOfItOnDrainedOnceAndNotAgainWhenQueueIsOutForAnotherReason() {
            onLoop(() -> session.send(ByteBuffer.allocate(2 * HIGH_WATER)));
            assertThat(app.newEvents()).containsExactly("open", "drained");
            client.connection().accept(0);
            onLoop(() -> session.hub().everyone().send(Message.binary(new byte[2 * HIGH_WATER])));
            // a pong that waits for room has the core told of it, too
            client.send(ClientFrame.ping());
            client.connection().acceptAll();
            assertThat(client.frames()).endsWith(ServerFrame.pong());
            assertThat(app.events()).isEmpty();
        }

        @Test
        @DisplayName("FULL by another thread is worth one onDrained, however often it was said")
        void sessionSendsAndSaysWhatBecameOfItFULLByAnotherThreadIsWorthOneOnDrainedHoweverOftenItWasSaid() {
            client.connection().accept(0);
            onLoop(() -> session.hub().everyone().send(Message.binary(new byte[1024 * 1024])));
            for (int i = 0; i < 5; i++) {
                assertThat(session.send("x")).isEqualTo(SendResult.FULL);
            }
            server.run();
            assertThat(app.events()).containsExactly("open");
            client.connection().acceptAll();
            assertThat(app.events()).containsExactly("open", "drained");
            assertThat(session.send("x")).isEqualTo(SendResult.SENT);
            server.run();
            assertThat(client.texts()).containsExactly("x");

            client.connection().accept(0);
            onLoop(() -> session.hub().everyone().send(Message.binary(new byte[1024 * 1024])));
            assertThat(session.send("y")).isEqualTo(SendResult.FULL);
            server.run();
            client.connection().acceptAll();
            assertThat(app.events()).containsExactly("open", "drained", "drained");
        }

        @Test
        @DisplayName("FULL in a callback is worth an onDrained, also if no send was told to wait before")
        void sessionSendsAndSaysWhatBecameOfItFULLInCallbackIsWorthOnDrainedAlsoIfNoSendWasToldToWaitBefore() {
            client.connection().accept(0);
            onLoop(() -> session.hub().everyone().send(Message.binary(new byte[1024 * 1024])));
            onLoop(() -> assertThat(session.send("x")).isEqualTo(SendResult.FULL));
            client.connection().acceptAll();
            assertThat(app.events()).containsExactly("open", "drained");
        }

        @Test
        @DisplayName(
                "and does not read, while the queue is long, from a client that does not read what another thread sends")
        void clientThatDoesNotReadWhatAnotherThreadSendsIsNotReadFromWhileItsQueueIsLong() {
            client.connection().accept(0);
            session.send(half);
            session.send(half);
            assertThat(session.queuedBytes()).isEqualTo(HIGH_WATER + 8);
            server.run();
            assertThat(session.queuedBytes()).isEqualTo(HIGH_WATER + 8);
            assertThat(client.connection().isPaused()).isTrue();
            client.connection().acceptAll();
            assertThat(client.connection().isPaused()).isFalse();
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        @DisplayName("a ping that is refused since the queue is long is worth an onDrained, too")
        void sessionSendsAndSaysWhatBecameOfItPingThatIsRefusedSinceQueueIsLongIsWorthOnDrainedToo(boolean here) {
            client.connection().accept(0);
            onLoop(() -> session.hub().everyone().send(Message.binary(new byte[1024 * 1024])));
            if (here) {
                onLoop(() -> assertThat(session.ping(ByteBuffer.allocate(0))).isEqualTo(SendResult.FULL));
            } else {
                assertThat(session.ping(ByteBuffer.allocate(0))).isEqualTo(SendResult.FULL);
                server.run();
            }
            client.connection().acceptAll();
            assertThat(app.events()).containsExactly("open", "drained");
        }

        @Test
        @DisplayName("CLOSED once the app has closed, wherever it is asked")
        void sessionSendsAndSaysWhatBecameOfItCLOSEDOnceAppHasClosedWhereverItIsAsked() {
            onLoop(() -> {
                session.close();
                assertThat(session.isOpen()).isFalse();
                assertThat(session.send("x")).isEqualTo(SendResult.CLOSED);
                assertThat(session.ping(ByteBuffer.allocate(0))).isEqualTo(SendResult.CLOSED);
            });
            assertThat(session.send("x")).isEqualTo(SendResult.CLOSED);
            assertThat(session.ping(ByteBuffer.allocate(0))).isEqualTo(SendResult.CLOSED);
            assertThat(client.frames()).containsExactly(ServerFrame.close(1000));
        }

        @Test
        @DisplayName("CLOSED to a thread that the close overtakes, and what it had is counted no more")
        void sessionSendsAndSaysWhatBecameOfItCLOSEDToThreadThatCloseOvertakesAndWhatItHadIsCountedNoMore() {
            onLoop(session::close);
            assertThat(((SessionHandle) session).post(1, new byte[9], null, null))
                    .isEqualTo(SendResult.CLOSED);
            assertThat(session.queuedBytes()).isZero();
        }

        @Test
        @DisplayName("CLOSED to the thread that has closed, before the loop has heard of it")
        void sessionSendsAndSaysWhatBecameOfItCLOSEDToThreadThatHasClosedBeforeLoopHasHeardOfIt() {
            session.send("a");
            session.close(new CloseStatus(3000, "enough"));
            assertThat(session.isOpen()).isFalse();
            assertThat(session.send("b")).isEqualTo(SendResult.CLOSED);
            assertThat(session.ping(ByteBuffer.allocate(0))).isEqualTo(SendResult.CLOSED);
            session.close(CloseStatus.NORMAL);
            server.run();
            assertThat(client.frames()).containsExactly(ServerFrame.text("a"), ServerFrame.close(3000, "enough"));
        }

        @Test
        @DisplayName(
                "CLOSED on the loop, too, while the close of another thread is in the mailbox, and nothing follows its frame")
        void sendOnLoopIsClosedWhileCloseOfAnotherThreadIsInMailboxAndNothingFollowsItsFrame() {
            session.send("in time");
            session.close(new CloseStatus(3000, "enough"));
            session.hub().everyone().send("too late for one");
            server.loop().turn(() -> {
                assertThat(session.send("too late")).isEqualTo(SendResult.CLOSED);
                session.hub().everyone().send("too late for all");
            });
            server.run();
            assertThat(client.frames()).containsExactly(ServerFrame.text("in time"), ServerFrame.close(3000, "enough"));
        }

        @Test
        @DisplayName("CLOSED once the client has closed, in onClose as well")
        void sessionSendsAndSaysWhatBecameOfItCLOSEDOnceClientHasClosedInOnCloseAsWell() {
            List<SendResult> results = new ArrayList<>();
            RecordingApp asking = new RecordingApp(one -> new io.hexsocket.apps.Listener() {
                @Override
                public void onMessage(Session self, Message message) {}

                @Override
                public void onClose(Session self, CloseStatus status) {
                    results.add(self.send("x"));
                    results.add(self.ping(ByteBuffer.allocate(0)));
                    self.close();
                    self.subscribe("t");
                    self.pause();
                    self.resume();
                    self.hub().everyone().send("y");
                }
            });
            MemoryServer other = MemoryServer.serving(asking);
            MemoryClient leaving = other.open();
            leaving.send(ClientFrame.close(1000));
            assertThat(results).containsExactly(SendResult.CLOSED, SendResult.CLOSED);
            assertThat(asking.session().send("x")).isEqualTo(SendResult.CLOSED);
            assertThat(leaving.frames()).containsExactly(ServerFrame.close(1000));
            leaving.connection().end();
            other.assertNothingIsLeft();
            assertThat(asking.session().hub().topic("t").localSize()).isZero();
        }
    }
}
