package io.hexsocket.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.Audience;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.PageRequest;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.SessionInfo;
import io.hexsocket.apps.SessionPage;
import io.hexsocket.apps.Target;
import io.hexsocket.apps.TopicInfo;
import io.hexsocket.apps.TopicPage;
import io.hexsocket.core.Server;
import io.hexsocket.core.config.ClusterConfig;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.contract.TransportUnderTest.RunningServer;
import io.hexsocket.core.contract.cluster.ClusterUnderTest;
import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.JoinException;
import io.hexsocket.core.port.cluster.NodeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What clients, apps and hosts may rely on when a server has several nodes, whatever transport and engine they run on. */
public abstract class NodesContract {

    private static final String PROBE = "probe";
    private static final byte[] SECRET = "a secret that all nodes have, of 32".getBytes(StandardCharsets.UTF_8);

    private static final byte[] NEXT_SECRET = "the secret that is to follow, of 32".getBytes(StandardCharsets.UTF_8);

    private final TransportUnderTest type;
    private final Supplier<ClusterUnderTest> clusters;
    private ClusterUnderTest cluster;

    @RegisterExtension
    final Opened toClose = new Opened();

    /** The contract for nodes on one transport, joined by one sort of engine. */
    protected NodesContract(TransportUnderTest type, Supplier<ClusterUnderTest> clusters) {
        this.type = type;
        this.clusters = clusters;
    }

    @BeforeEach
    void makeCluster() {
        cluster = toClose.add(clusters.get());
    }

    /** A server of the cluster, and what its host sees. */
    private final class Node {
        final NodeId id;
        final ClusterListener listener = new ClusterListener();
        final ClusterEngine engine;
        final Server server;
        /** In the order in which they came. */
        final List<Session> opened = new CopyOnWriteArrayList<>();

        Node(String name) {
            this(name, app());
        }

        private App noting(App app) {
            return new App() {
                @Override
                public Admission onRequest(OpeningRequest request) {
                    String ident = request.query("ident");
                    return ident == null
                            ? Admission.accept()
                            : Admission.accept().ident(ident);
                }

                @Override
                public void onStart(Hub hub) throws Exception {
                    app.onStart(hub);
                }

                @Override
                public Listener onOpen(Session session) throws Exception {
                    opened.add(session);
                    return app.onOpen(session);
                }
            };
        }

        Node(String name, App app) {
            this(name, app, SECRET);
        }

        Node(String name, App app, byte[]... secrets) {
            id = new NodeId(name);
            engine = cluster.engine(id);
            ServerConfig config = ServerConfig.at("ws://127.0.0.1:0")
                    .eventLoops(2)
                    .app("/rooms/{room}", noting(app))
                    .app("/quiet", noting(session -> Session::send))
                    .listener(listener)
                    .cluster(ClusterConfig.of(engine, id.value(), secrets[0]).secrets(List.of(secrets)))
                    .build();
            RunningServer running;
            try {
                running = type.start(config);
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
            server = toClose.add(running).server();
        }

        Hub hub() {
            return server.hub();
        }

        WsClient connect(String path) {
            WsClient client =
                    toClose.add(WsClient.connect(type.wire(), server.address().port(), path));
            client.send("ping");
            assertThat(client.readMessage().text()).isEqualTo("ping");
            return client;
        }
    }

    /** Whoever connects to a room is a member of its topic, and says something to the others of it. */
    private static App app() {
        return session -> {
            String room = session.request().pathParameter("room");
            session.subscribe(room);
            return (from, message) -> {
                if (message.text().equals("ping")) {
                    from.send(message);
                } else {
                    from.hub().topic(room).send(message, from);
                }
            };
        };
    }

    /** The next message that is not of {@link #awaitWay}. */
    private static String read(WsClient client) {
        String text = client.readMessage().text();
        return text.equals(PROBE) ? read(client) : text;
    }

