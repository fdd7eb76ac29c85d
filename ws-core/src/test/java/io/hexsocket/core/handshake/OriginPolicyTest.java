package io.hexsocket.core.handshake;

import static io.hexsocket.core.handshake.HeadParsing.handshake;
import static io.hexsocket.core.handshake.HeadParsing.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An origin policy")
class OriginPolicyTest {

    private static final OriginPolicy LISTED =
            OriginPolicy.of(List.of("https://ok.example", "http://localhost:8080", "https://ok.example:8443"));

    @ParameterizedTest
    @ValueSource(strings = {"https://ok.example", "http://localhost:8080", "https://ok.example:8443"})
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
                "https://ok.example\u00E9"
            })
    @DisplayName("H17 refuses any other with 403")
    void originThatIsNotListedIsRefused(String origin) {
        assertRefused(LISTED, head(handshake("Origin: " + origin)));
    }

    @Test
    @DisplayName("H17 refuses two Origin headers, and none, with 403")
    void twoOriginHeadersAndNoneAreRefused() {
        assertRefused(LISTED, head(handshake("Origin: https://ok.example", "Origin: https://evil.example")));
        assertRefused(LISTED, head(handshake("Origin: https://ok.example", "origin: https://ok.example")));
        assertRefused(LISTED, head(handshake()));
        assertRefused(LISTED, head(handshake("X-Origin: https://ok.example")));
    }

    @Test
    @DisplayName("of nothing, or of a single *, lets pass whatever comes")
    void policyOfNothingOrStarLetsEveryOriginPass() {
        for (OriginPolicy policy :
                List.of(OriginPolicy.any(), OriginPolicy.of(List.of()), OriginPolicy.of(List.of("*")))) {
            assertAllowed(policy, head(handshake()));
            assertAllowed(policy, head(handshake("Origin: null")));
            assertAllowed(policy, head(handshake("Origin: https://evil.example", "Origin: x")));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTPS://Ok.Example, https://ok.example",
        "https://ok.example:443, https://ok.example",
        "http://ok.example:80, http://ok.example",
        "https://ok.example:80, https://ok.example:80",
        "http://ok.example:443, http://ok.example:443",
        "https://ok.example:, https://ok.example",
        "https://[::1]:8443, https://[::1]:8443",
        "https://ok.example:08443, https://ok.example:8443",
        "chrome-extension://abcdef, chrome-extension://abcdef",
        "web+app://abcdef, web+app://abcdef",
        "x://abcdef, x://abcdef"
    })
    @DisplayName("H17 reads its entries as the origins that browsers send")
    void entriesAreReadAsBrowsersSendOrigins(String entry, String origin) {
        assertAllowed(OriginPolicy.of(List.of(entry)), head(handshake("Origin: " + origin)));
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, https://example.org",
        "//example.org, https://example.org",
        "null, https://example.org",
        "'', https://example.org",
        "' https://example.org', https://example.org",
        "wss://example.org, https://",
        "ws://example.org, http://",
        "https://example.org/, only scheme",
        "https://example.org/chat, only scheme",
        "https://example.org?x, only scheme",
        "https://example.org#x, only scheme",
        "https://me@example.org, only scheme",
        "https://*.example.org, one entry for each host",
        "https://*, one entry for each host",
        "https://b\u00FCcher.example, xn--",
        "https://, https://example.org",
        "https://a b, https://example.org",
        "https://example.org:99999, https://example.org:8443",
        "https://example.org:x, https://example.org:8443",
        "https://[::1, https://example.org"
    })
    @DisplayName("names an entry that is no origin, and what to write instead")
    void entryThatIsNoOriginIsRefusedWithWhatToWrite(String entry, String mend) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OriginPolicy.of(List.of("https://ok.example", entry)))
                .withMessageContaining("\"" + entry + "\"")
                .withMessageContaining(mend);
    }

    @Test
    @DisplayName("does not take * beside other entries, which it would make void")
    void starBesideOtherEntriesIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OriginPolicy.of(List.of("https://ok.example", "*")))
                .withMessageContaining("only entry");
    }

    static void assertAllowed(OriginPolicy policy, RequestHead head) {
        assertThatCode(() -> policy.check(head)).doesNotThrowAnyException();
    }

    static void assertRefused(OriginPolicy policy, RequestHead head) {
        HttpRefusal refusal = catchThrowableOfType(HttpRefusal.class, () -> policy.check(head));
        assertThat(refusal).as("the refusal").isNotNull();
        assertThat(refusal.status()).isEqualTo(403);
    }
}
