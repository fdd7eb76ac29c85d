package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;
import io.hexsocket.core.testkit.ClientFrame;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("An app with an executor")
class ExecutorAppTest {

    private final ManualExecutor executor = new ManualExecutor();
    private final RecordingListener seen = new RecordingListener();

    private RecordingApp on(Executor where, App app) {
        return new RecordingApp(app.with(AppOptions.DEFAULT.executor(where)));
    }

    private MemoryServer serving(App app) {
        return MemoryServer.serving(app, config -> config.listener(seen));
    }

    private static ClientFrame[] texts(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> ClientFrame.text(Integer.toString(i)))
                .toArray(ClientFrame[]::new);
    }

    private static List<String> textEvents(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "text " + i).toList();
    }

    @Test
    @DisplayName("is called there and nowhere else, one call at a time and in order")
    void oneAtATimeAndInOrder() {
        RecordingApp app = on(executor, session -> Session::send);
        MemoryServer server = serving(app);
        MemoryClient client = server.open();
        client.send(texts(0, 10));
        assertThat(app.events()).isEmpty();
        assertThat(executor.size()).isEqualTo(1);
        executor.runWith(server);
        assertThat(app.newEvents()).startsWith("open").endsWith("text 9").hasSize(11);
        assertThat(client.texts()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        client.send(ClientFrame.pong((byte) 7));
        client.close();
        executor.runWith(server);
        assertThat(app.events()).containsExactly("pong 07", "close 1000");
        app.assertOrderly();
        server.assertNothingIsLeft();
    }

    @Test
    @DisplayName("gets messages that stay what they were")
    void appWithExecutorGetsMessagesThatStayWhatTheyWere() {
        List<Message> kept = new ArrayList<>();
        RecordingApp app = on(executor, session -> (self, message) -> kept.add(message));
        MemoryServer server = serving(app);
        MemoryClient client = server.open();
        client.send(ClientFrame.text("first"), ClientFrame.binary((byte) 1, (byte) 2));
        client.send(ClientFrame.text("other"));
        executor.runWith(server);
        assertThat(kept.get(0).text()).isEqualTo("first");
        assertThat(kept.get(1).bytes()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
    }

    @Test
    @DisplayName("is not read for while it is behind, and is read for again when it has caught up")
    void readingPausesWhileItIsBehind() {
        RecordingApp app = on(executor, session -> (self, message) -> {});
        MemoryServer server = serving(app);
        MemoryClient client = server.open();
        for (int i = 0; i < 200; i++) {
            client.connection()
                    .arriveLater(ClientFrame.text(Integer.toString(i)).bytes());
        }
        client.connection().arriveLater(ClientFrame.join(texts(200, 1000)));
        server.run();
        assertThat(client.connection().isPaused()).isTrue();
        // onOpen, and at most 32 that wait
        assertThat(client.connection().unread()).isGreaterThan(ClientFrame.join(texts(33, 1000)).length - 1);
        executor.runWith(server);
        assertThat(client.connection().isPaused()).isFalse();
        assertThat(app.events()).containsExactlyElementsOf(concat(List.of("open"), textEvents(0, 1000)));
        assertThat(client.connection().pauses()).isGreaterThan(2);
        app.assertOrderly();
    }

    @Test
    @DisplayName("is not read for either when few messages make it lag by many bytes")
    void appWithExecutorIsNotReadForEitherWhenFewMessagesMakeItLagByManyBytes() {
        RecordingApp app = on(executor, session -> (self, message) -> {});
        MemoryServer server = serving(app);
        MemoryClient client = server.open();
        for (int i = 0; i < 5; i++) {
            client.connection()
                    .arriveLater(ClientFrame.binary(new byte[200 * 1024]).bytes());
        }
        server.run();
        assertThat(client.connection().isPaused()).isTrue();
        assertThat(client.connection().unread()).isGreaterThan(3 * 200 * 1024);
        executor.runWith(server);
        assertThat(app.events()).hasSize(6);
        assertThat(client.connection().isPaused()).isFalse();
    }

    @Test
    @DisplayName("has each session's callbacks in order and never two at once, on real threads")
    void appWithExecutorHasEachSessionsCallbacksInOrderAndNeverTwoAtOnceOnRealThreads() {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            int sessions = 8;
            int messages = 300;
            CountDownLatch done = new CountDownLatch(sessions * messages);
            RecordingApp app = on(pool, session -> (self, message) -> {
                self.send(message);
                done.countDown();
            });
            MemoryServer server = serving(app);
            List<MemoryClient> clients =
                    IntStream.range(0, sessions).mapToObj(i -> server.open()).toList();
            clients.forEach(client -> client.connection().arriveLater(ClientFrame.join(texts(0, messages))));
            server.loop().runUntil(done);
            clients.forEach(client ->
                    client.connection().arriveLater(ClientFrame.close(1000).bytes()));
            while (server.core().sessions() > 0) {
                server.run();
            }
            List<String> expected =
                    IntStream.range(0, messages).mapToObj(Integer::toString).toList();
            clients.forEach(client -> {
                assertThat(client.texts()).isEqualTo(expected);
                assertThat(client.closeStatus()).isEqualTo(CloseStatus.NORMAL);
                client.connection().end();
            });
            server.assertNothingIsLeft();
            app.assertOrderly();
        } finally {
            pool.shutdown();
        }
    }

    @Test
    @DisplayName("whose executor runs its tasks at once, on the loop, is an app like any other")
    void appWithExecutorWhoseExecutorRunsItsTasksAtOnceOnLoopIsAppLikeAnyOther() {
        RecordingApp app = on(Runnable::run, session -> (self, message) -> {
            self.send(message);
            if (message.text().equals("3")) {
                throw new IllegalStateException("three");
            }
        });
        MemoryServer server = serving(app);
        MemoryClient client = server.open();
        client.send(texts(0, 10));
        assertThat(client.texts()).containsExactly("0", "1", "2", "3");
        assertThat(client.closeStatus().code()).isEqualTo(1011);
        assertThat(app.events()).endsWith("text 3", "error IllegalStateException: three", "close 1011 the app failed");
        app.assertOrderly();
        client.connection().end();
        server.assertNothingIsLeft();
    }

    private static List<String> concat(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    @Nested
    @DisplayName("that is behind when the session ends")
    class Endings {

        private final RecordingApp app = on(executor, session -> Session::send);
        private final MemoryServer server = serving(app);
        private final MemoryClient client = server.open();

        @Test
        @DisplayName("gets every message before the client's close frame, and its answers go out before ours")
        void
                appWithExecutorThatIsBehindWhenSessionEndsGetsEveryMessageBeforeClientsCloseFrameAndItsAnswersGoOutBeforeOurs() {
            client.send(texts(0, 5));
            client.send(ClientFrame.close(1000, "bye"));
            client.connection().send("garbage behind the close frame".getBytes());
            assertThat(client.frames()).isEmpty();
            executor.runWith(server);
            assertThat(client.texts()).containsExactly("0", "1", "2", "3", "4");
            assertThat(client.closeStatus()).isEqualTo(CloseStatus.NORMAL);
            assertThat(client.connection().isEnded()).isTrue();
            assertThat(app.events()).endsWith("text 4", "close 1000 bye").hasSize(7);
            client.connection().end();
            server.assertNothingIsLeft();
            app.assertOrderly();
        }

        @Test
        @DisplayName("gets the client's status though the client has ended its side meanwhile")
        void appWithExecutorThatIsBehindWhenSessionEndsGetsClientsStatusThoughClientHasEndedItsSideMeanwhile() {
            client.send(texts(0, 2));
            client.send(ClientFrame.close(1000));
            client.connection().end();
            executor.runAll();
            client.connection().loop().run();
            executor.runWith(server);
            assertThat(app.events()).containsExactly("open", "text 0", "text 1", "close 1000");
            server.assertNothingIsLeft();
        }

        @Test
        @DisplayName("gets the client's status though the end of its side comes when all callbacks have just returned")
        void clientEndsWhenCaughtUp() {
            client.send(texts(0, 2));
            client.send(ClientFrame.close(1000));
            executor.runAll();
            // the loop is about to answer the close frame
            client.connection().endAtOnce();
            executor.runWith(server);
            assertThat(app.events()).containsExactly("open", "text 0", "text 1", "close 1000");
            assertThat(client.closeStatus()).isEqualTo(CloseStatus.NORMAL);
            assertThat(seen.events()).doesNotContain("1 app error").contains("1 close 1000 by client");
        }

        @Test
        @DisplayName("gets the client's status though the connection is lost before the answer")
        void clientClosesAndIsLost() {
            client.send(texts(0, 2));
            client.send(ClientFrame.close(3001, "x"));
            client.connection().lose(null);
            executor.runWith(server);
            assertThat(app.events()).containsExactly("open", "text 0", "text 1", "close 3001 x");
            server.assertNothingIsLeft();
        }

        @Test
        @DisplayName("gets every message before the end of the input")
        void appWithExecutorThatIsBehindWhenSessionEndsGetsEveryMessageBeforeEndOfInput() {
            client.send(texts(0, 5));
            client.connection().end();
            executor.runWith(server);
            assertThat(client.texts()).containsExactly("0", "1", "2", "3", "4");
            assertThat(app.events())
                    .containsSequence(
                            "text 4",
                            "error EOFException: the client ended the connection without a close frame",
                            "close 1006");
            server.assertNothingIsLeft();
        }

        @Test
        @DisplayName("gets every message before the loss of the connection")
        void appWithExecutorThatIsBehindWhenSessionEndsGetsEveryMessageBeforeLossOfConnection() {
            client.send(texts(0, 5));
            client.connection().lose(new IOException("reset"));
            executor.runWith(server);
            assertThat(app.events()).containsSequence("text 3", "text 4", "error IOException: reset", "close 1006");
            server.assertNothingIsLeft();
        }

        @Test
        @DisplayName("gets every message before a broken rule")
        void appWithExecutorThatIsBehindWhenSessionEndsGetsEveryMessageBeforeBrokenRule() {
            client.send(texts(0, 5));
            client.send(ClientFrame.text("x").unmasked());
            assertThat(client.closeStatus().code()).isEqualTo(1002);
            executor.runWith(server);
            assertThat(app.events()).contains("text 4").hasSize(8);
            assertThat(app.events().get(7)).startsWith("close 1002 ");
            app.assertOrderly();
        }
    }

    @Nested
    @DisplayName("that throws or closes in a callback")
    class OwnEndings {

        @Test
        @DisplayName("A10 gets none of the messages that waited, and the client gets 1011")
        void a10AppWithExecutorThatThrowsOrClosesInCallbackGetsNoneOfMessagesThatWaitedAndClientGets1011() {
            RecordingApp app = on(executor, session -> (self, message) -> {
                self.send(message);
                if (message.text().equals("2")) {
                    throw new LinkageError("two");
                }
            });
            MemoryServer server = serving(app);
            MemoryClient client = server.open();
            client.send(texts(0, 10));
            executor.runWith(server);
            assertThat(app.events())
                    .containsExactly(
                            "open",
                            "text 0",
                            "text 1",
                            "text 2",
                            "error LinkageError: two",
                            "close 1011 the app failed");
            assertThat(client.texts()).containsExactly("0", "1", "2");
            assertThat(client.closeStatus().code()).isEqualTo(1011);
            assertThat(seen.events()).containsOnlyOnce("1 app error two");
            client.connection().end();
            server.assertNothingIsLeft();
            app.assertOrderly();
        }

        @Test
        @DisplayName("A10 of an OutOfMemoryError on its own thread is told the same")
        void a10AppWithExecutorThatThrowsOrClosesInCallbackOfOutOfMemoryErrorOnItsOwnThreadIsToldSame() {
            RecordingApp app = on(executor, session -> (self, message) -> {
                throw new OutOfMemoryError("for the test");
            });
            MemoryServer server = serving(app);
            MemoryClient client = server.open().sendTexts("a", "b");
            assertThatThrownBy(() -> executor.runWith(server))
                    .as("the transport hears of it")
                    .isInstanceOf(OutOfMemoryError.class);
            server.loop().turn(() -> {});
            executor.runWith(server);
            assertThat(client.closeStatus().code()).isEqualTo(1011);
            assertThat(app.events())
                    .containsExactly(
                            "open", "text a", "error OutOfMemoryError: for the test", "close 1011 the app failed");
        }

        @Test
        @DisplayName("A10 gets no callback at all if it threw in onOpen")
        void a10AppWithExecutorThatThrowsOrClosesInCallbackGetsNoCallbackAtAllIfItThrewInOnOpen() {
            RecordingApp app = on(executor, session -> {
                throw new IllegalStateException("no");
            });
            MemoryServer server = serving(app);
            MemoryClient client = server.open().sendTexts("a", "b");
            executor.runWith(server);
            assertThat(client.closeStatus().code()).isEqualTo(1011);
            assertThat(app.events()).containsExactly("open");
            client.connection().end();
            server.assertNothingIsLeft();
        }

        @Test
        @DisplayName("A14 gets none of the messages that waited behind the one in which it closed")
        void a14AppWithExecutorThatThrowsOrClosesInCallbackGetsNoneOfMessagesThatWaitedBehindOneInWhichItClosed() {
            RecordingApp app = on(executor, session -> (self, message) -> {
                self.send(message);
                if (message.text().equals("2")) {
                    self.close();
                }
            });
            MemoryServer server = serving(app);
            MemoryClient client = server.open();
            client.send(texts(0, 10));
            executor.runWith(server);
            assertThat(client.frames())
                    .containsExactly(
                            ServerFrame.text("0"),
                            ServerFrame.text("1"),
                            ServerFrame.text("2"),
                            ServerFrame.close(1000));
            client.send(ClientFrame.close(1000));
            executor.runWith(server);
            assertThat(app.events()).containsExactly("open", "text 0", "text 1", "text 2", "close 1000");
        }
    }

    @Nested
    @DisplayName("that pauses")
    class Pauses {

        private final List<String> drained = new ArrayList<>();
        private final RecordingApp app = on(executor, session -> new Listener() {
            @Override
            public void onMessage(Session self, Message message) {
                self.send(message);
                if (message.text().endsWith("2")) {
                    self.pause();
                }
            }

            @Override
            public void onDrained(Session self) {
                drained.add("drained");
            }
        });
        private final MemoryServer server = serving(app);
        private final MemoryClient client = server.open();

        @Test
        @DisplayName("gets no message after the current one until it resumes, though some waited already")
        void noMessageAfterTheCurrentOne() {
            client.send(texts(0, 5));
            executor.runWith(server);
            assertThat(app.events()).containsExactly("open", "text 0", "text 1", "text 2");
            assertThat(client.connection().isPaused()).isTrue();
            client.connection().arriveLater(ClientFrame.join(texts(5, 20)));
            executor.runWith(server);
            assertThat(app.events()).hasSize(4);
            app.session().resume();
            executor.runWith(server);
            assertThat(app.newEvents()).containsExactlyElementsOf(concat(List.of("open"), textEvents(0, 13)));
            app.session().resume();
            executor.runWith(server);
            assertThat(app.events()).containsExactlyElementsOf(textEvents(13, 20));
            assertThat(client.connection().isPaused()).isFalse();
            app.assertOrderly();
        }

        @Test
        @DisplayName("and closes is not waited for: what was held back goes nowhere")
        void appWithExecutorThatPausesAndClosesIsNotWaitedForWhatWasHeldBackGoesNowhere() {
            client.send(texts(0, 5));
            executor.runWith(server);
            app.session().close();
            server.run();
            client.send(ClientFrame.close(1000));
            executor.runWith(server);
            assertThat(client.connection().isEnded()).isTrue();
            assertThat(app.events()).containsExactly("open", "text 0", "text 1", "text 2", "close 1000");
        }

        @Test
        @DisplayName("and resumes in the same callback has only paused for it")
        void appWithExecutorThatPausesAndResumesInSameCallbackHasOnlyPausedForIt() {
            RecordingApp both = on(executor, session -> (self, message) -> {
                self.pause();
                self.resume();
            });
            MemoryServer other = serving(both);
            other.open().send(texts(0, 100));
            executor.runWith(other);
            assertThat(both.events()).containsExactlyElementsOf(concat(List.of("open"), textEvents(0, 100)));
        }

        @Test
        @DisplayName("is told onDrained meanwhile, so that it can resume in it")
        void appWithExecutorThatPausesIsToldOnDrainedMeanwhileSoThatItCanResumeInIt() {
            client.connection().accept(0);
            client.send(texts(0, 3));
            client.send(texts(3, 6));
            executor.runWith(server);
            app.session().send(ByteBuffer.allocate(100_000));
            server.run();
            client.connection().acceptAll();
            executor.runWith(server);
            assertThat(app.events()).containsExactly("open", "text 0", "text 1", "text 2", "drained");
            app.session().resume();
            executor.runWith(server);
            assertThat(app.events()).endsWith("text 3", "text 4", "text 5");
        }

        @Test
        @DisplayName("gets what waited before the client's close frame when it resumes")
        void closeFrameBehindWhatWaits() {
            client.send(texts(0, 5));
            client.send(ClientFrame.close(1000));
            executor.runWith(server);
            assertThat(app.events()).containsExactly("open", "text 0", "text 1", "text 2");
            app.session().resume();
            executor.runWith(server);
            assertThat(app.events()).endsWith("text 3", "text 4", "close 1000");
            assertThat(client.texts()).containsExactly("0", "1", "2", "3", "4");
            assertThat(client.closeStatus()).isEqualTo(CloseStatus.NORMAL);
        }

        @Test
        @DisplayName("gets nothing of what waited once it is told that the session is over")
        void appWithExecutorThatPausesGetsNothingOfWhatWaitedOnceItIsToldThatSessionIsOver() {
            client.send(texts(0, 5));
            executor.runWith(server);
            client.connection().lose(new IOException("reset"));
            executor.runWith(server);
            app.session().resume();
            executor.runWith(server);
            assertThat(app.events())
                    .containsExactly("open", "text 0", "text 1", "text 2", "error IOException: reset", "close 1006");
            app.assertOrderly();
        }
    }

    @Nested
    @DisplayName("whose executor refuses")
    class Refusals {

        private final RecordingApp app = on(executor, session -> Session::send);
        private final MemoryServer server = serving(app);

        @Test
        @DisplayName("loses that session with 1011, and is told so on the loop")
        void appWithExecutorWhoseExecutorRefusesLosesThatSessionWith1011AndIsToldSoOnLoop() {
            MemoryClient client = server.open().sendTexts("a");
            executor.runWith(server);
            executor.end();
            client.sendTexts("b", "c");
            assertThat(client.texts()).containsExactly("a");
            assertThat(client.closeStatus().code()).isEqualTo(1011);
            assertThat(app.events())
                    .containsExactly(
                            "open",
                            "text a",
                            "error RejectedExecutionException: the executor has ended",
                            "close 1011 the app failed");
            client.connection().end();
            server.assertNothingIsLeft();
            app.assertOrderly();
        }

        @Test
        @DisplayName("has its clients closed with 1011 from the beginning")
        void appWithExecutorWhoseExecutorRefusesHasItsClientsClosedWith1011FromBeginning() {
            executor.end();
            MemoryClient client = server.open();
            assertThat(client.closeStatus().code()).isEqualTo(1011);
            client.connection().end();
            server.assertNothingIsLeft();
            app.assertOrderly();
            assertThat(seen.events()).contains("1 app error the executor has ended");
        }

        @Test
        @DisplayName(
                "by an error, as a pool does that can make no more threads, is told the end of its sessions all the same")
        void
                appWithExecutorWhoseExecutorRefusesByErrorAsPoolDoesThatCanMakeNoMoreThreadsIsToldEndOfItsSessionsAllSame() {
            List<Runnable> tasks = new ArrayList<>();
            boolean[] broken = new boolean[1];
            RecordingApp fragile = on(
                    task -> {
                        if (broken[0]) {
                            throw new InternalError("unable to create native thread");
                        }
                        tasks.add(task);
                    },
                    session -> Session::send);
            MemoryServer other = serving(fragile);
            MemoryClient client = other.open();
            tasks.remove(0).run();
            broken[0] = true;
            client.sendTexts("a");
            assertThat(client.closeStatus().code()).isEqualTo(1011);
            assertThat(fragile.events())
                    .containsExactly(
                            "open", "error InternalError: unable to create native thread", "close 1011 the app failed");
            client.connection().end();
            other.assertNothingIsLeft();
        }

        @Test
        @DisplayName("in the middle of a long run of callbacks, finishes on the loop")
        void appWithExecutorWhoseExecutorRefusesInMiddleOfLongRunOfCallbacksFinishesOnLoop() {
            List<Runnable> tasks = new ArrayList<>();
            boolean[] refuses = new boolean[1];
            RecordingApp fragile = on(
                    task -> {
                        if (refuses[0]) {
                            throw new java.util.concurrent.RejectedExecutionException("full");
                        }
                        tasks.add(task);
                    },
                    session -> (self, message) -> self.subscribe("t"));
            MemoryServer other = serving(fragile);
            MemoryClient client = other.open();
            // more than one turn of the serial executor: the client stops sending text, so that reading never pauses
            // for it
            for (int i = 0; i < 40; i++) {
                client.send(ClientFrame.text("" + i));
            }
            refuses[0] = true;
            while (!tasks.isEmpty()) {
                tasks.remove(0).run();
                other.run();
            }
            client.sendTexts("late");
            client.connection().end();
            other.assertNothingIsLeft();
            fragile.assertOrderly();
            assertThat(fragile.events().get(fragile.events().size() - 1)).startsWith("close 1011");
        }
    }

    @Nested
    @DisplayName("that blocks for ever")
    class Blocks {

        // a manual executor that is not run is an app that never returns
        private final RecordingApp app = on(executor, session -> Session::send);
        private final RecordingApp other = RecordingApp.echo();
        private final MemoryServer server =
                MemoryServer.serving(app, config -> config.app("/other", other).listener(seen));

        @Test
        @DisplayName("A11 keeps nobody else waiting")
        void a11AppWithExecutorThatBlocksForEverKeepsNobodyElseWaiting() {
            MemoryClient stuck = server.open("/app");
            for (int i = 0; i < 100; i++) {
                stuck.connection().arriveLater(ClientFrame.text("x").bytes());
            }
            server.run();
            assertThat(stuck.connection().isPaused()).isTrue();
            assertThat(server.open("/other").sendTexts("a", "b").texts()).containsExactly("a", "b");
        }

        @Test
        @DisplayName("A11 does not keep a client that has closed longer than the close deadline, and it is told why")
        void a11AppWithExecutorThatBlocksForEverDoesNotKeepClientThatHasClosedLongerThanCloseDeadlineAndItIsToldWhy() {
            MemoryClient client = server.open("/app");
            client.send(texts(0, 3));
            client.send(ClientFrame.close(1000));
            server.advance(Duration.ofSeconds(5));
            assertThat(client.frames()).isEmpty();
            server.advance(Duration.ofSeconds(1));
            assertThat(client.closeStatus()).isEqualTo(CloseStatus.NORMAL);
            assertThat(client.connection().isEnded()).isTrue();
            client.connection().end();
            server.assertNothingIsLeft();
            executor.runWith(server);
            assertThat(app.events()).containsExactly("open", "text 0", "text 1", "text 2", "close 1000");
        }

        @Test
        @DisplayName("A11 does not keep a client that has ended its side longer than the close deadline either")
        void a11AppWithExecutorThatBlocksForEverDoesNotKeepClientThatHasEndedItsSideLongerThanCloseDeadlineEither() {
            MemoryClient client = server.open("/app");
            client.send(texts(0, 3));
            client.connection().end();
            server.advance(Duration.ofSeconds(5));
            assertThat(client.connection().isClosed()).isFalse();
            server.advance(Duration.ofSeconds(1));
            server.assertNothingIsLeft();
            executor.runWith(server);
            assertThat(app.events()).hasSize(6).endsWith("close 1006");
        }

        @Test
        @DisplayName("A11 does not keep a shutdown longer than the close deadline")
        void a11AppWithExecutorThatBlocksForEverDoesNotKeepShutdownLongerThanCloseDeadline() {
            MemoryClient client = server.open("/app");
            for (int i = 0; i < 100; i++) {
                client.connection().arriveLater(ClientFrame.text("x").bytes());
            }
            server.run();
            server.shutDown();
            assertThat(client.closeStatus().code()).isEqualTo(1001);
            server.advance(Duration.ofSeconds(6));
            assertThat(client.connection().isClosed()).isTrue();
            server.assertNothingIsLeft();
        }

        @Test
        @DisplayName("A11 is not pinged to death with its client while the close frame waits")
        void noPingTimeoutWhileItWaits() {
            MemoryServer pinging = MemoryServer.serving(
                    app,
                    config -> config.listener(seen)
                            .timeouts(io.hexsocket.core.config.Timeouts.DEFAULT.ping(Duration.ofSeconds(1))));
            MemoryClient client = pinging.open("/app");
            client.send(texts(0, 3));
            client.send(ClientFrame.close(1000));
            pinging.advance(Duration.ofSeconds(4));
            executor.runWith(pinging);
            assertThat(client.closeStatus()).isEqualTo(CloseStatus.NORMAL);
            assertThat(app.events()).endsWith("close 1000").doesNotContain("error");
        }
    }
}
