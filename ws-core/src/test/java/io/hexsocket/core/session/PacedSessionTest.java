package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.Cuts;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryConnection;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.ServerFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A session that is paced")
class PacedSessionTest {

    private static final Duration PACE = Duration.ofMillis(20);

    /** Greets, answers each message, and does what some of them say. */
    private record Backend(Duration pace) implements App {

        @Override
        public Admission onRequest(OpeningRequest request) {
            return Admission.accept().withoutKeepAlive().pace(pace);
        }

        @Override
        public AppOptions options() {
            return AppOptions.DEFAULT.rawTcp(true);
        }

        @Override
        public Listener onOpen(Session session) {
            session.send("{\"ready\":1}");
            return (self, message) -> {
                switch (message.text()) {
                    case "{\"quit\":1}" -> self.close();
                    case "{\"silent\":1}" -> {}
                    case "{\"meanwhile\":1}" -> {
                        inAnotherThread(() -> {
                            self.send("{\"sent\":1}");
                            self.hub().everyone().send("{\"broadcast\":1}");
                        });
                        self.send("{\"next\":1}");
                    }
                    default -> {
                        self.send("{\"next\":1}");
                        self.send(message);
                    }
                }
            };
        }
    }

    private static void inAnotherThread(Runnable task) throws InterruptedException {
        Thread thread = new Thread(task);
        thread.start();
        thread.join();
    }

    private final RecordingApp app = new RecordingApp(new Backend(PACE));
    private final MemoryServer server = MemoryServer.serving(app);

    private static List<ServerFrame> texts(String... texts) {
        return java.util.Arrays.stream(texts).map(ServerFrame::text).toList();
    }

    private void pass() {
        server.advance(PACE);
    }

    private MemoryClient greeted() {
        MemoryClient client = server.open();
        pass();
        assertThat(client.newFrames()).isEqualTo(texts("{\"ready\":1}"));
        pass();
        return client;
    }

    @Test
    @DisplayName("gets the 101 alone, and its first frame a pace later")
    void sessionThatIsPacedGets101AloneAndItsFirstFramePaceLater() {
        MemoryClient client = server.open();
        assertThat(client.connection().writes()).hasSize(1);
        assertThat(client.frames()).isEmpty();
        server.advance(PACE.minusNanos(1));
        assertThat(client.frames()).isEmpty();
        server.advance(Duration.ofNanos(1));
        assertThat(client.frames()).isEqualTo(texts("{\"ready\":1}"));
        assertThat(client.connection().writes()).hasSize(2);
    }

    @Test
    @DisplayName(
            "X3 is greeted before its first acknowledgement though its first packets came with the opening request")
    void packetsGluedToTheRequest() {
        MemoryConnection connection = server.connectWith(Cuts.join(List.of(
                MemoryClient.request("/app"),
                ClientFrame.text("{\"one\":1}").bytes(),
                ClientFrame.text("{\"two\":1}").bytes())));
        MemoryClient client = MemoryClient.after(connection);
        assertThat(client.newFrames()).isEmpty();
        pass();
        assertThat(client.newFrames().get(0)).isEqualTo(ServerFrame.text("{\"ready\":1}"));
        for (int i = 0; i < 8; i++) {
            pass();
        }
        assertThat(client.texts().get(0)).isEqualTo("{\"ready\":1}");
        assertThat(client.texts().get(1)).isEqualTo("{\"next\":1}");
        assertThat(client.texts().stream().filter("{\"next\":1}"::equals)).hasSize(2);
        assertThat(client.framesByWrite()).allMatch(frames -> frames.size() == 1);
    }

    @Test
    @DisplayName(
            "X3 is greeted before its first acknowledgement though its first packet came with the raw hello, and it ended its side")
    void packetGluedToTheHello() {
        MemoryConnection client = server.connect()
                .send("php process\nGET /app HTTP/1.1\n{\"one\":1}")
                .endAtOnce();
        for (int i = 0; i < 8; i++) {
            pass();
        }
        assertThat(client.receivedText())
                .startsWith("{\"ready\":1}{\"next\":1}")
                .contains("{\"one\":1}");
    }

    @Test
    @DisplayName("gets one frame a write, a pace apart, in order, whoever sends them")
    void sessionThatIsPacedGetsOneFrameWritePaceApartInOrderWhoeverSendsThem() {
        MemoryClient client = greeted();
        app.session().send("a");
        app.session().send("b");
        app.session().hub().everyone().send("c");
        server.loop().turn(() -> {
            app.session().send("d");
            app.session().ping(ByteBuffer.allocate(0));
            app.session().hub().everyone().send("e");
        });
        server.run();
        assertThat(client.newFrames()).isEqualTo(texts("a"));
        for (String next : List.of("b", "c", "d")) {
            pass();
            assertThat(client.newFrames()).isEqualTo(texts(next));
        }
        pass();
        assertThat(client.newFrames()).containsExactly(ServerFrame.ping());
        pass();
        assertThat(client.newFrames()).isEqualTo(texts("e"));
        pass();
        assertThat(client.newFrames()).isEmpty();
        assertThat(client.framesByWrite()).allMatch(frames -> frames.size() == 1);
        assertThat(app.session().queuedBytes()).isZero();
    }

