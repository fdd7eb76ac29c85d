package io.hexsocket.apps.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Admission;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call itself a backend, and how the original's backend clients are treated. */
class BackendsTest {

    private static final Admission.Accept PACED =
            Admission.accept().withoutKeepAlive().pace(Duration.ofMillis(20));

    private final FakeServer server = new FakeServer()
            .app("/app", JsonApp.builder().build())
            .app(
                    "/lan",
                    JsonApp.builder()
                            .backends(address -> address.getHostAddress().startsWith("10.1."))
                            .build());

    @Test
    void backendGetsItsIdentAndNoPingsAndFramesOneByOne() {
        assertThat(server.ask(FakeRequest.backend("/app", "worker-1"))).isEqualTo(PACED.ident("worker-1"));
    }

    @Test
    void emptyIdentIsNone() {
        assertThat(server.ask(FakeRequest.backend("/app", ""))).isEqualTo(PACED);
    }

    @Test
    void rawClientIsPacedAndNotPinged() {
        assertThat(server.ask(FakeRequest.raw("/app"))).isEqualTo(PACED);
    }

    @Test
    void rawClientIsTheDoorsToAdmit() {
        assertThat(server.ask(FakeRequest.raw("/app").from("10.1.2.3"))).isEqualTo(PACED);
    }

    @Test
    void browserIsLetInAsItIs() {
        assertThat(server.ask(FakeRequest.browser("/app"))).isEqualTo(Admission.accept());
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"})
    void loopbackIsAdmitted(String address) {
        assertThat(server.ask(FakeRequest.backend("/app", "x").from(address))).isEqualTo(PACED.ident("x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.7", "10.1.2.3", "::", "0.0.0.0", "fe80::1", "::ffff:10.0.0.1", "2001:db8::1"})
    @DisplayName("H27 Client-Type and Ident from any other address are refused with 403")
    void otherAddressesAreRefused(String address) {
        for (Map<String, String> headers : List.of(
                Map.of("client-type", "php"),
                Map.of("client-type", "PHP"),
                Map.of("client-type", "PhP", "ident", "victim"),
                Map.of("ident", "victim"),
                Map.of("client-type", "php", "x-forwarded-for", "127.0.0.1"))) {
            Admission answer =
                    server.ask(FakeRequest.browser("/app").headers(headers).from(address));

            assertThat(answer).isInstanceOfSatisfying(Admission.Reject.class, reject -> {
                assertThat(reject.status()).isEqualTo(403);
                assertThat(reject.text()).doesNotContain("victim");
            });
        }
    }

    @Test
    void policyReplacesTheDefault() {
        assertThat(server.ask(FakeRequest.backend("/lan", "x").from("10.1.2.3")))
                .isEqualTo(PACED.ident("x"));
        assertThat(server.ask(FakeRequest.backend("/lan", "x"))).isInstanceOf(Admission.Reject.class);
    }

    @Test
    void clientWithoutAnAddressIsRefused() {
        FakeRequest backend = FakeRequest.backend("/app", "x");
        FakeRequest unresolved = new FakeRequest(
                "/app", backend.headers(), InetSocketAddress.createUnresolved("proxy.example", 1), false);

        assertThat(server.ask(unresolved))
                .isInstanceOfSatisfying(
                        Admission.Reject.class,
                        reject -> assertThat(reject.status()).isEqualTo(403));
    }

    @Test
    void otherClientTypesAreBrowsers() {
        FakeRequest request = FakeRequest.browser("/app").headers(Map.of("client-type", "websocket", "ident", ""));

        assertThat(server.ask(request)).isEqualTo(Admission.accept());
    }
}
