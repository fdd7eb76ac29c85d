package io.hexsocket.core.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.Origins;
import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.UnknownPath;
import io.hexsocket.core.port.host.HttpAnswer;
import io.hexsocket.core.port.host.HttpResponder;
import io.hexsocket.core.port.transport.TlsFailure;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.Cuts;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryConnection;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.RecordingListener;
import io.hexsocket.core.testkit.ServerFrame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The opening of a connection")
class OpeningTest {

    private final RecordingListener seen = new RecordingListener();

    private MemoryServer serving(App app) {
        return MemoryServer.serving(app, config -> config.listener(seen));
    }

    private static int status(MemoryConnection connection) {
        String text = connection.receivedText();
        assertThat(text).startsWith("HTTP/1.1 ");
        assertThat(text.indexOf("HTTP/1.1", 1)).as("exactly one response").isNegative();
        return Integer.parseInt(text.substring(9, 12));
    }

    /** An echo app that asks this about each request. */
    private static class Asking implements App {

        private final Function<OpeningRequest, Admission> question;

        Asking(Function<OpeningRequest, Admission> question) {
            this.question = question;
        }

        @Override
        public Admission onRequest(OpeningRequest request) {
            return question.apply(request);
        }

        @Override
        public Listener onOpen(Session session) {
            return Session::send;
        }
    }

    @Nested
    @DisplayName("asks the app")
    class Admissions {

        private RecordingApp app;

        private MemoryConnection answering(Admission answer) {
            app = new RecordingApp(new Asking(request -> answer));
            return serving(app).connect().send(MemoryClient.request("/app"));
        }

        @Test
        @DisplayName("which lets the client in, as somebody")
        void openingOfConnectionAsksAppWhichLetsClientInAsSomebody() {
            Principal alice = () -> "alice";
            MemoryClient.after(answering(Admission.accept(alice)));
            assertThat(app.session().principal()).isSameAs(alice);
        }

        @Test
        @DisplayName("which lets the client in, as nobody")
        void openingOfConnectionAsksAppWhichLetsClientInAsNobody() {
            MemoryClient.after(answering(Admission.accept()));
            assertThat(app.session().principal()).isNull();
            assertThat(app.session().subprotocol()).isNull();
        }

        @Test
        @DisplayName("X4 which names the client as another client elsewhere is named, and the listener is told")
        void sharedIdent() {
            MemoryServer server =
                    serving(new Asking(request -> Admission.accept().ident(String.valueOf(request.header("Ident")))));
            MemoryClient.over(server.connect(server.loop(), "192.0.2.1"), "/app", "Ident: worker");
            MemoryClient.over(server.connect(server.loop(), "192.0.2.1"), "/app", "Ident: worker");
            MemoryClient.over(server.connect(server.loop(), "192.0.2.2"), "/app", "Ident: other");
            assertThat(seen.events()).noneMatch(event -> event.contains("ident"));
            MemoryClient.over(server.connect(server.loop(), "192.0.2.2"), "/app", "Ident: worker");
            assertThat(seen.events()).containsOnlyOnce("4 ident worker of 192.0.2.1");
        }

        @Test
        @DisplayName("which sees whom the certificate names, and need not say it again")
        void openingOfConnectionAsksAppWhichSeesWhomCertificateNamesAndNeedNotSayItAgain() {
            Principal ada = () -> "CN=ada";
            List<Principal> seenByApp = new ArrayList<>();
            app = new RecordingApp(new Asking(request -> {
                seenByApp.add(request.principal());
                return Admission.accept();
            }));
            MemoryClient.after(serving(app).connect().certified(ada).send(MemoryClient.request("/app")));
            assertThat(seenByApp).containsExactly(ada);
            assertThat(app.session().principal()).isSameAs(ada);
            assertThat(app.session().request().principal()).isSameAs(ada);
        }

        @Test
        @DisplayName("which does not take a proxy's certificate for the client's")
        void openingOfConnectionAsksAppWhichDoesNotTakeProxysCertificateForClients() {
            List<Principal> seenByApp = new ArrayList<>();
            app = new RecordingApp(new Asking(request -> {
                seenByApp.add(request.principal());
                return Admission.accept();
            }));
            MemoryServer server = MemoryServer.serving(app, config -> config.proxies(Proxies.trusting("127.0.0.1")));
            MemoryConnection proxy = server.connect().certified(() -> "CN=proxy");
            MemoryClient.over(proxy, "/app", "X-Forwarded-For: 198.51.100.1");
            assertThat(seenByApp).containsOnlyNulls().hasSize(1);
            assertThat(app.session().principal()).isNull();
        }

        @ParameterizedTest
        @ValueSource(strings = {"/app", "/app?room=1"})
        @DisplayName("which may need the headers in onOpen only: then they are forgotten, and everything else is kept")
        void openingOfConnectionAsksAppWhichMayNeedHeadersInOnOpenOnlyThenTheyAreForgottenAndEverythingElseIsKept(
                String target) {
            List<String> seenInOnOpen = new ArrayList<>();
            App forgetting = new Asking(request -> Admission.accept().withoutHeaders()) {
                @Override
                public Listener onOpen(Session session) {
                    seenInOnOpen.add(session.request().header("User-Agent"));
                    return super.onOpen(session);
                }
            };
            app = new RecordingApp(forgetting);
            serving(app).open(target, "User-Agent: a browser");
            OpeningRequest request = app.session().request();
            assertThat(seenInOnOpen).containsExactly("a browser");
            assertThat(request.path()).isEqualTo("/app");
            assertThat(request.rawQuery()).isEqualTo(target.equals("/app") ? null : "room=1");
            assertThat(request.pathParameters()).isEmpty();
            assertThat(request.remoteAddress().getAddress().isLoopbackAddress()).isTrue();
            assertThat(request.isRawTcp()).isFalse();
            assertThatIllegalStateException()
                    .isThrownBy(() -> request.header("User-Agent"))
                    .withMessageContaining("withoutHeaders()");
            assertThatIllegalStateException().isThrownBy(() -> request.cookie("id"));
            assertThatIllegalStateException().isThrownBy(request::subprotocols);
        }

