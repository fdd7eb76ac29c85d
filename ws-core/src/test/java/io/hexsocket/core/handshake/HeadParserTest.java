package io.hexsocket.core.handshake;

import static io.hexsocket.core.handshake.HeadParsing.handshake;
import static io.hexsocket.core.handshake.HeadParsing.head;
import static io.hexsocket.core.handshake.HeadParsing.refusal;
import static io.hexsocket.core.handshake.HeadParsing.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A head parser")
class HeadParserTest {

    private static final String HOST = "Host: example.org";

    @Nested
    @DisplayName("takes a head")
    class TakesAHead {

        @Test
        @DisplayName("H1 cut anywhere, with the same result, and leaves the frame bytes glued behind it")
        void cutAnywhere() throws HttpRefusal {
            byte[] frame = {(byte) 0x81, (byte) 0x85, 1, 2, 3, 4, 'i', 'g', 'o', 'h', 'n'};
            byte[] head =
                    handshake("Origin: https://example.org", "Cookie: a=b").getBytes(StandardCharsets.US_ASCII);
            byte[] bytes = ByteBuffer.allocate(head.length + frame.length)
                    .put(head)
                    .put(frame)
                    .array();

            HeadParsing.Outcome whole = HeadParsing.outcome(bytes, HeadLimits.DEFAULT);

            assertThat(whole.left()).isEqualTo(frame);
            assertThat(OpeningHandshake.check((RequestHead) whole.opening())).isNotNull();
            for (int cut = 1; cut < bytes.length; cut++) {
                List<ByteBuffer> two =
                        List.of(ByteBuffer.wrap(bytes, 0, cut), ByteBuffer.wrap(bytes, cut, bytes.length - cut));
                assertThat(HeadParsing.send(two, HeadLimits.DEFAULT).description())
                        .as("cut at %d", cut)
                        .isEqualTo(whole.description());
            }
        }

        @Test
        @DisplayName("H1 and leaves the position of the buffer at the first byte behind the blank line")
        void leavesThePosition() throws HttpRefusal {
            ByteBuffer in = ByteBuffer.wrap((handshake() + "frames").getBytes(StandardCharsets.US_ASCII));

            assertThat(new HeadParser(HeadLimits.DEFAULT).parse(in)).isInstanceOf(RequestHead.class);

            assertThat(StandardCharsets.US_ASCII.decode(in).toString()).isEqualTo("frames");
        }

        @Test
        @DisplayName("with its path, query and headers, whose names are compared without regard to ASCII case")
        void withItsParts() {
            RequestHead head = head(request(
                    "GET /a/b?c=d&e HTTP/1.1",
                    HOST,
                    "X-One:1",
                    "x-two: \t 2 \t ",
                    "X-ONE:  3  4",
                    "X-Empty:",
                    "X_Three:\t"));

            assertThat(head.method()).isEqualTo("GET");
            assertThat(head.path()).isEqualTo("/a/b");
            assertThat(head.rawQuery()).isEqualTo("c=d&e");
            assertThat(head.header("x-one")).isEqualTo("1");
            assertThat(head.headers("X-One")).containsExactly("1", "3  4");
            assertThat(head.header("X-TWO")).isEqualTo("2");
            assertThat(head.header("X-Empty")).isEmpty();
            assertThat(head.header("X_Three")).isEmpty();
            assertThat(head.header("X-Thre")).isNull();
            assertThat(head.headers("X-Four")).isEmpty();
        }

        @Test
        @DisplayName("H6 after one empty line")
        void afterOneEmptyLine() {
            assertThat(head("\r\n" + handshake()).path()).isEqualTo("/php");
        }

        @Test
        @DisplayName("H2 with a request line of exactly 4096 bytes")
        void withALongTarget() {
            String target = "/" + "x".repeat(4096 - "GET / HTTP/1.1".length());
            String request = request("GET " + target + " HTTP/1.1", HOST);
            assertThat(head(request).path()).isEqualTo(target);
            assertThat(head("\r\n" + request).path()).isEqualTo(target);
        }