    /** Waits until what is sent to an audience on one node arrives at a client of another. */
    private void awaitWay(Audience from, WsClient to) {
        CompletableFuture<WsClient.Frame> arrived = to.readMessageAside();
        cluster.await("the way to another node", () -> {
            from.send(PROBE);
            return arrived.isDone();
        });
        assertThat(Await.result(arrived).text()).isEqualTo(PROBE);
    }

    @Test
    void messageToAnAudienceReachesEachMemberOfEachNodeOnceAndNobodyElse() {
        List<Node> nodes = Stream.of("a", "b", "c").map(name -> new Node(name)).toList();
        List<WsClient> readers =
                nodes.stream().map(node -> node.connect("/rooms/1")).toList();
        WsClient elsewhere = nodes.get(1).connect("/rooms/2");
        WsClient quiet = nodes.get(2).connect("/quiet");
        Hub hub = nodes.get(0).hub();
        readers.subList(1, 3).forEach(reader -> awaitWay(hub.topic("1"), reader));

        assertThat(hub.topic("1").send("to the topic")).isEqualTo(SendResult.SENT);
        assertThat(hub.app("/rooms/{room}").send("to the app")).isEqualTo(SendResult.SENT);
        assertThat(hub.everyone().send("to all")).isEqualTo(SendResult.SENT);
        // its own node serves it at once and not by way of the others
        readers.get(0).send("to the others of the topic");

        assertThat(read(readers.get(0))).isEqualTo("to the topic");
        assertThat(read(readers.get(0))).isEqualTo("to the app");
        assertThat(read(readers.get(0))).isEqualTo("to all");
        readers.get(0).echo("ping");
        for (WsClient reader : readers.subList(1, 3)) {
            assertThat(List.of(read(reader), read(reader), read(reader), read(reader)))
                    .as("whatever the order of channels is")
                    .containsExactlyInAnyOrder("to the topic", "to the app", "to all", "to the others of the topic");
        }
        assertThat(List.of(read(elsewhere), read(elsewhere))).containsExactlyInAnyOrder("to the app", "to all");
        assertThat(read(quiet)).isEqualTo("to all");
        quiet.echo("nothing else");
    }

    @Test
    void messagesOfEachNodeArriveWholeAndInTheirOrder() {
        int messages = 500;
        List<Node> nodes = Stream.of("a", "b").map(name -> new Node(name)).toList();
        List<WsClient> clients =
                nodes.stream().map(node -> node.connect("/rooms/1")).toList();
        awaitWay(nodes.get(0).hub().topic("1"), clients.get(1));
        awaitWay(nodes.get(1).hub().topic("1"), clients.get(0));
        List<CompletableFuture<Void>> talks = clients.stream()
                .map(client -> Aside.run(() -> {
                    for (int i = 0; i < messages; i++) {
                        client.send(i + " " + "x".repeat(i % 7 == 0 ? 3000 : i % 100));
                    }
                }))
                .toList();
        for (WsClient client : clients) {
            for (int i = 0; i < messages; i++) {
                assertThat(read(client)).isEqualTo(i + " " + "x".repeat(i % 7 == 0 ? 3000 : i % 100));
            }
        }
        talks.forEach(Await::result);
        nodes.forEach(node -> {
            assertThat(node.listener.missed).hasValue(0);
            assertThat(node.listener.unsent).hasValue(0);
        });
    }

    @Test
    void nodeThatIsCutOffServesItsOwnSessionsAndIsToldOfWhatIsMissing() {
        Node a = new Node("a");
        Node b = new Node("b");
        WsClient here = a.connect("/rooms/1");
        WsClient there = b.connect("/rooms/1");
        awaitWay(a.hub().topic("1"), there);
        awaitWay(b.hub().topic("1"), here);

        cluster.cutOff(a.id);
        cluster.await("the word that it is down", () -> a.listener.downs.get() == 1);
        assertThat(a.listener.ups).hasValue(0);
        long before = a.listener.unsent.get();
        assertThat(a.hub().topic("1").send("to who is here")).isEqualTo(SendResult.PARTIAL);
        assertThat(read(here)).isEqualTo("to who is here");
        assertThat(a.listener.unsent.get() - before).isEqualTo(1);
        b.hub().topic("1").send("to who is there");
        assertThat(read(there)).isEqualTo("to who is there");

        cluster.mend(a.id);
        cluster.await("the word that it is up", () -> a.listener.ups.get() == 1);
        cluster.await("the word that messages are missing", () -> a.listener.interruptions.get() >= 3);
        awaitWay(a.hub().topic("1"), there);
        awaitWay(b.hub().topic("1"), here);
        cluster.await("the count at the other node", () -> b.listener.missed.get() >= 1);
        assertThat(a.hub().topic("1").send("again")).isEqualTo(SendResult.SENT);
        assertThat(read(there)).isEqualTo("again");
    }

