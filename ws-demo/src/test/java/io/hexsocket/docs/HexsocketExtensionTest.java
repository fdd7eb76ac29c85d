package io.hexsocket.docs;

import static io.hexsocket.core.testkit.assertj.HexsocketAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.hexsocket.apps.App;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Session;
import io.hexsocket.core.Server;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.junit.HexsocketExtension;
import io.hexsocket.transport.nio.NioServer;
import io.hexsocket.transport.vertx.VertxServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** The extension of the test kit, by tests that JUnit runs within this one. */
class HexsocketExtensionTest {

    private static final List<String> STOPPED = new ArrayList<>();
    private static Server last;

    @ParameterizedTest
    @ValueSource(strings = {"inMemory", "overNio"})
    void testFailsWhoseAppHasThrown(String test) {
        assertThat(run(OfAppsThatThrow.class, test))
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .isInstanceOf(AssertionError.class)
                        .hasMessageContaining("an app has thrown")
                        .hasRootCauseMessage("thrown by the app"));
    }

    @Test
    void testPassesThatHasAskedForWhatTheAppHasThrown() {
        assertThat(run(OfAppsThatThrow.class, "asked")).isEmpty();
    }

    @Test
    void failureOfTheTestIsNotHiddenByThatOfTheApp() {
        assertThat(run(OfAppsThatThrow.class, "bothFail"))
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .hasMessage("the test's own")
                        .hasSuppressedException(failure.getSuppressed()[0])
                        .satisfies(
                                own -> assertThat(own.getSuppressed()[0]).hasMessageContaining("an app has thrown")));
    }

    @Test
    void testWithoutATransportSaysHowToNameOne() {
        assertThat(run(WithoutTransport.class, "wantsAServer"))
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasStackTraceContaining(".over(NioServer::start)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"overNio", "overVertx"})
    void serverEndsWithItsTestAndSoDoItsApps(String test) {
        STOPPED.clear();
        Class<?> tests = test.equals("overNio") ? OverNio.class : OverVertx.class;
        assertThat(run(tests, "echoes", "io.hexsocket.core.Server, io.hexsocket.core.testkit.MemoryServer"))
                .isEmpty();
        assertThat(STOPPED).as("one server in memory, one over sockets").hasSize(2);
        assertThat(last.connections()).isZero();
        assertThat(last.shutdown().toCompletableFuture()).isDone();
    }

    private static List<Throwable> run(Class<?> tests, String method) {
        String parameter = method.equals("overNio") || method.equals("wantsAServer")
                ? "io.hexsocket.core.Server"
                : "io.hexsocket.core.testkit.MemoryServer";
        return run(tests, method, parameter);
    }

    private static List<Throwable> run(Class<?> tests, String method, String parameters) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectMethod(tests.getName(), method, parameters))
                                .build(),
                        summary);
        assertThat(summary.getSummary().getTestsStartedCount()).isEqualTo(1);
        return summary.getSummary().getFailures().stream()
                .map(failure -> failure.getException())
                .toList();
    }

    private static final class Echo implements App {
        @Override
        public Listener onOpen(Session session) {
            return Session::send;
        }

        @Override
        public void onStop() {
            STOPPED.add("echo");
        }
    }

    /** Surefire takes no class that is nested for one of tests. */
    static final class OfAppsThatThrow {

        @RegisterExtension
        final HexsocketExtension hexsocket = HexsocketExtension.serving(
                        "/app",
                        () -> session -> (from, message) -> {
                            throw new IllegalStateException("thrown by the app");
                        })
                .over(NioServer::start);

        @Test
        void inMemory(MemoryServer server) {
            assertThat(server.open().sendTexts("hello")).isClosedWith(1011);
        }

        @Test
        void overNio(Server server) {
            var client = hexsocket.connect("/app");
            client.send("hello");
            assertThat(client).isClosedWith(1011);
        }

        @Test
        void asked(MemoryServer server) {
            assertThat(server.open().sendTexts("hello")).isClosedWith(1011);
            assertThat(hexsocket.takeFailures()).hasSize(1);
        }

        @Test
        void bothFail(MemoryServer server) {
            server.open().sendTexts("hello");
            throw new AssertionError("the test's own");
        }
    }

    static final class WithoutTransport {

        @RegisterExtension
        final HexsocketExtension hexsocket = HexsocketExtension.serving("/app", Echo::new);

        @Test
        void wantsAServer(Server server) {}
    }

    static final class OverNio {

        @RegisterExtension
        final HexsocketExtension hexsocket =
                HexsocketExtension.serving("/app", Echo::new).over(NioServer::start);

        @Test
        void echoes(Server server, MemoryServer memory) {
            check(hexsocket, server, memory);
        }
    }

    static final class OverVertx {

        @RegisterExtension
        final HexsocketExtension hexsocket =
                HexsocketExtension.serving("/app", Echo::new).over(VertxServer::start);

        @Test
        void echoes(Server server, MemoryServer memory) {
            check(hexsocket, server, memory);
        }
    }

    private static void check(HexsocketExtension hexsocket, Server server, MemoryServer memory) {
        last = server;
        assertThat(memory.open().sendTexts("one")).receivesText("one");
        var client = hexsocket.connect("/app");
        client.send("two");
        assertThat(client).receivesText("two");
    }
}
