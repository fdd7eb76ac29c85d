package io.hexsocket.core.handshake;

import static io.hexsocket.core.handshake.HeadParsing.KEY;
import static io.hexsocket.core.handshake.HeadParsing.handshake;
import static io.hexsocket.core.handshake.HeadParsing.handshakeBut;
import static io.hexsocket.core.handshake.HeadParsing.handshakeRefusal;
import static io.hexsocket.core.handshake.HeadParsing.head;
import static io.hexsocket.core.handshake.HeadParsing.request;
import static io.hexsocket.core.handshake.HeadParsing.upgrade;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An opening handshake")
class OpeningHandshakeTest {

    @Test
    @DisplayName("is answered with the accept value of RFC 6455, section 1.3")
    void acceptValueIsTheOneOfTheRfc() throws HttpRefusal {
        assertThat(upgrade(handshake()).accept()).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    @DisplayName("of the PHP client of 2026 is accepted, with its empty Ident")
    void handshakeOfThePhpClientIsAccepted() throws HttpRefusal {
        String text = request(
                "GET /php HTTP/1.1",
                "Host: example.org",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Key: " + KEY,
                "Origin: http://example.org",
                "Sec-WebSocket-Version: 13",
                "Client-Type: php",
                "Ident: ",
                "allowRemote: ''");
        assertThat(upgrade(text).subprotocols()).isEmpty();
        assertThat(head(text).header("ident")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Accept: text/html",
                "Connection: Upgrade",
                "Upgrade: h2c",
                "Upgrade: websocket/13",
                "Connection: upgrade\r\nUpgrade: TLS/1.0"
            })
    @DisplayName("is not what a request without any of its headers attempts: that is plain HTTP")
    void requestWithoutHandshakeHeadersIsPlainHttp(String lines) throws HttpRefusal {
        assertThat(OpeningHandshake.check(head(request("GET / HTTP/1.1", "Host: x", lines))))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-WebSocket-Key: " + KEY,
                "Sec-WebSocket-Version: 13",
                "sec-websocket-protocol: x",
                "Sec-WebSocket-Extensions: x",
                "Upgrade: websocket",
                "Upgrade: foo, WEBSOCKET"
            })
    @DisplayName("is what a request with any one of its headers attempts, and hears with 400 that others are missing")
    void anyHeaderIsAnAttempt(String line) {
        assertThat(handshakeRefusal(request("GET / HTTP/1.1", "Host: x", line)).status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade", "Connection", "Sec-WebSocket-Key"})
    @DisplayName("without one of these headers is refused with 400")
    void handshakeThatLacksAHeaderIsRefused(String name) {
        assertThat(handshakeRefusal(handshakeBut(name)).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dGhlIHNhbXBsZSBub25j",
                "dGhlIHNhbXBsZSBub25jZTE=",
                "dGhlIHNhbXBsZSBub24=",
                "dGhlIHNhbXBsZSBub25jZQ",
                "dGhlIHNhbXBsZSBub25jZQ=",
                "dGhlIHNhbXBsZSBub25jZQ===",
                "dGhlIHNhbX BsZSBub25jZQ==",
                "dGhlIHNhbXBsZSBu b25jZQ=",
                "----IHNhbXBsZSBub25jZQ==",
                "____IHNhbXBsZSBub25jZQ==",
                "dGhlIHNhbXBsZSBub25jZQ==, x",
                "\"dGhlIHNhbXBsZSBub25jZQ==\"",
                "========================",
                "dGhlIHNhbXBsZSBub25jZTEy",
                "dGhlIHNhbXBsZSBub25jZQ=A",
                "\u00E9GhlIHNhbXBsZSBub25jZQ==",
                "dGhlIHNhbXBsZSBub25jZTE=",
                "dGhlIHNhbXBsZSBub25jZTEyMw=="
            })
    @DisplayName("H13 with a key that is not 16 bytes in base64 is refused with 400")
    void keyThatIsNotSixteenBytesIsRefused(String key) {
        assertThat(handshakeRefusal(handshakeBut("Sec-WebSocket-Key", "Sec-WebSocket-Key: " + key))
                        .status())
                .isEqualTo(400);
    }

    @Test
    @DisplayName("H13 with two keys is refused with 400, also if they are the same")
    void handshakeWithTwoKeysIsRefused() {
        assertThat(handshakeRefusal(handshake("Sec-WebSocket-Key: " + KEY)).status())
                .isEqualTo(400);
        assertThat(handshakeRefusal(handshake("sec-websocket-key: ")).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        // 4.1: "if the randomly selected value was the sequence of bytes 0x01 [...] 0x10, the value of the header field
        // would be"
        "AQIDBAUGBwgJCgsMDQ4PEC==",
        "dGhlIHNhbXBsZSBub25jZR==",
        "dGhlIHNhbXBsZSBub25jZf==",
        "dGhlIHNhbXBsZSBub25jZ/=="
    })
    @DisplayName(
            "H13 with the key that RFC 6455 prints, or any other whose unused bits are not zero, is answered for that key")
    void keyWithUnusedBits(String key) throws HttpRefusal, NoSuchAlgorithmException {
        byte[] expected = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
        assertThat(upgrade(handshakeBut("Sec-WebSocket-Key", "Sec-WebSocket-Key: " + key))
                        .accept())
                .isEqualTo(Base64.getEncoder().encodeToString(expected));
    }

    @Test
    @DisplayName("H11 by HTTP/1.0 is refused with 400 and a text that names proxy_http_version 1.1")
    void http10() {
        for (String text :
                List.of(handshake(), handshakeBut("Upgrade"), handshakeBut("Connection", "Connection: close"))) {
            HttpRefusal refusal = handshakeRefusal(text.replace("HTTP/1.1", "HTTP/1.0"));
            assertThat(refusal.status()).isEqualTo(400);
            assertThat(refusal.text()).contains("proxy_http_version 1.1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "POST"})
    @DisplayName("H12 by another method than GET is refused with 405")
    void otherMethods(String method) {
        HttpRefusal refusal = handshakeRefusal(handshake().replace("GET /", method + " /"));
        assertThat(refusal.status()).isEqualTo(405);
        assertThat(refusal.headers()).containsExactly(new HeaderField("Allow", "GET"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAAAAAAAAAAAAAAAAAAAAA==", "/////////////////////w==", "++++++++++++++++++++Ag=="})
    @DisplayName("H13 with any key of 16 bytes is accepted")
    void everyKeyOfSixteenBytesIsAccepted(String key) throws HttpRefusal {
        assertThat(upgrade(handshakeBut("Sec-WebSocket-Key", "Sec-WebSocket-Key: \t" + key + " "))
                        .accept())
                .hasSize(28);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "12",
                "8",
                "13, 8",
                "8, 13",
                "13, 13",
                "013",
                "+13",
                "13.0",
                "\"13\"",
                "0x0D",
                "1 3",
                "\u00B913"
            })
    @DisplayName("H14 with another version is refused with 426, which names 13 once")
    void otherVersionsAreRefusedWith426(String version) {
        assertUpgradeRequired(handshakeBut("Sec-WebSocket-Version", "Sec-WebSocket-Version: " + version));
    }

    @Test
    @DisplayName("H14 without a version, or with two, is refused with 426, which names 13 once")
    void noVersionOrTwo() {
        assertUpgradeRequired(handshakeBut("Sec-WebSocket-Version"));
        assertUpgradeRequired(handshake("Sec-WebSocket-Version: 13"));
        assertUpgradeRequired(handshake("Sec-WebSocket-Version: 8"));
    }

    private static void assertUpgradeRequired(String text) {
        HttpRefusal refusal = handshakeRefusal(text);
        assertThat(refusal.status()).isEqualTo(426);
        String response = HeadParsing.latin1(HandshakeResponse.refusal(refusal));
        assertThat(response)
                .startsWith("HTTP/1.1 426 Upgrade Required\r\n")
                .containsOnlyOnce("HTTP/1.1")
                .containsOnlyOnce("\r\nSec-WebSocket-Version: 13\r\n")
                .containsOnlyOnce("Sec-WebSocket-Version")
                .contains("\r\nUpgrade: websocket\r\n", "\r\nConnection: close, Upgrade\r\n");
    }

    @Test
    @DisplayName("H15 with another version and a request behind it gets one response, and the rest stays unread")
    void requestBehindAnotherVersionStaysUnread() {
        String next = "GET /internal HTTP/1.1\r\nHost: x\r\n\r\n";
        HeadParsing.Outcome outcome =
                HeadParsing.outcome(handshakeBut("Sec-WebSocket-Version", "Sec-WebSocket-Version: 12") + next);
        assertThat(HeadParsing.latin1(outcome.left())).isEqualTo(next);
        assertUpgradeRequired(handshakeBut("Sec-WebSocket-Version", "Sec-WebSocket-Version: 12") + next);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: upgrade",
                "Connection: keep-alive, Upgrade",
                "Connection: close, Upgrade",
                "Connection: UPGRADE,",
                "Connection: keep-alive\r\nConnection: Upgrade",
                "Connection: , ,\tUpgrade\t, x"
            })
    @DisplayName("H18 with upgrade among the tokens of Connection is accepted")
    void upgradeAmongTheTokensOfConnectionIsAccepted(String lines) throws HttpRefusal {
        assertThat(upgrade(handshakeBut("Connection", lines))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Connection: notupgrade", "Connection: upgrade-insecure", "Connection: keep-alive",
                        "Connection: keep-alive Upgrade",
                "Connection: \"Upgrade\"", "Connection: Upgrade;q=1", "Connection:", "X-Connection: Upgrade"
            })
    @DisplayName("H18 with upgrade only as a part of a token of Connection is refused with 400")
    void upgradeAsPartOfATokenOfConnectionIsRefused(String lines) {
        assertThat(handshakeRefusal(handshakeBut("Connection", lines)).status()).isEqualTo(400);
    }

    @Test
    @DisplayName("H18 whose Connection names Origin does not lose its Origin")
    void originNamedByConnectionIsKept() {
        RequestHead head =
                head(handshakeBut("Connection", "Connection: Upgrade, Origin", "Origin: https://evil.example"));
        assertThat(head.header("Origin")).isEqualTo("https://evil.example");
        OriginPolicyTest.assertRefused(OriginPolicy.of(List.of("https://example.org")), head);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: WebSocket",
                "Upgrade: WEBSOCKET",
                "Upgrade: h2c, WebSocket",
                "Upgrade: websocket, websocket",
                "Upgrade: websocket\r\nUpgrade: websocket",
                "Upgrade: h2c\r\nUpgrade:\twebsocket\t",
                "Upgrade: ,websocket"
            })
    @DisplayName("H19 with websocket among the tokens of Upgrade, in any case, is accepted")
    void websocketAmongTheTokensOfUpgradeIsAccepted(String lines) throws HttpRefusal {
        assertThat(upgrade(handshakeBut("Upgrade", lines))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: websocket/13",
                "Upgrade: websockets",
                "Upgrade: web socket",
                "Upgrade: h2c",
                "Upgrade:",
                "Upgrade: \"websocket\"",
                "Upgrade: websocket;x"
            })
    @DisplayName("H19 with websocket only as a part of a token of Upgrade is refused with 400")
    void websocketAsPartOfATokenOfUpgradeIsRefused(String lines) {
        assertThat(handshakeRefusal(handshakeBut("Upgrade", lines)).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web\u017Focket",
                "websoc\u212Aet",
                "\0websocket",
                "websocket\0",
                "\u00A0websocket",
                "w\u0435bsocket"
            })
    @DisplayName("H20 with what Java takes for websocket and HTTP does not is refused with 400")
    void lettersThatOnlyJavaTakesForWebsocketAreRefused(String token) {
        String line = "Upgrade: " + HeadParsing.utf8AsLatin1(token);
        assertThat(handshakeRefusal(handshakeBut("Upgrade", line)).status()).isEqualTo(400);
        assertThat(Ascii.equalsIgnoreCase(token, "websocket")).isFalse();
        assertThat(Ascii.equalsIgnoreCase("websocket", token)).isFalse();
    }

    @Test
    @DisplayName("H20 is read the same in Turkey")
    void handshakeIsReadTheSameInTurkey() throws HttpRefusal {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr-TR"));
        try {
            String text = handshakeBut("Connection", "CONNECTION: UPGRADE", "ORIGIN: https://example.org");
            assertThat(upgrade(text)).isNotNull();
            assertThat(head(text).header("origin")).isEqualTo("https://example.org");
            String wiki = handshakeBut("Host", "HOST: WIKI.EXAMPLE", "Origin: http://wiki.example");
            OriginPolicyTest.assertAllowed(OriginPolicy.same(), head(wiki));
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a|a",
                "a, b|a b",
                "b,a , c|b a c",
                "a,,b, |a b",
                "a, b, a|a b",
                "a, A|a A",
                "x.y-z!|x.y-z!",
                "''|''"
            })
    @DisplayName("H24 offers the subprotocols it names, each once, in its order; empty elements are nothing")
    void subprotocolsAreOfferedOnceAndInOrder(String value, String names) throws HttpRefusal {
        assertThat(upgrade(handshake("Sec-WebSocket-Protocol: " + value)).subprotocols())
                .containsExactly(names.isEmpty() ? new String[0] : names.split(" "));
    }

    @Test
    @DisplayName("H24 offers the subprotocols of all its lines")
    void subprotocolsOfTwoLines() throws HttpRefusal {
        assertThat(upgrade(handshake("Sec-WebSocket-Protocol: a", "sec-websocket-protocol: b, a"))
                        .subprotocols())
                .containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a;b", "\"a\"", "a/b", "a, \u00E9", "a\tb", "chat@1", "%0d%0aSet-Cookie: x=y"})
    @DisplayName("H24 H23 with a subprotocol that is no token is refused with 400")
    void subprotocolThatIsNoTokenIsRefused(String value) {
        assertThat(handshakeRefusal(handshake("Sec-WebSocket-Protocol: " + value))
                        .status())
                .isEqualTo(400);
    }

    @Test
    @DisplayName("H24 with a thousand subprotocols, or with 7000 spaces inside one, is judged like any other")
    void largeSubprotocolListIsJudgedLikeAnyOther() throws HttpRefusal {
        String names = String.join(",", Collections.nCopies(999, "abcdef")) + ",b";
        assertThat(upgrade(handshake("Sec-WebSocket-Protocol: " + names)).subprotocols())
                .containsExactly("abcdef", "b");
        assertThat(handshakeRefusal(handshake("Sec-WebSocket-Protocol: b" + " ".repeat(7000) + "x"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    @Timeout(value = 10, threadMode = ThreadMode.SEPARATE_THREAD)
    @DisplayName("H24 64 times the limit of subprotocols and of spaces takes linear work")
    void longSubprotocolListTakesLinearWork() throws HttpRefusal {
        int size = 64 * 8 * 1024;
        StringBuilder different = new StringBuilder();
        for (int i = 0; different.length() < size; i++) {
            different.append(i).append(',');
        }
        for (String value : new String[] {
            ",".repeat(size),
            " ".repeat(size),
            " ,".repeat(size / 2),
            "a,".repeat(size / 2),
            different.toString(),
            "b" + " ".repeat(size)
        }) {
            HeadLimits limits = new HeadLimits(4 * size, 4096, 100);
            byte[] bytes = handshake("Sec-WebSocket-Protocol: " + value + "x").getBytes(StandardCharsets.US_ASCII);
            RequestHead head = (RequestHead) HeadParsing.send(HeadParsing.cut(bytes, bytes.length), limits)
                    .opening();
            if (value.startsWith("b")) {
                assertThat(catchThrowable(() -> OpeningHandshake.check(head))).isInstanceOf(HttpRefusal.class);
            } else {
                assertThat(OpeningHandshake.check(head).subprotocols()).endsWith("x");
            }
        }
    }

    @Test
    @DisplayName("H25 with two lines of extensions offers those of both")
    void extensionsOfTwoLinesAreOfferedTogether() throws HttpRefusal {
        assertThat(upgrade(handshake("Sec-WebSocket-Extensions: a; b=1", "Sec-WebSocket-Extensions: c"))
                        .extensions())
                .extracting(ExtensionOffer::name)
                .containsExactly("a", "c");
    }
}
