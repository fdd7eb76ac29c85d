package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.connection.LoopConnections;
import io.hexsocket.core.port.host.MemoryUse;
import io.hexsocket.core.simulation.Line;
import io.hexsocket.core.simulation.Script;
import io.hexsocket.core.simulation.SimulatedClient;
import io.hexsocket.core.simulation.SimulatedExecutor;
import io.hexsocket.core.simulation.Simulation;
import io.hexsocket.core.simulation.Talker;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.RecordingListener;
import io.hexsocket.core.testkit.ServerFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayName("A simulated server, on any network, with any clients and apps")
@Tag("exhaustive")
class SimulationTest {

    // -Dsimulation.runs=100000 looks further, -Dsimulation.seed=123 -Dsimulation.runs=1 at one run again
    private static final long FIRST_SEED = Long.getLong("simulation.seed", 0);
    private static final int RUNS = Integer.getInteger("simulation.runs", 100);

    private static final int LOOPS = 2;
    /** Of a request whose head is not complete, and of a pong that is owed. */
    private static final long MOST_IN_HEAD = 8 * 1024 + 125;
    /** Of a raw client's packet, or of copies for an executor. */
    private static final long MOST_ELSEWHERE = 400_000;

    private static final Duration BUSY = Duration.ofSeconds(40);
    /** Longer than every deadline together. */
    private static final Duration QUIET = Duration.ofSeconds(90);

    /** One run: every kind of app, a crowd of clients of every kind, and in some runs a server that goes down meanwhile. */
    private static final class World {

        final Simulation simulation;
        final RecordingListener seen = new RecordingListener();
        final List<RecordingApp> apps = new ArrayList<>();
        final List<Talker> talkers = new ArrayList<>();
        final List<Drinker> patient = new ArrayList<>();
        private final Random random;
        private final ServerConfig.Builder config;
        private boolean goesDown;
        /** Whether all that is held for clients is messages, output, and heads of requests. */
        private final boolean plain;
        /** Whether clients are ended because memory is short. */
        private final boolean tight;

        World(long seed) {
            simulation = new Simulation(seed);
            random = simulation.newRandom();
            plain = random.nextBoolean();
            tight = random.nextInt(4) == 0;
            config = ServerConfig.at("ws://localhost:0")
                    .eventLoops(LOOPS)
                    .limits(Limits.DEFAULT
                            .messageBytes(100_000)
                            .queuedBytes(150_000)
                            .memoryBytes(tight ? 20_000 + random.nextInt(200_000) : 0))
                    .timeouts(Timeouts.DEFAULT.ping(Duration.ofSeconds(9)))
                    .listener(seen);
            SimulatedExecutor pool = new SimulatedExecutor(simulation, 30);
            SimulatedExecutor hanging = new SimulatedExecutor(simulation, 5);
            simulation.after(Duration.ofMillis(random.nextInt(20_000)), hanging::block);
            Random mood = simulation.newRandom();
            serve("/echo", session -> Session::send);
            serve("/pool", ((App) session -> Session::send).with(AppOptions.DEFAULT.executor(pool)));
            serve("/hanging", ((App) session -> Session::send).with(AppOptions.DEFAULT.executor(hanging)));
            serve("/room", session -> (self, message) -> self.hub().app("/room").send(message));
            serve("/flood", session -> new Flood(session, mood.nextInt(60_000)));
            serve("/moody", session -> (self, message) -> {
                switch (mood.nextInt(12)) {
                    case 0 -> throw new IllegalStateException("moody");
                    case 1 -> throw new StackOverflowError("moody");
                    case 2 -> self.close(new CloseStatus(4000 + mood.nextInt(1000), "moody"));
                    case 3 -> {
                        self.send(message);
                        self.pause();
                        simulation.after(Duration.ofMillis(mood.nextInt(3000)), self::resume);
                    }
                    default -> self.send(message);
                }
            });
            serve("/raw", ((App) session -> Session::send).with(AppOptions.DEFAULT.rawTcp(true)));
        }

        private void serve(String path, App app) {
            RecordingApp recording = new RecordingApp(app);
            apps.add(recording);
            config.app(path, recording);
        }