    @Test
    void sizeOfAnAudienceCountsTheMembersOfAllNodes() {
        Node a = new Node("a");
        Node b = new Node("b");
        a.connect("/rooms/1");
        b.connect("/rooms/1");
        b.connect("/rooms/2");
        b.connect("/quiet");
        assertThat(sizeOf(a.hub().everyone())).isEqualTo(4);
        assertThat(sizeOf(a.hub().app("/quiet"))).isEqualTo(1);
        assertThat(sizeOf(b.hub().topic("1"))).isEqualTo(2);
        assertThat(sizeOf(a.hub().topic("2"))).isEqualTo(1);
        assertThat(sizeOf(a.hub().topic("3"))).isZero();
        assertThat(a.hub().topic("1").localSize()).isEqualTo(1);
    }

    private static int sizeOf(Audience audience) {
        return Await.result(audience.size().toCompletableFuture());
    }

    @Test
    void sessionsAndTopicsOfAllNodesAreListedPageByPage() {
        List<Node> nodes = Stream.of("a", "b", "c").map(name -> new Node(name)).toList();
        awaitPeers(nodes);
        List<String> expected = new ArrayList<>();
        for (Node node : nodes) {
            for (String path : List.of("/rooms/1", "/rooms/" + node.id, "/quiet")) {
                Session session = find(node, path).session;
                expected.add(node.id + " " + session.id() + " " + path + " "
                        + session.request().remoteAddress().getPort());
            }
        }
        for (Node asked : nodes) {
            for (int atMost : new int[] {1, 4, 100}) {
                assertThat(listed(asked.hub().everyone(), PageRequest.of(atMost)))
                        .isEqualTo(expected);
            }
            assertThat(listed(asked.hub().topic("1"), PageRequest.of(2))).hasSize(3);
            assertThat(listed(asked.hub().everyone(), PageRequest.of(2).search("/rooms/B")))
                    .containsExactly(expected.get(4));
            assertThat(listed(asked.hub().everyone(), PageRequest.of(2).node("c")))
                    .isEqualTo(expected.subList(6, 9));
            assertThat(result(asked.hub().topics(PageRequest.of(3))))
                    .isEqualTo(new TopicPage(
                            List.of(new TopicInfo("1", 3), new TopicInfo("a", 1), new TopicInfo("b", 1)),
                            "b",
                            Set.of()));
            assertThat(result(asked.hub().topics(PageRequest.of(3).after("b"))))
                    .isEqualTo(new TopicPage(List.of(new TopicInfo("c", 1)), null, Set.of()));
        }
    }

    private static List<String> listed(Audience audience, PageRequest first) {
        List<String> listed = new ArrayList<>();
        for (PageRequest request = first; request != null; ) {
            SessionPage page = result(audience.sessions(request));
            assertThat(page.silent()).isEmpty();
            for (SessionInfo session : page.sessions()) {
                listed.add(session.node() + " " + session.id() + " " + session.path() + " "
                        + session.remoteAddress().getPort());
            }
            request = page.next() == null ? null : request.after(page.next());
        }
        return listed;
    }

    private static <T> T result(CompletionStage<T> stage) {
        return Await.result(stage.toCompletableFuture());
    }

