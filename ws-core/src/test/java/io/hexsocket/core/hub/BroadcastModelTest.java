package io.hexsocket.core.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Audience;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Compression;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.SlowReaders;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.ManualExecutor;
import io.hexsocket.core.testkit.ManualLoop;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryConnection;
import io.hexsocket.core.testkit.MemoryServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Broadcasts and sends from everywhere, against a model: all calls have one order, and a client gets what was sent while it was among those it went to,
 * in that order and once.
 */
@DisplayName("Broadcasts, against a model of who gets what in which order")
class BroadcastModelTest {

    // -Dbroadcasts.runs=10000 looks further, -Dbroadcasts.seed=123 -Dbroadcasts.runs=1 at one run again
    private static final long FIRST_SEED = Long.getLong("broadcasts.seed", 0);
    private static final int RUNS = Integer.getInteger("broadcasts.runs", 30);

    private static final int LOOPS = 2;
    private static final int STEPS = 120;
    private static final List<String> PATHS = List.of("/plain", "/deflate", "/elsewhere", "/dropping", "/cutting");
    private static final List<String> TOPICS = List.of("a", "b");

    /** What a client has to show in the end. */
    private enum Duty {
        /** Everything, exactly. */
        ALL,
        /** What came before it went. */
        BEGINNING,
        /** Some of it. */
        SOME
    }

    /** One client, and what the model knows of it. */
    private static final class Member {
        final String path;
        final Session session;
        final Set<String> topics = new HashSet<>();
        final List<Integer> expected = new ArrayList<>();
        final MemoryConnection connection;
        /** What has a lower number began before it came. */
        final int begun;
        /** What has a lower number, and was posted by others, may have begun before or after. */
        final int first;

        Duty duty = Duty.ALL;
        /** Whether the server has been told to close it: nothing that is sent later is for it. */
        boolean isClosed;

        Member(Session session, MemoryConnection connection, int begun, int first) {
            this.path = session.request().path();
            this.session = session;
            this.connection = connection;
            this.begun = begun;
            this.first = first;
        }

        List<Integer> received() {
            return MemoryClient.after(connection).texts().stream()
                    .map(text -> Integer.valueOf(text.substring(0, text.indexOf(' '))))
                    .toList();
        }
    }

    private static final class World implements Hub.TopicListener, ServerListener {
        private final Random random;
        private final ManualExecutor executor = new ManualExecutor();
        private final MemoryServer server;
        private final List<Member> members = new ArrayList<>();
        private final Map<Session, Member> bySession = new HashMap<>();
        /** By the address of the client. */
        private final Map<InetSocketAddress, MemoryConnection> connections = new HashMap<>();
        /** Those who have asked for nothing yet. */
        private final Deque<MemoryConnection> silent = new ArrayDeque<>();

        private int sent;
        /** All messages with lower numbers have begun on that loop. */
        private final Map<ManualLoop, Integer> begun = new HashMap<>();
        /** Calls that callbacks may still make: each may lead to more callbacks. */
        private int callsInCallbacks = 60;

        World(long seed) {
            random = new Random(seed);
            ServerConfig.Builder config = ServerConfig.at("ws://localhost:0")
                    .eventLoops(LOOPS)
                    .limits(Limits.DEFAULT.queuedBytes(64 * 1024 * 1024))
                    .timeouts(Timeouts.DEFAULT.ping(Duration.ZERO))
                    .listener(this);
            App app = this::open;
            Map<String, AppOptions> options = new LinkedHashMap<>();
            options.put("/plain", AppOptions.DEFAULT);
            options.put("/deflate", AppOptions.DEFAULT.compression(Compression.ON.thresholdBytes(0)));
            options.put("/elsewhere", AppOptions.DEFAULT.executor(executor));
            options.put("/dropping", AppOptions.DEFAULT.queuedBytes(100_000).slowReaders(SlowReaders.DROP_OLDEST));
            options.put("/cutting", AppOptions.DEFAULT.queuedBytes(100_000));
            options.forEach((path, how) -> config.app(path, app.with(how)));
            server = new MemoryServer(config.build());
            server.hub().addTopicListener(this);
        }

        // ---- what apps do

