package io.hexsocket.core.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.Audience;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.PageRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.SessionInfo;
import io.hexsocket.apps.SessionPage;
import io.hexsocket.apps.Target;
import io.hexsocket.apps.TopicInfo;
import io.hexsocket.apps.TopicPage;
import io.hexsocket.core.config.ClusterConfig;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.routing.Directory;
import io.hexsocket.core.routing.SessionIds;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryCluster;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of the sessions and topics of all nodes. */
class ListsTest {

    private static final int LOOPS = 2;
    /** The last one needs two chars. */
    private static final String LONG = "x".repeat(4095) + "\uD83D\uDC1D";

    private static final Duration STEP = Duration.ofMillis(1);

    private final MemoryCluster cluster = new MemoryCluster(7);
    private final List<Node> nodes = new ArrayList<>();

    private final class Node {
        final String name;
        final RecordingApp app = new RecordingApp(new Named());
        final MemoryServer server;
        final List<MemoryClient> clients = new ArrayList<>();

        final int loops;

        Node(String name) {
            this(name, LOOPS);
        }

        Node(String name, int loops) {
            this.name = name;
            this.loops = loops;
            server = new MemoryServer(ServerConfig.at("ws://localhost:0")
                    .eventLoops(loops)
                    .app("/app", app)
                    .app("/other", RecordingApp.silent())
                    .timeouts(Timeouts.DEFAULT.ping(Duration.ZERO))
                    .cluster(ClusterConfig.of(cluster.engine(), name, new byte[32]))
                    .build());
            nodes.add(this);
            pass(Duration.ofMillis(200));
        }

        MemoryClient open(String query) {
            MemoryClient client = server.open(server.loop(clients.size() % loops), "/app" + query);
            clients.add(client);
            return client;
        }

        void open(int count) {
            for (int i = 0; i < count; i++) {
                open("");
            }
        }

        void subscribe(int session, String... topics) {
            for (String topic : topics) {
                app.session(session).subscribe(topic);
            }
        }

        Audience everyone() {
            return server.hub().everyone();
        }
    }

    /** Whose sessions are called as their queries say. */
    private static final class Named implements App {
        @Override
        public Admission onRequest(OpeningRequest request) {
            String user = request.query("long") == null ? request.query("user") : LONG;
            String ident = request.query("ident");
            Admission.Accept accept = Admission.accept();
            accept = user == null ? accept : accept.principal(() -> user);
            accept = ident == null ? accept : accept.ident(ident);
            return request.query("ends") == null ? accept : accept.expiresAt(Instant.EPOCH.plusSeconds(90));
        }

        @Override
        public Listener onOpen(Session session) {
            return (from, message) -> {};
        }
    }

    /** Lets time pass at all nodes and between them. */
    private void pass(Duration time) {
        for (Duration left = time; !left.isNegative(); left = left.minus(STEP)) {
            nodes.forEach(node -> node.server.run());
            cluster.advance(STEP);
        }
    }

    private <T> T answer(CompletionStage<T> stage) {
        CompletableFuture<T> answer = stage.toCompletableFuture();
        for (int i = 0; i < 3000 && !answer.isDone(); i++) {
            pass(Duration.ZERO);
        }
        assertThat(answer).isCompleted();
        return answer.join();
    }

    private static List<String> placesOf(SessionPage page) {
        return page.sessions().stream()
                .map(session -> session.node() + " " + session.number())
                .toList();
    }

    private List<SessionPage> pages(Audience audience, PageRequest request) {
        List<SessionPage> pages = new ArrayList<>();
        for (PageRequest next = request; next != null; ) {
            SessionPage page = answer(audience.sessions(next));
            pages.add(page);
            next = page.next() == null ? null : next.after(page.next());
        }
        return pages;
    }

    private List<String> all(Audience audience, PageRequest request) {
        return pages(audience, request).stream()
                .flatMap(page -> placesOf(page).stream())
                .toList();
    }

