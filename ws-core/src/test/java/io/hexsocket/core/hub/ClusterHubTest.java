package io.hexsocket.core.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.PageRequest;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.SessionPage;
import io.hexsocket.apps.Sizes;
import io.hexsocket.apps.Target;
import io.hexsocket.apps.TopicPage;
import io.hexsocket.core.config.ClusterConfig;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.port.cluster.Address;
import io.hexsocket.core.port.cluster.Answers;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.Name;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Published;
import io.hexsocket.core.port.cluster.Receipt;
import io.hexsocket.core.port.host.ClusterStats;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.routing.SessionIds;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What the hub asks of the engine of a cluster, and what it does with what the engine tells it. */
class ClusterHubTest {

    private static final int MIB = 1024 * 1024;
    private static final NodeId OTHER = new NodeId("other");
    private static final int TEXT = 1;
    private static final int CLOSE = 3;

    private final ScriptedEngine engine = new ScriptedEngine();
    private final List<String> told = new ArrayList<>();
    private final RecordingApp app = RecordingApp.silent();
    private final MemoryServer server = new MemoryServer(ServerConfig.at("ws://localhost:0")
            .eventLoops(2)
            .app("/app", app)
            .app("/all", session -> (from, message) -> from.hub().app("/app").send(message))
            .app("/named", new App() {
                @Override
                public Admission onRequest(OpeningRequest request) {
                    return Admission.accept().ident("cron");
                }

                @Override
                public Listener onOpen(Session session) {
                    return Session::send;
                }
            })
            .limits(Limits.DEFAULT.queuedBytes(64 * MIB))
            .timeouts(Timeouts.DEFAULT.ping(Duration.ZERO))
            .cluster(ClusterConfig.of(engine, "self", new byte[32]))
            .listener(new ServerListener() {
                @Override
                public void onClusterGap(Channel channel, NodeId origin, long missed) {
                    told.add("gap " + channel.key() + " " + origin + " " + missed);
                }

                @Override
                public void onClusterUnsent(Channel channel, Published.Outcome why) {
                    told.add("unsent " + channel.key() + " " + why);
                }
            })
            .build());
    private final Hub hub = server.core().hub();

