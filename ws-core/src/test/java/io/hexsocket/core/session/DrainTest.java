package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.ManualExecutor;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryConnection;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.ServerFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A server that drains")
class DrainTest {

    private static final ServerFrame RESTARTS = ServerFrame.close(1012, "the server restarts");

    private final List<Duration> toldToComeBackIn = new ArrayList<>();
    private final RecordingApp app = new RecordingApp(new Telling());

    /** Echoes, and says goodbye. */
    private final class Telling implements App {
        @Override
        public Listener onOpen(Session opened) {
            return new Listener() {
                @Override
                public void onMessage(Session session, Message message) {
                    session.send(message);
                }

                @Override
                public void onServiceRestart(Session session, Duration reconnectIn) {
                    toldToComeBackIn.add(reconnectIn);
                    session.send("goodbye");
                }
            };
        }
    }

    private static List<MemoryClient> open(MemoryServer server, int number) {
        return Stream.generate(server::open).limit(number).toList();
    }

    private static long told(List<MemoryClient> clients) {
        return clients.stream()
                .filter(client -> client.frames().contains(RESTARTS))
                .count();
    }

    @Test
    @DisplayName("closes its sessions with 1012, as many in each quarter of a second, and the last within the window")
    void spreadsEvenly() {
        MemoryServer server = MemoryServer.serving(app);
        List<MemoryClient> clients = open(server, 1000);
        server.drain(Duration.ofSeconds(5));
        List<Long> batches = new ArrayList<>();
        long before = 0;
        for (int tick = 0; tick < 20; tick++) {
            server.advance(Duration.ofMillis(250));
            long now = told(clients);
            batches.add(now - before);
            before = now;
        }
        assertThat(before).isEqualTo(1000);
        assertThat(batches).allSatisfy(batch -> assertThat(batch).isBetween(45L, 55L));
        clients.forEach(
                client -> client.send(ClientFrame.close(1012)).connection().end());
        server.assertNothingIsLeft();
    }

    @Test
    @DisplayName("tells each how long to stay away: until the last has left, and then within another window")
    void tellsWhenToComeBack() {
        MemoryServer server = MemoryServer.serving(app);
        List<MemoryClient> clients = open(server, 200);
        server.drain(Duration.ofSeconds(10));
        int done = 0;
        for (int tick = 0; tick < 40; tick++) {
            server.advance(Duration.ofMillis(250));
            Duration left = Duration.ofSeconds(10).minusMillis(250L * tick);
            assertThat(toldToComeBackIn.subList(done, toldToComeBackIn.size()))
                    .allSatisfy(time -> assertThat(time).isBetween(left, left.plusSeconds(10)));
            done = toldToComeBackIn.size();
        }
        assertThat(done).isEqualTo(200);
        assertThat(clients.get(0).frames()).containsExactly(ServerFrame.text("goodbye"), RESTARTS);
    }

    @Test
    @DisplayName("serves each session until its turn comes")
    void servesOn() {
        MemoryServer server = MemoryServer.serving(app);
        List<MemoryClient> clients = open(server, 100);
        server.drain(Duration.ofSeconds(10));
        server.advance(Duration.ofSeconds(5));
        List<MemoryClient> left = clients.stream().filter(MemoryClient::isOpen).toList();
        assertThat(left).hasSizeBetween(45, 55);
        left.forEach(client -> {
            client.sendTexts("still there?");
            assertThat(client.texts()).endsWith("still there?");
        });
    }

    @Test
    @DisplayName("closes nobody before what was sent to them")
    void queueGoesFirst() {
        MemoryServer server = MemoryServer.serving(app);
        MemoryClient client = server.open();
        client.connection().accept(0);
        app.session().send("x".repeat(100_000));
        server.drain(Duration.ZERO);
        server.advance(Duration.ofSeconds(3));
        assertThat(client.frames()).doesNotContain(RESTARTS);
        client.connection().acceptAll();
        assertThat(client.frames())
                .containsExactly(ServerFrame.text("x".repeat(100_000)), ServerFrame.text("goodbye"), RESTARTS);
    }

