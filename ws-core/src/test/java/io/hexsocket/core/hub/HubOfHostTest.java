package io.hexsocket.core.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Hub.TopicListener;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What a host and an operator ask of the hub: who is there, in which topic, as which user, and to have them closed. */
class HubOfHostTest {

    private static final int LOOPS = 3;
    private static final CloseStatus KICKED = new CloseStatus(4001, "kicked");

    private final List<String> seen = new ArrayList<>();

    private final RecordingApp app = new RecordingApp(new App() {
        @Override
        public Admission onRequest(OpeningRequest request) {
            Admission.Accept accept = Admission.accept();
            String user = request.query("user");
            String ident = request.query("ident");
            accept = user == null ? accept : accept.principal(() -> user);
            return ident == null ? accept : accept.ident(ident);
        }

        @Override
        public Listener onOpen(Session session) {
            return (from, message) -> {};
        }
    });

    private final MemoryServer server = new MemoryServer(ServerConfig.at("ws://localhost:0")
            .eventLoops(LOOPS)
            .app("/app", app)
            .app("/other", RecordingApp.echo())
            .timeouts(Timeouts.DEFAULT.ping(Duration.ZERO))
            .listener(new ServerListener() {
                @Override
                public void onAppError(long connection, Session session, Throwable cause) {
                    seen.add("error of #" + connection + ": " + cause.getMessage());
                }
            })
            .build());
    private final Hub hub = server.core().hub();

    private MemoryClient open(int loop, String query) {
        return server.open(server.loop(loop), "/app?" + query);
    }

    private <T> T answer(CompletionStage<T> stage) {
        server.run();
        CompletableFuture<T> answer = stage.toCompletableFuture();
        assertThat(answer).isCompleted();
        return answer.join();
    }

    private List<Long> page(CompletionStage<List<Session>> page) {
        return answer(page).stream().map(Session::number).toList();
    }

    @Test
    void hubOfAnAppThatStartsHasNobodyYetAndTakesMessagesAllTheSame() {
        List<Object> answers = new ArrayList<>();
        new MemoryServer(ServerConfig.at("ws://localhost:0")
                .app("/app", new App() {
                    @Override
                    public void onStart(Hub hub) {
                        answers.add(hub.everyone().send("is anybody there?"));
                        answers.add(hub.topic("news").localSize());
                        hub.everyone().localSessions(0, 10).thenAccept(answers::add);
                        hub.send(Target.alias("ada"), "hello").thenAccept(answers::add);
                        hub.everyone().close(KICKED);
                    }

                    @Override
                    public Listener onOpen(Session session) {
                        return (from, message) -> {};
                    }
                })
                .build());
        assertThat(answers).containsExactly(SendResult.SENT, 0, List.of(), Delivery.UNKNOWN);
    }

    @Test
    void userIsReachedOnAllDevicesAndNobodyElseIs() {
        MemoryClient phone = open(0, "user=ada");
        MemoryClient laptop = open(1, "user=ada");
        MemoryClient other = open(1, "user=bob");
        MemoryClient stranger = open(2, "");
        hub.user("ada").send("hello");
        server.run();
        assertThat(phone.texts()).containsExactly("hello");
        assertThat(laptop.texts()).containsExactly("hello");
        assertThat(other.texts()).isEmpty();
        assertThat(stranger.texts()).isEmpty();
        assertThat(hub.user("ada").localSize()).isEqualTo(2);
        assertThat(answer(hub.user("ada").size())).isEqualTo(2);
        assertThat(hub.user("eve").localSize()).isZero();
        phone.close();
        laptop.close();
        assertThat(hub.user("ada").localSize()).isZero();
    }

    @Test
    void allSessionsOfAnIdentAreReachedWhereTheTargetNamesTheNewest() {
        MemoryClient first = open(0, "ident=cron");
        MemoryClient second = open(1, "ident=cron");
        hub.ident("cron").send("to both");
        server.run();
        assertThat(first.texts()).containsExactly("to both");
        assertThat(second.texts()).containsExactly("to both");
        assertThat(hub.localSession(Target.ident("cron"))).isSameAs(app.session(1));
    }