        @Test
        @DisplayName("which keeps the headers for as long as the session lives if it says nothing")
        void openingOfConnectionAsksAppWhichKeepsHeadersForAsLongAsSessionLivesIfItSaysNothing() {
            app = new RecordingApp(new Asking(request -> Admission.accept()));
            MemoryClient client = serving(app).open("/app", "User-Agent: a browser");
            client.send(ClientFrame.text("hello"));
            assertThat(app.session().request().header("User-Agent")).isEqualTo("a browser");
        }

        @Test
        @DisplayName("whose word counts more than the certificate")
        void openingOfConnectionAsksAppWhoseWordCountsMoreThanCertificate() {
            Principal alice = () -> "alice";
            app = new RecordingApp(new Asking(request -> Admission.accept(alice)));
            MemoryClient.after(serving(app).connect().certified(() -> "CN=ada").send(MemoryClient.request("/app")));
            assertThat(app.session().principal()).isSameAs(alice);
        }

        @ParameterizedTest
        @ValueSource(ints = {400, 401, 403, 429, 503, 599})
        @DisplayName("which refuses it with a status, before the upgrade")
        void openingOfConnectionAsksAppWhichRefusesItWithStatusBeforeUpgrade(int status) {
            MemoryConnection client = answering(Admission.reject(status, "Not you."));
            assertThat(status(client)).isEqualTo(status);
            assertThat(client.receivedText()).endsWith("\r\n\r\nNot you.\n");
            assertThat(client.isEnded()).isTrue();
            assertThat(app.events()).isEmpty();
            client.end();
            assertThat(seen.events()).containsExactly("1 connect", "1 refused " + status, "1 disconnect");
        }

        @Test
        @DisplayName("which answers later, and the frames that came meanwhile are not lost")
        void openingOfConnectionAsksAppWhichAnswersLaterAndFramesThatCameMeanwhileAreNotLost() {
            CompletableFuture<Admission> answer = new CompletableFuture<>();
            app = new RecordingApp(new Asking(request -> Admission.later(answer)));
            MemoryServer server = serving(app);
            MemoryConnection connection = server.connect();
            connection.send(Cuts.join(List.of(
                    MemoryClient.request("/app"), ClientFrame.text("glued").bytes())));
            connection.arriveLater(ClientFrame.text("after").bytes());
            server.run();
            assertThat(connection.isPaused()).isTrue();
            assertThat(connection.received()).isEmpty();
            assertThat(app.events()).isEmpty();
            answer.complete(Admission.accept());
            server.run();
            assertThat(MemoryClient.after(connection).texts()).containsExactly("glued", "after");
            assertThat(app.events()).containsExactly("open", "text glued", "text after");
            connection.end();
            server.assertNothingIsLeft();
        }

        @Test
        @DisplayName("which refuses later")
        void openingOfConnectionAsksAppWhichRefusesLater() {
            CompletableFuture<Admission> answer = new CompletableFuture<>();
            MemoryConnection client = answering(Admission.later(answer));
            answer.complete(Admission.reject(403, "No."));
            client.loop().run();
            assertThat(status(client)).isEqualTo(403);
            assertThat(client.isEnded()).isTrue();
        }

        @Test
        @DisplayName("which answers at once by a stage that is complete already")
        void openingOfConnectionAsksAppWhichAnswersAtOnceByStageThatIsCompleteAlready() {
            MemoryConnection client = answering(Admission.later(CompletableFuture.completedFuture(Admission.accept())));
            client.send(ClientFrame.text("a").bytes());
            assertThat(MemoryClient.after(client).texts()).containsExactly("a");
        }

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        @DisplayName("R7 which has no memory left: that connection is broken, and the transport hears of the error")
        void r7OpeningOfConnectionAsksAppWhichHasNoMemoryLeftThatConnectionIsBrokenAndTransportHearsOfError(
                boolean raw) {
            OutOfMemoryError fatal = new OutOfMemoryError("for the test");
            App failing = new Asking(request -> {
                throw fatal;
            });
            MemoryServer server = serving(failing.with(AppOptions.DEFAULT.rawTcp(true)));
            MemoryConnection client = server.connect();
            byte[] hello = raw
                    ? "php process\nGET /app HTTP/1.1\n".getBytes(StandardCharsets.US_ASCII)
                    : MemoryClient.request("/app");
            assertThatThrownBy(() -> client.send(hello)).isSameAs(fatal);
            server.loop().turn(() -> {});
            assertThat(client.isAborted()).isTrue();
            assertThat(client.received()).isEmpty();
            server.assertNothingIsLeft();
        }

        @Test
        @DisplayName(
                "which fails, by a throw, a failed stage, null, or another later: 500, and the server's listener is told")
        void openingOfConnectionAsksAppWhichFailsByThrowFailedStageNullOrAnotherLater500AndServersListenerIsTold() {
            List<Admission> answers = new ArrayList<>();
            answers.add(null);
            answers.add(Admission.later(CompletableFuture.failedFuture(new IOException("no database"))));
            answers.add(Admission.later(CompletableFuture.completedFuture(null)));
            answers.add(Admission.later(CompletableFuture.completedFuture(
                    Admission.later(CompletableFuture.completedFuture(Admission.accept())))));
            for (Admission answer : answers) {
                MemoryConnection client = answering(answer);
                assertThat(status(client)).isEqualTo(500);
                assertThat(client.isEnded()).isTrue();
                assertThat(seen.newEvents()).anyMatch(event -> event.startsWith("1 admission error"));
            }
            RecordingApp throwing = new RecordingApp(new Asking(request -> {
                throw new StackOverflowError("thrown");
            }));
            MemoryConnection client = serving(throwing).connect().send(MemoryClient.request("/app"));
            assertThat(status(client)).isEqualTo(500);
            assertThat(seen.newEvents()).contains("1 admission error thrown");
            assertThat(throwing.events()).isEmpty();
        }

