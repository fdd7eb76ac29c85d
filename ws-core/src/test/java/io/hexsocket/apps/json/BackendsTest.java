package io.hexsocket.apps.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.RawDoor;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call itself a backend, and how the original's backend clients are treated. */
class BackendsTest {

    private static final String HERE = "127.0.0.1";
    private static final String PHP = "Client-Type: php";
    private static final Admission.Accept PACED =
            Admission.accept().withoutKeepAlive().pace(Duration.ofMillis(20));

    private final List<Admission> answers = new ArrayList<>();
    private final MemoryServer server = MemoryServer.serving(
            noting(JsonApp.builder()),
            config -> config.rawDoor(RawDoor.LOOPBACK.addresses(Set.of(address("10.1.2.3"))))
                    .app(
                            "/lan",
                            noting(JsonApp.builder()
                                    .backends(
                                            address -> address.getHostAddress().startsWith("10.1.")))));

    /** The same app, whose answers are kept. */
    private App noting(JsonApp.Builder builder) {
        App app = builder.build();
        return new App() {
            @Override
            public Admission onRequest(OpeningRequest request) throws Exception {
                answers.add(app.onRequest(request));
                return answers.get(answers.size() - 1);
            }

            @Override
            public Listener onOpen(Session session) throws Exception {
                return app.onOpen(session);
            }

            @Override
            public AppOptions options() {
                return AppOptions.DEFAULT.rawTcp(true);
            }
        };
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException noLiteral) {
            throw new IllegalArgumentException(noLiteral);
        }
    }

    private Admission ask(String path, String address, String... headers) {
        return answer(address, MemoryClient.request(path, headers));
    }

    private Admission askRaw(String address) {
        return answer(address, "php process\nGET /app HTTP/1.1\n".getBytes(UTF_8));
    }

    private Admission answer(String address, byte[] request) {
        int before = answers.size();
        server.connect(server.loop(), address).send(request);
        assertThat(answers).hasSize(before + 1);
        return answers.get(before);
    }

    @Test
    void backendGetsItsIdentAndNoPingsAndFramesOneByOne() {
        assertThat(ask("/app", HERE, PHP, "Ident: worker-1")).isEqualTo(PACED.ident("worker-1"));
    }

    @Test
    void emptyIdentIsNone() {
        assertThat(ask("/app", HERE, PHP, "Ident:")).isEqualTo(PACED);
    }

    @Test
    void rawClientIsPacedAndNotPinged() {
        assertThat(askRaw(HERE)).isEqualTo(PACED);
    }

    @Test
    void rawClientIsTheDoorsToAdmit() {
        assertThat(askRaw("10.1.2.3")).isEqualTo(PACED);
    }

    @Test
    void browserIsLetInAsItIs() {
        assertThat(ask("/app", "203.0.113.7", "Origin: http://example.org")).isEqualTo(Admission.accept());
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"})
    void loopbackIsAdmitted(String address) {
        assertThat(ask("/app", address, PHP, "Ident: x")).isEqualTo(PACED.ident("x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.7", "10.1.2.3", "::", "0.0.0.0", "fe80::1", "::ffff:10.0.0.1", "2001:db8::1"})
    @DisplayName("H27 Client-Type and Ident from any other address are refused with 403")
    void otherAddressesAreRefused(String address) {
        for (String[] headers : List.of(
                new String[] {PHP},
                new String[] {"Client-Type: PHP"},
                new String[] {"Client-Type: PhP", "Ident: victim"},
                new String[] {"Ident: victim"},
                new String[] {PHP, "X-Forwarded-For: 127.0.0.1"})) {
            Admission answer = ask("/app", address, headers);

            assertThat(answer).isInstanceOfSatisfying(Admission.Reject.class, reject -> {
                assertThat(reject.status()).isEqualTo(403);
                assertThat(reject.text()).doesNotContain("victim");
            });
        }
    }

    @Test
    void policyReplacesTheDefault() {
        assertThat(ask("/lan", "10.1.2.3", PHP, "Ident: x")).isEqualTo(PACED.ident("x"));
        assertThat(ask("/lan", HERE, PHP, "Ident: x")).isInstanceOf(Admission.Reject.class);
    }

    @Test
    void clientWithoutAnAddressIsRefused() throws Exception {
        // no transport of ours has such a client, and no address of a proxy's makes one
        OpeningRequest unresolved = (OpeningRequest) Proxy.newProxyInstance(
                BackendsTest.class.getClassLoader(),
                new Class<?>[] {OpeningRequest.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "header" -> "php";
                    case "isRawTcp" -> false;
                    case "remoteAddress" -> InetSocketAddress.createUnresolved("proxy.example", 1);
                    default -> throw new AssertionError(method);
                });

        assertThat(JsonApp.builder().build().onRequest(unresolved))
                .isInstanceOfSatisfying(
                        Admission.Reject.class,
                        reject -> assertThat(reject.status()).isEqualTo(403));
    }

    @Test
    void otherClientTypesAreBrowsers() {
        assertThat(ask("/app", HERE, "Client-Type: websocket", "Ident:")).isEqualTo(Admission.accept());
    }
}