    @Test
    @DisplayName("B7 gets its acknowledgement at once, alone, and before all that waits")
    void b7SessionThatIsPacedGetsItsAcknowledgementAtOnceAloneAndBeforeAllThatWaits() {
        MemoryClient client = greeted();
        app.session().send("waits 1");
        app.session().send("waits 2");
        server.run();
        assertThat(client.newFrames()).isEqualTo(texts("waits 1"));
        client.sendTexts("hello");
        assertThat(client.newFrames()).isEqualTo(texts("{\"next\":1}"));
        pass();
        assertThat(client.newFrames()).isEqualTo(texts("waits 2"));
        pass();
        assertThat(client.newFrames()).isEqualTo(texts("hello"));
        assertThat(client.framesByWrite()).allMatch(frames -> frames.size() == 1);
    }

    @Test
    @DisplayName("keeps its place for the acknowledgement: neither a pong nor a broadcast takes it")
    void sessionThatIsPacedKeepsItsPlaceForAcknowledgementNeitherPongNorBroadcastTakesIt() {
        MemoryClient client = greeted();
        client.sendTexts("{\"silent\":1}");
        app.session().hub().everyone().send("broadcast");
        server.run();
        assertThat(client.newFrames()).isEqualTo(texts("broadcast"));
        client.send(ClientFrame.ping((byte) 1));
        assertThat(client.newFrames()).isEmpty();
        server.loop().turn(() -> app.session().send("late answer"));
        server.run();
        assertThat(client.newFrames()).isEqualTo(texts("late answer"));
        pass();
        assertThat(client.newFrames()).containsExactly(ServerFrame.pong((byte) 1));
    }

    @Test
    @DisplayName("B7 gets its acknowledgement before what other threads send while the app is about to give it")
    void answerBeforeWhatComesFromElsewhere() {
        MemoryClient client = greeted();
        client.sendTexts("{\"meanwhile\":1}");
        assertThat(client.newFrames()).isEqualTo(texts("{\"next\":1}"));
        pass();
        assertThat(client.newFrames()).isEqualTo(texts("{\"sent\":1}"));
        pass();
        assertThat(client.newFrames()).isEqualTo(texts("{\"broadcast\":1}"));
    }

    @Test
    @DisplayName("B7 gets it so by raw TCP, too")
    void rawAnswerBeforeWhatComesFromElsewhere() {
        MemoryConnection client = server.connect().send("php process\nGET /app HTTP/1.1\n");
        pass();
        pass();
        client.send("{\"meanwhile\":1}");
        assertThat(client.receivedText()).isEqualTo("{\"ready\":1}{\"next\":1}");
        pass();
        pass();
        assertThat(client.receivedText()).isEqualTo("{\"ready\":1}{\"next\":1}{\"sent\":1}{\"broadcast\":1}");
    }

    @Test
    @DisplayName("gets all that waits before the close frame, though the close frame is the answer to its message")
    void sessionThatIsPacedGetsAllThatWaitsBeforeCloseFrameThoughCloseFrameIsAnswerToItsMessage() {
        MemoryClient client = greeted();
        app.session().send("a");
        app.session().send("b");
        app.session().send("c");
        server.run();
        client.sendTexts("{\"quit\":1}");
        for (int i = 0; i < 4; i++) {
            pass();
        }
        assertThat(client.frames())
                .containsExactly(
                        ServerFrame.text("{\"ready\":1}"),
                        ServerFrame.text("a"),
                        ServerFrame.text("b"),
                        ServerFrame.text("c"),
                        ServerFrame.close(1000));
        assertThat(client.framesByWrite()).allMatch(frames -> frames.size() == 1);
        client.close();
        assertThat(client.connection().isEnded()).isTrue();
        server.assertNothingIsLeft();
    }

    @Test
    @DisplayName("gets all that waits and then the answer to its close frame")
    void answerToItsCloseFrameLast() {
        MemoryClient client = greeted();
        app.session().send("a");
        app.session().send("b");
        server.run();
        client.sendTexts("{\"silent\":1}");
        client.send(ClientFrame.close(1000));
        assertThat(client.connection().isEnded()).isFalse();
        pass();
        pass();
        assertThat(client.frames()).endsWith(ServerFrame.text("b"), ServerFrame.close(1000));
        assertThat(client.connection().isEnded()).isTrue();
        client.connection().end();
        server.assertNothingIsLeft();
    }

    @Test
    @DisplayName("is failed with a close frame behind all that waits")
    void sessionThatIsPacedIsFailedWithCloseFrameBehindAllThatWaits() {
        MemoryClient client = greeted();
        app.session().send("a");
        app.session().send("b");
        server.run();
        client.sendTexts("{\"silent\":1}");
        client.send(ClientFrame.text("x").unmasked());
        pass();
        pass();
        assertThat(client.frames().subList(1, 3)).isEqualTo(texts("a", "b"));
        assertThat(client.closeStatus().code()).isEqualTo(1002);
        assertThat(client.connection().isEnded()).isTrue();
    }