        void run() {
            simulation.serve(config.build());
            simulation.always(() -> apps.forEach(RecordingApp::assertOrderly));
            simulation.always(this::assertMemoryIsCounted);
            int clients = 2 + random.nextInt(12);
            for (int i = 0; i < clients; i++) {
                simulation.after(Duration.ofMillis(random.nextInt(10_000)), this::comeIn);
            }
            goesDown = random.nextInt(4) == 0;
            if (goesDown) {
                simulation.after(
                        Duration.ofMillis(random.nextInt(15_000)),
                        () -> simulation.server().shutDown());
            }
            simulation.run(BUSY.plus(QUIET));
            assertThat(stillThere()).as("who is still there").allMatch(seen.events()::contains);
            simulation.server().shutDown();
            simulation.run(QUIET);
        }

        /** The budget is spent on what is held, which is added up here in another way. */
        private void assertMemoryIsCounted() {
            long known = simulation.heldOutput();
            for (int i = 0; i < LOOPS; i++) {
                LoopConnections loop = connections(i);
                simulation.server().loop(i).turn(() -> loop.memory().recount());
                known += loop.loop().buffers().takenBytes();
            }
            simulation.server().run();
            MemoryUse use = simulation.server().core().memory();
            long others = (plain ? MOST_IN_HEAD : MOST_ELSEWHERE)
                    * simulation.server().core().connections();
            if (!tight) {
                assertThat(use.used()).isBetween(known, known + others);
                assertThat(use.ended()).isZero();
            }
            assertThat(use.used()).isLessThanOrEqualTo(use.limit());
        }

        private LoopConnections connections(int loop) {
            return (LoopConnections) simulation.server().loop(loop).core();
        }

        /** Only who is not read from, since its app hangs, may be there as long as it likes. */
        private List<String> stillThere() {
            List<String> events = seen.events();
            return events.stream()
                    .filter(event -> event.endsWith(" connect"))
                    .map(event -> event.substring(0, event.indexOf(' ')))
                    .filter(number -> !events.contains(number + " disconnect"))
                    .map(number -> number + " open /hanging")
                    .toList();
        }

        private void comeIn() {
            switch (random.nextInt(plain ? 8 : 10)) {
                case 0, 1, 2 -> talk(plain || random.nextBoolean() ? "/echo" : "/pool");
                case 3 -> simulation.connect(Line.any(random), new Chatter(simulation.newRandom(), "/room"));
                case 4 -> simulation.connect(Line.any(random), new Chatter(simulation.newRandom(), "/moody"));
                case 5 -> drink(random.nextBoolean());
                case 6 -> simulation.connect(Line.any(random), new Vandal(simulation.newRandom()));
                case 7 -> simulation.connect(Line.any(random), new Dawdler(simulation.newRandom()));
                case 8 -> simulation.connect(Line.any(random), new Chatter(simulation.newRandom(), "/hanging"));
                default -> simulation.connectRaw(Line.any(random), new RawTalker(simulation.newRandom()));
            }
        }

        private void talk(String path) {
            Talker talker =
                    new Talker(simulation.newRandom(), path, 1 + random.nextInt(20), 1 + random.nextInt(5), 400);
            talkers.add(talker);
            simulation.connect(Line.any(random), talker);
        }

        private void drink(boolean pausing) {
            Drinker drinker = new Drinker(simulation.newRandom(), pausing);
            if (!pausing) {
                patient.add(drinker);
            }
            simulation.connect(Line.any(random), drinker);
        }

        void check() {
            simulation.end();
            for (int i = 0; i < LOOPS; i++) {
                assertThat(connections(i).loop().buffers().takenBytes())
                        .as("memory of loop %d", i)
                        .isZero();
            }
            assertThat(simulation.server().core().memory().used()).isZero();
            if (!goesDown && !tight) {
                assertThat(talkers).as("talkers who are done").allMatch(Talker::isDone);
                assertThat(patient).as("drinkers who got everything").allMatch(Drinker::isDone);
            }
            List<String> events = seen.events();
            assertThat(count(events, " connect")).isEqualTo(count(events, " disconnect"));
            assertThat(events.stream().filter(e -> e.contains(" open ")).count())
                    .isEqualTo(
                            events.stream().filter(e -> e.contains(" close ")).count());
        }

        private static long count(List<String> events, String end) {
            return events.stream().filter(event -> event.endsWith(end)).count();
        }
    }

    /** Sends numbers from the first moment on, as many as are taken, and goes on when there is room: none may be lost. */
    private static final class Flood implements Listener {

        private static final int NUMBERS = 60;
        private final String padding;
        private int next;

        Flood(Session session, int size) {
            this.padding = "y".repeat(size / NUMBERS * 8);
            pour(session);
        }

