package io.hexsocket.core.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.Audience;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryConnection;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.ServerFrame;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The hub")
class HubTest {

    private static final int LOOPS = 3;

    private final RecordingApp app = RecordingApp.silent();
    private final RecordingApp other = RecordingApp.silent();

    private final MemoryServer server = new MemoryServer(ServerConfig.at("ws://localhost:0")
            .eventLoops(LOOPS)
            .app("/app", app)
            .app("/rooms/{room}", other)
            .timeouts(Timeouts.DEFAULT.ping(Duration.ZERO))
            .build());

    private MemoryClient open(int loop) {
        return server.open(server.loop(loop), "/app");
    }

    @Nested
    @DisplayName("sends to many:")
    class Audiences {

        private final MemoryClient first = open(0);
        private final MemoryClient second = open(1);
        private final MemoryClient inRoom = server.open(server.loop(2), "/rooms/7");
        private final Hub hub = app.session(0).hub();

        @Test
        @DisplayName("everyone, on whatever loop and of whatever app")
        void hubSendsToManyEveryoneOnWhateverLoopAndOfWhateverApp() {
            hub.everyone().send("a");
            server.run();
            assertThat(Stream.of(first, second, inRoom).map(MemoryClient::texts))
                    .containsOnly(List.of("a"));
            assertThat(hub.everyone().localSize()).isEqualTo(3);
        }

        @Test
        @DisplayName("the sessions of an app, by its pattern")
        void hubSendsToManySessionsOfAppByItsPattern() {
            hub.app("/app").send("a");
            hub.app("/rooms/{room}").send(Message.binary(new byte[] {1}));
            server.run();
            assertThat(first.texts()).containsExactly("a");
            assertThat(second.texts()).containsExactly("a");
            assertThat(inRoom.frames()).containsExactly(ServerFrame.binary((byte) 1));
            assertThat(hub.app("/app").localSize()).isEqualTo(2);
            assertThat(hub.app("/rooms/{room}").localSize()).isEqualTo(1);
            assertThatIllegalArgumentException().isThrownBy(() -> hub.app("/rooms/7"));
            assertThatIllegalArgumentException().isThrownBy(() -> hub.app("/none"));
        }

        @Test
        @DisplayName("the members of a topic, as long as they are members")
        void hubSendsToManyMembersOfTopicAsLongAsTheyAreMembers() {
            Audience topic = hub.topic("t");
            assertThat(topic.localSize()).isZero();
            topic.send("nobody hears this");
            app.session(0).subscribe("t");
            app.session(0).subscribe("t");
            app.session(0).subscribe("u");
            other.session(0).subscribe("t");
            server.run();
            assertThat(topic.localSize()).isEqualTo(2);
            topic.send("a");
            server.run();
            app.session(0).unsubscribe("t");
            app.session(0).unsubscribe("t");
            app.session(1).unsubscribe("t");
            server.run();
            assertThat(topic.localSize()).isEqualTo(1);
            topic.send("b");
            hub.topic("u").send("c");
            server.run();
            assertThat(first.texts()).containsExactly("a", "c");
            assertThat(second.texts()).isEmpty();
            assertThat(inRoom.texts()).containsExactly("a", "b");
            assertThatNullPointerException().isThrownBy(() -> hub.topic(null));
        }

        @Test
        @DisplayName("all but one")
        void hubSendsToManyAllButOne() {
            Message message = Message.text("a");
            hub.everyone().send(message, app.session(1));
            hub.app("/app").send(message, other.session(0));
            hub.topic("t").send(message, null);
            server.run();
            assertThat(first.texts()).containsExactly("a", "a");
            assertThat(second.texts()).containsExactly("a");
            assertThat(inRoom.texts()).containsExactly("a");
        }