        @Test
        @DisplayName("which never answers: 503 at the deadline, and an answer after it is nothing")
        void openingOfConnectionAsksAppWhichNeverAnswers503AtDeadlineAndAnswerAfterItIsNothing() {
            CompletableFuture<Admission> answer = new CompletableFuture<>();
            MemoryConnection client = answering(Admission.later(answer));
            MemoryServer server = serving(app);
            client.loop().advance(Duration.ofSeconds(10));
            assertThat(client.received()).isEmpty();
            client.loop().advance(Duration.ofMillis(500));
            assertThat(status(client)).isEqualTo(503);
            answer.complete(Admission.accept());
            client.loop().run();
            assertThat(status(client)).isEqualTo(503);
            assertThat(app.events()).isEmpty();
            client.end();
            server.assertNothingIsLeft();
        }

        @Test
        @DisplayName("H29 which answers when the client is gone already")
        void h29OpeningOfConnectionAsksAppWhichAnswersWhenClientIsGoneAlready() {
            CompletableFuture<Admission> answer = new CompletableFuture<>();
            MemoryConnection client = answering(Admission.later(answer));
            client.lose(new IOException("reset"));
            answer.complete(Admission.accept());
            client.loop().run();
            assertThat(app.events()).isEmpty();
            assertThat(seen.events()).containsExactly("1 connect", "1 refused 0", "1 disconnect");
        }

        @Test
        @DisplayName("H29 which answers when the client has ended its side: the session opens and is closed in order")
        void h29OpeningOfConnectionAsksAppWhichAnswersWhenClientHasEndedItsSideSessionOpensAndIsClosedInOrder() {
            CompletableFuture<Admission> answer = new CompletableFuture<>();
            MemoryConnection client = answering(Admission.later(answer));
            client.endAtOnce();
            answer.complete(Admission.accept());
            client.loop().run();
            assertThat(app.events()).hasSize(3).startsWith("open").endsWith("close 1006");
            assertThat(client.isClosed()).isTrue();
        }

        @Test
        @DisplayName("which answers when the server has shut down: 503")
        void openingOfConnectionAsksAppWhichAnswersWhenServerHasShutDown503() {
            CompletableFuture<Admission> answer = new CompletableFuture<>();
            app = new RecordingApp(new Asking(request -> Admission.later(answer)));
            MemoryServer server = serving(app);
            MemoryConnection client = server.connect().send(MemoryClient.request("/app"));
            server.shutDown();
            assertThat(status(client)).isEqualTo(503);
            answer.complete(Admission.accept());
            server.run();
            assertThat(app.events()).isEmpty();
        }

        @Test
        @DisplayName("which sees path, parameters, query, headers, cookies and offers")
        void openingOfConnectionAsksAppWhichSeesPathParametersQueryHeadersCookiesAndOffers() {
            List<OpeningRequest> requests = new ArrayList<>();
            App asking = new Asking(request -> {
                requests.add(request);
                return Admission.accept();
            });
            MemoryServer server = new MemoryServer(ServerConfig.at("ws://localhost:0")
                    .eventLoops(1)
                    .app("/rooms/{room}/{seat}", asking)
                    .build());
            server.open(
                    "/rooms/caf%C3%A9/7?a=1&a=2&b=x%20y",
                    "Cookie: k=v; l=w", "X-One: 1", "x-one: 2", "Sec-WebSocket-Protocol: p, q");
            OpeningRequest request = requests.get(0);
            assertThat(request.path()).isEqualTo("/rooms/caf\u00e9/7");
            assertThat(request.pathParameters()).isEqualTo(Map.of("room", "caf\u00e9", "seat", "7"));
            assertThat(request.rawQuery()).isEqualTo("a=1&a=2&b=x%20y");
            assertThat(request.query("a")).isEqualTo("1");
            assertThat(request.query("b")).isEqualTo("x y");
            assertThat(request.query("c")).isNull();
            assertThat(request.headers("X-ONE")).containsExactly("1", "2");
            assertThat(request.cookie("l")).isEqualTo("w");
            assertThat(request.subprotocols()).containsExactly("p", "q");
            assertThat(request.remoteAddress().getAddress().getHostAddress()).isEqualTo("127.0.0.1");
            assertThat(request.isSecure()).isFalse();
            assertThat(request.isRawTcp()).isFalse();
        }
    }

