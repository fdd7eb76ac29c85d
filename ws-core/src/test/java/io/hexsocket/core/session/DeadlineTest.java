package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.Scenario;
import io.hexsocket.core.testkit.ServerFrame;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A session that is open")
class DeadlineTest {

    private final RecordingApp app = RecordingApp.echo();

    private MemoryServer with(Timeouts timeouts) {
        return MemoryServer.serving(app, config -> config.timeouts(timeouts));
    }

    private static Timeouts quiet() {
        return Timeouts.DEFAULT.ping(Duration.ZERO);
    }

    private void assertFailed(MemoryClient client, MemoryServer server, int code) {
        assertThat(client.closeStatus().code()).isEqualTo(code);
        assertThat(client.closeStatus().reason()).isNotEmpty();
        assertThat(client.connection().isEnded()).isTrue();
        client.connection().end();
        server.assertNothingIsLeft();
        assertThat(app.events().get(app.events().size() - 1)).startsWith("close " + code);
        app.assertOrderly();
    }

    @Nested
    @DisplayName("is kept alive")
    class KeepAlive {

        private final MemoryServer server = with(Timeouts.DEFAULT);
        private final MemoryClient client = server.open();

        @Test
        @DisplayName("by a ping each interval, as long as each is answered before the next")
        void sessionThatIsOpenIsKeptAliveByPingEachIntervalAsLongAsEachIsAnsweredBeforeNext() {
            for (int i = 0; i < 10; i++) {
                server.advance(Duration.ofMillis(29_750));
                assertThat(client.newFrames()).isEmpty();
                server.advance(Duration.ofMillis(250));
                assertThat(client.newFrames()).containsExactly(ServerFrame.ping());
                client.send(ClientFrame.pong());
            }
            assertThat(app.session().isOpen()).isTrue();
        }

        @Test
        @DisplayName("P3 L2 no longer than to the ping after the one that was not answered, when nothing else comes")
        void p3l2SessionThatIsSilentAfterAPingIsClosedAtTheNextOne() {
            client.sendTexts("before the ping");
            server.advance(Duration.ofMillis(59_900));
            assertThat(client.frames()).contains(ServerFrame.ping()).noneMatch(ServerFrame::isClose);
            server.advance(Duration.ofMillis(100));
            assertFailed(client, server, 1008);
        }

        @Test
        @DisplayName("L1 as long as frames come after the ping, though the pong is late or behind them")
        void l1FramesThatArriveAfterThePingAreLife() {
            for (int i = 0; i < 3000; i++) {
                client.sendTexts("x");
                server.advance(Duration.ofMillis(100));
            }
            client.send(ClientFrame.pong());
            assertThat(client.frames()).contains(ServerFrame.ping()).noneMatch(ServerFrame::isClose);
            assertThat(app.session().isOpen()).isTrue();
            server.advance(Duration.ofMinutes(1));
            assertThat(app.session().isOpen()).as("silent again").isFalse();
        }

        @Test
        @DisplayName("P4 no longer than two intervals and the close deadline when the cable is cut")
        void p4SessionThatIsOpenIsKeptAliveNoLongerThanTwoIntervalsAndCloseDeadlineWhenCableIsCut() {
            client.connection().accept(0);
            server.advance(Duration.ofSeconds(30));
            assertThat(app.session().isOpen()).isTrue();
            server.advance(Duration.ofSeconds(30));
            assertThat(app.session().isOpen()).isFalse();
            server.advance(Duration.ofSeconds(6));
            assertThat(client.connection().isAborted()).isTrue();
            server.assertNothingIsLeft();
        }

        @Test
        @DisplayName("by a pong that answers nothing as well, and the app is told of each")
        void sessionThatIsOpenIsKeptAliveByPongThatAnswersNothingAsWellAndAppIsToldOfEach() {
            server.advance(Duration.ofSeconds(30));
            client.send(ClientFrame.pong((byte) 1, (byte) 2));
            server.advance(Duration.ofSeconds(30));
            assertThat(app.events()).containsExactly("open", "pong 0102");
            assertThat(app.session().isOpen()).isTrue();
        }

