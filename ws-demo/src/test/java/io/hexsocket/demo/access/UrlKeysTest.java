package io.hexsocket.demo.access;

import static io.hexsocket.demo.access.TestTokens.claims;
import static io.hexsocket.demo.access.TestTokens.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jose4j.jwk.JsonWebKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Keys that a web server publishes: kept, rotated, and never waited for longer than is said. */
@Timeout(60)
class UrlKeysTest {

    private static final TokenRules RULES = new TokenRules(TokenRules.ALGORITHMS, null, null, null, "topics");

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger requests = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile HttpHandler handler;
    private HttpServer server;
    private TokenVerifier verifier;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            handler.handle(exchange);
        });
        server.start();
        patience(Duration.ofSeconds(20));
    }

    private void patience(Duration patience) {
        if (verifier != null) {
            verifier.close();
        }
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/keys");
        verifier = new TokenVerifier(RULES, new UrlKeys(url, patience, Duration.ofSeconds(10), now::get));
    }

    @AfterEach
    void stop() {
        verifier.close();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void keysAreFetchedOnceForManyTokens() throws Exception {
        JsonWebKey key = serving("one");
        for (int i = 0; i < 20; i++) {
            assertThat(subject(token(key))).isEqualTo("ada");
        }
        assertThat(requests).hasValue(1);
    }

    @Test
    void keyThatIsRotatedInIsFetchedWhenATokenNamesIt() throws Exception {
        JsonWebKey old = serving("old");
        assertThat(subject(token(old))).isEqualTo("ada");
        JsonWebKey next = serving("next");
        // within the pause nobody asks again, whatever tokens say
        assertRefused(token(next), "The token is not valid.");
        assertThat(requests).hasValue(1);
        now.addAndGet(TimeUnit.SECONDS.toNanos(11));
        assertThat(subject(token(next))).isEqualTo("ada");
        assertThat(requests).hasValue(2);
        assertRefused(token(old), "The token is not valid.");
    }

    @Test
    @DisplayName("W6 keys from before are used on when their server fails, hangs or answers junk")
    void failingServer() throws Exception {
        patience(Duration.ofSeconds(2));
        JsonWebKey key = serving("one");
        assertThat(subject(token(key))).isEqualTo("ada");
        CountDownLatch never = new CountDownLatch(1);
        for (HttpHandler bad : new HttpHandler[] {
            exchange -> answer(exchange, 500, "{}"),
            exchange -> answer(exchange, 200, "<html>"),
            exchange -> answer(exchange, 200, "{\"keys\":[{\"kty\":\"EC\"}]}"),
            exchange -> hang(never),
        }) {
            handler = bad;
            now.addAndGet(TimeUnit.MINUTES.toNanos(6));
            int before = requests.get();
            assertThat(subject(token(key))).isEqualTo("ada");
            assertRefused(token(TestTokens.key("ES256", "other")), "The token is not valid.");
            assertThat(requests.get()).isEqualTo(before + 1);
        }
        never.countDown();
    }

    @Test
    @DisplayName("W6 without keys nobody comes in, and the answer is there in time")
    void noKeysAtAll() throws Exception {
        patience(Duration.ofMillis(400));
        CountDownLatch never = new CountDownLatch(1);
        JsonWebKey key = TestTokens.key("ES256", "one");
        for (HttpHandler bad : new HttpHandler[] {
            exchange -> hang(never),
            exchange -> {
                // a head in time, and a body without end
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write('{');
                exchange.getResponseBody().flush();
                hang(never);
            },
            exchange -> answer(exchange, 404, ""),
            exchange -> answer(exchange, 200, "{\"keys\":\"" + "x".repeat(300 * 1024) + "\"}"),
        }) {
            handler = bad;
            now.addAndGet(TimeUnit.SECONDS.toNanos(11));
            assertRefused(token(key), "Tokens cannot be checked now.");
        }
        never.countDown();
    }

    @Test
    @DisplayName("W6 a redirect to other keys is not followed")
    void redirect() throws Exception {
        JsonWebKey key = TestTokens.key("ES256", "one");
        handler = exchange -> {
            if (exchange.getRequestURI().getPath().equals("/keys")) {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
                answer(exchange, 302, "");
            } else {
                answer(exchange, 200, TestTokens.set(key));
            }
        };
        assertRefused(token(key), "Tokens cannot be checked now.");
        assertThat(requests).hasValue(1);
    }

    @Test
    @DisplayName("W6 a secret that is published is no key")
    void publishedSecret() throws Exception {
        JsonWebKey secret = TestTokens.key("HS256", "s");
        JsonWebKey key = TestTokens.key("ES256", "one");
        handler = exchange -> answer(exchange, 200, TestTokens.set(secret, key));
        assertThat(subject(token(key))).isEqualTo("ada");
        assertRefused(signed(claims("eve", 60).toJson(), "HS256", secret, more -> {}), "The token is not valid.");
    }

    private JsonWebKey serving(String id) throws Exception {
        JsonWebKey key = TestTokens.key("ES256", id);
        handler = exchange -> answer(exchange, 200, TestTokens.set(key));
        return key;
    }

    private static String token(JsonWebKey key) throws Exception {
        return signed(claims("ada", 60).toJson(), "ES256", key, more -> {});
    }

    private String subject(String token) throws Exception {
        return verifier.verify(token)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .subject();
    }

    private void assertRefused(String token, String why) {
        assertThatThrownBy(() -> subject(token))
                .cause()
                .isInstanceOf(TokenException.class)
                .hasMessage(why);
    }

    private static void hang(CountDownLatch until) {
        try {
            until.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, String body) throws java.io.IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
