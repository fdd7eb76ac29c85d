package io.hexsocket.core.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryConnection;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an app's answer to an opening request does: to the response, to the session, and to how long either may take. */
class AdmissionTest {

    private static final Timeouts UNHURRIED =
            Timeouts.DEFAULT.ping(Duration.ZERO).head(Duration.ofSeconds(5)).admission(Duration.ofSeconds(60));

    private static RecordingApp answering(Admission admission) {
        return new RecordingApp(new App() {
            @Override
            public Admission onRequest(OpeningRequest request) {
                return admission;
            }

            @Override
            public Listener onOpen(Session session) {
                return (from, message) -> {};
            }
        });
    }

    private static MemoryConnection request(App app) {
        return request(MemoryServer.serving(app));
    }

    private static MemoryConnection request(MemoryServer server) {
        return server.connect().send(MemoryClient.request("/app"));
    }

    @Test
    void headersOfAnAdmissionAreInThe101InTheirOrder() {
        MemoryConnection client = request(answering(
                Admission.accept().header("Set-Cookie", "a=1; HttpOnly").header("Set-Cookie", "b=2")));
        assertThat(client.receivedText())
                .startsWith("HTTP/1.1 101 ")
                .contains("\r\nSet-Cookie: a=1; HttpOnly\r\nSet-Cookie: b=2\r\n\r\n");
    }

    @Test
    void headersOfARefusalAreInTheResponse() {
        MemoryConnection client = request(answering(Admission.reject(401, "Sign in first.")
                .header("WWW-Authenticate", "Bearer realm=\"chat\"")
                .header("Retry-After", "5")));
        assertThat(client.receivedText())
                .startsWith("HTTP/1.1 401 ")
                .contains("\r\nWWW-Authenticate: Bearer realm=\"chat\"\r\nRetry-After: 5\r\n")
                .endsWith("\r\n\r\nSign in first.\n");
        assertThat(client.isEnded()).isTrue();
    }

