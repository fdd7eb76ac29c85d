package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.SlowReaders;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.connection.LoopConnections;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.simulation.Line;
import io.hexsocket.core.simulation.Script;
import io.hexsocket.core.simulation.SimulatedClient;
import io.hexsocket.core.simulation.Simulation;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.ServerFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayName("In a simulated server, on any network,")
@Tag("exhaustive")
class SimulatedLimitsTest {

    // -Dsimulation.runs and -Dsimulation.seed as for SimulationTest
    private static final long FIRST_SEED = Long.getLong("simulation.seed", 0);
    private static final int RUNS = Integer.getInteger("simulation.runs", 10);

    private static final int LOOPS = 2;
    private static final int QUEUE = 8000;
    private static final int LONGEST = 700;
    private static final int KEYS = 5;
    private static final int PER_SECOND = 40;
    // what WaitingMessage takes beside its bytes, and how many of them there may be of the shortest
    private static final long WAITING_OBJECTS = 112L * 2 * QUEUE / 100;
    /** Of a request whose head is not complete, and of a pong that is owed. */
    private static final long MOST_IN_HEAD = 8 * 1024 + 125;

    private static final Duration TICKING = Duration.ofSeconds(12);
    private static final Duration ALL = Duration.ofSeconds(40);

    /** One run: an app that tells everybody numbers, and answers questions; clients of every pace; and some who ask too often. */
    private static final class World {

        final Simulation simulation;
        final SlowReaders policy;
        private final Random random;
        private final RecordingApp app;
        private final List<Watcher> watchers = new ArrayList<>();
        private final List<Spammer> spammers = new ArrayList<>();
        private final Map<Session, Integer> told = new HashMap<>();
        private final List<Session> sessions = new ArrayList<>();
        private int published;

        World(long seed) {
            simulation = new Simulation(seed);
            random = simulation.newRandom();
            policy = SlowReaders.values()[1 + random.nextInt(3)];
            App ticker = session -> {
                sessions.add(session);
                // its answer must come, whatever else is dropped
                return (self, question) -> self.send(question);
            };
            app = new RecordingApp(
                    ticker.with(AppOptions.DEFAULT.slowReaders(policy).queuedBytes(QUEUE)));
            simulation.serve(ServerConfig.at("ws://localhost:0")
                    .eventLoops(LOOPS)
                    .limits(Limits.DEFAULT.messagesPerSecond(PER_SECOND))
                    .listener(new ServerListener() {
                        @Override
                        public void onDropped(long connection, Session session, int messages) {
                            told.merge(session, messages, Integer::sum);
                        }
                    })
                    .app("/ticker", app)
                    .build());
        }

        void run() {
            simulation.always(app::assertOrderly);
            simulation.always(this::assertBounds);
            int clients = 2 + random.nextInt(6);
            for (int i = 0; i < clients; i++) {
                Watcher watcher = new Watcher(this, simulation.newRandom());
                watchers.add(watcher);
                simulation.connect(line(), watcher);
            }
            for (int i = 0; i < 2; i++) {
                Spammer spammer = new Spammer(simulation.newRandom());
                spammers.add(spammer);
                simulation.connect(line(), spammer);
            }
            simulation.after(Duration.ofMillis(500), this::tick);
            simulation.run(ALL);
        }

        /** From loopback to a bad mobile network, in pieces of a packet or less. */
        private Line line() {
            return new Line(
                    Duration.ofMillis(random.nextInt(300)),
                    20_000L << random.nextInt(10),
                    300 + random.nextInt(1200),
                    2_000 << random.nextInt(5));
        }

        private void tick() {
            int burst = random.nextInt(10) == 0 ? 40 : 1 + random.nextInt(3);
            for (int i = 0; i < burst; i++) {
                int number = published++;
                String text = number + " " + "x".repeat(50 + random.nextInt(LONGEST - 60));
                Message message = Message.text(text).keyed("key " + number % KEYS);
                if (sessions.isEmpty() || random.nextInt(4) > 0) {
                    simulation.server().core().hub().app("/ticker").send(message);
                } else {
                    // to each alone, from another thread or from the loop of one of them
                    sessions.forEach(one -> one.send(message));
                }
            }
            if (simulation.now() < TICKING.toNanos()) {
                simulation.after(Duration.ofMillis(1 + random.nextInt(120)), this::tick);
            }
        }

        private void assertBounds() {
            long held = simulation.heldOutput();
            int slow = 0;
            for (Session session : sessions) {
                // what may be dropped and what may not have the limit each, and one message more
                assertThat(session.queuedBytes()).isLessThanOrEqualTo(2L * (QUEUE + LONGEST));
                slow += session.queuedBytes() > 0 ? 1 : 0;
            }
            for (int i = 0; i < LOOPS; i++) {
                LoopConnections loop =
                        (LoopConnections) simulation.server().loop(i).core();
                assertThat(loop.loop().backlog().isHigh())
                        .as("backlog of loop %d", i)
                        .isFalse();
                simulation.server().loop(i).turn(() -> loop.memory().recount());
                held += loop.loop().buffers().takenBytes();
            }
            simulation.server().run();
            long used = simulation.server().core().memory().used();
            long others = simulation.server().core().connections() * MOST_IN_HEAD
                    + slow * (2L * (QUEUE + LONGEST) + WAITING_OBJECTS);
            assertThat(used).isBetween(held, held + others);
        }

