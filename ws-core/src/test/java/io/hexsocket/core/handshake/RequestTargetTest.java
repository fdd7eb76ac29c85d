package io.hexsocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A request target")
class RequestTargetTest {

    @ParameterizedTest
    @CsvSource({
        "/php, /php",
        "/%70hp, /php",
        "/%70%68%70, /php",
        "/%2570hp, /%70hp",
        "//php, //php",
        "/php/, /php/",
        "/php;x, /php;x",
        "/PHP, /PHP",
        "/web//php, /web//php",
        "/a%20b, /a b",
        "/%C3%A4, /\u00E4",
        "/%f0%9f%98%80, /\uD83D\uDE00",
        "/%ef%bb%bf, /\uFEFF",
        "/..., /...",
        "/.x/..y/z., /.x/..y/z.",
        "/a%3Fb%23c, /a?b#c",
        "/a|b^c[d]{e}`~!$&'()*+=:@, /a|b^c[d]{e}`~!$&'()*+=:@"
    })
    @DisplayName("H22 has a path that is decoded once and is otherwise what was sent")
    void pathIsDecodedExactlyOnce(String text, String path) throws HttpRefusal {
        assertThat(RequestTarget.parse(text)).isEqualTo(new RequestTarget(path, null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/web/../php",
                "/web/./php",
                "/..",
                "/.",
                "/../",
                "/./",
                "/web/..",
                "/web/%2e%2e/php",
                "/web/%2E%2e/php",
                "/web/.%2e/php",
                "/web/%2e/php",
                "/%2e%2e",
                "//..//php"
            })
    @DisplayName("H22 with a dot segment, plain or encoded, is refused with 400")
    void pathWithADotSegmentIsRefused(String text) {
        assertRefused(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/php%00",
                "/php%2f",
                "/php%2F",
                "/%2fphp",
                "/web%2f..%2fphp",
                "/php%0d%0aSet-Cookie:x=y",
                "/%7f",
                "/%1F",
                "/%5c",
                "/%09"
            })
    @DisplayName("H22 H23 with an encoded slash, backslash or control character is refused with 400")
    void pathWithAnEncodedDelimiterIsRefused(String text) {
        assertRefused(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%",
                "/%4",
                "/%zz",
                "/%4z",
                "/%z4",
                "/%%34",
                "/%+1",
                "/a%",
                "/%c0%af",
                "/%c3",
                "/%c3%28",
                "/%ed%a0%80",
                "/%ff",
                "/%f4%90%80%80"
            })
    @DisplayName("H22 with an escape that is none, or no UTF-8, is refused with 400")
    void pathWithABadEscapeIsRefused(String text) {
        assertRefused(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/php#x", "/php?a#x", "/#", "/web\\php", "/\\..\\php", "/<php>", "/\"", "/?<", "/?\""})
    @DisplayName("H22 with a fragment, a backslash, or what must be encoded, is refused with 400")
    void pathWithACharacterToBeEncodedIsRefused(String text) {
        assertRefused(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /a b HTTP/1.1", "GET /\u00E9 HTTP/1.1", "GET /\u0000 HTTP/1.1", "GET /\t HTTP/1.1"})
    @DisplayName(
            "H22 with a space, or raw bytes that are not visible US-ASCII, is refused with 400 by the request line")
    void targetWithASpaceOrRawBytesIsRefused(String requestLine) {
        assertThat(HeadParsing.refusal(requestLine + "\r\n").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "/php?, ''",
                "/php?a=b, a=b",
                "/php?a?b/../c%zz, a?b/../c%zz",
                "/?x=|{}^`[\\], x=|{}^`[\\]",
                "/php, NULL"
            },
            nullValues = "NULL")
    @DisplayName("has a query as sent, since it names no app")
    void queryIsKeptAsItWasSent(String text, String query) throws HttpRefusal {
        assertThat(RequestTarget.parse(text).rawQuery()).isEqualTo(query);
    }

    @Test
    @DisplayName("H21 in absolute-form has an authority")
    void absoluteFormNeedsAnAuthority() throws HttpRefusal {
        assertThat(RequestTarget.parse("http://x:80/%70hp?q")).isEqualTo(new RequestTarget("/php", "q", "x:80"));
        assertThat(RequestTarget.parse("hTTps://x")).isEqualTo(new RequestTarget("/", null, "x"));
    }

    private static void assertRefused(String text) {
        HttpRefusal refusal =
                HeadParsing.refusal(HeadParsing.request("GET " + text + " HTTP/1.1", "Host: example.org"));
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.isSilent()).isFalse();
    }
}