    @Nested
    @DisplayName("chooses a subprotocol")
    class Subprotocols {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                nullValues = "null",
                value = {"b, a | a", "b | b", "c | null", "c, b | b", "A | null", "null | null"})
        @DisplayName("by the server's order, of what is offered, or none")
        void openingOfConnectionChoosesSubprotocolByServersOrderOfWhatIsOfferedOrNone(String offered, String expected) {
            RecordingApp app = new RecordingApp(RecordingApp.echo().with(AppOptions.DEFAULT.subprotocols("a", "b")));
            MemoryServer server = serving(app);
            MemoryClient client =
                    offered == null ? server.open() : server.open("/app", "Sec-WebSocket-Protocol: " + offered);
            assertThat(app.session().subprotocol()).isEqualTo(expected);
            if (expected == null) {
                assertThat(client.head()).doesNotContain("Sec-WebSocket-Protocol");
            } else {
                assertThat(client.head()).contains("\r\nSec-WebSocket-Protocol: " + expected + "\r\n");
            }
        }
    }

    @Nested
    @DisplayName("at a path without an app")
    class UnknownPaths {

        @ParameterizedTest
        @ValueSource(strings = {"/", "/none", "/app/", "/APP", "/app/x", "//app"})
        @DisplayName("ends with 404 before the upgrade")
        void openingOfConnectionAtPathWithoutAppEndsWith404BeforeUpgrade(String path) {
            MemoryConnection client = serving(RecordingApp.echo()).connect().send(MemoryClient.request(path));
            assertThat(status(client)).isEqualTo(404);
            assertThat(client.isEnded()).isTrue();
            client.end();
            assertThat(seen.events()).containsExactly("1 connect", "1 refused 404", "1 disconnect");
        }

        @Test
        @DisplayName(
                "ends after the upgrade with a packet and a close frame, if the configuration wants it as the PHP server did")
        void
                openingOfConnectionAtPathWithoutAppEndsAfterUpgradeWithPacketAndCloseFrameIfConfigurationWantsItAsPHPServerDid() {
            MemoryServer server = MemoryServer.serving(
                    RecordingApp.echo(),
                    config -> config.unknownPath(UnknownPath.CLOSE).listener(seen));
            MemoryConnection connection = server.connect();
            connection.send(Cuts.join(
                    List.of(MemoryClient.request("/none"), ClientFrame.text("x").bytes())));
            assertThat(MemoryClient.after(connection).wholeFrames())
                    .containsExactly(
                            ServerFrame.text("{\"opcode\":\"close\",\"error\":\"There is no app at this path.\"}"),
                            ServerFrame.close(1008, "There is no app at this path."));
            assertThat(connection.isEnded()).isTrue();
            connection.end();
            server.assertNothingIsLeft();
            assertThat(seen.events()).containsExactly("1 connect", "1 refused 101", "1 disconnect");
        }
    }

    @Nested
    @DisplayName("by plain HTTP")
    class PlainHttp {

        private static final String REQUEST = "GET /health?x=1 HTTP/1.1\r\nHost: example.org\r\n\r\n";

        private MemoryServer answering(CompletableFuture<HttpAnswer> answer) {
            return MemoryServer.serving(
                    RecordingApp.echo(), config -> config.listener(seen).responder(request -> answer));
        }

        @Test
        @DisplayName("is answered by the responder, and then ends")
        void openingOfConnectionByPlainHTTPIsAnsweredByResponderAndThenEnds() {
            MemoryServer server = answering(CompletableFuture.completedFuture(HttpAnswer.text(200, "fine")));
            MemoryConnection client = server.connect().send(REQUEST);
            assertThat(status(client)).isEqualTo(200);
            assertThat(client.receivedText()).endsWith("\r\n\r\nfine\n");
            assertThat(client.isEnded()).isTrue();
            client.end();
            server.assertNothingIsLeft();
            assertThat(seen.events()).containsExactly("1 connect", "1 http /health 200", "1 disconnect");
        }

        @Test
        @DisplayName("H15 is answered once, whatever else came in the same segment")
        void h15OpeningOfConnectionByPlainHTTPIsAnsweredOnceWhateverElseCameInSameSegment() {
            MemoryServer server = answering(CompletableFuture.completedFuture(HttpAnswer.text(200, "fine")));
            MemoryConnection client = server.connect().send(REQUEST + REQUEST + "GARBAGE");
            assertThat(status(client)).isEqualTo(200);
            MemoryConnection bad = server.connect()
                    .send("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 12\r\n\r\n"
                            + "GET /internal HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(status(bad)).isEqualTo(426);
            assertThat(bad.isEnded()).isTrue();
        }

        @Test
        @DisplayName("is answered later, even to a client that has ended its side")
        void openingOfConnectionByPlainHTTPIsAnsweredLaterEvenToClientThatHasEndedItsSide() {
            CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
            MemoryServer server = answering(answer);
            MemoryConnection client = server.connect().send(REQUEST).endAtOnce();
            assertThat(client.received()).isEmpty();
            answer.complete(HttpAnswer.text(200, "late"));
            server.run();
            assertThat(client.receivedText()).endsWith("late\n");
            server.assertNothingIsLeft();
        }

        @Test
        @DisplayName("is a 503 if the responder never answers, and a 500 if it fails")
        void openingOfConnectionByPlainHTTPIs503IfResponderNeverAnswersAnd500IfItFails() {
            CompletableFuture<HttpAnswer> never = new CompletableFuture<>();
            MemoryServer server = answering(never);
            MemoryConnection client = server.connect().send(REQUEST);
            server.advance(Duration.ofMillis(10_500));
            assertThat(status(client)).isEqualTo(503);
            never.complete(HttpAnswer.text(200, "late"));
            server.run();
            assertThat(status(client)).isEqualTo(503);

            assertThat(status(answering(CompletableFuture.failedFuture(new IOException("x")))
                            .connect()
                            .send(REQUEST)))
                    .isEqualTo(500);
            assertThat(status(answering(CompletableFuture.completedFuture(null))
                            .connect()
                            .send(REQUEST)))
                    .isEqualTo(500);
            MemoryServer throwing = MemoryServer.serving(
                    RecordingApp.echo(),
                    config -> config.listener(seen).responder(request -> {
                        throw new IllegalStateException("thrown");
                    }));
            assertThat(status(throwing.connect().send(REQUEST))).isEqualTo(500);
            assertThat(seen.events()).contains("1 admission error thrown");
        }

        private MemoryServer pages() {
            HttpResponder pages = new HttpResponder() {
                @Override
                public CompletableFuture<HttpAnswer> respond(OpeningRequest request) {
                    boolean known =
                            request.path().equals("/health") || request.path().equals("/job");
                    return CompletableFuture.completedFuture(
                            HttpAnswer.text(known ? 200 : 404, request.method() + " " + request.path()));
                }

                @Override
                public boolean acceptsPost(String path) {
                    return path.equals("/job");
                }
            };
            return MemoryServer.serving(
                    RecordingApp.echo(),
                    config -> config.listener(seen).responder(pages).app("/health", RecordingApp.echo()));
        }

        private MemoryConnection asked(String requestLine, String... headers) {
            String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
            return pages().connect().send(requestLine + "\r\nHost: example.org\r\n" + lines + "\r\n");
        }

        @ParameterizedTest
        @ValueSource(strings = {"HEAD /health HTTP/1.1", "HEAD /health HTTP/1.0"})
        @DisplayName("H12 N1 HEAD gets what GET gets without its content, of which it is told the length")
        void head(String requestLine) {
            MemoryConnection client = asked(requestLine);
            assertThat(status(client)).isEqualTo(200);
            assertThat(client.receivedText())
                    .contains("\r\nContent-Length: " + "HEAD /health\n".length() + "\r\n")
                    .endsWith("\r\n\r\n");
            assertThat(client.isEnded()).isTrue();
        }

        @ParameterizedTest
        @CsvSource({
            "HEAD /nothing HTTP/1.1, 404",
            "HEAD /app HTTP/1.1, 426",
            "HEAD / HTTP/2.0, 505",
            "HEAD /../ HTTP/1.1, 400",
            "HEAD /\u00E9 HTTP/1.1, 400"
        })
        @DisplayName("H12 HEAD that is refused gets no content either")
        void headRefused(String requestLine, int status) {
            MemoryConnection client = asked(requestLine);
            assertThat(status(client)).isEqualTo(status);
            assertThat(client.receivedText()).endsWith("\r\n\r\n");
        }

        @Test
        @DisplayName("H11 N1 GET by HTTP/1.0 is served, also without a Host")
        void http10() {
            MemoryConnection client = pages().connect().send("GET /health HTTP/1.0\r\n\r\n");
            assertThat(status(client)).isEqualTo(200);
            assertThat(client.receivedText()).endsWith("GET /health\n");
        }

        @Test
        @DisplayName("N2 for the path of an app for which there is no page is a 426 that says so")
        void pathOfAnApp() {
            MemoryConnection client = asked("GET /app HTTP/1.1");
            assertThat(status(client)).isEqualTo(426);
            assertThat(client.receivedText())
                    .contains("\r\nUpgrade: websocket\r\n")
                    .contains("\r\nConnection: close, Upgrade\r\n")
                    .contains("\r\nSec-WebSocket-Version: 13\r\n");
            assertThat(seen.events()).contains("1 http /app 426");
            assertThat(status(asked("GET /health HTTP/1.1")))
                    .as("a page where an app is, too")
                    .isEqualTo(200);
            assertThat(status(asked("GET /nothing HTTP/1.1"))).isEqualTo(404);
        }

        @Test
        @DisplayName("H12 POST without content reaches the responder where it asks for it, and gets 405 elsewhere")
        void post() {
            assertThat(asked("POST /job HTTP/1.1").receivedText()).endsWith("POST /job\n");
            assertThat(asked("POST /job HTTP/1.1", "Content-Length: 0").receivedText())
                    .endsWith("POST /job\n");
            assertThat(status(asked("POST /job HTTP/1.1", "Content-Length: 1"))).isEqualTo(400);
            MemoryConnection elsewhere = asked("POST /health HTTP/1.1");
            assertThat(status(elsewhere)).isEqualTo(405);
            assertThat(elsewhere.receivedText()).contains("\r\nAllow: GET, HEAD\r\n");
            assertThat(status(asked("POST /health HTTP/1.1", "Content-Length: 5")))
                    .isEqualTo(405);
        }

        @Test
        @DisplayName("is a 500 if the answer cannot be sent")
        void openingOfConnectionByPlainHTTPIs500IfAnswerCannotBeSent() {
            HttpAnswer answer = HttpAnswer.text(200, "x").header("X", "a\r\nSet-Cookie: b");
            MemoryConnection client = answering(CompletableFuture.completedFuture(answer))
                    .connect()
                    .send(REQUEST);
            assertThat(status(client)).isEqualTo(500);
            assertThat(client.receivedText()).doesNotContain("Set-Cookie");
        }
    }

    @Nested
    @DisplayName("has a deadline")
    class Deadline {

        @Test
        @DisplayName("H5 of five seconds: who says nothing is closed without a word")
        void h5OpeningOfConnectionHasDeadlineOfFiveSecondsWhoSaysNothingIsClosedWithoutWord() {
            MemoryServer server = serving(RecordingApp.echo());
            MemoryConnection client = server.connect();
            server.advance(Duration.ofSeconds(5));
            assertThat(client.isEnded()).isFalse();
            server.advance(Duration.ofMillis(500));
            assertThat(client.isEnded()).isTrue();
            assertThat(client.received()).isEmpty();
            server.advance(Duration.ofSeconds(1));
            server.assertNothingIsLeft();
            assertThat(seen.events()).containsExactly("1 connect", "1 refused 0", "1 disconnect");
        }

        @Test
        @DisplayName("H5 of five seconds in all: a byte a second does not extend it, and gets 408")
        void h5OpeningOfConnectionHasDeadlineOfFiveSecondsInAllByteSecondDoesNotExtendItAndGets408() {
            MemoryServer server = serving(RecordingApp.echo());
            MemoryConnection client = server.connect();
            for (byte[] piece : Cuts.every(1, MemoryClient.request("/app"))) {
                if (client.isEnded()) {
                    break;
                }
                client.send(piece);
                server.advance(Duration.ofSeconds(1));
            }
            assertThat(status(client)).isEqualTo(408);
            assertThat(client.isEnded()).isTrue();
        }

        @Test
        @DisplayName("H5 that ends with the opening handshake")
        void h5OpeningOfConnectionHasDeadlineThatEndsWithOpeningHandshake() {
            RecordingApp app = RecordingApp.echo();
            MemoryServer server = serving(app);
            server.open();
            server.advance(Duration.ofMinutes(10));
            assertThat(app.session().isOpen()).isTrue();
        }

        @Test
        @DisplayName("H29 and may be lost or ended before")
        void h29OpeningOfConnectionHasDeadlineAndMayBeLostOrEndedBefore() {
            MemoryServer server = serving(RecordingApp.echo());
            server.connect().lose(new IOException("reset"));
            server.connect().send("GET / HT").lose(null);
            server.connect().send("GET / HT").end();
            server.connect().end();
            server.assertNothingIsLeft();
            assertThat(seen.events())
                    .containsExactly(
                            "1 connect",
                            "1 refused 0",
                            "1 disconnect",
                            "2 connect",
                            "2 refused 0",
                            "2 disconnect",
                            "3 connect",
                            "3 refused 0",
                            "3 disconnect",
                            "4 connect",
                            "4 refused 0",
                            "4 disconnect");
        }

        @Test
        @DisplayName("T12 and may end before it began, in TLS")
        void t12OpeningOfConnectionHasDeadlineAndMayEndBeforeItBeganInTLS() {
            MemoryServer server = serving(RecordingApp.echo());
            server.connect().lose(new TlsFailure("no cipher in common"));
            assertThat(seen.events()).containsExactly("1 connect", "1 no TLS: no cipher in common", "1 disconnect");
            server.assertNothingIsLeft();
        }
    }

    @Nested
    @DisplayName("is counted")
    class Counts {

        private MemoryServer limited(int all, int perAddress) {
            return MemoryServer.serving(
                    RecordingApp.echo(),
                    config -> config.listener(seen)
                            .limits(Limits.DEFAULT.connections(all).connectionsPerAddress(perAddress)));
        }

        @Test
        @DisplayName("R2 from accept: one too many gets 503, though the others are still in their handshake")
        void r2OpeningOfConnectionIsCountedFromAcceptOneTooManyGets503ThoughOthersAreStillInTheirHandshake() {
            MemoryServer server = limited(3, 0);
            List<MemoryConnection> clients = List.of(server.connect(), server.connect(), server.connect());
            MemoryConnection fourth = server.connect();
            assertThat(status(fourth)).isEqualTo(503);
            assertThat(fourth.isEnded()).isTrue();
            fourth.end();
            MemoryClient.over(clients.get(0), "/app").close();
            clients.get(1).end();
            assertThat(server.core().connections()).isEqualTo(1);
            server.open();
            server.open();
            assertThat(status(server.connect())).isEqualTo(503);
        }

        @Test
        @DisplayName("R2 one too many gets 503 though its whole handshake came with it")
        void r2OpeningOfConnectionIsCountedOneTooManyGets503ThoughItsWholeHandshakeCameWithIt() {
            MemoryServer server = limited(1, 0);
            server.connect();
            MemoryConnection second = server.connectWith(Cuts.join(
                    List.of(MemoryClient.request("/app"), ClientFrame.text("x").bytes())));
            assertThat(status(second)).isEqualTo(503);
            second.end();
            assertThat(server.core().sessions()).isZero();
        }

        @Test
        @DisplayName(
                "R2 R3 one too many by raw TCP gets a packet that says so, and the others on that port an HTTP answer")
        void oneTooManyByRawTcp() {
            App raw = RecordingApp.echo().with(AppOptions.DEFAULT.rawTcp(true));
            String hello = "php process\nGET /app HTTP/1.1\n";
            String packet = "{\"opcode\":\"close\",\"error\":\"The server has as many connections as it takes.\"}";
            MemoryServer server = MemoryServer.serving(
                    raw,
                    config -> config.listener(seen)
                            .limits(Limits.DEFAULT.connections(1).connectionsPerAddress(0)));
            server.connect();
            MemoryConnection whole = server.connect().send(hello + "{}");
            assertThat(whole.receivedText()).isEqualTo(packet);
            assertThat(whole.isEnded()).isTrue();
            MemoryConnection inPieces = server.connect();
            for (byte[] piece : Cuts.every(1, hello.getBytes(StandardCharsets.US_ASCII))) {
                assertThat(inPieces.received()).isEmpty();
                inPieces.send(piece);
            }
            assertThat(inPieces.receivedText()).isEqualTo(packet);
            assertThat(status(server.connect().send("GET"))).isEqualTo(503);
            assertThat(status(server.connect().send("php procession\r\n"))).isEqualTo(503);
            MemoryConnection silent = server.connect();
            server.advance(Duration.ofSeconds(1));
            assertThat(status(silent)).isEqualTo(503);
            assertThat(status(server.connect(server.loop(), "192.0.2.1")))
                    .as("who may not come by raw TCP")
                    .isEqualTo(503);
            assertThat(seen.events()).contains("2 refused 503", "3 refused 503");

            MemoryServer perAddress = MemoryServer.serving(
                    raw, config -> config.limits(Limits.DEFAULT.connections(9).connectionsPerAddress(1)));
            perAddress.connect();
            assertThat(perAddress.connect().send(hello).receivedText())
                    .startsWith("{\"opcode\":\"close\",\"error\":\"There are as many connections from this address");
        }

        @Test
        @DisplayName("R2 far too many are closed without an answer, so that they cost no more than that")
        void r2OpeningOfConnectionIsCountedFarTooManyAreClosedWithoutAnswerSoThatTheyCostNoMoreThanThat() {
            MemoryServer server = limited(1, 0);
            server.connect();
            // those that are answered linger until they are closed, and count
            List<MemoryConnection> refused = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                refused.add(server.connect());
            }
            assertThat(refused.stream().filter(one -> one.received().length > 0))
                    .hasSize(16);
            assertThat(refused.stream().filter(MemoryConnection::isAborted)).hasSize(24);
            assertThat(server.core().connections()).isEqualTo(17);
            server.advance(Duration.ofSeconds(2));
            assertThat(server.core().connections()).isEqualTo(1);
        }

        @Test
        @DisplayName("R3 by IPv4 address and by IPv6 /64 network, and comes back to zero by every way out")
        void r3OpeningOfConnectionIsCountedByIPv4AddressAndByIPv664NetworkAndComesBackToZeroByEveryWayOut() {
            MemoryServer server = limited(100, 2);
            MemoryConnection first = server.connect(server.loop(), "192.0.2.1");
            MemoryConnection second = server.connect(server.loop(), "192.0.2.1");
            assertThat(status(server.connect(server.loop(), "192.0.2.1"))).isEqualTo(503);
            assertThat(status(server.connect(server.loop(), "::ffff:192.0.2.1")))
                    .isEqualTo(503);
            assertThat(server.connect(server.loop(), "192.0.2.2").isEnded()).isFalse();
            server.connect(server.loop(), "2001:db8:1:2::1");
            server.connect(server.loop(), "2001:db8:1:2:ffff::1");
            assertThat(status(server.connect(server.loop(), "2001:db8:1:2::3"))).isEqualTo(503);
            assertThat(server.connect(server.loop(), "2001:db8:1:3::1").isEnded())
                    .isFalse();
            first.lose(new IOException("reset"));
            MemoryClient.over(second, "/app").close();
            // who was refused counts as well, as long as it lingers
            server.advance(Duration.ofSeconds(2));
            assertThat(server.connect(server.loop(), "192.0.2.1").isEnded()).isFalse();
            server.advance(Duration.ofSeconds(10));
            server.assertNothingIsLeft();
            for (int i = 0; i < 2; i++) {
                assertThat(server.connect(server.loop(), "192.0.2.1").isEnded()).isFalse();
                assertThat(server.connect(server.loop(), "2001:db8:1:2::3").isEnded())
                        .isFalse();
            }
        }

        @Test
        @DisplayName("R3 behind a proxy by the clients that its headers name")
        void perAddressBehindAProxy() {
            MemoryServer server = MemoryServer.serving(
                    RecordingApp.silent(),
                    config -> config.limits(Limits.DEFAULT.connections(100).connectionsPerAddress(2))
                            .proxies(Proxies.trusting("192.0.2.9")));
            List<MemoryClient> clients = new ArrayList<>();
            for (int host = 1; host <= 3; host++) {
                String header = "X-Forwarded-For: 198.51.100." + host;
                clients.add(MemoryClient.over(server.connect(server.loop(), "192.0.2.9"), "/app", header));
                clients.add(MemoryClient.over(server.connect(server.loop(), "192.0.2.9"), "/app", header));
                MemoryConnection third = server.connect(server.loop(), "192.0.2.9");
                assertThat(status(third.send(MemoryClient.request("/app", header))))
                        .isEqualTo(503);
            }
            clients.forEach(MemoryClient::close);
            server.advance(Duration.ofSeconds(10));
            server.assertNothingIsLeft();
            MemoryClient.over(server.connect(server.loop(), "198.51.100.1"), "/app");
            MemoryClient.over(server.connect(server.loop(), "198.51.100.1"), "/app");
        }
    }

    @Nested
    @DisplayName("O1 after the server has shut down")
    class ShutDown {

        @Test
        @DisplayName("O1 ends with 503, whether it had begun before or comes later")
        void o1OpeningOfConnectionAfterServerHasShutDownEndsWith503WhetherItHadBegunBeforeOrComesLater() {
            RecordingApp app = RecordingApp.echo();
            MemoryServer server = serving(app);
            MemoryConnection silent = server.connect();
            MemoryConnection half = server.connect().send("GET /app HT");
            MemoryClient session = server.open();
            server.shutDown();
            assertThat(status(silent)).isEqualTo(503);
            assertThat(status(half)).isEqualTo(503);
            assertThat(session.closeStatus().code()).isEqualTo(1001);
            MemoryConnection late = server.connect().send(MemoryClient.request("/app"));
            assertThat(status(late)).isEqualTo(503);
            MemoryConnection raw = server.connect().send("php process\nGET /app HTTP/1.1\n");
            assertThat(raw.isEnded()).isTrue();
            assertThat(app.events()).containsExactly("open");
            server.advance(Duration.ofSeconds(6));
            server.assertNothingIsLeft();
            assertThat(app.events()).hasSize(3).endsWith("close 1001 the server is shutting down");
        }

        @Test
        @DisplayName("O1 sends what was queued before the close frame, and ends in time though some do not read")
        void o1ServerThatHasShutDownSendsWhatWasQueuedBeforeItsCloseFrameAndEndsInTimeThoughSomeClientsDoNotRead() {
            RecordingApp app = RecordingApp.echo();
            MemoryServer server = serving(app);
            List<MemoryClient> reading = new ArrayList<>();
            List<MemoryClient> stuck = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                reading.add(server.open());
                stuck.add(server.open());
            }
            stuck.forEach(client -> client.connection().accept(0));
            server.loop().turn(() -> app.session(0).hub().everyone().send("x".repeat(1000)));
            server.run();
            app.session(0).hub().everyone().send("posted");
            server.shutDown();
            reading.forEach(client -> {
                assertThat(client.frames()).hasSize(3);
                assertThat(client.closeStatus().code()).isEqualTo(1001);
                client.close();
            });
            assertThat(server.core().connections()).isEqualTo(20);
            server.advance(Duration.ofSeconds(6));
            server.assertNothingIsLeft();
            app.assertOrderly();
        }
    }

    @Test
    @DisplayName("H1 goes on with the frames behind the head, wherever the segments are cut")
    void h1OpeningOfConnectionGoesOnWithFramesBehindHeadWhereverSegmentsAreCut() {
        byte[] stream = Cuts.join(List.of(
                MemoryClient.request("/app"),
                ClientFrame.text("a").bytes(),
                ClientFrame.text("b").bytes()));
        for (int cut = 1; cut < stream.length; cut++) {
            RecordingApp app = RecordingApp.echo();
            MemoryConnection connection = serving(app).connect().send(Cuts.at(cut, stream));
            assertThat(MemoryClient.after(connection).texts())
                    .as("cut at %d", cut)
                    .containsExactly("a", "b");
        }
    }

    @Test
    @DisplayName("H17 with an origin that is not on the list ends with 403, before the app is asked")
    void h17OpeningOfConnectionWithOriginThatIsNotOnListEndsWith403BeforeAppIsAsked() {
        RecordingApp app = new RecordingApp(new Asking(request -> {
            throw new IllegalStateException("asked");
        }));
        MemoryServer server = MemoryServer.serving(
                app,
                config -> config.allowedOrigins(List.of("https://ok.example")).listener(seen));
        assertThat(status(server.connect().send(MemoryClient.request("/app", "Origin: https://evil.example"))))
                .isEqualTo(403);
        assertThat(status(server.connect().send(MemoryClient.request("/app", "Origin: https://ok.example"))))
                .isEqualTo(500);
    }

    @Test
    @DisplayName(
            "X6 by a page of another origin ends with 403 unless the server says otherwise; its own and programs get in")
    void sameOriginByDefault() {
        MemoryServer server = serving(RecordingApp.echo());
        assertThat(status(server.connect().send(MemoryClient.request("/app", "Origin: https://evil.example"))))
                .isEqualTo(403);
        assertThat(seen.events()).contains("1 refused 403");
        String own = new String(MemoryClient.request("/app"), StandardCharsets.US_ASCII)
                .lines()
                .filter(line -> line.startsWith("Host: "))
                .findFirst()
                .orElseThrow()
                .substring("Host: ".length());
        server.open("/app", "Origin: http://" + own);
        server.open("/app");
        MemoryServer open = MemoryServer.serving(RecordingApp.echo(), config -> config.allowedOrigins(Origins.any()));
        open.open("/app", "Origin: https://evil.example");
    }

    @Test
    @DisplayName("X6 by a page that a trusted proxy says has come by https is compared with that")
    void sameOriginBehindAProxy() {
        MemoryServer server = MemoryServer.serving(
                RecordingApp.echo(), config -> config.listener(seen).proxies(Proxies.trusting("192.0.2.9")));
        String[] headers = {"Origin: https://example.org", "X-Forwarded-For: 198.51.100.1", "X-Forwarded-Proto: https"};
        String request = "GET /app HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                + String.join("\r\n", headers) + "\r\n\r\n";
        assertThat(status(server.connect(server.loop(), "192.0.2.9").send(request)))
                .isEqualTo(101);
        assertThat(status(server.connect(server.loop(), "198.51.100.7").send(request)))
                .as("the same from who is no proxy")
                .isEqualTo(403);
    }

    @Test
    @DisplayName("of an app that opens no listener is closed with 1011")
    void openingOfConnectionOfAppThatOpensNoListenerIsClosedWith1011() {
        MemoryServer server = serving(session -> null);
        MemoryClient client = server.open();
        assertThat(client.closeStatus().code()).isEqualTo(1011);
        client.connection().end();
        server.assertNothingIsLeft();
    }

    @Test
    @DisplayName("B6 by an HTTP POST that hides a raw hello is one refusal, and the rest is thrown away")
    void b6OpeningOfConnectionByHTTPPOSTThatHidesRawHelloIsOneRefusalAndRestIsThrownAway() {
        RecordingApp app = new RecordingApp(RecordingApp.echo().with(AppOptions.DEFAULT.rawTcp(true)));
        MemoryConnection client = serving(app)
                .connect()
                .send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n\r\n"
                        + "php process\nGET /app HTTP/1.1\n{\"opcode\":\"broadcast\"}");
        assertThat(status(client)).isEqualTo(405);
        assertThat(client.receivedText()).contains("\r\nAllow: GET, HEAD\r\n");
        assertThat(client.isEnded()).isTrue();
        assertThat(app.events()).isEmpty();
    }

    @Test
    @DisplayName("by a raw client that the app refuses ends with a packet that says why, whatever the app's words are")
    void openingOfConnectionByRawClientThatAppRefusesEndsWithPacketThatSaysWhyWhateverAppsWordsAre() {
        App refusing = new Asking(request -> Admission.reject(403, "a \"b\" \\ c\nd\te\u0001\u000F\u0010\u001F \u20AC"))
                .with(AppOptions.DEFAULT.rawTcp(true));
        MemoryConnection client = serving(refusing).connect().send("php process\nGET /app HTTP/1.1\n{}");
        assertThat(client.receivedText())
                .isEqualTo(
                        "{\"opcode\":\"close\",\"error\":\"a \\\"b\\\" \\\\ c\\u000ad\\u0009e\\u0001\\u000f\\u0010\\u001f \u20AC\"}");
        assertThat(client.isEnded()).isTrue();
    }

    @Test
    @DisplayName(
            "by a raw client that does not finish its hello, or comes too late, ends with a packet, and with nothing for a stranger")
    void unfinishedHello() {
        App raw = RecordingApp.echo().with(AppOptions.DEFAULT.rawTcp(true));
        MemoryServer server = serving(raw);
        MemoryConnection slow = server.connect().send("php process\nGET /app");
        MemoryConnection stranger = server.connect(server.loop(), "192.0.2.1").send("php process\nGET /app");
        server.advance(Duration.ofMillis(5500));
        assertThat(slow.receivedText()).isEqualTo("{\"opcode\":\"close\",\"error\":\"The request took too long.\"}");
        assertThat(stranger.received()).isEmpty();
        MemoryConnection noApp = server.connect().send("php process\nGET /other HTTP/1.1\n");
        assertThat(noApp.receivedText()).startsWith("{\"opcode\":\"close\",\"error\":\"There is no app");
        assertThat(seen.events()).contains("1 refused 408", "2 refused 0", "3 refused 404");
    }

    @Test
    @DisplayName("F15 by a TLS ClientHello is closed without a word")
    void f15OpeningOfConnectionByTLSClientHelloIsClosedWithoutWord() {
        MemoryConnection client = serving(RecordingApp.echo())
                .connect()
                .send(new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, (byte) 0xFC, 0x03, 0x03});
        assertThat(new String(client.received(), StandardCharsets.ISO_8859_1)).isEmpty();
        assertThat(client.isEnded()).isTrue();
    }
}
