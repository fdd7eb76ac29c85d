package io.hexsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hexsocket.apps.OpeningRequest;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The request that an app sees")
class HandshakeRequestTest {

    private static final InetSocketAddress REMOTE = InetSocketAddress.createUnresolved("192.0.2.1", 4711);

    @Test
    @DisplayName("says what it was given")
    void saysWhatItWasGiven() {
        String shared = new String("/php");
        RequestHead head = HeadParsing.head(HeadParsing.handshake("Origin: https://example.org", "X: 1", "x: 2"));

        OpeningRequest request = HandshakeRequest.of(head, shared, Map.of("room", "a"), REMOTE, true, false, null);

        assertThat(request.path()).isSameAs(shared);
        assertThat(request.pathParameters()).containsOnly(Map.entry("room", "a"));
        assertThat(request.pathParameter("room")).isEqualTo("a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request.pathParameter("rom"))
                .withMessage("the path of this app has no {rom}; it has [room]");
        assertThat(request.rawQuery()).isNull();
        assertThat(request.query("a")).isNull();
        assertThat(request.header("ORIGIN")).isEqualTo("https://example.org");
        assertThat(request.headers("X")).containsExactly("1", "2");
        assertThat(request.cookie("a")).isNull();
        assertThat(request.subprotocols()).isEmpty();
        assertThat(request.remoteAddress()).isSameAs(REMOTE);
        assertThat(request.isSecure()).isTrue();
        assertThat(request.isRawTcp()).isFalse();
        assertThat(request).hasToString("/php");
    }

    @Test
    @DisplayName("keeps one array of header lines, without those of the handshake itself")
    void requestKeepsOneArrayOfHeaderLines() {
        RequestHead head = HeadParsing.head(HeadParsing.handshake(
                "Origin:  https://example.org",
                "sec-websocket-extensions: a",
                "Sec-WebSocket-Protocol: a, b, a",
                "upgrade: h2c"));

        HandshakeRequest request = HandshakeRequest.of(head, "/php", Map.of(), REMOTE, false, false, null);

        assertThat(HeadParsing.latin1(request.lines().bytes()))
                .isEqualTo("Host:example.org\nOrigin:https://example.org\nSec-WebSocket-Protocol:a, b, a\n");
        assertThat(request.header("Sec-WebSocket-Key")).isNull();
        assertThat(request.subprotocols()).containsExactly("a", "b");
    }

    @Test
    @DisplayName("of a raw client has a path, a query and no headers")
    void ofARawClient() {
        OpeningRequest request =
                HandshakeRequest.of(new RawHello("/php", "token=x"), "/php", Map.of(), REMOTE, false, false, null);

        assertThat(request.isRawTcp()).isTrue();
        assertThat(request.isSecure()).isFalse();
        assertThat(request.query("token")).isEqualTo("x");
        assertThat(request.header("Host")).isNull();
        assertThat(request.headers("Host")).isEmpty();
        assertThat(request.subprotocols()).isEmpty();
        assertThat(request.cookie("a")).isNull();
    }

    @Test
    @DisplayName("has no other path than the one that came")
    void requestTakesNoOtherPathThanItsOwn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        HandshakeRequest.of(new RawHello("/php", null), "/web", Map.of(), REMOTE, false, false, null));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            value = {
                "a=1, a, 1",
                "a=1&b=2, b, 2",
                "a=1&a=2, a, 1",
                "a, a, ''",
                "a=, a, ''",
                "a==b, a, =b",
                "a=b=c, a, b=c",
                "=1, '', 1",
                "'', '', NULL",
                "&&a=1, a, 1",
                "&, '', NULL",
                "b=1, a, NULL",
                "aa=1, a, NULL",
                "A=1, a, NULL",
                "a=x+y%2Bz, a, x y+z",
                "%61=1, a, 1",
                "a=%zz%4, a, %zz%4",
                "a=%, a, %",
                "a=%c3%a4, a, \u00E4",
                "a=%ff, a, \uFFFD",
                "a+b=1, a b, 1",
                "a=1;b=2, b, NULL"
            })
    @DisplayName("has a query that is decoded as forms are, the first of each name")
    void queryIsDecodedAsFormsAre(String query, String name, String value) {
        RequestHead head = HeadParsing.head(HeadParsing.request("GET /?" + query + " HTTP/1.1", "Host: x"));
        OpeningRequest request = HandshakeRequest.of(head, "/", Map.of(), REMOTE, false, false, null);
        assertThat(request.rawQuery()).isEqualTo(query);
        assertThat(request.query(name)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            value = {
                "a=1, a, 1",
                "a=1; b=2, b, 2",
                "a=1;b=2, b, 2",
                "a=1; a=2, a, 1",
                "a=\"1\", a, \"1\"",
                "a=1=2, a, 1=2",
                "a=, a, ''",
                "a; b=2, b, 2",
                "a; b=2, a, NULL",
                "a; b=2, a; b, NULL",
                "A=1, a, NULL",
                "xa=1, a, NULL",
                "a = 1 , a, 1",
                "a=%20, a, %20",
                "; ;a=1;, a, 1",
                "=1, '', 1",
                "a;=1, a, NULL",
                "ab=1; a=2, a, 2"
            })
    @DisplayName("has cookies as sent, the first of each name")
    void firstCookieOfEachNameIsGiven(String line, String name, String value) {
        RequestHead head = HeadParsing.head(HeadParsing.handshake("Cookie: " + line));
        assertThat(HandshakeRequest.of(head, "/php", Map.of(), REMOTE, false, false, null)
                        .cookie(name))
                .isEqualTo(value);
    }

    @Test
    @DisplayName("has the cookies of all its lines")
    void cookiesOfTwoLines() {
        RequestHead head = HeadParsing.head(HeadParsing.handshake("Cookie: a=1", "cookie: b=2; a=3"));
        OpeningRequest request = HandshakeRequest.of(head, "/php", Map.of(), REMOTE, false, false, null);
        assertThat(request.cookie("b")).isEqualTo("2");
        assertThat(request.cookie("a")).isEqualTo("1");
    }
}