        private void pour(Session session) {
            while (next < NUMBERS && session.send(next + " " + padding).accepted()) {
                next++;
            }
            if (next == NUMBERS) {
                session.close();
            }
        }

        @Override
        public void onMessage(Session session, Message message) {}

        @Override
        public void onDrained(Session session) {
            pour(session);
        }
    }

    /** Says something now and then, listens, and leaves in any way. What each sender says must come in its order. */
    private static final class Chatter implements Script {

        private final Random random;
        private final String path;
        private final Map<String, Integer> heard = new HashMap<>();
        private int said;
        private boolean closing;

        Chatter(Random random, String path) {
            this.random = random;
            this.path = path;
        }

        @Override
        public void onConnect(SimulatedClient self) {
            self.upgrade(path);
            self.after(Duration.ofMillis(random.nextInt(30_000)), () -> leave(self));
            if (random.nextInt(3) == 0) {
                self.after(Duration.ofMillis(random.nextInt(5_000)), self::stall);
                self.after(Duration.ofMillis(5_000 + random.nextInt(20_000)), self::resume);
            }
        }

        private void leave(SimulatedClient self) {
            closing = true;
            switch (random.nextInt(4)) {
                case 0 -> self.end();
                case 1 -> self.reset();
                default -> self.send(ClientFrame.close(1000 + random.nextInt(2)));
            }
        }

        @Override
        public void onHead(SimulatedClient self, String head) {
            say(self);
        }

        private void say(SimulatedClient self) {
            if (!closing) {
                self.send(ClientFrame.text(self.number() + " " + said++ + " " + "z".repeat(random.nextInt(3000))));
                self.after(Duration.ofMillis(random.nextInt(800)), () -> say(self));
            }
        }

        @Override
        public void onFrame(SimulatedClient self, ServerFrame frame) {
            if (frame.opcode() == 0x9 && !closing) {
                self.send(ClientFrame.pong());
            } else if (frame.isClose() && !closing) {
                closing = true;
                self.send(ClientFrame.close(1000));
            } else if (frame.opcode() == 0x1) {
                String[] words = frame.text().split(" ", 3);
                Integer before = heard.put(words[0], Integer.parseInt(words[1]));
                assertThat(Integer.parseInt(words[1]))
                        .as("what client %d hears of %s behind %d", self.number(), words[0], before)
                        .isEqualTo(before == null ? Integer.parseInt(words[1]) : before + 1);
            }
        }
    }

    /** Drinks from the flood, with or without pauses; every number must come, and then the close frame. */
    private static final class Drinker implements Script {

        private final Random random;
        private final boolean pausing;
        private int next;
        private boolean closed;

        Drinker(Random random, boolean pausing) {
            this.random = random;
            this.pausing = pausing;
        }

        boolean isDone() {
            return next == Flood.NUMBERS && closed;
        }

        @Override
        public void onConnect(SimulatedClient self) {
            self.upgrade("/flood");
        }

        @Override
        public void onFrame(SimulatedClient self, ServerFrame frame) {
            if (frame.opcode() == 0x9) {
                self.send(ClientFrame.pong());
            } else if (frame.isClose()) {
                closed = true;
                self.send(ClientFrame.close(frame.status().code()));
            } else if (frame.opcode() == 0x1) {
                String text = frame.text();
                assertThat(text.substring(0, text.indexOf(' '))).isEqualTo(Integer.toString(next));
                next++;
                if (pausing && random.nextInt(6) == 0) {
                    self.stall();
                    self.after(Duration.ofMillis(random.nextInt(2_000)), self::resume);
                }
            }
        }
    }

    /** Breaks one rule, somewhere. It may be told so, and must be gone. */
    private static final class Vandal implements Script {

        private final Random random;
        private CloseStatus told;

        Vandal(Random random) {
            this.random = random;
        }

        @Override
        public void onConnect(SimulatedClient self) {
            if (random.nextInt(4) == 0) {
                byte[] noise = new byte[random.nextInt(20_000)];
                random.nextBytes(noise);
                self.send(noise);
                self.after(Duration.ofMillis(random.nextInt(8_000)), self::end);
            } else {
                self.upgrade("/echo");
            }
        }

