package io.hexsocket.core.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.port.host.AppStats;
import io.hexsocket.core.port.host.GuardedListener;
import io.hexsocket.core.port.host.LoopStats;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.port.host.Timings;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a listener is told once a second of each event loop is what has happened there. */
class LoopStatsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<LoopStats> reports = new ArrayList<>();
    private final App echo = session -> (from, message) -> {
        if (message.text().startsWith("all")) {
            from.hub().everyone().send(message);
        } else {
            from.send(message);
        }
    };

    private MemoryServer server(int loops) {
        return new MemoryServer(ServerConfig.at("ws://localhost:0")
                .eventLoops(loops)
                .app("/app", echo)
                .timeouts(Timeouts.DEFAULT.ping(Duration.ZERO))
                .listener(new ServerListener() {
                    @Override
                    public void onLoopStats(LoopStats stats) {
                        reports.add(stats);
                    }
                })
                .build());
    }

    private LoopStats last(int loop) {
        return reports.stream()
                .filter(report -> report.loop() == loop)
                .reduce((one, next) -> next)
                .orElseThrow();
    }

    @Test
    void reportComesOnceASecondForEachLoop() {
        MemoryServer server = server(2);
        server.advance(Duration.ofMillis(10_100));
        assertThat(reports.stream().filter(report -> report.loop() == 0)).hasSize(10);
        assertThat(reports.stream().filter(report -> report.loop() == 1)).hasSize(10);
    }

    @Test
    void bytesThatWaitForAnotherTurnAreCountedOnce() {
        MemoryServer server = server(1);
        ClientFrame[] many = new ClientFrame[1000];
        Arrays.fill(many, ClientFrame.text("abc"));
        server.open().send(many);
        server.advance(SECOND.plusMillis(100));
        assertThat(last(0).messagesReceived()).isEqualTo(1000);
        assertThat(last(0).bytesReceived()).isEqualTo(1000 * 9);
    }

    @Test
    void messagesAndBytesAreCountedBothWaysWithTheirHeaders() {
        MemoryServer server = server(1);
        server.open().send(ClientFrame.text("abc"), ClientFrame.text("de"), ClientFrame.ping("x"));
        server.advance(SECOND.plusMillis(100));
        LoopStats stats = last(0);
        assertThat(stats.messagesReceived()).isEqualTo(2);
        assertThat(stats.bytesReceived()).isEqualTo(9 + 8 + 7);
        assertThat(stats.messagesSent()).isEqualTo(2);
        assertThat(stats.bytesSent()).isEqualTo(5 + 4 + 3);
        assertThat(stats.connections()).isEqualTo(1);
    }

    private MemoryServer server(ServerListener listener, App slow, AppOptions options) {
        return new MemoryServer(ServerConfig.at("ws://localhost:0")
                .eventLoops(1)
                .app("/app", echo)
                .app("/slow/{name}", slow.with(options))
                .timeouts(Timeouts.DEFAULT.ping(SECOND))
                .listener(listener)
                .build());
    }

    private final ServerListener collector = new ServerListener() {
        @Override
        public void onLoopStats(LoopStats stats) {
            reports.add(stats);
        }
    };

    @Test
    void messagesAndBytesAreCountedByApp() {
        MemoryServer server = server(collector, session -> (from, message) -> {}, AppOptions.DEFAULT);
        server.open().send(ClientFrame.text("abc"));
        server.open("/slow/a").send(ClientFrame.text("de"));
        server.open("/slow/b").send(ClientFrame.text("fgh"));
        server.advance(Duration.ofMillis(1_100));
        LoopStats stats = last(0);
        assertThat(stats.apps()).extracting(AppStats::pattern).containsExactly("/app", "/slow/{name}");
        AppStats app = stats.apps().get(0);
        AppStats slow = stats.apps().get(1);
        assertThat(app.messagesReceived()).isEqualTo(1);
        assertThat(app.bytesReceived()).isEqualTo(9);
        assertThat(app.messagesSent()).isEqualTo(1);
        assertThat(slow.messagesReceived()).isEqualTo(2);
        assertThat(slow.bytesReceived()).isEqualTo(8 + 9);
        assertThat(slow.messagesSent()).isZero();
        assertThat(stats.messagesReceived()).isEqualTo(3);
        assertThat(stats.bytesReceived()).isEqualTo(9 + 8 + 9);
        assertThat(stats.bytesSent()).isEqualTo(app.bytesSent() + slow.bytesSent());
    }

    @Test
    void timeInCallbacksIsTakenOfTheFirstMessageAndOfOneInSixteen() {
        MemoryServer[] server = new MemoryServer[1];
        App slow = session -> (from, message) -> server[0].loop().pass(Duration.ofMillis(3));
        server[0] = server(collector, slow, AppOptions.DEFAULT);
        MemoryClient client = server[0].open("/slow/a");
        for (int i = 0; i < 17; i++) {
            client.send(ClientFrame.text("x"));
        }
        server[0].advance(SECOND);
        Timings callbacks = last(0).apps().get(1).callbacks();
        assertThat(callbacks).isEqualTo(new Timings(2, Duration.ofMillis(6), Duration.ofMillis(3)));
        server[0].advance(SECOND);
        assertThat(last(0).apps().get(1).callbacks().worst()).isZero();
    }

    @Test
    void timeInCallbacksOnAnExecutorIsTakenThere() {
        MemoryServer[] server = new MemoryServer[1];
        List<Runnable> tasks = new ArrayList<>();
        App slow = session -> (from, message) -> server[0].loop().pass(Duration.ofMillis(40));
        server[0] = server(collector, slow, AppOptions.DEFAULT.executor(tasks::add));
        MemoryClient client = server[0].open("/slow/a");
        client.send(ClientFrame.text("x"));
        while (!tasks.isEmpty()) {
            Runnable task = tasks.remove(0);
            server[0].loop().turn(() -> server[0].loop().elsewhere(task));
            server[0].run();
        }
        server[0].advance(Duration.ofMillis(1_100));
        assertThat(last(0).apps().get(1).callbacks())
                .isEqualTo(new Timings(1, Duration.ofMillis(40), Duration.ofMillis(40)));
    }

    @Test
    void roundTripOfAPingIsMeasuredAndAnAppsOwnPongsAreNot() {
        MemoryServer server = server(collector, session -> (from, message) -> {}, AppOptions.DEFAULT);
        MemoryClient client = server.open();
        client.send(ClientFrame.pong());
        server.advance(Duration.ofMillis(1_100));
        assertThat(last(0).pings().count()).isZero();
        client.send(ClientFrame.pong((byte) 'x'));
        server.advance(Duration.ofMillis(70));
        client.send(ClientFrame.pong(), ClientFrame.pong());
        server.advance(SECOND);
        Timings pings = last(0).pings();
        assertThat(pings.count()).isEqualTo(1);
        // counted in microseconds
        assertThat(pings.total()).isBetween(Duration.ofMillis(169), Duration.ofMillis(171));
        assertThat(pings.worst()).isEqualTo(pings.total());
    }

    @Test
    void whatOtherThreadsHaveSentAndTheLoopHasNotWrittenIsInTheReport() {
        List<Session> sessions = new ArrayList<>();
        App app = session -> {
            sessions.add(session);
            return (from, message) -> {};
        };
        MemoryServer server = server(collector, app, AppOptions.DEFAULT);
        server.open("/slow/a");
        server.loop().turn(() -> {
            server.loop().elsewhere(() -> sessions.get(0).send("abc"));
            server.loop()
                    .core()
                    .onTick(server.loop().nanoTime() + Duration.ofSeconds(2).toNanos());
        });
        assertThat(last(0).postedBytes()).isEqualTo(5 + 32);
        server.advance(Duration.ofSeconds(4));
        assertThat(last(0).postedBytes()).isZero();
    }

    @Test
    void fanOutOfBroadcastsIsCountedWhereTheReceiversAre() {
        MemoryServer server = server(2);
        MemoryClient speaker = server.open(server.loop(0), "/app");
        server.open(server.loop(0), "/app");
        server.open(server.loop(1), "/app");
        speaker.send(ClientFrame.text("all 1"), ClientFrame.text("all 2"));
        server.run();
        server.advance(SECOND.plusMillis(100));
        assertThat(last(0).broadcasts()).isEqualTo(2);
        assertThat(last(0).broadcastReceivers()).isEqualTo(4);
        assertThat(last(1).broadcasts()).isEqualTo(2);
        assertThat(last(1).broadcastReceivers()).isEqualTo(2);
        assertThat(last(1).messagesSent()).isEqualTo(2);
    }

    @Test
    void queuesOfClientsThatDoNotReadAreInTheReportAndGoneWhenTheyDo() {
        MemoryServer server = server(1);
        MemoryClient deaf = server.open();
        server.open();
        deaf.connection().accept(0);
        deaf.send(ClientFrame.text("x".repeat(1000)));
        server.advance(SECOND.plusMillis(100));
        assertThat(last(0).queuedBytes()).isEqualTo(1004);
        assertThat(last(0).longestQueueBytes()).isEqualTo(1004);
        deaf.connection().acceptAll();
        server.advance(SECOND);
        assertThat(last(0).queuedBytes()).isZero();
    }

    @Test
    void loopThatWasBlockedReportsHowLateItWasOnce() {
        Traffic traffic = new Traffic(List.of());
        long tick = Ticks.NANOS;
        traffic.onTick(5);
        traffic.onTick(5 + tick);
        traffic.onTick(5 + 2 * tick + Duration.ofMillis(700).toNanos());
        traffic.onTick(5 + 3 * tick + Duration.ofMillis(700).toNanos());
        assertThat(traffic.report(0, 0, 0, 0, 0).worstLag()).isEqualTo(Duration.ofMillis(700));
        assertThat(traffic.report(0, 0, 0, 0, 0).worstLag()).isZero();
    }

    @Test
    void secondOfTwoListenersIsToldThoughTheFirstOneThrows() {
        List<String> told = new ArrayList<>();
        ServerListener first = new ServerListener() {
            @Override
            public void onDisconnect(long connection) {
                told.add("first");
                throw new IllegalStateException("broken");
            }
        };
        ServerListener second = new ServerListener() {
            @Override
            public void onDisconnect(long connection) {
                told.add("second " + connection);
            }
        };
        assertThatThrownBy(() -> first.andThen(second).onDisconnect(7)).hasMessage("broken");
        assertThat(told).containsExactly("first", "second 7");
    }

    @Test
    void pairOfListenersAndTheGuardOfOnePassEverythingOn() {
        List<String> calls = Arrays.stream(ServerListener.class.getDeclaredMethods())
                .filter(method -> method.isDefault() && !method.getName().equals("andThen"))
                .map(Method::getName)
                .toList();
        Class<?> pair = ServerListener.NONE.andThen(ServerListener.NONE).getClass();
        assertThat(calls).hasSizeGreaterThan(10);
        for (Class<?> passing : List.of(pair, GuardedListener.class)) {
            assertThat(Arrays.stream(passing.getDeclaredMethods()).map(Method::getName))
                    .as(passing.getName())
                    .containsAll(calls);
        }
    }
}