    @Test
    void nodeThatIsGoneIsNamedInListsAndTheSessionsOfTheOthersAreThere() {
        Node a = new Node("a");
        Node b = new Node("b");
        awaitPeers(List.of(a, b));
        a.connect("/rooms/1");
        b.connect("/rooms/1");
        assertThat(listed(a.hub().topic("1"), PageRequest.of(10))).hasSize(2);
        cluster.kill(b.id);
        SessionPage page = result(a.hub().topic("1").sessions(PageRequest.of(10)));
        assertThat(page.silent()).containsExactly("b");
        assertThat(page.sessions().stream().map(SessionInfo::node)).containsExactly("a");
        cluster.await("the end of its lease", () -> a.engine.peers().isEmpty());
        assertThat(result(a.hub().topics(PageRequest.of(10))))
                .isEqualTo(new TopicPage(List.of(new TopicInfo("1", 1)), null, Set.of()));
    }

    @Test
    void closeOfAnAudienceClosesTheMembersOfAllNodes() {
        Node a = new Node("a");
        Node b = new Node("b");
        WsClient there = b.connect("/rooms/1");
        awaitWay(a.hub().topic("1"), there);
        a.hub().topic("1").close(new CloseStatus(4000, "the room is closed"));
        WsClient.Frame frame = there.readMessage();
        while (frame.opcode() != WsClient.CLOSE) {
            assertThat(frame.text()).isEqualTo(PROBE);
            frame = there.readMessage();
        }
        assertThat(frame.status()).isEqualTo(4000);
    }

    @Test
    void serverThatEndsLeavesTheClusterBeforeItsEndIsComplete() {
        Node a = new Node("a");
        Node b = new Node("b");
        cluster.await("each other", () -> a.engine.peers().equals(Set.of(b.id)));
        b.server.close();
        assertThat(Await.result(b.engine.stop().toCompletableFuture())).isNull();
        cluster.await("the other's leave", () -> a.engine.peers().isEmpty());
    }