    private static void assertAllAnswered(SessionPage page) {
        assertThat(page.silent()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 8, 20})
    void pagesGoThroughTheSessionsOfAllNodesInTheOrderOfNodesAndNumbersWhicheverIsAsked(int atMost) {
        for (int count : new int[] {3, 0, 5, 7}) {
            new Node("n" + nodes.size()).open(count);
        }
        List<String> expected = new ArrayList<>();
        for (Node node : nodes) {
            IntStream.rangeClosed(1, node.clients.size()).forEach(number -> expected.add(node.name + " " + number));
        }
        for (Node asked : nodes) {
            List<SessionPage> pages = pages(asked.everyone(), PageRequest.of(atMost));
            assertThat(pages.stream().flatMap(page -> placesOf(page).stream())).containsExactlyElementsOf(expected);
            assertThat(pages).allSatisfy(ListsTest::assertAllAnswered);
            assertThat(pages).as("none is short but the last").hasSize((expected.size() + atMost - 1) / atMost);
        }
    }

    @Test
    void sessionThatStaysIsInExactlyOnePageWhileOthersComeAndGo() {
        Random random = new Random(5);
        for (String name : List.of("a", "b", "c")) {
            new Node(name).open(60);
        }
        // a third stays, whatever happens
        Map<Node, Set<Long>> leaving = new HashMap<>();
        Set<String> staying = new HashSet<>();
        for (Node node : nodes) {
            for (long number = 1; number <= 60; number++) {
                if (number % 3 == 0) {
                    staying.add(node.name + " " + number);
                } else {
                    leaving.computeIfAbsent(node, first -> new HashSet<>()).add(number);
                }
            }
        }
        List<String> seen = new ArrayList<>();
        PageRequest request = PageRequest.of(9);
        while (request != null) {
            CompletableFuture<SessionPage> asked =
                    nodes.get(1).everyone().sessions(request).toCompletableFuture();
            while (!asked.isDone()) {
                Node node = nodes.get(random.nextInt(3));
                List<Long> left = new ArrayList<>(leaving.get(node));
                if (!left.isEmpty() && random.nextInt(4) == 0) {
                    long number = left.get(random.nextInt(left.size()));
                    leaving.get(node).remove(number);
                    node.clients.get((int) number - 1).close();
                }
                if (random.nextInt(20) == 0) {
                    node.open(1);
                }
                pass(Duration.ZERO);
            }
            SessionPage page = asked.join();
            assertAllAnswered(page);
            seen.addAll(placesOf(page));
            request = page.next() == null ? null : request.after(page.next());
        }
        assertThat(seen).doesNotHaveDuplicates().containsAll(staying);
        assertThat(leaving.values().stream().mapToInt(Set::size).sum())
                .as("that others have gone")
                .isLessThan(100);
    }

    @Test
    void membersAreSeenInSlicesAndNoneThatStaysIsLeftOutWhileOthersGoBetweenThem() {
        Node node = new Node("a");
        int members = 4200;
        for (int i = 0; i < members; i++) {
            node.open("");
            node.subscribe(i, "news");
        }
        node.server.run();
        CompletableFuture<SessionPage> asked =
                node.server.hub().topic("news").sessions(PageRequest.of(1000)).toCompletableFuture();
        int turns = 0;
        while (!asked.isDone()) {
            // of the lists that are gone through: the last member takes the place of the first
            node.app.session(2 * turns).unsubscribe("news");
            node.app.session(2 * turns + 1).unsubscribe("news");
            for (int loop = 0; loop < LOOPS; loop++) {
                node.server.loop(loop).runATurn();
            }
            turns++;
        }
        assertThat(turns).as("others have their turns between").isBetween(9, 12);
        List<Long> staying =
                LongStream.rangeClosed(2L * turns + 1, 1000).boxed().toList();
        assertThat(asked.join().sessions().stream().map(SessionInfo::number))
                .doesNotHaveDuplicates()
                .isSorted()
                .hasSize(1000)
                .containsAll(staying);
    }