        @Test
        @DisplayName("from a callback, of the message at hand, to all loops, each of which gets it as it was")
        void hubSendsToManyFromCallbackOfMessageAtHandToAllLoopsEachOfWhichGetsItAsItWas() {
            RecordingApp chat = new RecordingApp(session -> (self, message) -> {
                self.hub().everyone().send(message, self);
                self.hub().app("/app").send(message, null);
            });
            MemoryServer many = new MemoryServer(ServerConfig.at("ws://localhost:0")
                    .eventLoops(2)
                    .app("/app", chat)
                    .build());
            MemoryClient speaker = many.open(many.loop(0), "/app");
            MemoryClient near = many.open(many.loop(0), "/app");
            MemoryClient far = many.open(many.loop(1), "/app");
            speaker.send(ClientFrame.text("one"), ClientFrame.text("two"));
            speaker.send(ClientFrame.fragments("thr", "ee"));
            many.run();
            assertThat(speaker.texts()).containsExactly("one", "two", "three");
            assertThat(near.texts()).containsExactly("one", "one", "two", "two", "three", "three");
            assertThat(far.texts()).containsExactly("one", "one", "two", "two", "three", "three");
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 125, 126, 16 * 1024 - 4, 16 * 1024 - 3, 65535, 65536, 200_000})
        @DisplayName("messages of every size, one after the other, whole to slow members as well")
        void hubSendsToManyMessagesOfEverySizeOneAfterOtherWholeToSlowMembersAsWell(int size) {
            byte[] one = new byte[size];
            Arrays.fill(one, (byte) 1);
            byte[] two = new byte[size];
            Arrays.fill(two, (byte) 2);
            first.connection().accept(size / 2);
            second.connection().accept(3);
            server.loop(0).turn(() -> {
                hub.everyone().send(Message.binary(one));
                hub.everyone().send(Message.binary(two));
            });
            server.loop(1).turn(() -> hub.everyone().send(Message.binary(one)));
            server.run();
            first.connection().acceptAll();
            second.connection().acceptAll();
            assertThat(first.frames())
                    .containsExactly(ServerFrame.binary(one), ServerFrame.binary(two), ServerFrame.binary(one));
            assertThat(inRoom.frames()).hasSize(3);
            assertThat(second.frames()).hasSize(3).contains(ServerFrame.binary(two));
        }

        @Test
        @DisplayName(
                "S3 and cuts a member that has too much waiting with 1008, so that it loses no message without a word")
        void s3HubSendsToManyAndCutsMemberThatHasTooMuchWaitingWith1008SoThatItLosesNoMessageWithoutWord() {
            first.connection().accept(0);
            for (int i = 0; i < 30; i++) {
                hub.everyone().send(Message.binary(new byte[100_000]));
            }
            server.run();
            assertThat(app.session(0).isOpen()).isFalse();
            assertThat(app.events()).contains("close 1008 the client reads too slowly");
            assertThat(second.frames()).hasSize(30);
            first.connection().acceptAll();
            List<ServerFrame> frames = first.wholeFrames();
            assertThat(frames).hasSize(12);
            assertThat(frames.get(11).status().code()).isEqualTo(1008);
            app.assertOrderly();
        }

        @Test
        @DisplayName("S3 none behind the one for which there was no room, though there is room again")
        void s3HubSendsToManyNoneBehindOneForWhichThereWasNoRoomThoughThereIsRoomAgain() {
            first.connection().accept(0);
            Message large = Message.binary(new byte[600_000]);
            server.loop(0).turn(() -> {
                for (int i = 0; i < 3; i++) {
                    hub.everyone().send(large);
                }
            });
            server.loop(0).runATurn();
            // from another thread, before the member is told that it is cut
            hub.everyone().send("behind");
            first.connection().acceptAll();
            server.run();
            List<ServerFrame> frames = first.wholeFrames();
            assertThat(frames).hasSize(3).startsWith(ServerFrame.binary(new byte[600_000]));
            assertThat(frames.get(2).status().code()).isEqualTo(1008);
            assertThat(second.texts()).containsExactly("behind");
        }