        /** Before its app knows of it, which for one with an executor may be much later. */
        @Override
        public void onOpen(long connection, Session session) {
            MemoryConnection client = connections.get(session.request().remoteAddress());
            Member member = new Member(session, client, begun.getOrDefault(client.loop(), 0), sent);
            bySession.put(session, member);
            members.add(member);
        }

        private Listener open(Session session) {
            TOPICS.stream()
                    .filter(topic -> random.nextBoolean())
                    .forEach(topic -> subscribe(bySession.get(session), topic));
            return new Listener() {
                @Override
                public void onMessage(Session self, Message message) {
                    actInCallback(self);
                }

                @Override
                public void onClose(Session self, CloseStatus status) {
                    actInCallback(self);
                }

                @Override
                public void onDrained(Session self) {
                    actInCallback(self);
                }
            };
        }

        @Override
        public void onJoin(String topic, Session session, int size) {
            actInCallback(session);
        }

        @Override
        public void onLeave(String topic, Session session, int size) {
            actInCallback(session);
        }

        private void actInCallback(Session self) {
            if (callsInCallbacks > 0) {
                callsInCallbacks--;
                Member member = bySession.get(self);
                act(random.nextBoolean() && member != null ? member : any());
            }
        }

        private Member any() {
            return members.get(random.nextInt(members.size()));
        }

        /** Calls the server, from wherever this is. */
        private void act(Member member) {
            switch (random.nextInt(10)) {
                case 0 -> subscribe(member, pick(TOPICS));
                case 1 -> unsubscribe(member, pick(TOPICS));
                case 2 -> send(member);
                case 3 -> {
                    if (random.nextInt(4) == 0) {
                        close(member);
                    }
                }
                case 4 -> {
                    for (int i = 20 + random.nextInt(50); i >= 0; i--) {
                        broadcast(pick(TOPICS), null);
                    }
                }
                case 5 -> {
                    for (int i = random.nextInt(20); i >= 0; i--) {
                        broadcast(random.nextBoolean() ? pick(TOPICS) : pick(PATHS), null);
                    }
                }
                default ->
                    broadcast(random.nextBoolean() ? pick(TOPICS) : "everyone", random.nextBoolean() ? member : null);
            }
        }

        private String pick(List<String> some) {
            return some.get(random.nextInt(some.size()));
        }

        private void subscribe(Member member, String topic) {
            if (member.session.subscribe(topic)) {
                member.topics.add(topic);
            }
        }

        private void unsubscribe(Member member, String topic) {
            member.session.unsubscribe(topic);
            member.topics.remove(topic);
        }

        private void close(Member member) {
            member.session.close(new CloseStatus(4000, "enough"));
            member.isClosed = true;
        }

        private void send(Member member) {
            int number = sent++;
            if (member.session.send(text(number)).accepted() && !member.isClosed) {
                member.expected.add(number);
            }
        }

        private void broadcast(String to, Member except) {
            Hub hub = server.hub();
            boolean isPath = to.startsWith("/");
            boolean isEveryone = to.equals("everyone");
            Audience audience = isEveryone ? hub.everyone() : isPath ? hub.app(to) : hub.topic(to);
            Predicate<Member> isIn =
                    member -> isEveryone || (isPath ? member.path.equals(to) : member.topics.contains(to));
            int number = sent++;
            for (int i = 0; i < LOOPS; i++) {
                if (server.loop(i).isInLoop()) {
                    begun.put(server.loop(i), sent);
                }
            }
            SendResult result = audience.send(Message.text(text(number)), except == null ? null : except.session);
            if (result.accepted()) {
                members.stream()
                        .filter(member -> !member.isClosed && member != except && isIn.test(member))
                        .forEach(member -> member.expected.add(number));
            }
        }

        /** Most are short, so that many go round together; some are long, so that few do. */
        private String text(int number) {
            return number + " " + "x".repeat(random.nextInt(12) == 0 ? random.nextInt(70_000) : random.nextInt(9));
        }

        // ---- what happens

        private void connect() {
            // more on one loop than a turn serves when sixty broadcasts go round
            MemoryConnection connection = server.connect(server.loop(random.nextInt(4) / 3), "127.0.0.1");
            connections.put(connection.peer().address(), connection);
            silent.add(connection);
        }

