package io.hexsocket.core.conformance;

import static io.hexsocket.core.testkit.ClientFrame.text;

import io.hexsocket.core.conformance.Case.Request;
import io.hexsocket.core.testkit.ClientFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Opening handshakes, which the Autobahn test suite does not try: what RFC 6455 section 4.2.1 asks for, and what RFC 9110 and RFC 9112 say
 * of every request. A connection that is opened has to echo.
 */
final class HandshakeCases {

    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final Set<Integer> BAD = Set.of(400);

    private final List<Case> cases = new ArrayList<>();
    private final Map<Integer, Integer> numbers = new HashMap<>();

    private HandshakeCases() {}

    static List<Case> all() {
        HandshakeCases all = new HandshakeCases();
        all.lines();
        all.host();
        all.requestLine();
        all.keyAndVersion();
        all.upgrade();
        all.body();
        all.target();
        all.offers();
        return all.cases;
    }

    // ---- what comes of a request

    private void opens(int group, String title, String rfc, String request) {
        ClientFrame hello = text("Hello");
        Exchange exchange = Exchange.send(hello).answered(Received.echoOf(hello));
        add(group, title, rfc, new Request(request, Set.of(), ""), exchange);
    }

    private void refused(int group, String title, String rfc, Set<Integer> statuses, String request) {
        refused(group, title, rfc, statuses, "", request);
    }

    private void refused(int group, String title, String rfc, Set<Integer> statuses, String mayOpen, String request) {
        add(group, title, rfc, new Request(request, statuses, mayOpen), Exchange.of());
    }

    private void add(int group, String title, String rfc, Request opening, Exchange exchange) {
        int number = numbers.merge(group, 1, Integer::sum);
        cases.add(new Case("H." + group + "." + number, title, rfc, opening, scale -> exchange));
    }