    @Test
    void serverThatCannotJoinTheClusterDoesNotStartAndSaysWhy() {
        new Node("same");
        assertThatThrownBy(() -> new Node("same"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot join the cluster: ")
                .hasMessageContaining("same");
    }

    @Test
    void serverWhoseSecretNoOtherNodeHasDoesNotStartAndTheOthersAreTold() {
        Node a = new Node("a");
        Node b = new Node("b");
        assertThatThrownBy(() -> new Node("c", app(), NEXT_SECRET))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("cannot join the cluster: nodes c and a sign ids of sessions with different secrets,"
                        + " nodes c and b sign ids of sessions with different secrets")
                .hasCauseInstanceOf(JoinException.class);
        assertThat(a.listener.mismatches)
                .containsExactly("c: nodes a and c sign ids of sessions with different secrets");
        assertThat(b.listener.mismatches)
                .containsExactly("c: nodes b and c sign ids of sessions with different secrets");
        cluster.await("the newcomer's leave", () -> a.engine.peers().equals(Set.of(b.id)));
        new Node("d");
    }

    @Test
    void nodeThatOnlyAcceptsTheSecretOfTheOthersOrOnlySignsWithItDoesNotStart() {
        Node a = new Node("a", app(), SECRET);
        assertThatThrownBy(() -> new Node("b", app(), NEXT_SECRET, SECRET))
                .hasMessageEndingWith("node a does not have the secret that node b signs ids of sessions with");
        a.server.close();
        new Node("c", app(), NEXT_SECRET, SECRET);
        assertThatThrownBy(() -> new Node("d", app(), SECRET))
                .hasMessageEndingWith("node d does not have the secret that node c signs ids of sessions with");
    }

    @Test
    void nodeThatHasTheSecretOfSomeOfTheOthersStartsAndAllConcernedAreTold() {
        Node a = new Node("a", app(), SECRET, NEXT_SECRET);
        Node b = new Node("b", app(), SECRET);
        Node c = new Node("c", app(), NEXT_SECRET, SECRET);
        assertThat(c.listener.mismatches)
                .containsExactly("b: node b does not have the secret that node c signs ids of sessions with");
        assertThat(b.listener.mismatches)
                .containsExactly("c: node b does not have the secret that node c signs ids of sessions with");
        assertThat(a.listener.mismatches).isEmpty();
        b.listener.mismatches.clear();

        cluster.cutOff(b.id);
        cluster.await("the word that it is down", () -> b.listener.downs.get() == 1);
        cluster.mend(b.id);
        cluster.await("the word that it is still so", () -> !b.listener.mismatches.isEmpty());
    }

    @Test
    void secretIsExchangedNodeByNodeWithoutAFalseAlarm() {
        List<Node> nodes = new ArrayList<>(List.of(new Node("a0", app(), SECRET), new Node("b0", app(), SECRET)));
        byte[][][] steps = {{SECRET, NEXT_SECRET}, {NEXT_SECRET, SECRET}, {NEXT_SECRET}};
        for (int step = 0; step < steps.length; step++) {
            for (int i = 0; i < nodes.size(); i++) {
                nodes.get(i).server.close();
                assertThat(nodes.get(i).listener.mismatches).isEmpty();
                nodes.set(i, new Node((i == 0 ? "a" : "b") + (step + 1), app(), steps[step]));
            }
        }
        awaitPeers(nodes);
        Found there = find(nodes.get(1), "/rooms/1");
        assertThat(send(nodes.get(0), Target.id(there.session.id()), "with the new secret"))
                .isEqualTo(Delivery.DELIVERED);
        nodes.forEach(node -> assertThat(node.listener.mismatches).isEmpty());
    }

    @Test
    void appSendsToOtherNodesAlreadyWhenItStarts() {
        Node a = new Node("a");
        WsClient reader = a.connect("/quiet");
        AtomicReference<SendResult> result = new AtomicReference<>();
        App greeting = new App() {
            @Override
            public void onStart(Hub hub) {
                result.set(hub.everyone().send("good morning"));
            }

            @Override
            public Listener onOpen(Session session) {
                return Session::send;
            }
        };
        new Node("b", greeting);
        assertThat(result).hasValue(SendResult.SENT);
        assertThat(reader.readMessage().text()).isEqualTo("good morning");
    }

    // ---- one session, wherever it is

    /** A session at a path, from the client's end and the server's. */
    private record Found(WsClient client, Session session) {}

    private Found find(Node node, String path) {
        int before = node.opened.size();
        WsClient client = node.connect(path);
        return new Found(client, node.opened.get(before));
    }

    private static Delivery send(Node from, Target to, String text) {
        return Await.result(from.hub().send(to, text).toCompletableFuture());
    }

    @Test
    void messageToAnIdOrAnAliasReachesTheSessionOnWhicheverNodeItIs() {
        List<Node> nodes = Stream.of("a", "b", "c").map(name -> new Node(name)).toList();
        awaitPeers(nodes);
        Found there = find(nodes.get(1), "/rooms/1");
        assertThat(there.session.alias("printer")).isTrue();
        for (Node from : nodes) {
            assertThat(send(from, Target.id(there.session.id()), "by id of " + from.id))
                    .isEqualTo(Delivery.DELIVERED);
            assertThat(read(there.client)).isEqualTo("by id of " + from.id);
            assertThat(send(from, Target.alias("printer"), "by alias")).isEqualTo(Delivery.DELIVERED);
            assertThat(read(there.client)).isEqualTo("by alias");
            assertThat(send(from, Target.alias("scanner"), "lost")).isEqualTo(Delivery.UNKNOWN);
        }
        String gone = there.session.id();
        there.client.leave();
        cluster.await(
                "the end of its names",
                () -> nodes.stream().allMatch(from -> send(from, Target.alias("printer"), "late") == Delivery.UNKNOWN));
        assertThat(send(nodes.get(0), Target.id(gone), "late")).isEqualTo(Delivery.UNKNOWN);
    }

    private void awaitPeers(List<Node> nodes) {
        cluster.await(
                "each other",
                () -> nodes.stream().allMatch(node -> node.engine.peers().size() == nodes.size() - 1));
    }

    @Test
    void aliasIsTheFirstOnesAndTheSecondIsToldOnItsOwnNode() {
        Node a = new Node("a");
        Node b = new Node("b");
        Found first = find(a, "/rooms/1");
        Found second = find(b, "/rooms/1");
        first.session.alias("printer");
        cluster.await("the first", () -> send(b, Target.alias("printer"), PROBE) == Delivery.DELIVERED);
        second.session.alias("printer");
        cluster.await("the word that another one has it", () -> b.listener.lost.contains("ALIAS printer"));
        assertThat(send(b, Target.alias("printer"), "to the first")).isEqualTo(Delivery.DELIVERED);
        assertThat(read(first.client)).isEqualTo("to the first");
        first.client.leave();
        cluster.await("the end of the first", () -> send(b, Target.alias("printer"), PROBE) == Delivery.UNKNOWN);
        assertThat(second.session.alias("printer")).isTrue();
        cluster.await("the second", () -> send(a, Target.alias("printer"), PROBE) == Delivery.DELIVERED);
        assertThat(second.client.readMessage().text()).isEqualTo(PROBE);
    }

    @Test
    void identIsTheNewestOnesAndTheOlderOnesAgainWhenThatIsGone() {
        Node a = new Node("a");
        Node b = new Node("b");
        Node c = new Node("c");
        Found older = find(a, "/rooms/1?ident=cron");
        cluster.await("the older", () -> send(c, Target.ident("cron"), PROBE) == Delivery.DELIVERED);
        Found newer = find(b, "/rooms/1?ident=cron");
        cluster.await("the word that there is a newer one", () -> a.listener.lost.contains("IDENT cron"));
        for (Node from : List.of(a, b, c)) {
            assertThat(send(from, Target.ident("cron"), "to the newest of " + from.id))
                    .isEqualTo(Delivery.DELIVERED);
            assertThat(read(newer.client)).isEqualTo("to the newest of " + from.id);
        }
        newer.client.leave();
        CompletableFuture<WsClient.Frame> again = older.client.readMessageAside();
        cluster.await("the older again", () -> {
            send(c, Target.ident("cron"), PROBE);
            return again.isDone();
        });
    }

    @Test
    void sendersAreAnsweredWhateverHappensToTheNodeOfTheSession() {
        Node a = new Node("a");
        Node b = new Node("b");
        awaitPeers(List.of(a, b));
        Found there = find(b, "/rooms/1");
        there.session.alias("printer");
        String id = there.session.id();
        assertThat(send(a, Target.id(id.substring(0, id.length() - 1) + "x"), "forged"))
                .isEqualTo(Delivery.UNKNOWN);
        assertThat(send(a, Target.id(id), PROBE)).isEqualTo(Delivery.DELIVERED);
        cluster.cutOff(b.id);
        assertThat(send(a, Target.id(id), "cut off")).isIn(Delivery.TIMEOUT, Delivery.NODE_LOST, Delivery.UNKNOWN);
        cluster.await("the word at the other end", () -> b.listener.downs.get() == 1);
        assertThat(send(b, Target.alias("elsewhere"), "cut off")).isEqualTo(Delivery.NOT_SENT);
        assertThat(send(b, Target.alias("printer"), "its own")).isEqualTo(Delivery.DELIVERED);
        cluster.mend(b.id);
        cluster.await("its id", () -> send(a, Target.id(id), PROBE) == Delivery.DELIVERED);
        cluster.await("its alias", () -> send(a, Target.alias("printer"), PROBE) == Delivery.DELIVERED);
    }

    @Test
    void sessionIsClosedFromAnotherNode() {
        Node a = new Node("a");
        Node b = new Node("b");
        awaitPeers(List.of(a, b));
        Found there = find(b, "/quiet");
        CloseStatus status = new CloseStatus(4001, "from elsewhere");
        Target target = Target.id(there.session.id());
        assertThat(Await.result(a.hub().close(target, status).toCompletableFuture()))
                .isTrue();
        assertThat(there.client.readMessage().status()).isEqualTo(4001);
        assertThat(Await.result(a.hub().close(Target.alias("nobody"), status).toCompletableFuture()))
                .isFalse();
    }
}