        @Test
        @DisplayName("without its pong while it is in the middle of a frame, where a pong cannot be")
        void sessionThatIsOpenIsKeptAliveWithoutItsPongWhileItIsInMiddleOfFrameWherePongCannotBe() {
            byte[] frame = ClientFrame.binary(new byte[120_000]).bytes();
            server.advance(Duration.ofSeconds(29));
            client.connection().send(Arrays.copyOf(frame, 6));
            for (int i = 6; i < 60_000; i += 500) {
                client.connection().send(Arrays.copyOfRange(frame, i, i + 500));
                server.advance(Duration.ofMillis(500));
            }
            assertThat(app.session().isOpen()).isTrue();
            assertThat(client.frames()).contains(ServerFrame.ping()).doesNotContain(ServerFrame.ping((byte) 0));
        }

        @Test
        @DisplayName("without its pong while we do not read")
        void whileWeDoNotRead() {
            app.session().pause();
            server.advance(Duration.ofMinutes(5));
            assertThat(app.session().isOpen()).isTrue();
            client.connection().arriveLater(ClientFrame.pong().bytes());
            app.session().resume();
            server.advance(Duration.ofSeconds(1));
            assertThat(app.session().isOpen()).isTrue();
        }

        @Test
        @DisplayName("by no ping at all if the configuration says so")
        void sessionThatIsOpenIsKeptAliveByNoPingAtAllIfConfigurationSaysSo() {
            MemoryServer other = with(quiet());
            MemoryClient unpinged = other.open();
            other.advance(Duration.ofHours(2));
            assertThat(unpinged.frames()).isEmpty();
            assertThat(app.session(1).isOpen()).isTrue();
        }
    }

    @Nested
    @DisplayName("is idle")
    class Idle {

        private final MemoryServer server = with(quiet().idle(Duration.ofSeconds(60)));
        private final MemoryClient client = server.open();

        @Test
        @DisplayName("and is closed with 1001 when nothing was said for too long, pings and pongs apart")
        void sessionThatIsOpenIsIdleAndIsClosedWith1001WhenNothingWasSaidForTooLongPingsAndPongsApart() {
            for (int i = 0; i < 6; i++) {
                server.advance(Duration.ofSeconds(10));
                client.send(ClientFrame.ping(), ClientFrame.pong());
            }
            assertThat(app.session().isOpen()).isTrue();
            server.advance(Duration.ofMillis(500));
            assertFailed(client, server, 1001);
        }

        @Test
        @DisplayName("unless a message goes one way or the other, or to all")
        void sessionThatIsOpenIsIdleUnlessMessageGoesOneWayOrOtherOrToAll() {
            Session session = app.session();
            List<Runnable> talks = List.of(
                    () -> client.sendTexts("x"),
                    () -> session.send("y"),
                    () -> server.loop().turn(() -> session.send("z")),
                    () -> session.hub().everyone().send("w"));
            for (int i = 0; i < 8; i++) {
                server.advance(Duration.ofSeconds(59));
                talks.get(i % 4).run();
                server.run();
            }
            assertThat(session.isOpen()).isTrue();
            server.advance(Duration.ofSeconds(61));
            assertFailed(client, server, 1001);
        }

        @ParameterizedTest
        @DisplayName("by its app's own time, if that has one, and never if that is zero")
        @CsvSource({"60, 20, 20", "20, 60, 60", "0, 60, 60", "60, 0, 86000"})
        void appMayHaveATimeOfItsOwn(int ofServer, int ofApp, int lives) {
            MemoryServer other = MemoryServer.serving(
                    app.with(AppOptions.DEFAULT.idle(Duration.ofSeconds(ofApp))),
                    config -> config.timeouts(quiet().idle(Duration.ofSeconds(ofServer))));
            MemoryClient idle = other.open();
            other.advance(Duration.ofSeconds(lives));
            assertThat(idle.isOpen()).isTrue();
            if (ofApp > 0) {
                other.advance(Duration.ofMillis(500));
                assertThat(idle.closeStatus().code()).isEqualTo(1001);
            }
        }

        @Test
        @DisplayName("but not while we do not read from it")
        void sessionThatIsOpenIsIdleButNotWhileWeDoNotReadFromIt() {
            app.session().pause();
            server.advance(Duration.ofMinutes(10));
            assertThat(app.session().isOpen()).isTrue();
            app.session().resume();
            server.advance(Duration.ofSeconds(59));
            assertThat(app.session().isOpen()).isTrue();
            server.advance(Duration.ofSeconds(2));
            assertFailed(client, server, 1001);
        }
    }