    private static Envelope text(String text) {
        return new Envelope(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void nodeIsSubscribedToEveryoneFromItsStartAndLeavesAtItsEnd() {
        assertThat(engine.newCalls()).containsExactly("start self", "ask", "subscribe e:");
        server.shutDown();
        assertThat(engine.newCalls()).containsExactly("stop");
    }

    @Test
    void nodeIsSubscribedToAnAppFromItsFirstSessionToItsLast() {
        engine.newCalls();
        MemoryClient first = server.open(server.loop(0), "/app");
        assertThat(engine.newCalls()).containsExactly("subscribe a:/app");
        MemoryClient second = server.open(server.loop(1), "/app");
        first.close();
        assertThat(engine.newCalls()).isEmpty();
        second.close();
        assertThat(engine.newCalls()).containsExactly("unsubscribe a:/app");
        server.open(server.loop(0), "/all");
        assertThat(engine.newCalls()).containsExactly("subscribe a:/all");
    }

    @Test
    void nodeIsSubscribedToATopicFromItsFirstMemberToItsLast() {
        MemoryClient first = server.open(server.loop(0), "/app");
        MemoryClient second = server.open(server.loop(1), "/app");
        engine.newCalls();
        app.session(0).subscribe("news");
        assertThat(engine.newCalls()).as("posted to its loop").isEmpty();
        server.run();
        assertThat(engine.newCalls()).containsExactly("subscribe t:news");
        app.session(1).subscribe("news");
        server.run();
        app.session(0).unsubscribe("news");
        server.run();
        assertThat(engine.newCalls()).isEmpty();
        second.close();
        assertThat(engine.newCalls()).containsExactly("unsubscribe t:news");
        app.session(0).subscribe("news");
        server.run();
        assertThat(engine.newCalls()).containsExactly("subscribe t:news");
        first.close();
        assertThat(engine.newCalls()).containsExactly("unsubscribe a:/app", "unsubscribe t:news");
    }

    @Test
    void messageIsPublishedOnceWhateverTheNumberOfLoopsAndNotAtAllIfItIsForOneSession() {
        server.open(server.loop(0), "/app");
        server.open(server.loop(1), "/app");
        engine.newCalls();
        assertThat(hub.everyone().send("hello")).isEqualTo(SendResult.SENT);
        app.session(0).send("you");
        server.run();
        assertThat(engine.newCalls()).containsExactly("publish e: 5");
    }

    @Test
    void nameThatNoEngineCarriesStaysOnThisNodeAndTheSenderIsTold() {
        MemoryClient client = server.open(server.loop(0), "/app");
        engine.newCalls();
        for (String name : List.of("x".repeat(1025), "\uD800", "\u00e4".repeat(513))) {
            app.session(0).subscribe(name);
            server.run();
            assertThat(hub.topic(name).send("hello")).isEqualTo(SendResult.PARTIAL);
            server.run();
            assertThat(client.newTexts()).containsExactly("hello");
        }
        assertThat(engine.newCalls()).isEmpty();
        app.session(0).subscribe("\u00e4".repeat(512));
        server.run();
        assertThat(engine.newCalls()).hasSize(1);
    }

    @Test
    void senderAndHostAreToldWhatIsNotSentToOtherNodes() {
        MemoryClient client = server.open(server.loop(0), "/app");
        engine.answer = Published.DOWN;
        assertThat(hub.app("/app").send("1")).isEqualTo(SendResult.PARTIAL);
        engine.answer = Published.FULL;
        assertThat(hub.app("/app").send("2")).isEqualTo(SendResult.PARTIAL);
        engine.answer = null;
        assertThat(hub.app("/app").send("3")).isEqualTo(SendResult.SENT);
        assertThat(told).containsExactly("unsent a:/app DOWN", "unsent a:/app FULL");
        engine.published.get(2).complete(Published.UNCERTAIN);
        assertThat(told).endsWith("unsent a:/app UNCERTAIN").hasSize(3);
        server.run();
        assertThat(client.texts()).as("local sessions are served").containsExactly("1", "2", "3");
    }

    @Test
    void messageOfAnotherNodeReachesTheMembersOnAllLoops() {
        MemoryClient one = server.open(server.loop(0), "/app");
        MemoryClient two = server.open(server.loop(1), "/app");
        app.session(0).subscribe("news");
        server.run();
        engine.inbound.onMessage(Channel.topic("news"), OTHER, text("to one"), null);
        engine.inbound.onMessage(Channel.app("/app"), OTHER, text("to both"), null);
        engine.inbound.onMessage(Channel.app("/app-of-others"), OTHER, text("to nobody"), null);
        engine.inbound.onMessage(Channel.EVERYONE, OTHER, text("to all"), null);
        server.run();
        assertThat(one.texts()).containsExactly("to one", "to both", "to all");
        assertThat(two.texts()).containsExactly("to both", "to all");
        assertThat(told).isEmpty();
        assertThat(engine.newCalls()).noneMatch(call -> call.startsWith("publish"));
    }

    @Test
    void messagesOfOtherNodesThatTheLoopsDoNotKeepUpWithAreCountedAsMissing() {
        MemoryClient client = server.open(server.loop(0), "/app");
        int sent = 20;
        for (int i = 0; i < sent; i++) {
            engine.inbound.onMessage(Channel.app("/app"), OTHER, new Envelope(TEXT, new byte[MIB]), null);
        }
        server.run();
        assertThat(told).isNotEmpty().containsOnly("gap a:/app other 1");
        assertThat(client.texts()).hasSizeBetween(10, 19).hasSize(sent - told.size());
    }

    @Test
    void kindOfALaterVersionIsCountedAsMissingAndOneOfAnOrderToCloseIsObeyed() {
        MemoryClient client = server.open(server.loop(0), "/app");
        engine.inbound.onMessage(Channel.EVERYONE, OTHER, new Envelope(200, new byte[1]), null);
        assertThat(told).containsExactly("gap e: other 1");
        hub.everyone().close(new CloseStatus(4001, "to others"));
        server.run();
        assertThat(client.closeStatus()).isEqualTo(new CloseStatus(4001, "to others"));
        assertThat(engine.newCalls()).contains("publish e: 11");
    }

    @Test
    void orderToCloseWithABadCodeAndTextThatIsNoUtf8AreCountedAsMissing() {
        MemoryClient client = server.open(server.loop(0), "/app");
        told.clear();
        byte[] noCode = {0x03, (byte) 0xED};
        byte[] unknownCode = {0x7F, 0x7F, 'x'};
        for (Envelope bad : List.of(
                new Envelope(CLOSE, noCode),
                new Envelope(CLOSE, unknownCode),
                new Envelope(CLOSE, new byte[1]),
                new Envelope(TEXT, new byte[] {'a', (byte) 0xC3}))) {
            engine.inbound.onMessage(Channel.app("/app"), OTHER, bad, null);
            assertThat(engine.inbound.onDirect(
                            new Address.OnNode(OTHER, app.session(0).id()), OTHER, bad))
                    .isCompletedWithValue(Receipt.UNKNOWN);
        }
        server.run();
        assertThat(told).containsExactlyElementsOf(Collections.nCopies(4, "gap a:/app other 1"));
        engine.inbound.onMessage(Channel.app("/app"), OTHER, text("good"), null);
        server.run();
        assertThat(client.texts()).containsExactly("good");
    }

    @Test
    void bytesThatMakeNoSenseThrowNothing() {
        Random random = new Random(20);
        server.open(server.loop(0), "/app");
        app.session(0).subscribe("news");
        server.run();
        List<Channel> channels =
                List.of(Channel.EVERYONE, Channel.app("/app"), Channel.app("/none"), Channel.topic("news"));
        List<Address> addresses = List.of(
                new Address.OnNode(OTHER, app.session(0).id()),
                new Address.OnNode(OTHER, ""),
                new Address.OnNode(OTHER, "x".repeat(36) + "." + "y".repeat(64)),
                new Address.Named(Name.alias("")),
                new Address.Named(Name.ident("cron")));
        for (int i = 0; i < 50_000; i++) {
            // texts too, which are more likely to mean something
            byte[] payload = new byte[random.nextInt(40)];
            random.nextBytes(payload);
            if (random.nextBoolean()) {
                payload = ("eatuix".charAt(random.nextInt(6)) + ":" + new String(payload, StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8);
            }
            Envelope envelope = new Envelope(random.nextInt(i % 2 == 0 ? 32 : 256), payload);
            Channel channel = channels.get(i % channels.size());
            Address address = addresses.get(i % addresses.size());
            // close orders, which are obeyed, are the other test's
            if (envelope.kind() != CLOSE) {
                engine.inbound.onMessage(channel, OTHER, envelope, null);
                assertThat(engine.inbound.onDirect(address, OTHER, envelope)).isCompleted();
            }
            assertThat(engine.inbound.onAsk(OTHER, envelope)).isDone();
            engine.answers = new Answers(Map.of(OTHER, envelope), Set.of());
            assertThat(hub.everyone().sizes()).isCompleted();
            engine.inbound.onUp();
            server.run();
        }
    }

    @Test
    void clientThatPublishesMoreThanTheEngineSendsIsNotReadFromUntilThatHasCaughtUp() {
        engine.answer = null;
        MemoryClient sender = server.open(server.loop(0), "/all");
        int sent = 40;
        for (int i = 0; i < sent; i++) {
            sender.connection()
                    .arriveLater(ClientFrame.binary(new byte[100_000]).bytes());
        }
        server.run();
        assertThat(sender.connection().isPaused()).isTrue();
        assertThat(engine.published).hasSizeBetween(10, 12);
        for (int i = 0; i < sent; i++) {
            if (i < engine.published.size()) {
                engine.published.get(i).complete(Published.sent(1));
            }
            server.run();
        }
        assertThat(engine.published).hasSize(sent);
        assertThat(told).isEmpty();
    }

    @Test
    void forgedAndExpiredIdsCostNoNetwork() {
        server.open(server.loop(0), "/app");
        String own = app.session(0).id();
        String forged = own.substring(0, own.length() - 1) + (own.endsWith("0") ? "1" : "0");
        SessionIds others = new SessionIds(new Random(1)::nextBytes, "gone", List.of(new byte[32]));
        SessionIds strangers = new SessionIds(new Random(1)::nextBytes, "other", List.of(new byte[33]));
        engine.newCalls();
        for (String id : List.of(forged, others.mint(), strangers.mint(), "", "x")) {
            assertThat(hub.send(Target.id(id), "hello").toCompletableFuture()).isCompletedWithValue(Delivery.UNKNOWN);
        }
        // clients say them without saying whether they are ids
        assertThat(hub.send(Target.alias(forged), "hello").toCompletableFuture())
                .isCompletedWithValue(Delivery.UNKNOWN);
        assertThat(hub.send(Target.id(own), "hello").toCompletableFuture()).isCompletedWithValue(Delivery.DELIVERED);
        assertThat(engine.newCalls()).isEmpty();
        hub.send(Target.alias("printer"), "hello");
        assertThat(engine.newCalls()).hasSize(1);
    }

    @Test
    void namesAreClaimedOnceForAllSessionsOfTheNodeAndReleasedWithTheLast() {
        MemoryClient one = server.open(server.loop(0), "/app");
        MemoryClient two = server.open(server.loop(1), "/app");
        engine.newCalls();
        app.session(0).alias("printer");
        app.session(0).alias("printer");
        assertThat(app.session(1).alias("printer")).isFalse();
        assertThat(engine.newCalls()).containsExactly("claim a:printer");
        one.close();
        assertThat(engine.newCalls()).containsExactly("release a:printer");
        assertThat(app.session(1).alias("printer")).isTrue();
        assertThat(app.session(0).alias("late")).isFalse();
        two.close();
        assertThat(engine.newCalls()).containsExactly("claim a:printer", "unsubscribe a:/app", "release a:printer");
    }

    @Test
    void engineThatSaysThatAnIdentIsFreeDoesNotWaitForALoopThatClaimsItAndWaitsForTheEngine() {
        server.open(server.loop(0), "/named");
        engine.newCalls();
        Thread engines = new Thread(() -> engine.inbound.onMessage(
                new Channel(Channel.Kind.IDENT, "cron"), OTHER, ClusterMessages.identIsFree(), null));
        engine.onClaim = () -> {
            engines.start();
            awaitEnd(engines);
        };
        server.open(server.loop(1), "/named");
        assertThat(engine.newCalls()).containsExactly("claim i:cron");
        server.run();
        assertThat(engine.newCalls()).as("on a loop, afterwards").containsExactly("claim i:cron");
    }

    private static void awaitEnd(Thread thread) {
        try {
            thread.join(Duration.ofSeconds(20).toMillis());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertThat(thread.isAlive()).as("waiting for whoever waits for it").isFalse();
    }

    @Test
    void hostSeesWhatHasGoneToOtherNodesAndComeFromThem() {
        server.open(server.loop(0), "/app");
        assertThat(server.core().cluster().isUp()).isTrue();
        hub.everyone().send("one");
        hub.topic("x".repeat(1025)).send("none, for no engine carries it");
        engine.answer = Published.DOWN;
        hub.everyone().send("two");
        engine.answer = Published.FULL;
        hub.everyone().close(new CloseStatus(4001, "three"));
        engine.answer = Published.UNCERTAIN;
        hub.everyone().send("four");
        hub.send(Target.alias("printer"), "to one");
        engine.inbound.onMessage(Channel.app("/app"), OTHER, text("five"), null);
        engine.inbound.onMessage(Channel.app("/all"), OTHER, text("to nobody here"), null);
        engine.inbound.onMessage(Channel.EVERYONE, OTHER, new Envelope(200, new byte[1]), null);
        engine.inbound.onGap(Channel.EVERYONE, OTHER, 6);
        engine.inbound.onDown(new IOException("gone"));
        assertThat(server.core().cluster())
                .isEqualTo(new ClusterStats("self", false, Set.of(), Duration.ofMillis(3), 7, 4, 2, 1, 1, 1, 7, 2, 0));
        engine.inbound.onUp();
        engine.inbound.onGap(Channel.EVERYONE, null, 0);
        assertThat(server.core().cluster())
                .isEqualTo(new ClusterStats("self", true, Set.of(), Duration.ofMillis(3), 7, 4, 2, 1, 1, 1, 7, 3, 1));
    }

    @Test
    void answerThatThisVersionDoesNotReadMakesItsNodeSilent() {
        for (Envelope answer : List.of(
                text("what?"), new Envelope(8, new byte[3]), new Envelope(10, new byte[5]), ClusterMessages.size(-1))) {
            engine.answers = new Answers(Map.of(OTHER, answer), Set.of());
            engine.peers = Set.of(OTHER);
            CompletableFuture<SessionPage> sessions =
                    hub.everyone().sessions(PageRequest.of(10)).toCompletableFuture();
            CompletableFuture<TopicPage> topics = hub.topics(PageRequest.of(10)).toCompletableFuture();
            server.run();
            assertThat(sessions).isCompletedWithValue(new SessionPage(List.of(), null, Set.of("other")));
            assertThat(topics).isCompletedWithValue(new TopicPage(List.of(), null, Set.of("other")));
            assertThat(hub.everyone().sizes().toCompletableFuture())
                    .isCompletedWithValue(new Sizes(Map.of("self", 0), Set.of("other")));
        }
    }

    @Test
    void questionThatThisVersionDoesNotReadIsLeftUnanswered() {
        for (int kind = 0; kind < 256; kind++) {
            Envelope question = new Envelope(kind, new byte[] {1, 2, 3});
            assertThat(engine.inbound.onAsk(OTHER, question).toCompletableFuture())
                    .as("kind %d", kind)
                    .isCompletedExceptionally();
        }
    }

    @Test
    void questionsForListsThatComeTogetherAreWorkedOnAFewAtATimeAndSomeAreLeftUnanswered() {
        server.open(server.loop(0), "/app");
        Envelope question = ListMessages.topicsOf(new ListMessages.TopicsOf("", "", 10, ""));
        List<CompletableFuture<Envelope>> asked = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            asked.add(engine.inbound.onAsk(OTHER, question).toCompletableFuture());
        }
        assertThat(asked.stream().filter(CompletableFuture::isCompletedExceptionally))
                .hasSize(100 - 4 - 64);
        server.run();
        assertThat(asked.subList(0, 68)).allSatisfy(answer -> assertThat(answer).isCompleted());
    }

    @Test
    void sizesNameTheNodesThatHaveNotAnswered() {
        server.open(server.loop(0), "/app");
        engine.answers = new Answers(Map.of(OTHER, ClusterMessages.size(2)), Set.of(new NodeId("late")));
        assertThat(hub.app("/app").sizes().toCompletableFuture())
                .isCompletedWithValue(new Sizes(Map.of("self", 1, "other", 2), Set.of("late")));
        assertThat(hub.app("/app").size().toCompletableFuture()).isCompletedWithValue(3);
        assertThat(hub.topic("x".repeat(1025)).sizes().toCompletableFuture())
                .isCompletedWithValue(new Sizes(Map.of("self", 0), Set.of()));
    }
}
