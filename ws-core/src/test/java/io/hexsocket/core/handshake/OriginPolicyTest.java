package io.hexsocket.core.handshake;

import static io.hexsocket.core.handshake.HeadParsing.handshake;
import static io.hexsocket.core.handshake.HeadParsing.handshakeBut;
import static io.hexsocket.core.handshake.HeadParsing.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An origin policy")
class OriginPolicyTest {

    private static final OriginPolicy LISTED = OriginPolicy.of(List.of(
            "https://ok.example",
            "http://localhost:8080",
            "https://ok.example:8443",
            "https://*.wild.example",
            "https://*.wild.example:444"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://ok.example",
                "http://localhost:8080",
                "https://ok.example:8443",
                "https://a.wild.example",
                "https://a-1.b_2.wild.example",
                "https://a.wild.example:444"
            })
    @DisplayName("H17 lets pass the origins that it lists")
    void listedOriginsPass(String origin) {
        assertAllowed(LISTED, head(handshake("Origin: " + origin)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "",
                "https://ok.example.evil",
                "https://ok.evil",
                "https://evil#https://ok.example",
                "https://evil/https://ok.example",
                "http://ok.example",
                "https://ok.example:444",
                "https://ok.example:443",
                "https://ok.example/",
                "https://localhost:8080",
                "http://localhost",
                "https://xok.example",
                "https://ok.example https://ok.example",
                "https://ok.example, https://ok.example",
                "HTTPS://ok.example",
                "https://OK.example",
                "https://user@ok.example",
                "ok.example",
                "*",
                "https://*",
                "https://ok.example\u00E9",
                "https://wild.example",
                "https://.wild.example",
                "https://xwild.example",
                "https://*.wild.example",
                "http://a.wild.example",
                "https://a.wild.example:445",
                "https://evil/.wild.example",
                "https://evil:1.wild.example",
                "https://evil@a.wild.example",
                "https://evil https://a.wild.example",
                "https://a.wild.example.evil"
            })
    @DisplayName("H17 refuses any other with 403")
    void originThatIsNotListedIsRefused(String origin) {
        assertRefused(LISTED, head(handshake("Origin: " + origin)));
    }

    @Test
    @DisplayName("H17 refuses two Origin headers, and none, with 403 where origins are listed")
    void twoOriginHeadersAndNoneAreRefused() {
        assertRefused(LISTED, head(handshake("Origin: https://ok.example", "Origin: https://evil.example")));
        assertRefused(LISTED, head(handshake("Origin: https://ok.example", "origin: https://ok.example")));
        assertRefused(LISTED, head(handshake()));
        assertRefused(LISTED, head(handshake("X-Origin: https://ok.example")));
        assertRefused(LISTED, head(handshake("Client-Type: php")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"file://", "null", "chrome-extension://abcdef", "app://MyHost", "web+app://-"})
    @DisplayName("N3 takes what other schemes send, compared exactly")
    void otherSchemes(String origin) {
        OriginPolicy policy = OriginPolicy.of(List.of(origin));
        assertAllowed(policy, head(handshake("Origin: " + origin)));
        assertRefused(policy, head(handshake("Origin: " + swapCase(origin))));
        assertRefused(policy, head(handshake("Origin: " + origin + "x")));
    }

    @Test
    @DisplayName("that lets any page in asks for nothing")
    void policyThatLetsAnyPageInAsksForNothing() {
        assertAllowed(OriginPolicy.any(), head(handshake()));
        assertAllowed(OriginPolicy.any(), head(handshake("Origin: null")));
        assertAllowed(OriginPolicy.any(), head(handshake("Origin: https://evil.example", "Origin: x")));
    }

    @ParameterizedTest
    @CsvSource({
        "false, example.org, http://example.org",
        "false, EXAMPLE.org:80, http://Example.org",
        "false, example.org, http://example.org:80",
        "false, example.org:8091, http://example.org:8091",
        "true, example.org, https://example.org",
        "true, example.org:443, https://example.org",
        "true, [::1]:8443, https://[::1]:8443"
    })
    @DisplayName("X6 lets pages of the server's own origin in")
    void pagesOfTheServersOwnOriginAreLetIn(boolean secure, String host, String origin) {
        RequestHead head = head(handshakeBut("Host", "Host: " + host, "Origin: " + origin));
        assertThatCode(() -> OriginPolicy.same().check(head, secure)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "false, example.org, https://example.org",
        "true, example.org, http://example.org",
        "false, example.org, http://example.org:8080",
        "false, example.org:8091, http://example.org",
        "false, example.org:443, https://example.org",
        "false, example.org, http://www.example.org",
        "false, example.org, http://evil.example",
        "false, example.org, http://example.org.evil",
        "false, example.org, http://example.org/",
        "false, example.org, http://user@example.org",
        "false, example.org, http://evil#example.org",
        "false, example.org, file://",
        "false, example.org, null",
        "false, example.org, ''",
        "false, example.org, example.org"
    })
    @DisplayName("X6 refuses pages of another scheme, host or port, or of none, with 403 by default")
    void pagesOfAnotherOriginAreRefused(boolean secure, String host, String origin) {
        RequestHead head = head(handshakeBut("Host", "Host: " + host, "Origin: " + origin));
        HttpRefusal refusal = catchThrowableOfType(
                HttpRefusal.class, () -> OriginPolicy.same().check(head, secure));
        assertThat(refusal).as("the refusal").isNotNull();
        assertThat(refusal.status()).isEqualTo(403);
        assertThat(refusal.text()).contains("allowedOrigins");
    }

    @Test
    @DisplayName("X6 compares with the authority of an absolute target, and not with a Host that does not count")
    void authorityOfAnAbsoluteTargetIsCompared() {
        String request = handshake("Origin: http://target.example").replace("GET /", "GET http://target.example/");
        assertAllowed(OriginPolicy.same(), head(request));
        assertRefused(OriginPolicy.same(), head(request.replace("Origin: http://target", "Origin: http://example")));
    }

    @Test
    @DisplayName("X6 lets in what is no page by default: no Origin at all, or a header that no page can send")
    void whatIsNoPageIsLetIn() {
        assertAllowed(OriginPolicy.same(), head(handshake()));
        assertAllowed(OriginPolicy.same(), head(handshake("Client-Type: php", "Origin: http://localhost")));
        assertRefused(OriginPolicy.same(), head(handshake("Origin: http://example.org", "Origin: http://example.org")));
    }

    private static String swapCase(String text) {
        String upper = text.toUpperCase(java.util.Locale.ROOT);
        return upper.equals(text) ? text.toLowerCase(java.util.Locale.ROOT) : upper;
    }

    static void assertAllowed(OriginPolicy policy, RequestHead head) {
        assertThatCode(() -> policy.check(head, false)).doesNotThrowAnyException();
    }

    static void assertRefused(OriginPolicy policy, RequestHead head) {
        HttpRefusal refusal = catchThrowableOfType(HttpRefusal.class, () -> policy.check(head, false));
        assertThat(refusal).as("the refusal").isNotNull();
        assertThat(refusal.status()).isEqualTo(403);
    }
}
