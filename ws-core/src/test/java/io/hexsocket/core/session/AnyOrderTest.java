package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.connection.LoopConnections;
import io.hexsocket.core.connection.LoopState;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.Cuts;
import io.hexsocket.core.testkit.ManualExecutor;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.RecordingListener;
import io.hexsocket.core.testkit.ServerFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Whatever happens in whatever order")
class AnyOrderTest {

    // -Dseeds=10000 looks further
    private static final int SEEDS = Integer.getInteger("seeds", 100);
    private static final int STEPS = 250;
    private static final int LOOPS = 2;

    /** One run: a server with three apps, clients that come and go, and threads that send, all decided by a seed. */
    private static final class Run {

        private final Random random;
        private final ManualExecutor executor = new ManualExecutor();
        private final RecordingListener seen = new RecordingListener();
        private final List<RecordingApp> apps = new ArrayList<>();
        private final List<Session> sessions = new ArrayList<>();
        private final List<MemoryClient> clients = new ArrayList<>();
        private final List<String> paths = new ArrayList<>();
        private final List<Integer> sent = new ArrayList<>();
        private final MemoryServer server;
        /** Counts all that is sent by anybody: since all of it happens on one thread, that is the order in which it must arrive. */
        private int clock;

        Run(long seed) {
            this.random = new Random(seed);
            App loopApp = session -> new Restless();
            apps.add(new RecordingApp(opening(loopApp)));
            apps.add(new RecordingApp(opening(loopApp).with(AppOptions.DEFAULT.executor(executor))));
            apps.add(new RecordingApp(paced(loopApp)));
            ServerConfig.Builder config = ServerConfig.at("ws://localhost:0")
                    .eventLoops(LOOPS)
                    .limits(Limits.DEFAULT.queuedBytes(200_000))
                    .timeouts(Timeouts.DEFAULT.ping(Duration.ofSeconds(7)).idle(Duration.ofSeconds(60)))
                    .listener(seen);
            for (int i = 0; i < apps.size(); i++) {
                config.app("/" + i, apps.get(i));
            }
            this.server = new MemoryServer(config.build());
        }

        private App opening(App app) {
            return session -> {
                sessions.add(session);
                if (chance(10)) {
                    session.subscribe("t");
                }
                if (chance(40)) {
                    throw new IllegalStateException("onOpen");
                }
                return app.onOpen(session);
            };
        }

        private App paced(App app) {
            return new App() {
                @Override
                public Admission onRequest(OpeningRequest request) {
                    return Admission.accept().ident("paced").pace(Duration.ofMillis(20));
                }

                @Override
                public Listener onOpen(Session session) throws Exception {
                    return opening(app).onOpen(session);
                }
            };
        }

        private boolean chance(int in) {
            return random.nextInt(in) == 0;
        }

        private <T> T any(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }

        private String next() {
            return Integer.toString(clock++);
        }

        /** Something that a thread may ask of any session at any time. */
        private void ask(Session session) {
            switch (random.nextInt(16)) {
                case 0, 1, 2 -> session.send(next());
                case 3 -> session.send(Message.text(next()));
                case 4 -> session.hub().everyone().send(next());
                case 5 -> session.hub().app("/" + random.nextInt(apps.size())).send(Message.text(next()), session);
                case 6 -> session.hub().topic("t").send(next());
                case 7 -> session.ping(ByteBuffer.allocate(random.nextInt(126)));
                case 8 -> session.send(ByteBuffer.allocate(random.nextInt(80_000)));
                case 9 -> session.subscribe("t");
                case 10 -> session.unsubscribe("t");
                case 11 -> session.pause();
                case 12 -> session.resume();
                case 13 -> {
                    session.alias("alias " + random.nextInt(3));
                    session.hub().send(Target.id(any(sessions).id()), next());
                }
                case 14 -> session.hub().send(Target.ident("paced"), next());
                default -> {
                    if (chance(3)) {
                        session.close(new CloseStatus(3000 + random.nextInt(9), "asked"));
                    }
                }
            }
        }

        /** Answers, asks, and fails now and then. */
        private final class Restless implements Listener {

            private void act(Session self) {
                if (chance(2)) {
                    ask(chance(3) ? any(sessions) : self);
                }
                if (chance(60)) {
                    throw new IllegalStateException("callback");
                }
            }

            @Override
            public void onMessage(Session self, Message message) {
                self.send(next());
                act(self);
            }

            @Override
            public void onDrained(Session self) {
                self.resume();
                act(self);
            }

            @Override
            public void onPong(Session self, ByteBuffer payload) {
                act(self);
            }

            @Override
            public void onError(Session self, Throwable cause) {
                act(self);
            }

            @Override
            public void onClose(Session self, CloseStatus status) {
                act(self);
            }
        }

        void go() {
            for (int step = 0; step < STEPS; step++) {
                step();
            }
            if (chance(4)) {
                server.shutDown();
            }
            settleAll();
        }