        void check() {
            simulation.end();
            assertThat(simulation.server().core().memory().used()).isZero();
            assertThat(watchers).as("watchers who are done").allMatch(Watcher::isDone);
            assertThat(spammers).as("spammers who were told").allMatch(Spammer::isDone);
            for (Session session : sessions) {
                assertThat(told.getOrDefault(session, 0).longValue()).isEqualTo(session.dropped());
            }
        }
    }

    /** Listens at its own pace, asks now and then, and leaves when all has been said. What it hears must be in order. */
    private static final class Watcher implements Script {

        private final World world;
        private final Random random;
        private final int[] latest = new int[KEYS];
        private int heard = -1;
        private int asked;
        private int answered;
        private CloseStatus closed;

        Watcher(World world, Random random) {
            this.world = world;
            this.random = random;
        }

        boolean isDone() {
            if (!CloseStatus.NORMAL.equals(closed) || asked != answered) {
                return false;
            }
            for (int key = 0; key < KEYS && world.policy == SlowReaders.KEEP_LATEST; key++) {
                if (latest[key] < world.published - KEYS) {
                    return false;
                }
            }
            // the newest one is never dropped for an older one, but for the policy that says so
            return world.policy == SlowReaders.DROP_NEW || heard == world.published - 1;
        }

        @Override
        public void onConnect(SimulatedClient self) {
            self.upgrade("/ticker");
            self.after(TICKING.plusSeconds(15), () -> self.send(ClientFrame.close(1000)));
            stall(self);
        }

        private void stall(SimulatedClient self) {
            if (self.world().now() > TICKING.toNanos()) {
                return;
            }
            self.after(Duration.ofMillis(random.nextInt(3000)), () -> {
                self.stall();
                self.after(Duration.ofMillis(random.nextInt(4000)), () -> {
                    self.resume();
                    stall(self);
                });
            });
        }

        @Override
        public void onHead(SimulatedClient self, String head) {
            ask(self);
        }

        private void ask(SimulatedClient self) {
            if (self.world().now() < TICKING.toNanos()) {
                self.send(ClientFrame.text("? " + asked++));
                self.after(Duration.ofMillis(30 + random.nextInt(1000)), () -> ask(self));
            }
        }

        @Override
        public void onFrame(SimulatedClient self, ServerFrame frame) {
            if (frame.isClose()) {
                closed = frame.status();
            } else if (frame.opcode() == 0x1) {
                hear(self, frame.text());
            }
        }

        private void hear(SimulatedClient self, String text) {
            String[] words = text.split(" ", 3);
            if (words[0].equals("?")) {
                assertThat(Integer.parseInt(words[1])).isEqualTo(answered++);
                return;
            }
            int number = Integer.parseInt(words[0]);
            assertThat(number).as("what client %d hears", self.number()).isGreaterThan(heard);
            heard = number;
            latest[number % KEYS] = number;
        }
    }

    /** Asks more often than anybody may: it is told so, and gets no answer too many. */
    private static final class Spammer implements Script {

        private final Random random;
        private CloseStatus told;
        private boolean reset;
        private int answers;
        private long since;

        Spammer(Random random) {
            this.random = random;
        }

        boolean isDone() {
            return reset || told != null && told.code() == 1008;
        }

        @Override
        public void onConnect(SimulatedClient self) {
            self.upgrade("/ticker");
        }

        @Override
        public void onHead(SimulatedClient self, String head) {
            since = self.world().now();
            spam(self);
        }

        private void spam(SimulatedClient self) {
            for (int i = 0; i < 20; i++) {
                self.send(ClientFrame.text("? " + i));
            }
            self.after(Duration.ofMillis(random.nextInt(100)), () -> spam(self));
        }

        @Override
        public void onFrame(SimulatedClient self, ServerFrame frame) {
            if (frame.isClose()) {
                told = frame.status();
                assertThat(told.reason()).contains("messages a second");
                self.end();
            } else if (frame.opcode() == 0x1 && frame.text().startsWith("? ")) {
                answers++;
                double seconds = (self.world().now() - since) / 1e9;
                // what it may save up, what comes back meanwhile, and a tick that is coarse
                assertThat(answers)
                        .isLessThanOrEqualTo((int) (PER_SECOND * (Limits.BURST_SECONDS + seconds + 0.25)) + 1);
            }
        }

        @Override
        public void onReset(SimulatedClient self) {
            reset = true;
        }
    }

    @Test
    @DisplayName(
            "slow readers hear in order what their policy leaves, get every answer, and who sends too fast is told so")
    void slowReadersHearInOrderWhatPolicyLeavesAndGetEveryAnswerAndWhoSendsTooFastIsToldSo() {
        long dropped = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
            World world = new World(seed);
            try {
                world.run();
                world.check();
            } catch (AssertionError broken) {
                throw new AssertionError("run again with -Dsimulation.seed=" + seed + " -Dsimulation.runs=1", broken);
            }
            dropped += world.sessions.stream().mapToLong(Session::dropped).sum();
        }
        assertThat(dropped).as("dropped in all runs").isPositive();
    }
}