    @Test
    @DisplayName("is told onDrained when nothing waits any more")
    void sessionThatIsPacedIsToldOnDrainedWhenNothingWaitsAnyMore() {
        MemoryClient client = greeted();
        for (int i = 0; i < 3; i++) {
            app.session().send(ByteBuffer.allocate(50_000));
        }
        server.run();
        pass();
        assertThat(app.events()).doesNotContain("drained");
        pass();
        assertThat(app.events()).endsWith("drained");
        assertThat(client.newFrames()).hasSize(3);
    }

    @Test
    @DisplayName("is not told onDrained as long as something waits, though the network has taken all that it was given")
    void drainedAfterWhatCameLater() {
        MemoryClient client = greeted();
        client.connection().accept(0);
        app.session().send(ByteBuffer.allocate(100_000));
        server.run();
        app.session().send("later");
        server.run();
        client.connection().acceptAll();
        assertThat(app.events()).doesNotContain("drained");
        pass();
        assertThat(app.events()).endsWith("drained");
    }

    @Test
    @DisplayName("S4 is not taken for a slow reader because it is paced")
    void slowPaceIsNoStall() {
        RecordingApp slow = new RecordingApp(new Backend(Duration.ofSeconds(1)));
        MemoryServer other = MemoryServer.serving(slow);
        MemoryClient client = other.open();
        for (int i = 0; i < 60; i++) {
            slow.session().send("x");
        }
        other.advance(Duration.ofSeconds(62));
        assertThat(client.texts()).hasSize(61);
        assertThat(slow.session().isOpen()).isTrue();
    }

    @Test
    @DisplayName("is cut by the write stall rule like any other")
    void sessionThatIsPacedIsCutByWriteStallRuleLikeAnyOther() {
        MemoryClient client = greeted();
        client.connection().accept(0);
        app.session().send("x");
        server.advance(Duration.ofSeconds(12));
        assertThat(app.session().isOpen()).isFalse();
        server.advance(Duration.ofSeconds(6));
        assertThat(client.connection().isAborted()).isTrue();
        server.assertNothingIsLeft();
    }

    @Test
    @DisplayName("keeps nothing and writes nothing once its connection is lost")
    void sessionThatIsPacedKeepsNothingAndWritesNothingOnceItsConnectionIsLost() {
        MemoryClient client = greeted();
        for (int i = 0; i < 10; i++) {
            app.session().send("x");
        }
        server.run();
        client.connection().lose(new IOException("reset"));
        assertThat(app.session().queuedBytes()).isZero();
        server.advance(Duration.ofSeconds(1));
        assertThat(client.newFrames()).hasSize(1);
        server.assertNothingIsLeft();
    }

    @Test
    @DisplayName("is ended by force at the close deadline if more waits than the pace lets out")
    void sessionThatIsPacedIsEndedByForceAtCloseDeadlineIfMoreWaitsThanPaceLetsOut() {
        MemoryClient client = greeted();
        for (int i = 0; i < 1000; i++) {
            app.session().send("x");
        }
        app.session().close();
        server.advance(Duration.ofSeconds(6));
        assertThat(client.connection().isAborted()).isTrue();
        server.advance(Duration.ofSeconds(30));
        server.assertNothingIsLeft();
    }

    @Test
    @DisplayName("may be a raw TCP client as well")
    void sessionThatIsPacedMayBeRawTCPClientAsWell() {
        MemoryConnection client = server.connect().send("php process\nGET /app HTTP/1.1\n");
        assertThat(client.received()).isEmpty();
        pass();
        app.session().send("{\"a\":1}");
        app.session().send("{\"a\":2}");
        server.run();
        client.send("{\"hello\":1}");
        for (int i = 0; i < 5; i++) {
            pass();
        }
        client.send("{\"quit\":1}");
        pass();
        assertThat(client.writes().stream().map(write -> new String(write, StandardCharsets.UTF_8)))
                .containsExactly("{\"ready\":1}", "{\"next\":1}", "{\"a\":1}", "{\"a\":2}", "{\"hello\":1}");
        assertThat(client.isEnded()).isTrue();
        client.end();
        server.assertNothingIsLeft();
    }

    @Test
    @DisplayName("may be a raw TCP client that is told why it is closed after all that waits")
    void rawClientIsToldLast() {
        MemoryConnection client = server.connect().send("php process\nGET /app HTTP/1.1\n");
        client.send("{\"silent\":1}");
        client.send("nonsense");
        pass();
        pass();
        assertThat(client.receivedText()).startsWith("{\"ready\":1}{\"opcode\":\"close\",");
        assertThat(client.isEnded()).isTrue();
    }

    @Test
    @DisplayName("is never pinged if its app has said so")
    void sessionThatIsPacedIsNeverPingedIfItsAppHasSaidSo() {
        MemoryServer pinging =
                MemoryServer.serving(app, config -> config.timeouts(Timeouts.DEFAULT.ping(Duration.ofSeconds(1))));
        MemoryClient client = pinging.open();
        pinging.advance(Duration.ofMinutes(1));
        assertThat(client.frames()).isEqualTo(texts("{\"ready\":1}"));
    }
}
