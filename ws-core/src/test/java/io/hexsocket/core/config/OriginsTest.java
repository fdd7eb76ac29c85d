package io.hexsocket.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The allowed origins")
class OriginsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://ok.example",
                "https://ok.example:80",
                "http://ok.example:443",
                "http://localhost:8080",
                "http://127.0.0.1:1",
                "https://[::1]:8443",
                "https://xn--bcher-kva.example",
                "https://*.example.org",
                "https://*.example.org:8443",
                "file://",
                "null",
                "chrome-extension://abcdef",
                "web+app://abcdef",
                "app://MyHost",
                "x://-"
            })
    @DisplayName("N3 take every origin as a browser writes it, and wildcards for hosts")
    void taken(String entry) {
        Origins origins = Origins.of(List.of(entry));
        assertThat(origins.kind()).isEqualTo(Origins.Kind.LISTED);
        assertThat(origins.entries()).containsExactly(entry);
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, https://example.org:8443",
        "//example.org, https://example.org:8443",
        "'', https://example.org:8443",
        "' https://example.org', without spaces",
        "wss://example.org, https://",
        "ws://example.org, http://",
        "HTTPS://example.org, lower case",
        "App://host, lower case",
        "https://Example.org, lower case",
        "https://example.org/, a scheme",
        "https://example.org/chat, a scheme",
        "https://example.org?x, a scheme",
        "https://example.org#x, a scheme",
        "https://me@example.org, a scheme",
        "https://example.org:443, usual port",
        "http://example.org:80, usual port",
        "https://example.org:, and perhaps a port",
        "https://example.org:08443, and perhaps a port",
        "https://example.org:99999, and perhaps a port",
        "https://example.org:x, and perhaps a port",
        "https://a.*.example.org, and perhaps a port",
        "https://*example.org, and perhaps a port",
        "https://*, https://*.example.org",
        "https://*., and perhaps a port",
        "*, Origins.any()",
        "https://b\u00FCcher.example, xn--",
        "https://, and perhaps a port",
        "https://[::1, and perhaps a port"
    })
    @DisplayName("N3 name an entry that no browser sends, and what to write instead")
    void refused(String entry, String mend) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Origins.of(List.of("https://ok.example", entry)))
                .withMessageContaining("\"" + entry + "\"")
                .withMessageContaining(mend);
    }

    @Test
    @DisplayName("X6 are those of the server itself unless the program says otherwise, and an empty list says nothing")
    void defaults() {
        ServerConfig.Builder config = ServerConfig.at("ws://localhost:0").app("/a", session -> {
            throw new AssertionError("opened");
        });
        assertThat(config.build().allowedOrigins()).isEqualTo(Origins.same()).hasToString("same");
        assertThat(config.allowedOrigins(Origins.any()).build().allowedOrigins())
                .hasToString("any");
        assertThat(config.allowedOrigins(List.of("https://a", "null")).build().allowedOrigins())
                .isEqualTo(Origins.of(List.of("https://a", "null")))
                .hasToString("https://a, null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.allowedOrigins(List.of()))
                .withMessageContaining("Origins.same()");
    }
}
