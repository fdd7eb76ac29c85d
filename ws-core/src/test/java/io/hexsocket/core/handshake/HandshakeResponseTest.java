package io.hexsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The answer to an opening request")
class HandshakeResponseTest {

    @Test
    @DisplayName("is a 101 with exactly the values that clients compare exactly")
    void switchingProtocolsHasTheValuesThatClientsCompare() {
        assertThat(HeadParsing.latin1(HandshakeResponse.switchingProtocols("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", null, null)))
                .isEqualTo("""
                        HTTP/1.1 101 Switching Protocols\r
                        Upgrade: websocket\r
                        Connection: Upgrade\r
                        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
                        \r
                        """);
    }

    @Test
    @DisplayName("names the subprotocol and the extensions that were chosen")
    void responseNamesTheChosenSubprotocolAndExtensions() {
        assertThat(HeadParsing.latin1(HandshakeResponse.switchingProtocols("x", "chat", "permessage-deflate; a=1")))
                .endsWith("""
                        Sec-WebSocket-Accept: x\r
                        Sec-WebSocket-Protocol: chat\r
                        Sec-WebSocket-Extensions: permessage-deflate; a=1\r
                        \r
                        """);
    }

    @Test
    @DisplayName("is a refusal with a length, an end of the connection, and its text as the body")
    void refusalHasItsLengthAndItsTextAsBody() {
        HttpRefusal refusal = new HttpRefusal(503, "Wa\u0308it.", new HeaderField("Retry-After", "5"));
        assertThat(new String(HandshakeResponse.refusal(refusal), StandardCharsets.UTF_8))
                .isEqualTo("""
                        HTTP/1.1 503 Service Unavailable\r
                        Retry-After: 5\r
                        Content-Type: text/plain; charset=utf-8\r
                        Content-Length: 8\r
                        X-Content-Type-Options: nosniff\r
                        Connection: close\r
                        \r
                        Wa\u0308it.
                        """);
    }

    @Test
    @DisplayName("is a page with its type and further headers")
    void pageHasItsTypeAndFurtherHeaders() {
        byte[] body = {0, (byte) 0xFF};
        byte[] answer = HandshakeResponse.answer(
                200, "application/octet-stream", List.of(new HeaderField("Cache-Control", "no-store")), body);
        assertThat(HeadParsing.latin1(answer))
                .isEqualTo("HTTP/1.1 200 OK\r\nCache-Control: no-store\r\nContent-Type: application/octet-stream\r\n"
                        + "Content-Length: 2\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n\0\u00FF");
    }

    @Test
    @DisplayName("has neither length nor type if its status allows no body")
    void responseWithoutBodyHasNeitherLengthNorType() {
        assertThat(HeadParsing.latin1(HandshakeResponse.answer(204, "text/plain", List.of(), new byte[0])))
                .isEqualTo("HTTP/1.1 204 No Content\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeResponse.answer(304, "text/plain", List.of(), new byte[1]));
    }

    @ParameterizedTest
    @CsvSource({
        "400, Bad Request",
        "401, Unauthorized",
        "403, Forbidden",
        "404, Not Found",
        "405, Method Not Allowed",
        "408, Request Timeout",
        "414, URI Too Long",
        "417, Expectation Failed",
        "426, Upgrade Required",
        "429, Too Many Requests",
        "431, Request Header Fields Too Large",
        "500, Internal Server Error",
        "503, Service Unavailable",
        "505, HTTP Version Not Supported",
        "418, ''"
    })
    @DisplayName("has the phrase of its status, or none")
    void responseHasThePhraseOfItsStatus(int status, String phrase) {
        assertThat(HeadParsing.latin1(HandshakeResponse.refusal(new HttpRefusal(status, "x"))))
                .startsWith("HTTP/1.1 " + status + " " + phrase + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\nSet-Cookie: b",
                "a\nb",
                "a\rb",
                "a\0b",
                "a\u007Fb",
                "a\u00E9",
                "a\u010D\u010A",
                "\u001B[31m"
            })
    @DisplayName("H23 never holds a value that could end its line: CR, LF, NUL and what is not US-ASCII are refused")
    void valuesThatCouldEndTheirLineAreRefused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new HeaderField("X", value));
        assertThatIllegalArgumentException().isThrownBy(() -> HandshakeResponse.switchingProtocols(value, null, null));
        assertThatIllegalArgumentException().isThrownBy(() -> HandshakeResponse.switchingProtocols("x", value, null));
        assertThatIllegalArgumentException().isThrownBy(() -> HandshakeResponse.switchingProtocols("x", null, value));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeResponse.answer(200, value, List.of(), new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:", "a\r\n", "\u00E9", "a\0"})
    @DisplayName("H23 never holds a name that is no token")
    void namesThatAreNoTokensAreRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new HeaderField(name, "x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Content-Length", "content-type", "TRANSFER-ENCODING", "Connection", "X-Content-Type-Options"})
    @DisplayName("takes no header twice that the server writes itself")
    void headersOfTheServerItselfAreRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        HandshakeResponse.answer(200, "text/plain", List.of(new HeaderField(name, "0")), new byte[0]))
                .withMessageContaining(name);
    }

    @Test
    @DisplayName("H23 never holds what a client sent, whatever it is refused for")
    void refusalNeverHoldsWhatTheClientSent() {
        String secret = "SECRET";
        for (String text : List.of(
                secret + " / HTTP/1.1\r\n",
                "GET /" + secret + "%zz HTTP/1.1\r\n",
                "GET / " + secret + "\r\n",
                HeadParsing.request("GET / HTTP/1.1", "Host: " + secret + " x"),
                HeadParsing.request("GET / HTTP/1.1", "Host: x", secret + " : y"),
                HeadParsing.handshakeBut("Upgrade", "Upgrade: " + secret),
                HeadParsing.handshakeBut("Connection", "Connection: " + secret),
                HeadParsing.handshakeBut("Sec-WebSocket-Key", "Sec-WebSocket-Key: " + secret),
                HeadParsing.handshakeBut("Sec-WebSocket-Version", "Sec-WebSocket-Version: " + secret),
                HeadParsing.handshake("Sec-WebSocket-Protocol: " + secret + " x"),
                HeadParsing.handshake("Sec-WebSocket-Extensions: " + secret + " x"),
                HeadParsing.handshake("Expect: " + secret))) {
            assertThat(HeadParsing.latin1(HandshakeResponse.refusal(HeadParsing.handshakeRefusal(text))))
                    .doesNotContain(secret);
        }
    }

    @Test
    @DisplayName("has a status that fits")
    void statusesThatDoNotFitAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new HttpRefusal(299, "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> new HttpRefusal(600, "x"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeResponse.answer(101, "text/plain", List.of(), new byte[0]));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeResponse.answer(600, "text/plain", List.of(), new byte[0]));
        assertThat(HeadParsing.latin1(HandshakeResponse.answer(599, "text/plain", List.of(), new byte[0])))
                .startsWith("HTTP/1.1 599 ");
    }
}