        @Test
        @DisplayName("no more to a session that closes, and its memberships are gone at that moment")
        void hubSendsToManyNoMoreToSessionThatClosesAndItsMembershipsAreGoneAtThatMoment() {
            app.session(0).subscribe("t");
            server.run();
            assertThat(hub.topic("t").localSize()).isEqualTo(1);
            app.session(0).close();
            server.run();
            assertThat(hub.topic("t").localSize()).isZero();
            assertThat(hub.everyone().localSize()).isEqualTo(2);
            hub.everyone().send("x");
            hub.topic("t").send("x");
            app.session(0).subscribe("t");
            server.run();
            assertThat(first.frames()).containsExactly(ServerFrame.close(1000));
            assertThat(hub.topic("t").localSize()).isZero();
        }

        @Test
        @DisplayName("and all of it is gone when the sessions are, by every way out")
        void hubSendsToManyAndAllOfItIsGoneWhenSessionsAreByEveryWayOut() {
            List<MemoryClient> clients = List.of(first, second, inRoom, open(0), open(1), open(2));
            for (int i = 0; i < 5; i++) {
                app.session(i).subscribe("t");
                app.session(i).subscribe("u" + i);
                app.session(i).id();
                app.session(i).alias("alias" + i);
            }
            server.run();
            assertThat(server.core().names()).isEqualTo(10);
            clients.get(0).close();
            clients.get(1).connection().end();
            clients.get(2).connection().lose(new IOException("reset"));
            clients.get(3).send(ClientFrame.text("x").unmasked()).connection().end();
            app.session(3).close(CloseStatus.GOING_AWAY);
            server.run();
            server.advance(Duration.ofSeconds(6));
            clients.get(5).connection().lose(null);
            server.assertNothingIsLeft();
            assertThat(hub.everyone().localSize()).isZero();
            assertThat(hub.app("/app").localSize()).isZero();
            for (int i = 0; i < 5; i++) {
                assertThat(hub.topic("u" + i).localSize()).isZero();
            }
            assertThat(hub.topic("t").localSize()).isZero();
        }
    }

    @Nested
    @DisplayName("sends to one:")
    class Targets {

        private final MemoryClient client = open(1);
        private final Session session = app.session(0);
        private final Hub hub = session.hub();

        @Test
        @DisplayName("by its id, which is made when first asked for and stays the same")
        void hubSendsToOneByItsIdWhichIsMadeWhenFirstAskedForAndStaysSame() {
            assertThat(server.core().names()).isZero();
            String id = session.id();
            assertThat(session.id()).isEqualTo(id);
            assertThat(server.core().names()).isEqualTo(1);
            assertThat(hub.send(Target.id(id), "a")).isCompletedWithValue(Delivery.DELIVERED);
            server.run();
            server.loop(1)
                    .turn(() -> assertThat(hub.send(Target.id(id), "b")).isCompletedWithValue(Delivery.DELIVERED));
            assertThat(client.texts()).containsExactly("a", "b");
        }

        @Test
        @DisplayName("A5 but by no forged id: of another secret, another length, another spelling")
        void a5HubSendsToOneButByNoForgedIdOfAnotherSecretAnotherLengthAnotherSpelling() {
            String id = session.id();
            String uuid = id.substring(0, 36);
            String signature = id.substring(37);
            MemoryServer elsewhere = MemoryServer.serving(RecordingApp.silent());
            List<String> forged = List.of(
                    "",
                    "null",
                    "0e1",
                    "1-1-1-1-1",
                    uuid,
                    uuid + ".",
                    uuid + "." + "0".repeat(64),
                    uuid + "." + signature.substring(1),
                    uuid + "." + signature + "0",
                    uuid + "_" + signature,
                    uuid.toUpperCase(java.util.Locale.ROOT) + "." + signature,
                    UUID.randomUUID() + "." + signature,
                    id + "\0",
                    " " + id,
                    id.replace('0', '\u0660'),
                    id.toUpperCase(java.util.Locale.ROOT) + "x");
            assertThat(elsewhere.core().names()).isZero();
            for (String name : forged) {
                assertThat(hub.send(Target.id(name), "x")).as(name).isCompletedWithValue(Delivery.UNKNOWN);
            }
            // nor is an id an alias or an ident
            assertThat(hub.send(Target.alias(id), "x")).isCompletedWithValue(Delivery.UNKNOWN);
            assertThat(hub.send(Target.ident(id), "x")).isCompletedWithValue(Delivery.UNKNOWN);
            server.run();
            assertThat(client.frames()).isEmpty();
        }

        @Test
        @DisplayName("by an alias, of which it may have four, and which has one owner")
        void hubSendsToOneByAliasOfWhichItMayHaveFourAndWhichHasOneOwner() {
            open(2);
            Session second = app.session(1);
            assertThat(session.alias("a")).isTrue();
            assertThat(session.alias("a")).isTrue();
            assertThat(second.alias("a")).isFalse();
            assertThat(session.alias("b")).isTrue();
            assertThat(session.alias("c")).isTrue();
            assertThat(session.alias("d")).isTrue();
            assertThat(session.alias("e")).isFalse();
            assertThat(session.alias("d")).isTrue();
            assertThat(session.alias("")).isFalse();
            assertThat(second.alias("e")).isTrue();
            for (String alias : List.of("a", "b", "c", "d")) {
                assertThat(hub.send(Target.alias(alias), alias)).isCompletedWithValue(Delivery.DELIVERED);
            }
            assertThat(hub.send(Target.alias(""), "x")).isCompletedWithValue(Delivery.UNKNOWN);
            assertThat(hub.send(Target.alias("f"), "x")).isCompletedWithValue(Delivery.UNKNOWN);
            server.run();
            assertThat(client.texts()).containsExactly("a", "b", "c", "d");
        }

        @Test
        @DisplayName(
                "A7 by an alias that is free again when its owner begins to close, and is then given to none that closes")
        void a7HubSendsToOneByAliasThatIsFreeAgainWhenItsOwnerBeginsToCloseAndIsThenGivenToNoneThatCloses() {
            open(2);
            Session second = app.session(1);
            session.alias("a");
            session.close();
            assertThat(session.alias("late")).isFalse();
            server.run();
            assertThat(session.alias("later")).isFalse();
            assertThat(hub.send(Target.alias("a"), "x")).isCompletedWithValue(Delivery.UNKNOWN);
            assertThat(second.alias("a")).isTrue();
            client.send(ClientFrame.close(1000));
            assertThat(hub.send(Target.alias("a"), "x")).isCompletedWithValue(Delivery.DELIVERED);
            assertThat(server.core().names()).isEqualTo(1);
        }

        @Test
        @DisplayName("by an id that a session has asked for when it was over, and finds nobody")
        void hubSendsToOneByIdThatSessionHasAskedForWhenItWasOverAndFindsNobody() {
            client.close();
            String id = session.id();
            assertThat(id).hasSize(101);
            assertThat(session.id()).isEqualTo(id);
            assertThat(hub.send(Target.id(id), "x")).isCompletedWithValue(Delivery.UNKNOWN);
            server.assertNothingIsLeft();
        }

        @Test
        @DisplayName("and says SLOW if it has too much waiting, UNKNOWN if it closes")
        void hubSendsToOneAndSaysSLOWIfItHasTooMuchWaitingUNKNOWNIfItCloses() {
            String id = session.id();
            client.connection().accept(0);
            assertThat(hub.send(Target.id(id), Message.binary(new byte[1024 * 1024])))
                    .isCompletedWithValue(Delivery.DELIVERED);
            assertThat(hub.send(Target.id(id), "x")).isCompletedWithValue(Delivery.SLOW);
            server.run();
            server.loop(1).turn(() -> assertThat(hub.send(Target.id(id), "x")).isCompletedWithValue(Delivery.SLOW));
            session.close();
            assertThat(hub.send(Target.id(id), "x")).isCompletedWithValue(Delivery.UNKNOWN);
            server.run();
            assertThat(hub.send(Target.id(id), "x")).isCompletedWithValue(Delivery.UNKNOWN);
        }
    }

    @Nested
    @DisplayName("sends to one by its ident:")
    class Idents {

        private record Named(App inner) implements App {
            @Override
            public Admission onRequest(OpeningRequest request) {
                String ident = request.query("ident");
                return ident == null ? Admission.accept() : Admission.accept().ident(ident);
            }

            @Override
            public Listener onOpen(Session session) throws Exception {
                return inner.onOpen(session);
            }
        }

        private final RecordingApp named = new RecordingApp(new Named(session -> (self, message) -> {}));
        private final MemoryServer names = MemoryServer.serving(named);

        @Test
        @DisplayName("A8 the newest of those who live, also when the newest of all is closing")
        void a8HubSendsToOneByItsIdentNewestOfThoseWhoLiveAlsoWhenNewestOfAllIsClosing() {
            MemoryClient oldest = names.open("/app?ident=cron");
            MemoryClient middle = names.open("/app?ident=cron");
            MemoryClient newest = names.open("/app?ident=cron");
            Hub hub = named.session(0).hub();
            assertThat(hub.send(Target.ident("cron"), "1")).isCompletedWithValue(Delivery.DELIVERED);
            names.run();
            named.session(2).close();
            names.run();
            assertThat(hub.send(Target.ident("cron"), "2")).isCompletedWithValue(Delivery.DELIVERED);
            names.run();
            oldest.close();
            assertThat(hub.send(Target.ident("cron"), "3")).isCompletedWithValue(Delivery.DELIVERED);
            names.run();
            assertThat(oldest.texts()).isEmpty();
            assertThat(middle.texts()).containsExactly("2", "3");
            assertThat(newest.texts()).containsExactly("1");
            middle.close();
            newest.close();
            assertThat(hub.send(Target.ident("cron"), "4")).isCompletedWithValue(Delivery.UNKNOWN);
            names.assertNothingIsLeft();
        }

        @Test
        @DisplayName("A8 nobody by the empty one, though somebody has it")
        void a8HubSendsToOneByItsIdentNobodyByEmptyOneThoughSomebodyHasIt() {
            names.open("/app?ident=");
            assertThat(named.session(0).hub().send(Target.ident(""), "x")).isCompletedWithValue(Delivery.UNKNOWN);
        }

        @Test
        @DisplayName("H29 which it has not got if its app has thrown when it opened")
        void h29HubSendsToOneByItsIdentWhichItHasNotGotIfItsAppHasThrownWhenItOpened() {
            RecordingApp failing = new RecordingApp(new Named(session -> {
                throw new IllegalStateException("no");
            }));
            MemoryServer broken = MemoryServer.serving(failing);
            MemoryClient client = broken.open("/app?ident=cron");
            client.connection().end();
            broken.assertNothingIsLeft();
        }
    }

    @Test
    @DisplayName("is one for all sessions, which keep attributes of their own")
    void hubIsOneForAllSessionsWhichKeepAttributesOfTheirOwn() {
        open(0);
        open(1);
        app.session(0).attributes().put("k", 1);
        assertThat(app.session(1).attributes()).isEmpty();
        assertThat(app.session(0).attributes()).containsEntry("k", 1);
        assertThat(app.session(0).hub()).isSameAs(app.session(1).hub());
        assertThat(app.session(0)).hasToString("#1 /app");
    }

    @Test
    @DisplayName("R5 forgets a topic that nobody has subscribed to any more")
    void r5HubForgetsTopicThatNobodyHasSubscribedToAnyMore() {
        open(0);
        WeakReference<String> topic = subscribeForAWhile();
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (topic.get() != null && System.nanoTime() < deadline) {
            System.gc();
        }
        assertThat(topic.get()).isNull();
    }

    @Test
    @DisplayName("R5 forgets a session that is over")
    void r5HubForgetsSessionThatIsOver() {
        MemoryServer quick = MemoryServer.serving(session -> (self, message) -> {});
        WeakReference<MemoryConnection> gone = openAndClose(quick);
        // a transport remembers for a while whom it has ended
        quick.advance(Duration.ofSeconds(10));
        quick.assertNothingIsLeft();
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (gone.get() != null && System.nanoTime() < deadline) {
            System.gc();
        }
        assertThat(gone.get()).isNull();
    }

    private static WeakReference<MemoryConnection> openAndClose(MemoryServer server) {
        MemoryClient client = server.open();
        client.close();
        return new WeakReference<>(client.connection());
    }

    private WeakReference<String> subscribeForAWhile() {
        String topic = "room " + UUID.randomUUID();
        app.session(0).subscribe(topic);
        server.run();
        app.session(0).unsubscribe(topic);
        server.run();
        return new WeakReference<>(topic);
    }

    @Test
    @Tag("exhaustive")
    @DisplayName("R5 keeps no count of ten thousand sessions that have come and gone")
    void r5HubKeepsNoCountOfTenThousandSessionsThatHaveComeAndGone() {
        RecordingApp quick = RecordingApp.silent();
        MemoryServer busy = MemoryServer.serving(
                quick, config -> config.limits(Limits.DEFAULT.connections(50).connectionsPerAddress(40)));
        List<MemoryClient> open = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            open.add(busy.open());
            quick.session(i).subscribe("t" + i % 7);
            quick.session(i).alias("a" + i % 100);
            quick.session(i).id();
            if (open.size() == 30) {
                busy.run();
                open.forEach(MemoryClient::close);
                open.clear();
            }
        }
        open.forEach(MemoryClient::close);
        busy.assertNothingIsLeft();
        for (int i = 0; i < 7; i++) {
            assertThat(quick.session(0).hub().topic("t" + i).localSize()).isZero();
        }
    }

    @Test
    @DisplayName("M10 lets a session into 1,024 topics, refuses the next with a value, and takes it when one is left")
    void m10SessionIsInAsManyTopicsAsTheLimitSays() {
        open(0);
        Session session = app.session(0);
        server.loop(0).turn(() -> {
            for (int i = 0; i < 1024; i++) {
                assertThat(session.subscribe("t" + i)).isTrue();
            }
            assertThat(session.subscribe("one more")).isFalse();
            assertThat(session.subscribe("t7")).as("again").isTrue();
            session.unsubscribe("t7");
            assertThat(session.subscribe("one more")).isTrue();
            assertThat(session.subscribe("t7")).isFalse();
        });
        assertThat(session.hub().topic("one more").localSize()).isEqualTo(1);
        assertThat(session.hub().topic("t7").localSize()).isZero();
    }

    @Test
    @DisplayName("M10 counts what other threads have subscribed to before the loop has come to it")
    void m10TopicsFromOtherThreadsCountAtOnce() {
        MemoryClient client = open(0);
        Session session = app.session(0);
        for (int i = 0; i < 1024; i++) {
            assertThat(session.subscribe("t" + i)).isTrue();
        }
        assertThat(session.subscribe("one more")).isFalse();
        server.run();
        assertThat(session.subscribe("one more")).isFalse();
        assertThat(session.subscribe("t1")).isTrue();
        server.run();
        session.unsubscribe("t1");
        server.run();
        assertThat(session.subscribe("one more")).isTrue();
        server.run();
        assertThat(session.hub().topic("one more").localSize()).isEqualTo(1);
        client.close();
        assertThat(session.subscribe("t1")).as("when it is over").isFalse();
        assertThat(session.hub().topic("t2").localSize()).isZero();
    }
}