    @Test
    void everythingThatIsKnownOfASessionOfAnotherNodeIsTold() {
        Node a = new Node("a");
        Node b = new Node("b");
        b.open("?user=J%C3%B6rg%20%F0%9F%90%9D&ident=cron&ends=1");
        b.open("");
        SessionPage page = answer(a.everyone().sessions(PageRequest.of(10)));
        Session named = b.app.session(0);
        assertThat(page.sessions().get(0))
                .isEqualTo(new SessionInfo(
                        "b",
                        1,
                        named.id(),
                        "cron",
                        "/app",
                        named.request().remoteAddress(),
                        false,
                        false,
                        "J\u00f6rg \uD83D\uDC1D",
                        null,
                        0,
                        Instant.EPOCH.plusSeconds(90)));
        assertThat(page.sessions().get(1).principal()).isNull();
        assertThat(answer(a.server.hub().send(Target.id(page.sessions().get(1).id()), "hello")))
                .hasToString("DELIVERED");
        assertThat(answer(b.everyone().sessions(PageRequest.of(10)))).isEqualTo(page);
    }

    @Test
    void veryLongTextsOfASessionAreCut() {
        Node a = new Node("a");
        Node b = new Node("b");
        b.open("?long=1");
        assertThat(answer(a.everyone().sessions(PageRequest.of(1)))
                        .sessions()
                        .get(0)
                        .principal())
                .as("not between the halves of a character")
                .isEqualTo("x".repeat(4095));
    }

    @Test
    void audienceOfAnyKindIsListedOverAllNodes() {
        Node a = new Node("a");
        Node b = new Node("b");
        a.open("?user=ada");
        b.open("?user=ada&ident=cron");
        b.open("?user=bob");
        a.subscribe(0, "news");
        b.subscribe(1, "news");
        String tooLong = "x".repeat(1025);
        a.subscribe(0, tooLong);
        b.subscribe(0, tooLong);
        pass(Duration.ofMillis(50));
        for (Node node : nodes) {
            assertThat(all(node.server.hub().topic("news"), PageRequest.of(1))).containsExactly("a 1", "b 2");
            assertThat(all(node.server.hub().user("ada"), PageRequest.of(5))).containsExactly("a 1", "b 1");
            assertThat(all(node.server.hub().ident("cron"), PageRequest.of(5))).containsExactly("b 1");
            assertThat(all(node.server.hub().app("/other"), PageRequest.of(5))).isEmpty();
            assertThat(all(node.server.hub().app("/app"), PageRequest.of(5))).hasSize(3);
            assertThat(all(node.server.hub().topic(tooLong), PageRequest.of(5)))
                    .as("known on its own node only")
                    .containsExactly(node.name + " 1");
        }
    }