        @Test
        @DisplayName("H3 of exactly 8 KiB, whatever follows it")
        void ofExactlyTheLimit() {
            String head = padTo(8192);
            assertThat(head).hasSize(8192);
            assertThat(HeadParsing.outcome(head + "frames").left()).hasSize(6);
        }

        @Test
        @DisplayName("H4 with exactly 100 headers")
        void withAsManyHeadersAsAllowed() {
            assertThat(head(request("GET / HTTP/1.1", lines(99, HOST))).header("Host"))
                    .isEqualTo("example.org");
        }

        @Test
        @DisplayName("H9 with bytes from 0x80 up in a value, as Latin-1, and with tabs in it")
        void withOpaqueBytes() {
            RequestHead head = head(request("GET / HTTP/1.1", HOST, "X: \u0080\u00E9\u00FF a\tb"));
            assertThat(head.header("X")).isEqualTo("\u0080\u00E9\u00FF a\tb");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "example.org",
                    "EXAMPLE.org:80",
                    "a",
                    "127.0.0.1:8080",
                    "[::1]",
                    "[::1]:443",
                    "[2001:db8::ffff:1.2.3.4]",
                    "[1:2:3:4:5:6:7:8]",
                    "[1:2:3:4:5:6:1.2.3.4]",
                    "[1:2:3:4:5::1.2.3.4]",
                    "[::255.0.10.9]",
                    "[1::8]",
                    "[1:2:3:4:5:6:7::]",
                    "[::]",
                    "a_b.c",
                    "x:",
                    "x:0",
                    "x:65535",
                    "x%41y",
                    "x%20y",
                    "x%03y",
                    "my-host.example"
                })
        @DisplayName("H10 with a Host that is one")
        void withAHost(String host) {
            assertThat(head(request("GET / HTTP/1.1", "Host: " + host)).header("Host"))
                    .isEqualTo(host);
        }

        @Test
        @DisplayName("H16 with a Content-Length of 0")
        void withNoContent() {
            assertThat(head(handshake("Content-Length: 0")).header("Content-Length"))
                    .isEqualTo("0");
        }

        @ParameterizedTest
        @CsvSource({
            "http://example.org/php?q, /php, q, example.org",
            "HTTPS://example.org/php, /php,, example.org",
            "http://EXAMPLE.ORG, /,, EXAMPLE.ORG",
            "http://example.org?q, /, q, example.org",
            "http://example.org:80/php, /php,, example.org:80",
            "http://other.org:8080/php, /php,, other.org:8080",
            "https://[::1]/, /,, [::1]"
        })
        @DisplayName("H21 in absolute-form, whose authority takes the place of the Host header")
        void inAbsoluteForm(String target, String path, String query, String host) {
            RequestHead head = head(request("GET " + target + " HTTP/1.1", HOST, "A: b"));
            assertThat(head.path()).isEqualTo(path);
            assertThat(head.rawQuery()).isEqualTo(query);
            assertThat(head.headers("host")).containsExactly(host);
            assertThat(head.header("A")).isEqualTo("b");
        }

        @ParameterizedTest
        @ValueSource(strings = {"GET", "HEAD", "POST"})
        @DisplayName("H12 by the methods that have a use, and tells which it was")
        void withItsMethod(String method) {
            assertThat(head(request(method + " /health HTTP/1.1", HOST)).method())
                    .isEqualTo(method);
        }

