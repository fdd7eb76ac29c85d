package io.hexsocket.docs;

import static io.hexsocket.core.testkit.assertj.HexsocketAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.core.Server;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.contract.WsClient;
import io.hexsocket.core.port.host.HttpAnswer;
import io.hexsocket.core.simulation.Line;
import io.hexsocket.core.simulation.Simulation;
import io.hexsocket.core.simulation.Talker;
import io.hexsocket.core.testkit.ManualExecutor;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryRequest;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.junit.HexsocketExtension;
import io.hexsocket.transport.nio.NioServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The code of docs/testing.md, between marks; {@link ExamplesPageTest} compares both. */
class TestingExamplesTest {

    // doc> extension
    @RegisterExtension
    final HexsocketExtension hexsocket = HexsocketExtension.serving("/shout", Shout::new)
            .over(NioServer::start); // or VertxServer::start; only for tests that have a Server

    @Test
    void shoutsInMemory(MemoryServer server) {
        MemoryClient client = server.open("/shout");
        client.sendTexts("one", "two");
        assertThat(client).receivesTexts("ONE", "TWO").isOpen();
    }

    @Test
    void shoutsOverASocket(Server server) {
        WsClient client = hexsocket.connect("/shout");
        client.send("one");
        assertThat(client).receivesText("ONE");
        assertThat(server.sessions()).isEqualTo(1);
    }

    @Test
    void sessionEndsWithWhatTheAppHasThrown(MemoryServer server) {
        MemoryClient client = server.open("/shout").sendTexts("");
        assertThat(client).isClosedWith(1011);
        assertThat(hexsocket.takeFailures()).hasSize(1); // not asked for, it would fail the test
    }
    // <doc

    private static final class Shout implements App {
        @Override
        public Listener onOpen(Session session) {
            return (from, message) -> {
                if (message.size() == 0) {
                    throw new IllegalArgumentException("there is nothing to shout");
                }
                from.send(message.text().toUpperCase(java.util.Locale.ROOT));
            };
        }
    }

    @Test
    void serverWithoutAnExtension() {
        // doc> memory
        MemoryServer server = MemoryServer.serving(session -> Session::send);
        MemoryClient client = server.open("/app");
        client.sendTexts("one", "two");
        assertThat(client).receivesTexts("one", "two");

        server.advance(Duration.ofMinutes(5));
        client.close();
        server.assertNothingIsLeft();
        // <doc
    }

    @Test
    void refusal() {
        // doc> refusal
        App app = App.of(session -> Session::send)
                .guardedBy(request -> request.cookie("token") != null
                        ? null
                        : Admission.reject(401, "Sign in first.").header("WWW-Authenticate", "Bearer"));
        MemoryServer server = MemoryServer.serving(app);

        assertThat(server.tryOpen("/app"))
                .isAnsweredWith(401)
                .hasHeader("WWW-Authenticate", "Bearer")
                .hasText("Sign in first.");
        assertThat(server.tryOpen("/app", "Cookie: token=t1")).isAccepted();
        // <doc
    }

    @Test
    void lateAdmission() {
        // doc> late admission
        CompletableFuture<Admission> answer = new CompletableFuture<>();
        MemoryServer server = MemoryServer.serving(new App() {
            @Override
            public Admission onRequest(OpeningRequest request) {
                return request.query("slow") == null ? Admission.accept() : Admission.later(answer);
            }

            @Override
            public Listener onOpen(Session session) {
                return Session::send;
            }
        });
        MemoryRequest request = server.tryOpen("/app?slow=1");
        assertThat(request).isPending();

        answer.complete(Admission.accept());
        server.run();
        assertThat(request).isAccepted();
        assertThat(request.client().sendTexts("hello")).receivesText("hello");
        // <doc

        assertThat(request.outcome()).isEqualTo(new MemoryRequest.Accepted(request.client()));
    }

    @Test
    void admissionThatNeverComes() {
        // doc> admission deadline
        MemoryServer server = MemoryServer.serving(
                App.of(session -> Session::send).guardedBy(request -> Admission.later(new CompletableFuture<>())));
        MemoryRequest request = server.tryOpen("/app");
        server.advance(Duration.ofSeconds(11)); // Timeouts.admission is 10 s
        assertThat(request).isAnsweredWith(503);
        // <doc
    }

    @Test
    void slowReader() {
        // doc> slow reader
        MemoryServer server = MemoryServer.serving(
                session -> {
                    session.subscribe("news");
                    return (from, message) -> {};
                },
                config -> config.limits(Limits.DEFAULT.queuedBytes(1024)));
        MemoryClient quick = server.open();
        MemoryClient slow = server.open().stopReading();

        String news = "n".repeat(700);
        for (int i = 0; i < 3; i++) {
            server.hub().topic("news").send(news);
            server.run();
        }

        assertThat(quick).receivesTexts(news, news, news).isOpen();
        assertThat(slow.readAgain()).isClosedWith(1008);
        // <doc
    }

    @Test
    void httpAnswer() {
        // doc> http answer
        MemoryServer server = MemoryServer.serving(
                session -> Session::send,
                config -> config.responder(request -> CompletableFuture.completedFuture(
                        request.path().equals("/health")
                                ? HttpAnswer.text(200, "up")
                                : HttpAnswer.text(404, "There is nothing at this path."))));

        assertThat(server.request("GET", "/health"))
                .isAnsweredWith(200)
                .hasHeader("Content-Type", "text/plain; charset=utf-8")
                .hasText("up");
        assertThat(server.request("GET", "/nothing")).isAnsweredWith(404);
        // <doc
    }

    @Test
    void executor() {
        // doc> executor
        ManualExecutor executor = new ManualExecutor();
        App app = App.of(session -> Session::send).with(AppOptions.DEFAULT.executor(executor));
        MemoryServer server = MemoryServer.serving(app);

        MemoryClient client = server.open();
        executor.runWith(server); // onOpen
        client.sendTexts("one");
        assertThat(client).receivesNothing();
        executor.runWith(server); // onMessage
        assertThat(client).receivesText("one");
        // <doc
    }

    @Test
    void session() {
        // doc> session
        RecordingApp app = new RecordingApp(App.of(session -> Session::send)
                .guardedBy(request -> Admission.accept(() -> "ada").attribute("tenant", 7)));
        MemoryServer server = MemoryServer.serving(app);
        MemoryClient client = server.open().sendTexts("hello").close();

        assertThat(app.session()).isClosed().hasPrincipal("ada").hasAttribute("tenant", 7);
        assertThat(app.events()).containsExactly("open", "text hello", "close 1000");
        assertThat(client).isClosedWith(1000);
        // <doc
    }

    @Test
    void simulation() {
        // doc> simulation
        Simulation world = new Simulation(7);
        world.serve(ServerConfig.at("ws://localhost")
                .app("/app", session -> Session::send)
                .build());
        Talker talker = new Talker(world.newRandom(), "/app", 20, 4, 500);
        world.connect(new Line(Duration.ofMillis(80), 50_000, 3, 4_000), talker);
        world.run(Duration.ofMinutes(1));
        assertThat(talker.isDone())
                .as("20 messages, 20 answers, one closing handshake")
                .isTrue();
        world.end();
        // <doc
    }
}