    @Nested
    @DisplayName("reads too slowly")
    class WriteStall {

        private final MemoryServer server = with(quiet());
        private final MemoryClient client = server.open();

        private void queue(int bytes) {
            client.connection().accept(0);
            server.loop().turn(() -> app.session().send(ByteBuffer.allocate(bytes)));
            server.run();
        }

        @Test
        @DisplayName("S6 and is closed with 1008, though it is paused for that very reason")
        void s6SessionThatIsOpenReadsTooSlowlyAndIsClosedWith1008ThoughItIsPausedForThatVeryReason() {
            queue(100_000);
            assertThat(client.connection().isPaused()).isTrue();
            server.advance(Duration.ofSeconds(10));
            assertThat(app.session().isOpen()).isTrue();
            server.advance(Duration.ofMillis(1000));
            assertThat(app.session().isOpen()).isFalse();
            assertThat(app.events()).endsWith("close 1008 the client reads too slowly");
            server.advance(Duration.ofSeconds(6));
            assertThat(client.connection().isAborted()).isTrue();
            server.assertNothingIsLeft();
        }

        @Test
        @DisplayName("S4 and is closed, though it takes a byte a second")
        void s4SessionThatIsOpenReadsTooSlowlyAndIsClosedThoughItTakesByteSecond() {
            queue(100_000);
            for (int i = 0; i < 12; i++) {
                client.connection().accept(1);
                server.advance(Duration.ofSeconds(1));
            }
            assertThat(app.session().isOpen()).isFalse();
            assertThat(app.events()).endsWith("close 1008 the client reads too slowly");
        }

        @Test
        @DisplayName("S4 and is closed at 239 bytes a second, but not at 250")
        void s4SessionThatIsOpenReadsTooSlowlyAndIsClosedAt239BytesSecondButNotAt250() {
            queue(100_000);
            for (int i = 0; i < 60; i++) {
                client.connection().accept(250);
                server.advance(Duration.ofSeconds(1));
            }
            assertThat(app.session().isOpen()).isTrue();
            for (int i = 0; i < 30; i++) {
                client.connection().accept(230);
                server.advance(Duration.ofSeconds(1));
            }
            assertThat(app.session().isOpen()).isFalse();
        }

        @Test
        @DisplayName("S4 and is closed, though the server goes on writing to it")
        void s4SessionThatIsOpenReadsTooSlowlyAndIsClosedThoughServerGoesOnWritingToIt() {
            queue(10_000);
            for (int i = 0; i < 12; i++) {
                server.loop().turn(() -> app.session().hub().everyone().send(Message.binary(new byte[5000])));
                server.advance(Duration.ofSeconds(1));
            }
            assertThat(app.session().isOpen()).isFalse();
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 2, 3})
        @DisplayName("S4 but not while it takes what others send it, in whatever way, and however much of it waits")
        void s4SessionThatIsOpenReadsTooSlowlyButNotWhileItTakesWhatOthersSendItInWhateverWayAndHoweverMuchOfItWaits(
                int way) {
            queue(10_000);
            for (int i = 0; i < 60; i++) {
                switch (way) {
                    case 0 -> app.session().send("x".repeat(1200));
                    case 1 -> app.session().hub().everyone().send("x".repeat(1200));
                    case 2 -> server.loop().turn(() -> app.session().send("x".repeat(1200)));
                    default ->
                        server.loop().turn(() -> app.session().hub().everyone().send("x".repeat(1200)));
                }
                server.run();
                client.connection().accept(1100);
                server.advance(Duration.ofSeconds(1));
            }
            assertThat(app.session().isOpen()).isTrue();
        }