    @Test
    void redirectNamesThePlaceAndIsFramedAsAnEmptyBody() {
        MemoryConnection client = request(answering(Admission.redirect(307, "wss://other.example/app")));
        assertThat(client.receivedText())
                .startsWith("HTTP/1.1 307 Temporary Redirect\r\n")
                .contains("\r\nLocation: wss://other.example/app\r\n", "\r\nContent-Length: 0\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void refusalThatComesLaterHasItsHeadersToo() {
        CompletableFuture<Admission> later = new CompletableFuture<>();
        MemoryServer server = MemoryServer.serving(answering(Admission.later(later)));
        MemoryConnection client = request(server);
        later.complete(Admission.reject(503, "Busy.").header("Retry-After", "1"));
        server.run();
        assertThat(client.receivedText()).startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: 1\r\n");
    }

    @Test
    void attributesOfAnAdmissionReachItsSessionAloneAndCanBeChangedThere() {
        RecordingApp app = answering(Admission.accept().attribute("account", 7).attribute("role", "admin"));
        MemoryServer server = MemoryServer.serving(app);
        server.open();
        server.open();
        assertThat(app.session(0).attributes()).containsOnly(entry("account", 7), entry("role", "admin"));
        app.session(0).attributes().put("role", "guest");
        assertThat(app.session(1).attributes()).containsEntry("role", "admin");
    }

    // ---- deadlines

    @Test
    void slowAdmissionHasADeadlineOfItsOwnWhichIsNotThatOfTheHead() {
        MemoryServer server = MemoryServer.serving(
                answering(Admission.later(new CompletableFuture<>())), config -> config.timeouts(UNHURRIED));
        MemoryConnection client = request(server);
        server.advance(Duration.ofSeconds(59));
        assertThat(client.receivedText()).isEmpty();
        server.advance(Duration.ofSeconds(2));
        assertThat(client.receivedText()).startsWith("HTTP/1.1 503 ").contains("took too long");
    }

    @Test
    void headHasItsOwnDeadlineThoughAdmissionsMayTakeLong() {
        MemoryServer server = MemoryServer.serving(RecordingApp.silent(), config -> config.timeouts(UNHURRIED));
        MemoryConnection client = server.connect().send(new byte[] {'G', 'E', 'T'});
        server.advance(Duration.ofSeconds(6));
        assertThat(client.receivedText()).startsWith("HTTP/1.1 408 ");
    }

    // ---- how long a session lasts

    private static Admission.Accept expiringIn(Duration time) {
        return Admission.accept().expiresAt(Instant.EPOCH.plus(time));
    }

    @Test
    void sessionThatExpiresIsClosedInOrderWithACodeOfItsOwn() {
        RecordingApp app = answering(expiringIn(Duration.ofMinutes(5)));
        MemoryServer server = MemoryServer.serving(app);
        MemoryClient client = server.open();
        assertThat(app.session().expiresAt()).isEqualTo(Instant.EPOCH.plusSeconds(300));
        server.advance(Duration.ofSeconds(299));
        assertThat(app.session().isOpen()).isTrue();
        server.advance(Duration.ofSeconds(2));
        assertThat(client.closeStatus()).isEqualTo(CloseStatus.EXPIRED);
        assertThat(client.closeStatus().code()).isEqualTo(4401);
        client.close();
        server.assertNothingIsLeft();
    }

    @Test
    void expiryIsRenewedAndTakenAwayWhileTheSessionRuns() {
        RecordingApp app = answering(expiringIn(Duration.ofMinutes(5)));
        MemoryServer server = MemoryServer.serving(app);
        MemoryClient client = server.open();
        server.advance(Duration.ofMinutes(4));
        app.session().expiresAt(Instant.EPOCH.plus(Duration.ofMinutes(20)));
        server.advance(Duration.ofMinutes(10));
        assertThat(app.session().isOpen()).isTrue();
        app.session().expiresAt(null);
        assertThat(app.session().expiresAt()).isNull();
        server.advance(Duration.ofMinutes(60));
        assertThat(app.session().isOpen()).isTrue();
        app.session().expiresAt(server.now());
        server.advance(Duration.ofMillis(500));
        assertThat(client.closeStatus()).isEqualTo(CloseStatus.EXPIRED);
    }

    @Test
    void sessionWithoutAnExpiryCanBeGivenOne() {
        RecordingApp app = answering(Admission.accept());
        MemoryServer server = MemoryServer.serving(app);
        MemoryClient client = server.open();
        assertThat(app.session().expiresAt()).isNull();
        app.session().expiresAt(Instant.EPOCH.plusSeconds(10));
        server.advance(Duration.ofSeconds(11));
        assertThat(client.closeStatus()).isEqualTo(CloseStatus.EXPIRED);
    }

    @Test
    void wallClockThatIsPutForwardEndsNoSession() {
        RecordingApp app = answering(expiringIn(Duration.ofMinutes(5)));
        MemoryServer server = MemoryServer.serving(app);
        server.open();
        server.setWallClock(Instant.EPOCH.plus(Duration.ofDays(1)));
        server.advance(Duration.ofSeconds(200));
        assertThat(app.session().isOpen()).isTrue();
    }

    @Test
    void expiryThatIsAgesAwayOrLongPastIsNoNumberThatOverflows() {
        RecordingApp far = answering(Admission.accept().expiresAt(Instant.MAX));
        MemoryServer server = MemoryServer.serving(far);
        server.open();
        server.advance(Duration.ofSeconds(10));
        assertThat(far.session().isOpen()).isTrue();

        RecordingApp past = answering(Admission.accept().expiresAt(Instant.MIN));
        MemoryServer other = MemoryServer.serving(past);
        MemoryClient client = other.open();
        other.advance(Duration.ofMillis(500));
        assertThat(client.closeStatus()).isEqualTo(CloseStatus.EXPIRED);
    }

    @Test
    void sessionsThatCameTogetherDoNotEndTogetherWhereALifetimeIsSet() {
        RecordingApp app = answering(Admission.accept());
        MemoryServer server = MemoryServer.serving(
                app,
                config -> config.timeouts(Timeouts.DEFAULT.ping(Duration.ZERO).lifetime(Duration.ofSeconds(1000))));
        List<MemoryClient> clients =
                IntStream.range(0, 100).mapToObj(i -> server.open()).toList();
        server.advance(Duration.ofSeconds(899));
        assertThat(server.core().sessions()).isEqualTo(100);
        server.advance(Duration.ofSeconds(51));
        assertThat(server.core().sessions()).isBetween(35, 65);
        server.advance(Duration.ofSeconds(51));
        assertThat(server.core().sessions()).isZero();
        assertThat(clients.get(0).closeStatus().code()).isEqualTo(1001);
    }

    // ---- what the request says

    @Test
    void requestListsItsHeadersCookiesAndQuery() {
        Map<String, Object> seen = new HashMap<>();
        App looking = new App() {
            @Override
            public Admission onRequest(OpeningRequest request) {
                seen.put("headers", request.headers());
                seen.put("cookies", request.cookies());
                seen.put("query", request.query());
                return Admission.accept();
            }

            @Override
            public Listener onOpen(Session session) {
                return Session::send;
            }
        };
        MemoryServer.serving(looking)
                .open("/app?a=1&b=%20x&a=2&c", "X-One: 1", "x-one: 2", "Cookie: t=1; u=2", "Cookie: t=3");
        assertThat(seen.get("query")).hasToString("{a=[1, 2], b=[ x], c=[]}");
        assertThat(seen.get("cookies")).hasToString("{t=1, u=2}");
        assertThat(seen.get("headers")).asString().contains("x-one=[1, 2]", "cookie=[t=1; u=2, t=3]");
    }
}
