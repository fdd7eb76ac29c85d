package io.hexsocket.demo;

import static io.hexsocket.demo.access.TestTokens.claims;
import static io.hexsocket.demo.access.TestTokens.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.hexsocket.apps.json.JsonApp;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.demo.access.GatedApp;
import io.hexsocket.demo.access.TestTokens;
import io.hexsocket.demo.access.TokenGate;
import io.hexsocket.demo.access.TokenOpcodes;
import io.hexsocket.demo.access.TokenRules;
import io.hexsocket.demo.access.TokenSource;
import io.hexsocket.demo.access.TokenVerifier;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Who comes in, by tokens and by addresses, as clients see it. */
@Timeout(60)
class EntranceTest {

    @TempDir
    private Path folder;

    static List<String> transports() {
        return RunningDemo.transports().toList();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void tokenIsNeededAndTakenFromWhereItIsSaid(String transport) throws Exception {
        try (RunningDemo demo =
                RunningDemo.start(transport, keys(), "jwt.from=header,subprotocol,cookie:token,query:access_token")) {
            String uri = demo.uri("ws") + "/echo";
            TestSocket.Refusal missing = TestSocket.refused(uri);
            assertThat(missing.status()).isEqualTo(401);
            assertThat(missing.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            TestSocket.Refusal wrong = TestSocket.refused(uri, "Authorization", "Bearer " + signed(claims("ada", -60)));
            assertThat(wrong.status()).isEqualTo(401);
            assertThat(wrong.headers().firstValue("WWW-Authenticate")).contains("Bearer error=\"invalid_token\"");

            String token = signed(claims("ada", 60));
            assertEchoes(TestSocket.open(uri, "Authorization", "bearer " + token));
            assertEchoes(TestSocket.open(uri, "Cookie", "a=b; token=" + token));
            assertEchoes(TestSocket.open(uri + "?access_token=" + token));
            try (TestSocket socket = TestSocket.open(uri, List.of("bearer." + token, "hexsocket"))) {
                assertThat(socket.subprotocol()).isEqualTo("hexsocket");
            }
            assertThat(TestSocket.refused(uri, "Authorization", "Basic " + token)
                            .status())
                    .isEqualTo(401);
        }
    }

    @Test
    void pathsThatNeedNoTokenAreOpenAndTheAppIsAskedBehindTheGate() throws Exception {
        try (RunningDemo demo = RunningDemo.start("nio", keys(), "jwt.paths=/chat/{room}, /web")) {
            assertEchoes(TestSocket.open(demo.uri("ws") + "/echo"));
            assertThat(TestSocket.refused(demo.uri("ws") + "/web").status()).isEqualTo(401);
            assertThat(TestSocket.refused(demo.uri("ws") + "/chat/-").status()).isEqualTo(401);
            String token = signed(claims("ada", 60));
            // the room has a name that the app refuses
            assertThat(TestSocket.refused(demo.uri("ws") + "/chat/-", "Authorization", "Bearer " + token)
                            .status())
                    .isEqualTo(400);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void sessionEndsWith4401WhenItsTokenDoes(String transport) throws Exception {
        try (RunningDemo demo = RunningDemo.start(transport, keys());
                TestSocket socket = TestSocket.open(
                        demo.uri("ws") + "/echo", "Authorization", "Bearer " + signed(claims("ada", 1)))) {
            assertThat(socket.closed()).isEqualTo(4401);
        }
    }

    @Test
    void tokenIsRenewedInTheDialogueByItsOwnerAlone() throws Exception {
        try (RunningDemo demo = RunningDemo.start("nio", keys())) {
            try (TestSocket socket = ready(demo, claims("ada", 60))) {
                socket.send("{\"opcode\":\"token\",\"token\":\"no.such.token\"}");
                assertThat(socket.next()).isEqualTo("{\"opcode\":\"next\"}");
                assertThat(socket.next()).isEqualTo("{\"opcode\":\"token\",\"error\":\"The token is not valid.\"}");
                socket.send("{\"opcode\":\"token\"}");
                assertThat(socket.next()).isEqualTo("{\"opcode\":\"next\"}");
                assertThat(socket.next()).isEqualTo("{\"opcode\":\"token\",\"error\":\"There is no token.\"}");
                socket.send("{\"opcode\":\"token\",\"token\":\"" + signed(claims("ada", 1)) + "\"}");
                assertThat(socket.next()).isEqualTo("{\"opcode\":\"next\"}");
                assertThat(socket.next()).startsWith("{\"opcode\":\"token\",\"expiresIn\":");
                // by the end of the new one, which is nearer
                assertThat(socket.closed()).isEqualTo(4401);
            }
            try (TestSocket socket = ready(demo, claims("ada", 60))) {
                socket.send("{\"opcode\":\"token\",\"token\":\"" + signed(claims("eve", 60)) + "\"}");
                assertThat(socket.closed()).isEqualTo(1008);
            }
        }
    }

    @Test
    void topicsAreJoinedAsTheTokenAllowsAndLeftWhenARenewedOneDoesNot() throws Exception {
        TokenGate gate = new TokenGate(
                TokenVerifier.ofFile(
                        new TokenRules(TokenRules.ALGORITHMS, null, null, null, "topics"),
                        TestTokens.secretFile(folder)),
                List.of(new TokenSource.Header()));
        ServerConfig config = ServerConfig.at("ws://127.0.0.1:0")
                .app(
                        "/web",
                        new GatedApp(JsonApp.builder().on(TokenOpcodes.of(gate)).build(), gate))
                .app(
                        "/size",
                        session -> (from, message) -> from.send(Integer.toString(
                                from.hub().topic(message.text()).localSize())))
                .build();
        JwtClaims claims = claims("ada", 60);
        claims.setStringListClaim("topics", "news", "room-*", "*");
        try (gate;
                RunningDemo demo = RunningDemo.start("nio", config);
                TestSocket sizes = TestSocket.open(demo.uri("ws") + "/size");
                TestSocket socket = ready(demo, claims)) {
            assertAnswered(
                    socket, "{\"opcode\":\"join\",\"topic\":\"news\"}", "{\"opcode\":\"join\",\"topic\":\"news\"}");
            assertAnswered(
                    socket, "{\"opcode\":\"join\",\"topic\":\"room-1\"}", "{\"opcode\":\"join\",\"topic\":\"room-1\"}");
            assertThat(size(sizes, "news")).isEqualTo("1");
            assertAnswered(
                    socket,
                    "{\"opcode\":\"join\",\"topic\":\"" + JsonApp.BROWSERS + "\"}",
                    "{\"opcode\":\"join\",\"topic\":\"" + JsonApp.BROWSERS
                            + "\",\"error\":\"The token does not allow it.\"}");
            assertAnswered(
                    socket,
                    "{\"opcode\":\"leave\",\"topic\":\"" + JsonApp.BROWSERS + "\"}",
                    "{\"opcode\":\"leave\",\"error\":\"You are not in this topic.\"}");
            for (String bad : List.of("", "\\ud800", "x".repeat(201))) {
                socket.send("{\"opcode\":\"join\",\"topic\":\"" + bad + "\"}");
                assertThat(socket.next()).isEqualTo("{\"opcode\":\"next\"}");
                assertThat(socket.next()).startsWith("{\"opcode\":\"join\",\"error\":");
            }
            JwtClaims fewer = claims("ada", 60);
            fewer.setStringListClaim("topics", "room-1");
            socket.send("{\"opcode\":\"token\",\"token\":\"" + signed(fewer) + "\"}");
            assertThat(socket.next()).isEqualTo("{\"opcode\":\"next\"}");
            assertThat(socket.next()).contains("expiresIn");
            assertThat(size(sizes, "news")).isEqualTo("0");
            assertThat(size(sizes, "room-1")).isEqualTo("1");
            assertAnswered(
                    socket,
                    "{\"opcode\":\"join\",\"topic\":\"news\"}",
                    "{\"opcode\":\"join\",\"topic\":\"news\",\"error\":\"The token does not allow it.\"}");
            assertAnswered(
                    socket,
                    "{\"opcode\":\"leave\",\"topic\":\"room-1\"}",
                    "{\"opcode\":\"leave\",\"topic\":\"room-1\"}");
            assertThat(size(sizes, "room-1")).isEqualTo("0");
        }
    }

    @Test
    @DisplayName("W7 no token is in the log, whether it was good or bad")
    void tokenIsNeverLogged() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger("ROOT");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.setContext(root.getLoggerContext());
        lines.start();
        root.addAppender(lines);
        String good = signed(claims("ada", 60));
        String bad = signed(claims("ada", -60));
        String junk = good + "AAAA";
        try (RunningDemo demo = RunningDemo.start("nio", keys(), "jwt.from=query:t,header")) {
            assertEchoes(TestSocket.open(demo.uri("ws") + "/echo?t=" + good));
            for (String one : List.of(bad, junk)) {
                TestSocket.refused(demo.uri("ws") + "/echo?t=" + one);
                TestSocket.refused(demo.uri("ws") + "/echo", "Authorization", "Bearer " + one);
            }
        } finally {
            root.detachAppender(lines);
        }
        assertThat(List.copyOf(lines.list))
                .anySatisfy(line -> assertThat(line.getFormattedMessage()).contains("The token has expired."))
                .allSatisfy(line -> {
                    for (String token : List.of(good, bad, junk)) {
                        for (String part : token.split("\\.")) {
                            // the header is the same for all, and says nothing; Java's own client logs nothing here
                            assertThat(part.equals(token.split("\\.")[0])
                                            || !line.getFormattedMessage().contains(part))
                                    .isTrue();
                        }
                    }
                });
    }

    @ParameterizedTest
    @MethodSource("transports")
    @DisplayName("W8 a client of an address that is not let in gets 403 before an app or the page is asked")
    void addresses(String transport) throws Exception {
        try (RunningDemo demo = RunningDemo.start(transport, "access.deny=10.0.0.0/8, 127.0.0.0/8")) {
            assertThat(TestSocket.refused(demo.uri("ws") + "/echo").status()).isEqualTo(403);
            // which the app itself would answer with 400
            assertThat(TestSocket.refused(demo.uri("ws") + "/chat/-").status()).isEqualTo(403);
            assertThat(status(demo, "/")).isEqualTo(403);
            assertThat(status(demo, "/health")).isEqualTo(403);
            try (Socket raw = new Socket(InetAddress.getByName("127.0.0.1"), demo.port())) {
                raw.getOutputStream().write("php process\nGET /php HTTP/1.1\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(raw.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .doesNotContain("ready");
            }
        }
        try (RunningDemo demo = RunningDemo.start(
                transport, "access.allow=192.0.2.0/24", "access.deny=192.0.2.7", "trustedProxies=127.0.0.1")) {
            String uri = demo.uri("ws") + "/echo";
            assertEchoes(TestSocket.open(uri, "X-Forwarded-For", "192.0.2.8"));
            assertThat(TestSocket.refused(uri, "X-Forwarded-For", "192.0.2.7").status())
                    .isEqualTo(403);
            assertThat(TestSocket.refused(uri, "X-Forwarded-For", "198.51.100.1")
                            .status())
                    .isEqualTo(403);
            assertThat(TestSocket.refused(uri, "X-Forwarded-For", "unknown").status())
                    .isEqualTo(403);
        }
    }

    @Test
    @DisplayName("O7 settings of access that make no sense are refused with their names")
    void wrongSettings() throws Exception {
        Path shortKey = Files.writeString(folder.resolve("short"), "x");
        for (Map.Entry<List<String>, String> one : Map.of(
                        List.of("access.allow=10.0.0.1/8"), "access.allow is wrong",
                        List.of("access.deny=localhost"), "access.deny is wrong",
                        List.of("jwt.keyFile=" + shortKey), "must be at least 32",
                        List.of("jwt.keyFile=/no/such/file"), "cannot be read",
                        List.of("jwt.jwks=http://id.example/keys"),
                                "jwt.jwks is \"http://id.example/keys\", must be an https",
                        List.of("jwt.audience=me"), "jwt.audience is set, but no token is asked for",
                        List.of(keys(), "jwt.jwks=https://id.example/keys"), "are both set",
                        List.of(keys(), "jwt.algorithms=HS512"), "must be a list of HS256, RS256",
                        List.of(keys(), "jwt.from=body"), "must be a list of header",
                        List.of(keys(), "jwt.paths=/nothing"), "jwt.paths has \"/nothing\", where no app is")
                .entrySet()) {
            assertThatThrownBy(() -> RunningDemo.start("nio", one.getKey().toArray(String[]::new))
                            .close())
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining(one.getValue());
        }
    }

    private String keys() throws Exception {
        return "jwt.keyFile=" + TestTokens.secretFile(folder);
    }

    private static TestSocket ready(RunningDemo demo, JwtClaims claims) throws Exception {
        TestSocket socket = TestSocket.open(demo.uri("ws") + "/web", "Authorization", "Bearer " + signed(claims));
        assertThat(socket.next()).contains("\"opcode\":\"ready\"");
        return socket;
    }

    private static void assertAnswered(TestSocket socket, String packet, String answer) throws Exception {
        socket.send(packet);
        assertThat(socket.next()).isEqualTo("{\"opcode\":\"next\"}");
        assertThat(socket.next()).isEqualTo(answer);
    }

    private static String size(TestSocket sizes, String topic) throws Exception {
        sizes.send(topic);
        return sizes.next();
    }

    private static void assertEchoes(TestSocket opened) throws Exception {
        try (TestSocket socket = opened) {
            socket.send("hello");
            assertThat(socket.next()).isEqualTo("hello");
        }
    }

    private static int status(RunningDemo demo, String path) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(demo.uri("http") + path)).build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