    @Test
    void searchIsDoneAtEachNodeAndFindsByPathAddressUserIdentAndBeginningOfAnId() {
        Node a = new Node("a");
        Node b = new Node("b");
        a.open("?user=Ada");
        b.open("?ident=ada-lovelace");
        b.open("?user=bob");
        Function<String, List<String>> found =
                text -> all(a.everyone(), PageRequest.of(100).search(text));
        assertThat(found.apply("nobody")).isEmpty();
        assertThat(b.server.core().names())
                .as("no id is made to be searched through")
                .isEqualTo(1);
        assertThat(found.apply(" ADA ")).containsExactly("a 1", "b 1");
        assertThat(found.apply("/APP")).hasSize(3);
        assertThat(found.apply("127.0.0.1:4000")).hasSize(3);
        assertThat(b.server.core().names())
                .as("ids of what was found, and the ident")
                .isEqualTo(3);
        String id = b.app.session(1).id();
        assertThat(found.apply(id.substring(0, 30))).containsExactly("b 2");
        assertThat(found.apply(id.substring(1, 30))).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PageRequest.of(1).search("x".repeat(257)))
                .withMessageContaining("256");
    }

    @Test
    void searchThroughMoreThanAPageMayLookAtGoesOnByItsCursor() {
        Node a = new Node("a");
        // each has its clients in a list that every turn goes through
        Node b = new Node("b", 64);
        a.open(1);
        b.open(10_050);
        b.open("?user=needle");
        List<SessionPage> pages = pages(a.everyone(), PageRequest.of(5).search("needle"));
        assertThat(pages.get(0).sessions()).isEmpty();
        assertThat(pages.get(0).next()).isEqualTo("b.10000");
        assertThat(pages).hasSize(2);
        assertThat(placesOf(pages.get(1))).containsExactly("b 10051");
    }

    @Test
    void nodeThatIsAskedForAloneIsListedAlone() {
        Node a = new Node("a");
        Node b = new Node("b");
        a.open(3);
        b.open(3);
        for (Node asked : nodes) {
            assertThat(all(asked.everyone(), PageRequest.of(2).node("a"))).containsExactly("a 1", "a 2", "a 3");
            assertThat(all(asked.everyone(), PageRequest.of(2).node("b"))).containsExactly("b 1", "b 2", "b 3");
            assertThat(answer(asked.everyone().sessions(PageRequest.of(2).node("c"))))
                    .isEqualTo(new SessionPage(List.of(), null, Set.of()));
        }
        cluster.cutOff(new NodeId("a"));
        assertThat(answer(b.everyone().sessions(PageRequest.of(9).node("b"))).silent())
                .isEmpty();
        assertThat(answer(b.everyone().sessions(PageRequest.of(9).node("a"))).silent())
                .containsExactly("a");
    }

    @Test
    void nodeThatDoesNotAnswerIsNamedWithinTwoSecondsAndTheOthersAreListed() {
        Node a = new Node("a");
        Node b = new Node("b");
        Node c = new Node("c");
        nodes.forEach(node -> node.open(1));
        a.subscribe(0, "news");
        b.subscribe(0, "news");
        pass(Duration.ofMillis(20));
        cluster.partition(List.of(new NodeId("b")));
        Duration before = cluster.elapsed();
        SessionPage page = answer(a.everyone().sessions(PageRequest.of(10)));
        assertThat(cluster.elapsed().minus(before)).isBetween(Duration.ofMillis(1900), Duration.ofMillis(2100));
        assertThat(placesOf(page)).containsExactly("a 1", "c 1");
        assertThat(page.silent()).containsExactly("b");
        assertThat(page.next()).isNull();
        assertThat(answer(c.server.hub().topics(PageRequest.of(10))))
                .isEqualTo(new TopicPage(List.of(new TopicInfo("news", 1)), null, Set.of("b")));
        assertThat(answer(a.everyone().sessions(PageRequest.of(10).after("b.1")))
                        .silent())
                .as("b may have more behind that")
                .containsExactly("b");
        assertThat(answer(a.everyone().sessions(PageRequest.of(10).after("c.0")))
                        .silent())
                .as("all of b is before that")
                .isEmpty();
    }

    @Test
    void eventLoopThatDoesNotGetToItMakesItsNodeSilent() {
        Node a = new Node("a");
        Node b = new Node("b");
        a.open(1);
        b.open(1);
        nodes.remove(b);
        SessionPage page = answer(a.everyone().sessions(PageRequest.of(10)));
        assertThat(page.silent()).containsExactly("b");
        assertThat(placesOf(page)).containsExactly("a 1");
    }

    @Test
    void membersOfATopicAreSummedOverTheNodesInTheOrderOfNamesPageByPage() {
        Random random = new Random(3);
        Map<String, Integer> expected = new TreeMap<>();
        for (String name : List.of("a", "b", "c")) {
            Node node = new Node(name);
            node.open(3);
            for (int session = 0; session < 3; session++) {
                for (int topic = 0; topic < 40; topic++) {
                    if (random.nextInt(6) == 0) {
                        String called = "topic " + topic;
                        node.subscribe(session, called);
                        expected.merge(called, 1, Integer::sum);
                    }
                }
            }
        }
        pass(Duration.ofMillis(50));
        List<TopicInfo> all = expected.entrySet().stream()
                .map(topic -> new TopicInfo(topic.getKey(), topic.getValue()))
                .toList();
        for (int atMost : new int[] {1, 3, 10, 100}) {
            List<TopicInfo> listed = new ArrayList<>();
            PageRequest request = PageRequest.of(atMost);
            while (request != null) {
                TopicPage page = answer(nodes.get(2).server.hub().topics(request));
                listed.addAll(page.topics());
                request = page.next() == null ? null : request.after(page.next());
            }
            assertThat(listed).as("%d a page", atMost).isEqualTo(all);
        }
        TopicPage found =
                answer(nodes.get(0).server.hub().topics(PageRequest.of(100).search("TOPIC 3")));
        assertThat(found.topics())
                .isEqualTo(all.stream()
                        .filter(topic -> topic.name().startsWith("topic 3"))
                        .toList());
        TopicPage own =
                answer(nodes.get(0).server.hub().topics(PageRequest.of(100).node("b")));
        assertThat(own.topics().stream().collect(Collectors.toMap(TopicInfo::name, TopicInfo::members)))
                .isEqualTo(nodes.get(1).server.hub().localTopics("", 100));
    }

    @Test
    void answerThatIsTooLongIsCutAndThePageEndsThereAndNothingIsSkipped() {
        Node a = new Node("a");
        Node b = new Node("b");
        a.open(1);
        b.open(2);
        List<String> names = IntStream.range(0, 900)
                .mapToObj(i -> String.format("%03d", i) + "x".repeat(900))
                .toList();
        names.forEach(name -> b.subscribe(0, name));
        a.subscribe(0, names.get(899), "zzz");
        a.subscribe(0, "y".repeat(1025));
        pass(Duration.ofMillis(50));
        TopicPage first = answer(a.server.hub().topics(PageRequest.of(1000)));
        assertThat(first.topics()).hasSizeBetween(500, 600);
        assertThat(first.next())
                .isEqualTo(first.topics().get(first.topics().size() - 1).name());
        TopicPage second = answer(a.server.hub().topics(PageRequest.of(1000).after(first.next())));
        List<TopicInfo> both = new ArrayList<>(first.topics());
        both.addAll(second.topics());
        assertThat(second.next()).isNull();
        assertThat(both)
                .isSortedAccordingTo(Comparator.comparing(TopicInfo::name))
                .hasSize(901);
        assertThat(both.get(899)).isEqualTo(new TopicInfo(names.get(899), 2));

        for (int i = 0; i < 200; i++) {
            b.open("?long=1");
        }
        List<SessionPage> pages = pages(a.everyone(), PageRequest.of(1000));
        assertThat(pages).hasSize(2);
        assertThat(pages.get(0).sessions()).hasSizeBetween(100, 140);
        assertThat(pages.stream().flatMap(page -> placesOf(page).stream()))
                .hasSize(203)
                .doesNotHaveDuplicates();
    }

    @Test
    void serverThatIsAloneAnswersTheSame() {
        MemoryServer server = MemoryServer.serving(new Named());
        for (int i = 0; i < 3; i++) {
            server.open("/app?user=u" + i);
        }
        server.hub().localSession(Target.id("none"));
        SessionPage first = answerOf(server, server.hub().everyone().sessions(PageRequest.of(2)));
        assertThat(placesOf(first)).containsExactly(" 1", " 2");
        assertThat(first.next()).isEqualTo("2");
        SessionPage second = answerOf(
                server, server.hub().everyone().sessions(PageRequest.of(2).after("2")));
        assertThat(placesOf(second)).containsExactly(" 3");
        assertThat(second.next()).isNull();
        assertThat(placesOf(answerOf(
                        server,
                        server.hub().everyone().sessions(PageRequest.of(2).search("u1")))))
                .containsExactly(" 2");
        assertThat(placesOf(answerOf(
                        server,
                        server.hub().everyone().sessions(PageRequest.of(2).node("other")))))
                .isEmpty();
        assertThat(answerOf(server, server.hub().topics(PageRequest.of(1))))
                .isEqualTo(new TopicPage(List.of(), null, Set.of()));
        for (String wrong : List.of(
                "x", "a.", ".", "a.-1", "1.2.", "a.1234567890123456789", ".1", "a b.1", "a".repeat(70_000) + ".1")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            server.hub().everyone().sessions(PageRequest.of(2).after(wrong)))
                    .as(wrong)
                    .withMessageContaining("next");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> PageRequest.of(0));
        assertThatIllegalArgumentException().isThrownBy(() -> PageRequest.of(1001));
        CompletableFuture<SessionPage> late =
                server.hub().everyone().sessions(PageRequest.of(2)).toCompletableFuture();
        CompletableFuture<TopicPage> lateTopics =
                server.hub().topics(PageRequest.of(2)).toCompletableFuture();
        assertThat(late).isNotCompleted();
        server.core().stopApps();
        assertThat(late).isCompletedWithValue(new SessionPage(List.of(), null, Set.of()));
        assertThat(lateTopics).isCompletedWithValue(new TopicPage(List.of(), null, Set.of()));
    }

    private static <T> T answerOf(MemoryServer server, CompletionStage<T> stage) {
        server.run();
        assertThat(stage.toCompletableFuture()).isCompleted();
        return stage.toCompletableFuture().join();
    }

    @Test
    void topicsWhoseNamesNoEngineCarriesAreListedByAServerThatIsAloneOnly() {
        String tooLong = "x".repeat(1025);
        RecordingApp app = RecordingApp.silent();
        MemoryServer server = MemoryServer.serving(app);
        server.open();
        app.session(0).subscribe(tooLong);
        server.run();
        assertThat(answerOf(server, server.hub().topics(PageRequest.of(10))).topics())
                .containsExactly(new TopicInfo(tooLong, 1));
        Node a = new Node("a");
        a.open(1);
        a.subscribe(0, tooLong, "short");
        pass(Duration.ofMillis(20));
        assertThat(answer(a.server.hub().topics(PageRequest.of(10))).topics())
                .containsExactly(new TopicInfo("short", 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> a.server.hub().topics(PageRequest.of(10).after(tooLong)));
    }

    @Test
    void questionThatIsRefusedIsNotRemembered() {
        HubState state = new HubState(
                new Directory<>(new SessionIds(new Random(1)::nextBytes)), List.of(), () -> Limits.DEFAULT, null);
        Lists lists = new Lists(state, List.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> lists.sessions(
                        null,
                        (SpreadAudience) new Node("a").everyone(),
                        PageRequest.of(2).after("x")));
        assertThat(state.openPages()).isZero();
    }

    @Test
    void topicsOfANodeThatThereIsNotAreNoneHoweverLongItsNameIs() {
        Node a = new Node("a");
        a.open(1);
        a.subscribe(0, "tea");
        new Node("b");
        CompletionStage<TopicPage> topics =
                a.server.hub().topics(PageRequest.of(2).node("c".repeat(70_000)));
        assertThat(answer(topics)).isEqualTo(new TopicPage(List.of(), null, Set.of()));
    }

    @Test
    void principalThatThrowsAnErrorFailsThePageAndKeepsNobodyWaiting() {
        AtomicBoolean throwing = new AtomicBoolean();
        App app = new App() {
            @Override
            public Admission onRequest(OpeningRequest request) {
                return Admission.accept().principal(() -> {
                    if (throwing.get()) {
                        throw new StackOverflowError("of the app");
                    }
                    return "ann";
                });
            }

            @Override
            public Listener onOpen(Session session) {
                return (from, message) -> {};
            }
        };
        MemoryServer server = MemoryServer.serving(app);
        server.open();
        throwing.set(true);
        CompletionStage<SessionPage> page = server.hub().everyone().sessions(PageRequest.of(2));
        server.run();
        assertThat(page.toCompletableFuture()).isCompletedExceptionally();
    }
}