    @Test
    @DisplayName("refuses openings that are not done, and those that come later, with 503")
    void refusesOpenings() {
        MemoryServer server = MemoryServer.serving(app);
        MemoryConnection half = server.connect();
        half.send("GET /app HTTP/1.1\r\n");
        server.open();
        server.drain(Duration.ofSeconds(5));
        assertThat(half.receivedText()).startsWith("HTTP/1.1 503 ");
        MemoryConnection late = server.connectWith(MemoryClient.request("/app"));
        assertThat(late.receivedText()).startsWith("HTTP/1.1 503 ");
    }

    @Test
    @DisplayName("tells an app on an executor behind what it has still to do, and closes behind that")
    void executor() {
        ManualExecutor executor = new ManualExecutor();
        RecordingApp aside = new RecordingApp(new Telling().with(AppOptions.DEFAULT.executor(executor)));
        MemoryServer server = MemoryServer.serving(aside);
        MemoryClient client = server.open();
        client.sendTexts("a", "b");
        server.drain(Duration.ZERO);
        assertThat(client.frames()).isEmpty();
        executor.runWith(server);
        assertThat(client.frames())
                .containsExactly(ServerFrame.text("a"), ServerFrame.text("b"), ServerFrame.text("goodbye"), RESTARTS);
        client.send(ClientFrame.close(1012));
        executor.runWith(server);
        assertThat(aside.events()).containsExactly("open", "text a", "text b", "restart", "close 1012");
        aside.assertOrderly();
    }

    @Test
    @DisplayName("does not wait for an app on an executor that is blocked")
    void blockedExecutor() {
        MemoryServer server =
                MemoryServer.serving(new Telling().with(AppOptions.DEFAULT.executor(new ManualExecutor())));
        MemoryClient client = server.open();
        client.sendTexts("a");
        server.drain(Duration.ofSeconds(1));
        server.advance(Duration.ofSeconds(2));
        assertThat(client.isOpen()).isTrue();
        server.advance(Duration.ofSeconds(1));
        assertThat(client.closeStatus().code()).isEqualTo(1001);
    }

    @Test
    @DisplayName("closes an app that fails in its last word with 1011")
    void failingApp() {
        RecordingApp fails = new RecordingApp(opened -> new Listener() {
            @Override
            public void onMessage(Session session, Message message) {}

            @Override
            public void onServiceRestart(Session session, Duration reconnectIn) {
                throw new IllegalStateException("a bug");
            }
        });
        MemoryServer server = MemoryServer.serving(fails);
        MemoryClient client = server.open();
        server.drain(Duration.ZERO);
        assertThat(client.frames()).containsExactly(ServerFrame.close(1011, "the app failed"));
    }

    @Test
    @DisplayName("tells who is left at once when it is shut down")
    void shutDownCutsItShort() {
        MemoryServer server = MemoryServer.serving(app);
        List<MemoryClient> clients = open(server, 40);
        server.drain(Duration.ofSeconds(60));
        server.advance(Duration.ofSeconds(15));
        server.shutDown();
        long restarts = told(clients);
        assertThat(restarts).isBetween(5L, 15L);
        assertThat(clients.stream().map(client -> client.closeStatus().code()).filter(code -> code == 1001))
                .hasSize(40 - (int) restarts);
    }

    @Test
    @DisplayName("spreads the sessions of each of its loops by themselves")
    void everyLoop() {
        MemoryServer server = MemoryServer.serving(app, config -> config.eventLoops(2));
        List<List<MemoryClient>> byLoop = IntStream.range(0, 2)
                .mapToObj(loop -> Stream.generate(() -> server.open(server.loop(loop), "/app"))
                        .limit(100)
                        .toList())
                .toList();
        server.drain(Duration.ofSeconds(4));
        server.advance(Duration.ofSeconds(2));
        byLoop.forEach(clients -> assertThat(told(clients)).isBetween(45L, 55L));
    }
}