        private void step() {
            if (clients.isEmpty() || chance(12) && clients.size() < 10) {
                int path = random.nextInt(apps.size());
                clients.add(server.open(server.loop(random.nextInt(LOOPS)), "/" + path));
                paths.add("/" + path);
                sent.add(0);
                return;
            }
            int index = random.nextInt(clients.size());
            MemoryClient client = clients.get(index);
            switch (random.nextInt(14)) {
                case 0, 1, 2, 3 -> talk(index);
                case 4 -> {
                    if (!sessions.isEmpty()) {
                        ask(any(sessions));
                    }
                }
                case 5 -> {
                    if (!sessions.isEmpty()) {
                        server.loop(random.nextInt(LOOPS)).turn(() -> ask(onThisLoop()));
                    }
                }
                case 6 -> client.connection().accept(random.nextInt(50_000));
                case 7 -> client.connection().acceptAll();
                case 8 -> {
                    if (executor.size() > 0) {
                        executor.runOne();
                    }
                }
                case 9 -> executor.runWith(server);
                case 10 -> server.loop(random.nextInt(LOOPS)).runATurn();
                case 11 -> server.advance(Duration.ofMillis(random.nextInt(chance(5) ? 5000 : 300)));
                case 12 -> {
                    if (chance(4)) {
                        leave(client);
                    }
                }
                default -> server.run();
            }
        }

        /** Any session: the loop's own and others' are asked for the same things. */
        private Session onThisLoop() {
            return any(sessions);
        }

        private void talk(int index) {
            List<ClientFrame> frames = new ArrayList<>();
            int count = 1 + random.nextInt(chance(5) ? 300 : 4);
            for (int i = 0; i < count; i++) {
                String number = Integer.toString(sent.get(index));
                sent.set(index, sent.get(index) + 1);
                if (chance(4)) {
                    frames.addAll(List.of(ClientFrame.fragments(number.substring(0, 1), number.substring(1))));
                } else {
                    frames.add(ClientFrame.text(number));
                }
                if (chance(20)) {
                    frames.add(chance(2) ? ClientFrame.ping((byte) 1) : ClientFrame.pong());
                }
            }
            if (chance(40)) {
                frames.add(ClientFrame.text("x").rsv(2));
            }
            MemoryClient client = clients.get(index);
            byte[] stream = ClientFrame.join(frames);
            List<byte[]> pieces = chance(3) ? Cuts.random(random.nextLong(), stream) : List.of(stream);
            pieces.forEach(client.connection()::arriveLater);
            if (chance(2)) {
                server.run();
            }
        }

        private void leave(MemoryClient client) {
            switch (random.nextInt(4)) {
                case 0 -> client.connection().end();
                case 1 -> client.connection().lose(chance(2) ? null : new IOException("reset"));
                default ->
                    client.connection().arriveLater(ClientFrame.close(1000).bytes());
            }
        }

        private void settleAll() {
            for (int i = 0; i < 3; i++) {
                clients.forEach(client -> client.connection().acceptAll());
                List.copyOf(sessions).forEach(Session::resume);
                executor.runWith(server);
            }
            clients.forEach(client -> {
                if (chance(2)) {
                    client.connection().send(ClientFrame.close(1000).bytes());
                }
                client.connection().end();
            });
            for (int i = 0; i < 30; i++) {
                List.copyOf(sessions).forEach(Session::resume);
                executor.runWith(server);
                server.advance(Duration.ofSeconds(2));
            }
            executor.runWith(server);
        }

        void check() {
            server.assertNothingIsLeft();
            apps.forEach(RecordingApp::assertOrderly);
            for (int i = 0; i < LOOPS; i++) {
                LoopState loop = ((LoopConnections) server.loop(i).core()).loop();
                assertThat(loop.buffers().takenBytes())
                        .as("memory of loop %d", i)
                        .isZero();
            }
            for (int i = 0; i < clients.size(); i++) {
                // whatever was sent is frames without a fault, and none behind a close frame
                List<ServerFrame> frames = clients.get(i).frames();
                if (!paths.get(i).equals("/2")) {
                    int last = -1;
                    for (ServerFrame frame : frames) {
                        if (frame.opcode() == 0x1) {
                            int number = Integer.parseInt(frame.text());
                            assertThat(number)
                                    .as("behind %d, to client %d", last, i)
                                    .isGreaterThan(last);
                            last = number;
                        }
                    }
                }
            }
            apps.forEach(app -> {
                List<String> events = app.events();
                long opened = events.stream().filter("open"::equals).count();
                long failed = seen.events().stream()
                        .filter(event -> event.endsWith("app error onOpen"))
                        .count();
                long closed = events.stream()
                        .filter(event -> event.startsWith("close"))
                        .count();
                assertThat(closed).isBetween(opened - failed, opened);
            });
            long opens = seen.events().stream()
                    .filter(event -> event.contains(" open "))
                    .count();
            assertThat(seen.events().stream().filter(event -> event.contains(" close ")))
                    .hasSize((int) opens);
            assertThat(seen.events().stream().filter(event -> event.endsWith(" disconnect")))
                    .hasSize(clients.size());
        }
    }

    @Test
    @DisplayName(
            "frames are whole, sends arrive in the order in which they were made, callbacks do not nest, onClose comes once and last, nothing is left")
    void whateverHappensInWhateverOrderFramesStayWholeSendsInOrderAndOnCloseComesOnceAndLast() {
        for (int seed = 0; seed < SEEDS; seed++) {
            try {
                Run run = new Run(seed);
                run.go();
                run.check();
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError("seed " + seed, broken);
            }
        }
    }

    @Test
    @DisplayName("the same seed gives the same run")
    void whateverHappensInWhateverOrderSameSeedGivesSameRun() {
        for (int seed = 0; seed < 5; seed++) {
            Run one = new Run(seed);
            one.go();
            Run two = new Run(seed);
            two.go();
            assertThat(two.seen.events()).isEqualTo(one.seen.events());
            for (int i = 0; i < one.clients.size(); i++) {
                assertThat(frames(two, i)).isEqualTo(frames(one, i));
            }
        }
    }

    private static List<ServerFrame> frames(Run run, int client) {
        return run.clients.get(client).frames();
    }
}