        @Test
        @DisplayName("no more once the queue has been out")
        void sessionThatIsOpenReadsTooSlowlyNoMoreOnceQueueHasBeenOut() {
            for (int i = 0; i < 10; i++) {
                queue(1000);
                server.advance(Duration.ofSeconds(8));
                client.connection().acceptAll();
                server.advance(Duration.ofSeconds(1));
            }
            assertThat(app.session().isOpen()).isTrue();
        }
    }

    @Nested
    @DisplayName("sends a frame too slowly")
    class SlowFrame {

        private final MemoryServer server = with(quiet());
        private final MemoryClient client = server.open();
        private final byte[] frame = ClientFrame.binary(new byte[100_000]).bytes();

        @Test
        @DisplayName("S2 and is closed with 1008: a header begun, then silence")
        void s2SessionThatIsOpenSendsFrameTooSlowlyAndIsClosedWith1008HeaderBegunThenSilence() {
            for (int length : new int[] {1, 2, 5, 9, 13}) {
                RecordingApp other = RecordingApp.echo();
                MemoryServer fresh = MemoryServer.serving(other);
                MemoryClient slow = fresh.open();
                slow.connection().send(Arrays.copyOf(frame, length));
                fresh.advance(Duration.ofSeconds(5));
                assertThat(other.session().isOpen()).isTrue();
                fresh.advance(Duration.ofSeconds(1));
                assertThat(slow.closeStatus().code()).isEqualTo(1008);
                assertThat(other.events()).endsWith("close 1008 a frame arrives too slowly");
            }
        }

        @Test
        @DisplayName("S2 and is closed with 1008: a byte in five seconds")
        void aByteInFiveSeconds() {
            client.connection().send(Arrays.copyOf(frame, 100));
            for (int i = 100; i < 102; i++) {
                server.advance(Duration.ofSeconds(5));
                client.connection().send(Arrays.copyOfRange(frame, i, i + 1));
            }
            assertFailed(client, server, 1008);
        }

        @Test
        @DisplayName("S2 and is closed below 240 bytes a second, but not above")
        void s2SessionThatIsOpenSendsFrameTooSlowlyAndIsClosedBelow240BytesSecondButNotAbove() {
            int at = 14;
            client.connection().send(Arrays.copyOf(frame, at));
            for (int i = 0; i < 30; i++) {
                client.connection().send(Arrays.copyOfRange(frame, at, at + 260));
                at += 260;
                server.advance(Duration.ofSeconds(1));
            }
            assertThat(app.session().isOpen()).isTrue();
            for (int i = 0; i < 15; i++) {
                client.connection().send(Arrays.copyOfRange(frame, at, at + 220));
                at += 220;
                server.advance(Duration.ofSeconds(1));
            }
            assertFailed(client, server, 1008);
        }

        @Test
        @DisplayName("but has all of its time again for the next frame, however long it was silent in between")
        void sessionThatIsOpenSendsFrameTooSlowlyButHasAllOfItsTimeAgainForNextFrameHoweverLongItWasSilentInBetween() {
            byte[] small = ClientFrame.binary(new byte[50]).bytes();
            for (int i = 0; i < 3; i++) {
                client.connection().send(Arrays.copyOf(small, 20));
                server.advance(Duration.ofSeconds(1));
                client.connection().send(Arrays.copyOfRange(small, 20, small.length));
                server.advance(Duration.ofMinutes(1));
            }
            assertThat(app.session().isOpen()).isTrue();
            assertThat(app.events()).hasSize(4);
        }

        @Test
        @DisplayName("but not if it is us who do not read, nor between two frames of a message that goes on in time")
        void sessionThatIsOpenSendsFrameTooSlowlyButNotIfItIsUsWhoDoNotReadNorBetweenTwoFramesOfMessage() {
            client.send(ClientFrame.text("begun").notFinal());
            server.advance(Duration.ofSeconds(9));
            client.connection()
                    .send(Arrays.copyOf(ClientFrame.continuation("x".repeat(50)).bytes(), 20));
            app.session().pause();
            server.advance(Duration.ofMinutes(1));
            assertThat(app.session().isOpen()).isTrue();
        }
    }

    @Nested
    @DisplayName("gets pings")
    class Pings {

        @Test
        @DisplayName("P1 and answers 100 at once, and fails with 1008 at the next")
        void p1SessionThatIsOpenGetsPingsAndAnswers100AtOnceAndFailsWith1008AtNext() {
            ClientFrame[] pings = new ClientFrame[101];
            Arrays.fill(pings, ClientFrame.ping((byte) 1));
            Scenario.echo().sends(Arrays.copyOf(pings, 100)).assertStaysOpen().assertAnswers(pongs(100));
            Scenario.echo().sends(pings).assertAnswers(pongs(100)).assertFailsWith(1008);
        }

        @Test
        @DisplayName("P1 and answers 50 a second for ever, but no more than that")
        void p1SessionThatIsOpenGetsPingsAndAnswers50SecondForEverButNoMoreThanThat() {
            MemoryServer server = with(quiet());
            MemoryClient client = server.open();
            ClientFrame[] fifty = new ClientFrame[50];
            Arrays.fill(fifty, ClientFrame.ping());
            for (int i = 0; i < 100; i++) {
                client.send(fifty);
                server.advance(Duration.ofSeconds(1));
            }
            assertThat(client.frames()).hasSize(5000);
            // the burst is whole again after two quiet seconds, and no more than whole after an hour
            server.advance(Duration.ofHours(1));
            client.send(fifty).send(fifty);
            assertThat(app.session().isOpen()).isTrue();
            client.send(ClientFrame.ping());
            assertFailed(client, server, 1008);
        }

        @Test
        @DisplayName("P1 and keeps to another limit of the configuration")
        void p1SessionThatIsOpenGetsPingsAndKeepsToAnotherLimitOfConfiguration() {
            Limits d = Limits.DEFAULT;
            Limits limits = Limits.DEFAULT.pingsPerSecond(1).pingBurst(3);
            MemoryServer server = MemoryServer.serving(app, config -> config.limits(limits));
            MemoryClient client = server.open();
            client.send(ClientFrame.ping(), ClientFrame.ping(), ClientFrame.ping());
            server.advance(Duration.ofSeconds(1));
            client.send(ClientFrame.ping());
            assertThat(app.session().isOpen()).isTrue();
            server.advance(Duration.ofMillis(500));
            client.send(ClientFrame.ping());
            assertFailed(client, server, 1008);
        }

        @Test
        @DisplayName("P1 and never reads: what waits for it is one pong, and it fails at the rate")
        void p1SessionThatIsOpenGetsPingsAndNeverReadsWhatWaitsForItIsOnePongAndItFailsAtRate() {
            MemoryServer server = with(quiet());
            MemoryClient client = server.open();
            client.connection().accept(0);
            server.loop().turn(() -> app.session().hub().everyone().send(Message.binary(new byte[70_000])));
            server.run();
            long before = app.session().queuedBytes();
            for (int i = 0; i < 100; i++) {
                client.send(ClientFrame.ping(new byte[125]));
            }
            assertThat(app.session().queuedBytes()).isEqualTo(before);
            client.send(ClientFrame.ping());
            assertThat(app.session().isOpen()).isFalse();
        }

        @Test
        @DisplayName("P2 or pongs, any number of them, and answers none")
        void p2SessionThatIsOpenGetsPingsOrPongsAnyNumberOfThemAndAnswersNone() {
            MemoryServer server = with(quiet());
            MemoryClient client = server.open();
            ClientFrame[] pongs = new ClientFrame[10_000];
            Arrays.fill(pongs, ClientFrame.pong(new byte[125]));
            client.send(pongs);
            assertThat(client.frames()).isEmpty();
            assertThat(app.events()).hasSize(10_001);
            assertThat(app.session().isOpen()).isTrue();
        }
    }

    private static ServerFrame[] pongs(int count) {
        ServerFrame[] pongs = new ServerFrame[count];
        Arrays.fill(pongs, ServerFrame.pong((byte) 1));
        return pongs;
    }

    @Test
    @DisplayName(
            "R8 outlives any jump of the clock on the wall, since only the monotonic one counts, which may wrap around")
    void r8SessionThatIsOpenOutlivesAnyJumpOfClockOnWallSinceOnlyMonotonicOneCountsWhichMayWrapAround() {
        // the kit's clock passes the largest long after three seconds
        MemoryServer server = with(Timeouts.DEFAULT.idle(Duration.ofHours(1)));
        MemoryClient client = server.open();
        for (int i = 0; i < 100; i++) {
            server.advance(Duration.ofSeconds(30));
            client.send(ClientFrame.pong());
        }
        assertThat(app.session().isOpen()).isTrue();
    }
}
