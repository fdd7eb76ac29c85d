package io.hexsocket.core.handshake;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes what a connection begins with: heads and hellos by the rules and, as often as not, with something broken. */
public final class HeadGrammar {

    private static final String[] REQUEST_LINES = {
        "GET / HTTP/1.1",
        "GET /app?a=b HTTP/1.1",
        "GET /%e2%82%ac HTTP/1.1",
        "GET http://example.org/app HTTP/1.1",
        "GET http://other/app HTTP/1.1",
        "GET /a/../b HTTP/1.1",
        "GET /%zz HTTP/1.1",
        "GET  /app HTTP/1.1",
        "GET /app HTTP/1.0",
        "GET /app HTTP/2.0",
        "GET /app",
        "POST /app HTTP/1.1",
        "HEAD /app HTTP/1.1",
        "HEAD http://user@host/app HTTP/1.0",
        "G\u00e9T /app HTTP/1.1",
        "GET /" + "a".repeat(90) + " HTTP/1.1"
    };
    private static final String[] LINES = {
        "Host: other",
        "Host: [::1]:80",
        "A:\t b \t",
        "A: \u00ff",
        "Cookie: " + "c".repeat(150),
        "Content-Length: 0",
        "Content-Length: 5",
        "Transfer-Encoding: chunked",
        "Expect: 100-continue",
        " folded",
        "Name : value",
        ": value",
        "no colon",
        "Sec-WebSocket-Protocol: chat, chat ,superchat",
        "Sec-WebSocket-Protocol: a b",
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=15",
        "Sec-WebSocket-Extensions: a; b=\"",
        "Sec-WebSocket-Version: 13",
        "Connection: close"
    };
    private static final String[] ENDS = {"\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r", "\r\n\r\n", "\r\r\n"};

    private HeadGrammar() {}

    /** A head; the same random numbers give the same. */
    public static byte[] head(Random random) {
        List<String> lines = new ArrayList<>(List.of(
                "GET /app HTTP/1.1",
                "Host: example.org",
                "Upgrade: websocket",
                "Connection: keep-alive, Upgrade",
                "Sec-WebSocket-Key: " + HeadParsing.KEY,
                "Sec-WebSocket-Version: 13"));
        if (random.nextInt(4) == 0) {
            lines.set(0, any(REQUEST_LINES, random));
        }
        for (int more = random.nextInt(3); more > 0; more--) {
            lines.add(1 + random.nextInt(lines.size()), any(LINES, random));
        }
        if (random.nextInt(6) == 0) {
            lines.remove(1 + random.nextInt(lines.size() - 1));
        }
        StringBuilder head = new StringBuilder(random.nextInt(8) == 0 ? "\r\n" : "");
        for (String line : lines) {
            head.append(line).append(random.nextInt(30) == 0 ? any(ENDS, random) : "\r\n");
        }
        head.append("\r\n");
        return changed(head.toString().getBytes(StandardCharsets.ISO_8859_1), random);
    }

    /** The hello of a raw client. */
    public static byte[] hello(Random random) {
        String hello = "php process\nGET /app" + (random.nextBoolean() ? "?token=a" : "") + " HTTP/1.1\n";
        return changed(hello.getBytes(StandardCharsets.ISO_8859_1), random);
    }

    private static byte[] changed(byte[] head, Random random) {
        if (random.nextInt(5) == 0) {
            head[random.nextInt(head.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return head;
    }

    private static String any(String[] texts, Random random) {
        return texts[random.nextInt(texts.length)];
    }
}