        @Override
        public void onHead(SimulatedClient self, String head) {
            if (!head.startsWith("HTTP/1.1 101 ")) {
                return;
            }
            self.send(ClientFrame.text("fine"));
            byte[] broken = {(byte) 0xC3, 0x28};
            switch (random.nextInt(8)) {
                case 0 -> self.send(ClientFrame.text("a").unmasked());
                case 1 -> self.send(ClientFrame.text("a").rsv(1 + random.nextInt(3)));
                case 2 -> self.send(ClientFrame.continuation("a"));
                case 3 -> self.send(ClientFrame.text(broken));
                case 4 -> self.send(ClientFrame.close(1006));
                case 5 -> self.send(ClientFrame.of(3 + random.nextInt(5), broken));
                case 6 -> self.send(ClientFrame.text(new byte[100_001]));
                default -> {
                    for (int i = 0; i < 200; i++) {
                        self.send(ClientFrame.ping());
                    }
                }
            }
            if (random.nextBoolean()) {
                self.send(ClientFrame.text("behind"));
            }
            self.after(Duration.ofSeconds(60), () -> {
                throw new AssertionError("a vandal is still there after a minute, told " + told);
            });
        }

        @Override
        public void onFrame(SimulatedClient self, ServerFrame frame) {
            if (frame.isClose()) {
                told = frame.status();
                assertThat(told.code()).isIn(1001, 1002, 1007, 1008, 1009);
            } else if (frame.opcode() == 0x1) {
                assertThat(frame.text()).isEqualTo("fine");
            }
        }
    }

    /** Begins something and does not go on: the server ends it, whatever it was. */
    private static final class Dawdler implements Script {

        private final Random random;

        Dawdler(Random random) {
            this.random = random;
        }

        @Override
        public void onConnect(SimulatedClient self) {
            if (random.nextInt(3) == 0) {
                self.sendBytes("GET /echo HTTP/1.1\r\nHost: a\r\n".substring(0, random.nextInt(30)));
            } else {
                self.upgrade("/echo");
            }
        }

        @Override
        public void onHead(SimulatedClient self, String head) {
            byte[] frame = ClientFrame.text("never whole").bytes();
            switch (random.nextInt(3)) {
                case 0 -> self.send(java.util.Arrays.copyOf(frame, random.nextInt(frame.length)));
                case 1 -> self.stall();
                default -> self.end();
            }
        }

        @Override
        public void onFrame(SimulatedClient self, ServerFrame frame) {
            // hears, and never answers
        }
    }

    /** A script behind the raw door: one object, one answer. */
    private static final class RawTalker implements Script {

        private final Random random;
        private final StringBuilder heard = new StringBuilder();
        private int said;

        RawTalker(Random random) {
            this.random = random;
        }

        @Override
        public void onConnect(SimulatedClient self) {
            self.sendBytes("php process\nGET /raw HTTP/1.1\n");
            say(self);
        }

        private void say(SimulatedClient self) {
            if (said == 10) {
                self.end();
            } else {
                self.sendBytes("{\"number\":" + said++ + "}");
            }
        }

        @Override
        public void onBytes(SimulatedClient self, byte[] bytes) {
            heard.append(new String(bytes, StandardCharsets.UTF_8));
            String expected = "{\"number\":" + (said - 1) + "}";
            if (heard.toString().startsWith("{\"number\"") && heard.length() >= expected.length()) {
                assertThat(heard.toString()).isEqualTo(expected);
                heard.setLength(0);
                self.after(Duration.ofMillis(random.nextInt(300)), () -> say(self));
            }
        }
    }

    @Test
    @DisplayName("keeps what it owes: order, one answer for each message, callbacks in pairs, bounds, and nothing left")
    void simulatedServerKeepsOrderAnswersEachMessageOncePairsCallbacksAndLeavesNothing() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
            World world = new World(seed);
            try {
                world.run();
                world.check();
            } catch (AssertionError broken) {
                throw new AssertionError("run again with -Dsimulation.seed=" + seed + " -Dsimulation.runs=1", broken);
            }
        }
    }

    @Test
    @DisplayName("runs the same way from the same seed, and another way from another")
    void simulatedServerOnAnyNetworkWithAnyClientsAndAppsRunsSameWayFromSameSeedAndAnotherWayFromAnother() {
        for (long seed = 0; seed < 5; seed++) {
            World one = new World(seed);
            one.run();
            World again = new World(seed);
            again.run();
            World other = new World(seed + 1000);
            other.run();
            assertThat(again.simulation.digest()).isEqualTo(one.simulation.digest());
            assertThat(again.seen.events()).isEqualTo(one.seen.events());
            assertThat(other.simulation.digest()).isNotEqualTo(one.simulation.digest());
        }
    }
}