        @Test
        @DisplayName("H11 N1 by HTTP/1.0 as health checks send it, with and without Host")
        void byHttp10() throws HttpRefusal {
            for (String request : List.of(
                    request("GET /health HTTP/1.0"),
                    request("HEAD /health HTTP/1.0", HOST),
                    request("GET /health HTTP/1.0", "Connection: close"))) {
                assertThat(head(request).path()).isEqualTo("/health");
                assertThat(OpeningHandshake.check(head(request))).isNull();
            }
            assertRefused(400, request("GET / HTTP/1.0", HOST, HOST));
            assertRefused(400, request("GET / HTTP/1.0", "Host: a b"));
        }
    }

    @Nested
    @DisplayName("refuses")
    class Refuses {

        @Test
        @DisplayName("H2 a target of 4097 bytes with 414")
        void aLongTarget() {
            assertRefused(414, request("GET /" + "x".repeat(4096) + " HTTP/1.1", HOST));
        }

        @Test
        @DisplayName("H2 a request line of 4097 bytes with 414")
        void aLongRequestLine() {
            String target = "/" + "x".repeat(4097 - "GET / HTTP/1.1".length());
            assertRefused(414, request("GET " + target + " HTTP/1.1", HOST));
        }

        @ParameterizedTest
        @ValueSource(strings = {"GET /", "x", "GET /a b"})
        @DisplayName("H2 8 KiB without CRLF with 414, after 4097 bytes of it")
        void noCrlf(String start) {
            String text = start + "x".repeat(8192 - start.length());
            assertRefused(414, text);
            assertRefused(414, text.substring(0, 4097));
            assertNoDecision(text.substring(0, 4096));
        }

        @Test
        @DisplayName("H3 one header of 8 KiB with 431, holding no more than 8 KiB")
        void aLongHeader() {
            assertRefused(431, request("GET / HTTP/1.1", HOST, "X: " + "x".repeat(8192)));
            byte[] bytes = ("GET / HTTP/1.1\r\nX: " + "x".repeat(100_000)).getBytes(StandardCharsets.US_ASCII);
            for (int size : new int[] {1, 7, 1000, 100_000}) {
                HeadParsing.Outcome outcome = HeadParsing.send(HeadParsing.cut(bytes, size), HeadLimits.DEFAULT);
                assertThat(outcome.refusal().status()).isEqualTo(431);
                assertThat(outcome.heldAtMost()).isLessThanOrEqualTo(8192);
            }
        }

        @Test
        @DisplayName("H3 endless header lines with 431, at the limit of bytes and at that of lines")
        void endlessHeaders() {
            HeadLimits manyLines = new HeadLimits(8192, 4096, 1_000_000);
            byte[] bytes = ("GET / HTTP/1.1\r\n" + "a: b\r\n".repeat(10_000)).getBytes(StandardCharsets.US_ASCII);

            HeadParsing.Outcome byBytes = HeadParsing.outcome(bytes, manyLines);
            HeadParsing.Outcome byLines = HeadParsing.outcome(bytes, HeadLimits.DEFAULT);

            assertThat(byBytes.refusal().status()).isEqualTo(431);
            assertThat(byBytes.refusal().text()).contains("large");
            assertThat(byBytes.heldAtMost()).isLessThanOrEqualTo(8192);
            assertThat(byLines.refusal().status()).isEqualTo(431);
            assertThat(byLines.refusal().text()).contains("many");
        }

        @Test
        @DisplayName("H3 a head of 8193 bytes with 431, as soon as 8192 are there without its end")
        void oneByteTooMany() {
            String head = padTo(8193);
            assertRefused(431, head);
            assertRefused(431, head.substring(0, 8192));
            assertNoDecision(head.substring(0, 8191));
        }

        @Test
        @DisplayName("H4 101 tiny headers, the last of them Upgrade, with 431, at the first byte of the last")
        void tooManyHeaders() {
            String head = request("GET / HTTP/1.1", lines(100, "Upgrade: websocket"));
            assertRefused(431, head);
            String upToLast = head.substring(0, head.indexOf("Upgrade"));
            assertRefused(431, upToLast + "U");
            assertNoDecision(upToLast);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\r\n\r\n",
                    "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
                    "\0",
                    "\u0001",
                    "\u001B",
                    "\u0016G",
                    "\u007F"
                })
        @DisplayName("H6 more than one empty line, and NUL, SOH, ESC and their like first, with 400")
        void rubbishFirst(String text) {
            assertRefused(400, text);
        }

        @Test
        @DisplayName("H6 8 KiB of CRLF with 400, after the second")
        void endlessEmptyLines() {
            assertRefused(400, "\r\n".repeat(4096));
            assertNoDecision("\r\n");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "GET / HTTP/1.1\nHost: x\n\n",
                    "GET / HTTP/1.1\r\nHost: x\n\r\n",
                    "GET / HTTP/1.1\r\nHost: x\r\n\n",
                    "GET / HTTP/1.1\r\n\nHost: x\r\n\r\n",
                    "GET / HTTP/1.1\r\nHo\nst: x\r\n\r\n",
                    "\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
                    "GET / HTTP/1.1\r\r\nHost: x\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: x\r\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: x\r\n\r\r\n",
                    "GET / HTTP/1.1\n\r\nHost: x\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: x\r\n \r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: x\r\n\t\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: x\rY: z\r\n\r\n",
                    "GET /\r HTTP/1.1\r\nHost: x\r\n\r\n",
                    "GET / HTTP/1.1\r\nHo\rst: x\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: x\r\n\rX"
                })
        @DisplayName("H7 lines that do not end in exactly CRLF with 400")
        void otherLineEnds(String text) {
            assertRefused(400, text);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "X: a\r\n b: c",
                    "X: a\r\n\tb",
                    " X: a",
                    "\tX: a",
                    "X : a",
                    "X\t: a",
                    "no colon",
                    "nocolon",
                    ": a",
                    ":",
                    "X y: a",
                    "X\"y: a",
                    "X(: a",
                    "X[: a"
                })
        @DisplayName("H8 folded lines and names that are no tokens with a colon behind them with 400")
        void badLines(String lines) {
            assertRefused(400, request("GET / HTTP/1.1", HOST, lines));
            assertRefused(400, request("GET / HTTP/1.1", lines, HOST));
        }

        @Test
        @DisplayName("H9 control characters in names and values, and bytes from 0x80 up in names, with 400")
        void controlCharacters() {
            for (int b = 0; b < 256; b++) {
                char c = (char) b;
                boolean lineEnd = c == '\r' || c == '\n';
                if (b < ' ' && c != '\t' && !lineEnd || b == 0x7F) {
                    assertRefused(400, request("GET / HTTP/1.1", HOST, "X: a" + c + "b"));
                    assertRefused(400, request("GET / HTTP/1.1", HOST, "X: " + c));
                    assertRefused(400, request("GET / HTTP/1.1", HOST, "X: a" + c));
                }
                if (b < ' ' && !lineEnd || b >= 0x7F) {
                    assertRefused(400, request("GET / HTTP/1.1", HOST, "X" + c + "y: a"));
                    assertRefused(400, request("GET / HTTP/1.1", HOST, c + "y: a"));
                }
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "a b",
                    "http://x",
                    "x/y",
                    "[::1",
                    "::1",
                    "x:99999",
                    "x:65536",
                    "x:-1",
                    "x:8o",
                    "x:80:80",
                    "x:000080",
                    "user@x",
                    "x%zz",
                    "x%4",
                    "x\"",
                    "x\u00E9",
                    "[]",
                    "[::1]x",
                    "[::1]]",
                    "[1:2:3:4:5:6:7]",
                    "[1:2:3:4:5:6:7:8:9]",
                    "[1::2::3]",
                    "[12345::]",
                    "[:1:2:3:4:5:6:7]",
                    "[1:2:3:4:5:6:7:]",
                    "[1:2:3:4:5:6:7::8]",
                    "[1:2:3:4:5:6:7:8::]",
                    "[::1.2.3]",
                    "[1:2:3:4:5:6::1.2.3.4]",
                    "[1:2:3:4:5:1.2.3.4]",
                    "[::1.2.3.4.]",
                    "[1.2.3.4]",
                    "[::.1.2.3]",
                    "[::1.2.3.256]",
                    "[::1.2.3.4.5]",
                    "[::01.2.3.4]",
                    "[::1.2.3.4:5]",
                    "[fe80::1%25eth0]",
                    "[v1.x]",
                    ":80"
                })
        @DisplayName("H10 a Host that is none with 400")
        void badHost(String host) {
            assertRefused(400, request("GET / HTTP/1.1", "Host: " + host));
        }

        @Test
        @DisplayName("H10 no Host and two Hosts with 400")
        void noHostOrTwo() {
            assertRefused(400, request("GET / HTTP/1.1"));
            assertRefused(400, request("GET / HTTP/1.1", "X-Host: example.org"));
            assertRefused(400, request("GET / HTTP/1.1", HOST, HOST));
            assertRefused(400, request("GET / HTTP/1.1", HOST, "hOST: example.org"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "GET /",
                    "GET / HTTP/0.9",
                    "GET / HTTP/2.0",
                    "GET / HTTP/1.10",
                    "GET / HTTP/1.01",
                    "GET / HTTP/1.2",
                    "GET / http/1.1",
                    "GET / HTTP/1.1x",
                    "GET / HTTP",
                    "PRI * HTTP/2.0"
                })
        @DisplayName("H11 other versions with 505")
        void otherVersions(String requestLine) {
            assertRefused(505, requestLine + "\r\n");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "PUT",
                    "DELETE",
                    "PATCH",
                    "OPTIONS",
                    "CONNECT",
                    "TRACE",
                    "get",
                    "head",
                    "GETT",
                    "GE",
                    "!#$%&'*+-.^_`|~09"
                })
        @DisplayName("H12 other methods with 405 and Allow: GET, HEAD, before their headers have come")
        void otherMethods(String method) {
            HttpRefusal refusal = refusal(method + " /php HTTP/1.1\r\n");
            assertThat(refusal.status()).isEqualTo(405);
            assertThat(refusal.headers()).containsExactly(new HeaderField("Allow", "GET, HEAD"));
        }

        @Test
        @DisplayName("H12 methods whatever their targets are, and one of 1 KiB, with 405")
        void otherMethodsWithTheirTargets() {
            assertRefused(405, "OPTIONS * HTTP/1.1\r\n");
            assertRefused(405, "CONNECT example.org:443 HTTP/1.1\r\n");
            assertRefused(405, "M".repeat(1024) + " / HTTP/1.1\r\n");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "G@T / HTTP/1.1",
                    "G\"T / HTTP/1.1",
                    " / HTTP/1.1",
                    " GET / HTTP/1.1",
                    "GET  / HTTP/1.1",
                    "GET /  HTTP/1.1",
                    "GET / HTTP/1.1 ",
                    "GET  HTTP/1.1",
                    "GET",
                    "GET\t/\tHTTP/1.1",
                    "G\u00C9T / HTTP/1.1",
                    "(GET) / HTTP/2.0",
                    "  "
                })
        @DisplayName("H12 methods that are no tokens, and request lines not of three words, with 400")
        void noMethod(String requestLine) {
            assertRefused(400, requestLine + "\r\n");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Content-Length: 1073741824",
                    "Content-Length: 1",
                    "Content-Length: +5",
                    "Content-Length: -1",
                    "Content-Length: 5, 5",
                    "Content-Length: 0, 0",
                    "Content-Length: 00",
                    "Content-Length: +0",
                    "Content-Length: -0",
                    "Content-Length:",
                    "Content-Length: 18446744073709551616",
                    "content-length: 0x0",
                    "Content-Length: 0\r\nContent-Length: 0",
                    "Content-Length: 0\r\ncontent-length: 5",
                    "Transfer-Encoding: chunked",
                    "Transfer-Encoding: identity",
                    "Transfer-Encoding:",
                    "transfer-encoding: chunked, xchunked",
                    "Content-Length: 0\r\nTransfer-Encoding: chunked"
                })
        @DisplayName("H16 content of any length with 400, with the head and before any of it comes")
        void content(String lines) {
            assertRefused(400, handshake(lines));
            assertRefused(400, request("GET / HTTP/1.1", HOST, lines));
        }

        @Test
        @DisplayName("H16 Expect with 417")
        void expectation() {
            assertRefused(417, handshake("Expect: 100-continue"));
            assertRefused(417, request("GET / HTTP/1.1", HOST, "expect: x"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "http://user@example.org/php",
                    "http://example.org:x/php",
                    "http://[::1/php",
                    "http:///php",
                    "http://",
                    "ftp://example.org/php",
                    "ws://example.org/php",
                    "example.org:80",
                    "example.org",
                    "*",
                    "php",
                    "?q",
                    "http:/php"
                })
        @DisplayName("H21 absolute-form with a user or without a host, authority-form and * with 400")
        void otherTargets(String target) {
            assertRefused(400, request("GET " + target + " HTTP/1.1", HOST));
        }

        @ParameterizedTest
        @ValueSource(strings = {"\u0016\u0003", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00FC\u0003\u0003"})
        @DisplayName("T2 a ClientHello on the plain port without an answer, at its second byte")
        void clientHello(String text) {
            assertThat(refusal(text).isSilent()).isTrue();
            assertThat(HandshakeResponse.refusal(refusal(text))).isEmpty();
            assertNoDecision("\u0016");
        }

        @Test
        @DisplayName("H15 without a stack trace, and with nothing in its text that the client sent")
        void withoutAStackTrace() {
            HttpRefusal refusal = refusal("SECRET /SECRET HTTP/1.1\r\n");
            assertThat(refusal.getStackTrace()).isEmpty();
            refusal.addSuppressed(new IllegalStateException());
            assertThat(refusal.getSuppressed()).isEmpty();
            assertThat(HeadParsing.latin1(HandshakeResponse.refusal(refusal))).doesNotContain("SECRET");
        }
    }

    @Nested
    @DisplayName("takes the hello of a raw client")
    class RawHellos {

        @Test
        @DisplayName("B4 exactly as it is, and leaves what follows its second LF")
        void exactly() {
            HeadParsing.Outcome outcome = HeadParsing.outcome("php process\nGET /php HTTP/1.1\n{\"opcode\":\"echo\"}");
            assertThat(outcome.opening()).isEqualTo(new RawHello("/php", null));
            assertThat(HeadParsing.latin1(outcome.left())).isEqualTo("{\"opcode\":\"echo\"}");
        }

        @Test
        @DisplayName("B4 and leaves an empty line behind it to the reader of messages, to which white space is nothing")
        void withAnEmptyLine() {
            assertThat(HeadParsing.latin1(HeadParsing.outcome("php process\nGET / HTTP/1.1\n\n{}")
                            .left()))
                    .isEqualTo("\n{}");
        }

        @Test
        @DisplayName("B4 with its path decoded once and a query")
        void withAPath() {
            assertThat(HeadParsing.outcome("php process\nGET /%70hp?token=a%20b HTTP/1.1\n")
                            .opening())
                    .isEqualTo(new RawHello("/php", "token=a%20b"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "php process\r\n",
                    "php process\r\nGET /php HTTP/1.1\r\n",
                    "PHP PROCESS\n",
                    "php Process\n",
                    "php processX\n",
                    "php process \n",
                    " php process\n",
                    "php  process\n",
                    "\r\nphp process\nGET / HTTP/1.1\n",
                    "php\n",
                    "p\n",
                    "\n",
                    "\u0016hp process\nGET / HTTP/1.1\n"
                })
        @DisplayName("B4 but not when it is another: that is HTTP, and bad")
        void anotherHello(String text) {
            HttpRefusal refusal = refusal(text);
            assertThat(refusal.isSilent()).isFalse();
            assertThat(refusal.status()).isIn(400, 505);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\n",
                    "GET /php HTTP/1.1\r\n",
                    "GET /php HTTP/1.0\n",
                    "GET /php\n",
                    "get /php HTTP/1.1\n",
                    "POST /php HTTP/1.1\n",
                    "GET php HTTP/1.1\n",
                    "GET http://x/php HTTP/1.1\n",
                    "GET /php x HTTP/1.1\n",
                    "GET  /php HTTP/1.1\n",
                    "GET /php  HTTP/1.1\n",
                    "GET /php HTTP/1.1 \n",
                    "GET /../php HTTP/1.1\n",
                    "GET /%zz HTTP/1.1\n",
                    "GET /%2f HTTP/1.1\n",
                    "GET /\u00E9 HTTP/1.1\n",
                    "GET /\0 HTTP/1.1\n",
                    "{\"opcode\":\"echo\"}\n",
                    "GET / HTTP/1.1GET / HTTP/1.1\n"
                })
        @DisplayName("B4 but not with a second line that is none: closed with nothing sent")
        void badSecondLine(String line) {
            assertThat(refusal("php process\n" + line).isSilent()).isTrue();
        }

        @Test
        @DisplayName("B4 but not when its second line is longer than 4 KiB: closed with nothing sent")
        void longSecondLine() {
            assertThat(refusal("php process\nGET /" + "x".repeat(8192)).isSilent())
                    .isTrue();
            String line = "GET /" + "x".repeat(4096 - "GET / HTTP/1.1".length()) + " HTTP/1.1";
            assertThat(HeadParsing.outcome("php process\n" + line + "\n").opening())
                    .isInstanceOf(RawHello.class);
            HeadLimits small = new HeadLimits(64, 4096, 1);
            byte[] bytes = ("php process\nGET /" + "x".repeat(100)).getBytes(StandardCharsets.US_ASCII);
            assertThat(HeadParsing.outcome(bytes, small).refusal().isSilent()).isTrue();
        }

        @Test
        @DisplayName("B4 and waits when it is cut anywhere, or never finished")
        void waits() {
            String hello = "php process\nGET /php HTTP/1.1\n";
            for (int length = 0; length < hello.length(); length++) {
                assertNoDecision(hello.substring(0, length));
            }
        }

        @Test
        @DisplayName("B6 but not behind an HTTP request: one refusal, and the rest is discarded")
        void behindHttp() {
            String hello = "php process\nGET /php HTTP/1.1\n";
            assertRefused(400, request("GET / HTTP/1.1", "Host: x", "Content-Length: " + hello.length()) + hello);
            String post = request("POST / HTTP/1.1", "Host: x", "Content-Length: " + hello.length());
            assertThat(head(post).hasContent()).isTrue();
            assertThat(HeadParsing.outcome(post + hello).opening()).isInstanceOf(RequestHead.class);
            assertRefused(405, request("PUT / HTTP/1.1", "Host: x") + hello);
        }
    }

    @Nested
    @DisplayName("costs little")
    class CostsLittle {

        @Test
        @DisplayName("H5 knows whether any byte has come, and holds about what came and not what may come")
        void knowsWhetherAnyByteCame() throws HttpRefusal {
            HeadParser parser = new HeadParser(HeadLimits.DEFAULT);
            assertThat(parser.hasInput()).isFalse();
            assertThat(parser.heldBytes()).isZero();
            assertThat(parser.parse(ByteBuffer.allocate(0))).isNull();
            assertThat(parser.hasInput()).isFalse();

            byte[] bytes = ("GET / HTTP/1.1\r\nX: " + "x".repeat(7000)).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < bytes.length; i++) {
                assertThat(parser.parse(ByteBuffer.wrap(bytes, i, 1))).isNull();
                assertThat(parser.hasInput()).isTrue();
                assertThat(parser.heldBytes()).isLessThanOrEqualTo(Math.max(256, 2 * (i + 1)));
            }
        }

        @Test
        @DisplayName("H3 a head that comes whole costs what it is long, and nothing once it is taken")
        void wholeHead() throws HttpRefusal {
            byte[] bytes = handshake("Cookie: " + "x".repeat(500)).getBytes(StandardCharsets.US_ASCII);
            HeadParser parser = new HeadParser(HeadLimits.DEFAULT);

            assertThat(parser.parse(ByteBuffer.wrap(bytes, 0, bytes.length - 1)))
                    .isNull();
            assertThat(parser.heldBytes()).isEqualTo(bytes.length - 1);

            assertThat(parser.parse(ByteBuffer.wrap(bytes, bytes.length - 1, 1)))
                    .isNotNull();
            assertThat(parser.heldBytes()).isZero();
        }

        @Test
        @Timeout(value = 20, threadMode = ThreadMode.SEPARATE_THREAD)
        @DisplayName("H5 a head of 2 MiB in segments of one byte, 256 times the limit, takes linear work")
        void linearWork() {
            int size = 2 * 1024 * 1024;
            HeadLimits limits = new HeadLimits(2 * size, 4096, 2 * size);
            byte[] bytes = ("GET / HTTP/1.1\r\nHost: x\r\n" + "a:b\r\n".repeat(size / 5) + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            HeadParser parser = new HeadParser(limits);
            Opening opening = null;
            ByteBuffer in = ByteBuffer.wrap(bytes);
            for (int i = 0; i < bytes.length; i++) {
                assertThat(opening).isNull();
                in.limit(i + 1);
                opening = parse(parser, in);
            }
            assertThat(((RequestHead) opening).headers("a")).hasSize(size / 5);
        }

        @Test
        @DisplayName("H1 bytes changed at random lead to a head or a refusal, the same however they are cut")
        void randomChanges() {
            String start = "\r\nGET /a%20b?c HTTP/1.1\r\nHost: [::1]:80\r\nX:\t " + "y ".repeat(200)
                    + "\r\nContent-Length: 0\r\n\r\n";
            String spice = "\r\n\t :/%?[].0G\0\u007F\u0080\u00FF";
            int openings = 0;
            int seeds = Integer.getInteger("seeds", 3000);
            for (int seed = 0; seed < seeds; seed++) {
                Random random = new Random(seed);
                StringBuilder text = new StringBuilder(start);
                for (int changes = random.nextInt(3); changes > 0; changes--) {
                    int at = random.nextInt(text.length());
                    char c = spice.charAt(random.nextInt(spice.length()));
                    switch (random.nextInt(3)) {
                        case 0 -> text.setCharAt(at, c);
                        case 1 -> text.insert(at, c);
                        default -> text.deleteCharAt(at);
                    }
                }
                // what ends a head for certain, whatever became of it: a blank line, and then a bare LF
                HeadParsing.Outcome outcome = HeadParsing.outcome(text + "\r\n\r\n\n");
                openings += outcome.opening() != null ? 1 : 0;
            }
            assertThat(openings)
                    .as("of the changed heads, those that are still good")
                    .isBetween(seeds / 10, seeds - seeds / 10);
        }
    }

    @Test
    @DisplayName("limits must be positive")
    void limitsMustBePositive() {
        assertThatIllegalArgumentException().isThrownBy(() -> new HeadLimits(0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new HeadLimits(1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new HeadLimits(1, 1, 0));
    }

    private static Opening parse(HeadParser parser, ByteBuffer in) {
        try {
            return parser.parse(in);
        } catch (HttpRefusal refusal) {
            throw new AssertionError(refusal);
        }
    }

    private static void assertRefused(int status, String text) {
        HttpRefusal refusal = refusal(text);
        assertThat(refusal.status()).as(refusal.text()).isEqualTo(status);
        assertThat(refusal.isSilent()).isFalse();
    }

    private static void assertNoDecision(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        HeadParser whole = new HeadParser(HeadLimits.DEFAULT);
        HeadParser byteByByte = new HeadParser(HeadLimits.DEFAULT);
        assertThat(parse(whole, ByteBuffer.wrap(bytes))).isNull();
        for (ByteBuffer piece : HeadParsing.cut(bytes, 1)) {
            assertThat(parse(byteByByte, piece)).isNull();
        }
    }

    private static String[] lines(int count, String last) {
        String[] lines = new String[count + 1];
        Arrays.fill(lines, "a: b");
        lines[count] = last;
        return lines;
    }

    private static String padTo(int size) {
        String head = request("GET / HTTP/1.1", HOST, "X: ");
        return request("GET / HTTP/1.1", HOST, "X: " + "x".repeat(size - head.length()));
    }
}