        /** Its session begins in a turn to come. */
        private void join() {
            MemoryConnection connection = silent.poll();
            if (connection != null) {
                String path = pick(PATHS);
                connection.arriveLater(
                        path.equals("/deflate")
                                ? MemoryClient.request(path, "Sec-WebSocket-Extensions: permessage-deflate")
                                : MemoryClient.request(path));
            }
        }

        private void step() {
            ManualLoop loop = server.loop(random.nextInt(LOOPS));
            Member member = any();
            switch (random.nextInt(20)) {
                case 0 -> member.connection.arriveLater(ClientFrame.text("act").bytes());
                case 1 -> {
                    member.connection.arriveLater(ClientFrame.close(1000).bytes());
                    member.duty = member.duty == Duty.ALL ? Duty.BEGINNING : member.duty;
                }
                case 2 -> {
                    if (random.nextInt(5) == 0) {
                        member.duty = member.duty == Duty.ALL ? Duty.BEGINNING : member.duty;
                        member.connection.lose(new IOException("lost"));
                    }
                }
                case 3 -> {
                    if (random.nextInt(4) > 0) {
                        return;
                    }
                    // reads again in the end: only those whose app lets them lose something do
                    if (member.path.equals("/dropping")) {
                        member.duty = Duty.SOME;
                    } else if (member.path.equals("/cutting") && member.duty == Duty.ALL) {
                        member.duty = Duty.BEGINNING;
                    }
                    member.connection.accept(0);
                }
                case 4 -> {
                    if (random.nextInt(4) == 0) {
                        member.connection.acceptAll();
                    }
                }
                case 5, 19 -> join();
                case 6, 7 -> act(member);
                case 8, 9, 10, 11 -> loop.turn(() -> act(member));
                case 12 -> {
                    if (executor.size() > 0) {
                        executor.runOne();
                    }
                }
                default -> {
                    int before = sent;
                    loop.runATurn();
                    begun.merge(loop, before, Math::max);
                }
            }
        }

        private void run() {
            for (int i = 140 + random.nextInt(100); i >= 0; i--) {
                connect();
            }
            for (int i = silent.size() - random.nextInt(40); i > 0; i--) {
                join();
            }
            executor.runWith(server);
            boolean goesDown = random.nextInt(4) == 0;
            int steps = goesDown ? random.nextInt(STEPS) : STEPS;
            for (int i = 0; i < steps; i++) {
                step();
            }
            if (goesDown) {
                for (int i = 0; i < LOOPS; i++) {
                    ManualLoop loop = server.loop(i);
                    members.stream()
                            .filter(member -> member.connection.loop() == loop)
                            .forEach(member -> member.isClosed = true);
                    loop.turn(() -> loop.core().onShutdown());
                    loop.runATurn();
                    // those of the other loop are still there
                    act(any());
                }
            }
            callsInCallbacks = 0;
            List.copyOf(members).forEach(member -> member.connection.acceptAll());
            executor.runWith(server);
            members.forEach(World::check);
        }

        private static void check(Member member) {
            List<Integer> all = member.received();
            List<Integer> early =
                    all.stream().filter(number -> number < member.first).toList();
            assertThat(early)
                    .allMatch(number -> number >= member.begun)
                    .isSorted()
                    .doesNotHaveDuplicates();
            List<Integer> received = all.subList(early.size(), all.size());
            String who = "client " + member.session.number() + " of " + member.path + " that got " + received + ", not "
                    + member.expected + ",";
            switch (member.duty) {
                case ALL -> assertThat(received.equals(member.expected)).as(who).isTrue();
                case BEGINNING ->
                    assertThat(received.equals(
                                    member.expected.subList(0, Math.min(received.size(), member.expected.size()))))
                            .as(who)
                            .isTrue();
                case SOME ->
                    assertThat(received.equals(member.expected.stream()
                                    .filter(Set.copyOf(received)::contains)
                                    .toList()))
                            .as(who)
                            .isTrue();
            }
        }
    }

    static List<Long> seeds() {
        return LongStream.range(FIRST_SEED, FIRST_SEED + RUNS).boxed().toList();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void eachMemberGetsWhatWasSentWhileItWasOneInTheOrderOfTheCallsAndOnce(long seed) {
        new World(seed).run();
    }
}