    @Test
    void sessionsAreListedInTheOrderOfTheirNumbersPageByPageFromAllLoops() {
        for (int i = 0; i < 7; i++) {
            open(i % LOOPS, "");
        }
        server.open(server.loop(0), "/other");
        assertThat(page(hub.app("/app").localSessions(0, 3))).containsExactly(1L, 2L, 3L);
        assertThat(page(hub.app("/app").localSessions(3, 3))).containsExactly(4L, 5L, 6L);
        assertThat(page(hub.app("/app").localSessions(6, 3))).containsExactly(7L);
        assertThat(page(hub.app("/app").localSessions(7, 3))).isEmpty();
        assertThat(page(hub.everyone().localSessions(6, 100))).containsExactly(7L, 8L);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hub.everyone().localSessions(0, 0))
                .withMessageContaining("atMost");
    }

    @Test
    void membersOfATopicAreListedFromInsideACallbackToo() {
        open(0, "");
        open(1, "");
        app.session(0).subscribe("t");
        app.session(1).subscribe("t");
        List<CompletionStage<List<Session>>> asked = new ArrayList<>();
        server.loop(0).turn(() -> asked.add(hub.topic("t").localSessions(0, 10)));
        assertThat(page(asked.get(0))).containsExactly(1L, 2L);
    }

    @Test
    void listThatAnEndedServerIsAskedForIsEmpty() {
        open(0, "").close();
        server.shutDown();
        CompletableFuture<List<Session>> late =
                hub.everyone().localSessions(0, 10).toCompletableFuture();
        assertThat(late).isCompletedWithValue(List.of());
    }

    @Test
    void listThatIsUnderWayWhenTheServerEndsIsAnswered() {
        open(0, "");
        CompletableFuture<List<Session>> asked =
                hub.everyone().localSessions(0, 10).toCompletableFuture();
        assertThat(asked).isNotCompleted();
        server.core().stopApps();
        assertThat(asked).isCompletedWithValue(List.of());
    }

    @Test
    void topicsAreListedWithTheirSizesInTheOrderOfTheirNamesPageByPage() {
        open(0, "");
        open(1, "");
        app.session(0).subscribe("b");
        app.session(0).subscribe("a");
        app.session(1).subscribe("c");
        app.session(1).subscribe("b");
        server.run();
        assertThat(hub.localTopics("", 2)).hasToString("{a=1, b=2}");
        assertThat(hub.localTopics("b", 2)).hasToString("{c=1}");
        assertThat(hub.localTopics("c", 2)).isEmpty();
        app.session(0).unsubscribe("a");
        server.run();
        assertThat(hub.localTopics("", 10)).hasToString("{b=2, c=1}");
        assertThatIllegalArgumentException().isThrownBy(() -> hub.localTopics("", 0));
    }

    @Test
    void oneSessionIsClosedByItsNameWithTheStatusGiven() {
        MemoryClient client = open(0, "");
        String id = app.session(0).id();
        assertThatIllegalArgumentException().isThrownBy(() -> hub.close(Target.id(id), CloseStatus.ABNORMAL));
        assertThat(answer(hub.close(Target.id(id), KICKED))).isTrue();
        assertThat(client.closeStatus()).isEqualTo(KICKED);
        assertThat(answer(hub.close(Target.id(id), KICKED))).isFalse();
        assertThat(answer(hub.close(Target.alias("nobody"), KICKED))).isFalse();
    }

    @Test
    void wholeAudienceIsClosedOnAllLoopsAndTheOthersStay() {
        MemoryClient one = open(0, "user=ada");
        MemoryClient other = open(0, "user=ada");
        MemoryClient far = open(1, "user=ada");
        MemoryClient stays = open(1, "user=bob");
        server.loop(0).turn(() -> hub.user("ada").close(KICKED));
        server.run();
        assertThat(List.of(one.closeStatus(), other.closeStatus(), far.closeStatus()))
                .containsOnly(KICKED);
        assertThat(stays.isOpen()).isTrue();
        assertThat(hub.user("ada").localSize()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> hub.everyone().close(CloseStatus.NO_CODE));
    }

    @Test
    void joinsAndLeavesAreToldWithTheSizeOfTheTopicUntilTheListenerIsRemoved() {
        open(0, "user=ada");
        open(1, "user=bob");
        TopicListener presence = new TopicListener() {
            @Override
            public void onJoin(String topic, Session session, int localSize) {
                seen.add(session + " joins " + topic + ", " + localSize);
            }

            @Override
            public void onLeave(String topic, Session session, int localSize) {
                seen.add(session + " leaves " + topic + ", " + localSize);
            }
        };
        hub.addTopicListener(presence);
        app.session(0).subscribe("t");
        app.session(0).subscribe("t");
        server.run();
        app.session(1).subscribe("t");
        server.run();
        app.session(0).unsubscribe("t");
        server.run();
        app.session(1).close();
        server.run();
        assertThat(seen)
                .containsExactly(
                        "#1 /app joins t, 1", "#2 /app joins t, 2", "#1 /app leaves t, 1", "#2 /app leaves t, 0");
        hub.removeTopicListener(presence);
        app.session(0).subscribe("u");
        server.run();
        assertThat(seen).hasSize(4);
    }

    @Test
    void topicListenerThatThrowsIsToldToTheHostAndEndsNoSession() {
        MemoryClient client = open(0, "");
        hub.addTopicListener(new TopicListener() {
            @Override
            public void onJoin(String topic, Session session, int localSize) {
                throw new IllegalStateException("presence is broken");
            }
        });
        app.session(0).subscribe("t");
        server.run();
        assertThat(seen).containsExactly("error of #1: presence is broken");
        assertThat(client.isOpen()).isTrue();
        assertThat(hub.topic("t").localSize()).isEqualTo(1);
    }
}