    /** A request that is right but for what stands instead of one header, and for what is added. */
    private static String but(String name, String... lines) {
        StringBuilder request = new StringBuilder("GET {path} HTTP/1.1\r\n");
        for (String line : new String[] {
            "Host: {host}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: " + KEY,
            "Sec-WebSocket-Version: 13"
        }) {
            if (!line.startsWith(name + ":")) {
                request.append(line).append("\r\n");
            }
        }
        for (String line : lines) {
            request.append(line).append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    private static String with(String... lines) {
        return but("-", lines);
    }

    private static String line(String requestLine) {
        return with().replaceFirst("GET \\{path} HTTP/1\\.1", requestLine.replace("\\", "\\\\"));
    }

    // ---- RFC 9112 sections 2.2 and 5, RFC 9110 section 5.5

    private void lines() {
        opens(1, "the request of RFC 6455 section 1.3", "RFC 6455 4.2.1", with());
        opens(
                1,
                "names in other cases, and values in spaces",
                "RFC 9110 5.1, RFC 9112 5.1",
                "GET {path} HTTP/1.1\r\n"
                        + "HOST:{host}\r\nupgrade:\t WebSocket \t\r\nCONNECTION:upgrade\r\nsec-websocket-KEY:" + KEY
                        + "  \r\nSEC-WEBSOCKET-VERSION:\t13\r\n\r\n");
        refused(3, "a header of 20 KB", "RFC 6585 5", Set.of(431, 400), with("X: " + "x".repeat(20_000)));
        opens(6, "an empty line before the request", "RFC 9112 2.2", "\r\n" + with());
        for (String first : List.of("\0", "\u0001", "\u001B")) {
            refused(6, "a control character first", "RFC 9112 3", Set.of(400, 405), first + with());
        }
        String mayRecognize = "RFC 9112 section 2.2: a recipient may take LF for the end of a line";
        refused(7, "lines that end with LF alone", "RFC 9112 2.2", BAD, mayRecognize, with().replace("\r\n", "\n"));
        refused(7, "one line that ends with LF alone", "RFC 9112 2.2", BAD, mayRecognize, with("A: b\nC: d"));
        String mayReplace = "RFC 9112 section 2.2: or a space may take its place";
        refused(7, "CR inside a value", "RFC 9112 2.2", BAD, mayReplace, with("A: b\rc"));
        refused(7, "CR CR LF", "RFC 9112 2.2", BAD, mayReplace, with("A: b\r"));
        String fold = "RFC 9112 section 5.2: or the fold may be replaced";
        refused(8, "a header that is folded", "RFC 9112 5.2", BAD, fold, with("A: b", " c"));
        String skip = "RFC 9112 section 2.2: or such lines may be skipped";
        refused(8, "a space before the first header", "RFC 9112 2.2", BAD, skip, with().replaceFirst("Host", " Host"));
        refused(8, "a space before a colon", "RFC 9112 5.1", BAD, with().replace("Host:", "Host :"));
        refused(8, "a line without a colon", "RFC 9112 5", BAD, with("nothing"));
        refused(8, "an empty name", "RFC 9112 5", BAD, with(": x"));
        refused(8, "a name that is no token", "RFC 9110 5.1", BAD, with("A(b): x"));
        refused(
                9,
                "NUL in a value",
                "RFC 9110 5.5",
                BAD,
                "RFC 9110 section 5.5: or a space may take its place",
                with("A: b\0c"));
        String mayKeep = "RFC 9110 section 5.5: a recipient may keep it";
        refused(9, "DEL in a value", "RFC 9110 5.5", BAD, mayKeep, with("A: b\u007Fc"));
        refused(9, "ESC in a value", "RFC 9110 5.5", BAD, mayKeep, with("A: b\u001Bc"));
        refused(9, "a byte beyond ASCII in a name", "RFC 9110 5.1", BAD, with("\u00C4: b"));
        opens(9, "bytes beyond ASCII in a value", "RFC 9110 5.5", with("A: \u00FF\u00C4"));
    }

    // ---- RFC 9112 section 3.2

    private void host() {
        refused(10, "no Host", "RFC 9112 3.2", BAD, but("Host"));
        refused(10, "two Hosts", "RFC 9112 3.2", BAD, with("Host: {host}"));
        for (String host : List.of("a b", "http://x", "[::1", "a/b", "a@b")) {
            refused(10, "Host: " + host, "RFC 9112 3.2", BAD, but("Host", "Host: " + host));
        }
    }

    // ---- RFC 9112 sections 2.3 and 3, RFC 6455 section 4.2.1

    private void requestLine() {
        String long20K = "{path}?" + "x".repeat(20_000);
        refused(2, "a target of 20 KB", "RFC 9112 3", Set.of(414, 431), line("GET " + long20K + " HTTP/1.1"));
        refused(11, "HTTP/1.0", "RFC 6455 4.2.1", Set.of(400, 426, 505), line("GET {path} HTTP/1.0"));
        for (String version : List.of("HTTP/2.0", "HTTP/1.10", "http/1.1", "HTTP/1", "HTTP", "HTTP/1.1 ")) {
            refused(11, "\"" + version + "\"", "RFC 9112 2.3", Set.of(400, 505), line("GET {path} " + version));
        }
        refused(11, "the preface of HTTP/2", "RFC 9113 3.4", Set.of(400, 505), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        Set<Integer> noMethod = Set.of(405, 501, 400);
        for (String method : List.of("POST", "HEAD", "PUT", "OPTIONS", "DELETE", "TRACE", "get", "PURGE")) {
            refused(12, method, "RFC 6455 4.2.1", noMethod, line(method + " {path} HTTP/1.1"));
        }
        refused(12, "a method that is no token", "RFC 9110 9.1", Set.of(400, 405, 501), line("G@T {path} HTTP/1.1"));
        String spaces = "RFC 9112 section 3: or any whitespace may be taken for one space";
        refused(12, "two spaces", "RFC 9112 3", BAD, spaces, line("GET  {path} HTTP/1.1"));
        refused(12, "a tab", "RFC 9112 3", BAD, spaces, line("GET\t{path} HTTP/1.1"));
    }

    // ---- RFC 6455 section 4.2.1, 5. and 6.

    private void keyAndVersion() {
        refused(13, "no key", "4.2.1", BAD, but("Sec-WebSocket-Key"));
        refused(13, "two keys", "4.2.1, 11.3.1", BAD, with("Sec-WebSocket-Key: " + KEY));
        for (String key : List.of(
                "",
                "dGhlIHNhbXBsZSBub25j",
                "dGhlIHNhbXBsZSBub25jZTEy",
                "dGhlIHNhbXBsZSBub25jZTE=",
                "dGhlIHNhbXBsZSBub25jZQ",
                "dGhlIHNhbXBsZSBub25jZQ=",
                "dGhlIHNhbX BsZSBub25jZQ==",
                "----IHNhbXBsZSBub25jZQ==",
                "\"dGhlIHNhbXBsZSBub25jZQ==\"",
                KEY + ", x")) {
            refused(13, "the key " + key, "4.2.1", BAD, but("Sec-WebSocket-Key", "Sec-WebSocket-Key: " + key));
        }
        // the first one is printed in section 4.1, with bits behind the 16th byte
        for (String key : List.of(
                "AQIDBAUGBwgJCgsMDQ4PEC==",
                "AAAAAAAAAAAAAAAAAAAAAA==",
                "/////////////////////w==",
                "++++++++++++++++++++Ag==")) {
            opens(13, "the key " + key, "4.2.1, 4.2.2", but("Sec-WebSocket-Key", "Sec-WebSocket-Key: " + key));
        }
        Set<Integer> upgrade = Set.of(426);
        refused(14, "no version", "4.2.2, 4.4", upgrade, but("Sec-WebSocket-Version"));
        refused(14, "two versions", "4.2.2, 11.3.5", upgrade, with("Sec-WebSocket-Version: 13"));
        for (String version : List.of("", "0", "8", "12", "14", "013", "+13", "13, 8", "13.0", "256")) {
            String line = "Sec-WebSocket-Version: " + version;
            refused(14, "version " + version, "4.2.2, 4.4", upgrade, but("Sec-WebSocket-Version", line));
        }
        String next = "GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n";
        refused(15, "another version, and a request behind it", "4.2.2", upgrade, but("Sec-WebSocket-Version") + next);
    }

    // ---- RFC 6455 section 4.2.1, 3. and 4.

    private void upgrade() {
        Set<Integer> noUpgrade = Set.of(400, 426);
        refused(18, "no Connection", "4.2.1", noUpgrade, but("Connection"));
        for (String value :
                List.of("notupgrade", "upgrade-insecure", "keep-alive", "\"Upgrade\"", "keep-alive Upgrade")) {
            refused(18, "Connection: " + value, "4.2.1", noUpgrade, but("Connection", "Connection: " + value));
        }
        for (String value :
                List.of("upgrade", "keep-alive, Upgrade", "UPGRADE,", ", ,\tUpgrade\t, x", "close, Upgrade")) {
            opens(18, "Connection: " + value, "4.2.1, RFC 9110 7.6.1", but("Connection", "Connection: " + value));
        }
        opens(18, "two Connections", "4.2.1, RFC 9110 5.3", with("Connection: keep-alive"));
        refused(19, "no Upgrade", "4.2.1", noUpgrade, but("Upgrade"));
        for (String value : List.of("websockets", "web socket", "h2c", "", "\"websocket\"", "websocket;x")) {
            refused(19, "Upgrade: " + value, "4.2.1", noUpgrade, but("Upgrade", "Upgrade: " + value));
        }
        refused(
                19,
                "Upgrade: websocket/13",
                "4.2.1",
                noUpgrade,
                "RFC 9110 section 7.8 has protocols with versions",
                but("Upgrade", "Upgrade: websocket/13"));
        for (String value : List.of("WEBSOCKET", "h2c, WebSocket", ",websocket")) {
            opens(19, "Upgrade: " + value, "4.2.1, RFC 9110 7.8", but("Upgrade", "Upgrade: " + value));
        }
        opens(19, "two Upgrades", "4.2.1, RFC 9110 5.3", with("Upgrade: h2c"));
        // U+017F and U+212A in UTF-8: Java's equalsIgnoreCase takes them for s and k
        refused(20, "a long s", "4.2.1", noUpgrade, but("Upgrade", "Upgrade: web\u00C5\u00BFocket"));
        refused(20, "the sign of Kelvin", "4.2.1", noUpgrade, but("Upgrade", "Upgrade: websoc\u00E2\u0084\u00AAet"));
        refused(20, "a space that does not break", "4.2.1", noUpgrade, but("Upgrade", "Upgrade: \u00A0websocket"));
    }

    // ---- RFC 9112 section 6

    private void body() {
        opens(16, "Content-Length: 0", "RFC 9110 8.6", with("Content-Length: 0"));
        for (String length : List.of("+5", "-1", "0x5", "5, 6", "18446744073709551616")) {
            Set<Integer> refusals = Set.of(400, 413);
            refused(16, "Content-Length: " + length, "RFC 9112 6.3", refusals, with("Content-Length: " + length));
        }
        Set<Integer> unknown = Set.of(400, 501);
        refused(
                16,
                "a transfer coding that nobody knows",
                "RFC 9112 6.1",
                unknown,
                with("Transfer-Encoding: xchunked"));
        refused(16, "chunked, but not last", "RFC 9112 6.3", unknown, with("Transfer-Encoding: chunked, gzip"));
    }

    // ---- RFC 9112 section 3.2, RFC 3986

    private void target() {
        Set<Integer> noTarget = Set.of(400, 404);
        opens(
                21,
                "an absolute target of the same authority",
                "RFC 9112 3.2.2",
                line("GET http://{host}{path} HTTP/1.1"));
        opens(
                21,
                "an absolute target, and a Host of another authority, which is ignored",
                "RFC 9112 3.2.2",
                but("Host", "Host: other.example").replace("GET {path}", "GET http://{host}{path}"));
        refused(21, "an authority alone", "RFC 9112 3.2.3", noTarget, line("GET {host} HTTP/1.1"));
        refused(21, "an asterisk", "RFC 9112 3.2.4", noTarget, line("GET * HTTP/1.1"));
        for (String suffix :
                List.of("%", "%zz", "%0", "%00", "%c0%af", "%2f..%2f", "/../nothing", "\\x", "|\"<>", "\u00E9", " x")) {
            refused(
                    22,
                    "a path with " + suffix,
                    "RFC 3986 2, 3.3",
                    noTarget,
                    line("GET {path}" + suffix + " HTTP/1.1"));
        }
        refused(22, "a fragment", "RFC 9112 3.2", noTarget, line("GET {path}#x HTTP/1.1"));
        opens(22, "a query", "RFC 3986 3.4", line("GET {path}?a=b&c=%20/? HTTP/1.1"));
        refused(
                23,
                "a header in the path",
                "RFC 9110 17.5",
                noTarget,
                line("GET {path}%0d%0aSet-Cookie:%20a=b HTTP/1.1"));
    }

    // ---- RFC 6455 sections 4.2.2 and 9.1

    private void offers() {
        opens(
                24,
                "a subprotocol that the app does not speak",
                "4.2.2",
                with("Sec-WebSocket-Protocol: nobody.speaks.this"));
        opens(
                24,
                "the same with 5000 spaces",
                "4.2.2",
                with("Sec-WebSocket-Protocol: nobody" + " ".repeat(5000) + ",this"));
        String ignore = "RFC 6455 section 4.2.1: the field is optional, and nothing is chosen";
        for (String value : List.of("a b", "a/b", "\"a\"", "%0d%0aSet-Cookie: a=b")) {
            refused(
                    24,
                    "Sec-WebSocket-Protocol: " + value,
                    "4.1, 11.3.4",
                    BAD,
                    ignore,
                    with("Sec-WebSocket-Protocol: " + value));
        }
        for (String value : List.of("x-unknown", "x-unknown; a=b; c=\"d\", constructor", "x-a, x-b, x-c; __proto__")) {
            opens(25, "Sec-WebSocket-Extensions: " + value, "4.2.2, 9.1", with("Sec-WebSocket-Extensions: " + value));
        }
        opens(
                25,
                "two lines of unknown extensions",
                "9.1",
                with("Sec-WebSocket-Extensions: x-a", "Sec-WebSocket-Extensions: x-b"));
        for (String value : List.of("x; a=\"b", "x; a=\"\\c", ";", "x;", "x; =b", "x; a=", "x y", "x; a=\"b c\"")) {
            refused(25, "Sec-WebSocket-Extensions: " + value, "9.1", BAD, with("Sec-WebSocket-Extensions: " + value));
        }
    }
}
