package io.hexsocket.core.conformance;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of an HTTP response.
 *
 * @param status the three digits
 * @param lines the header lines, names in lower case
 * @param length of the head, in bytes
 */
record Answer(int status, List<String[]> lines, int length) {

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([1-5]\\d\\d) [\\t -~\\x80-\\xff]*");
    private static final Pattern HEADER =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([\\t -~\\x80-\\xff]*)");

    /** What is broken about a response, in words. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message);
        }
    }

    /** Where the head ends; -1 if it has not all come. */
    static int end(byte[] bytes) {
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
        return at < 0 ? -1 : at + 4;
    }

    /** Reads a head that has all come. */
    static Answer parse(byte[] bytes) throws Malformed {
        int end = end(bytes);
        String head = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
        String[] all = head.split("\r\n");
        Matcher status = STATUS.matcher(all[0]);
        if (!status.matches()) {
            throw new Malformed("no status line: " + all[0]);
        }
        List<String[]> lines = new ArrayList<>();
        for (int i = 1; i < all.length; i++) {
            Matcher header = HEADER.matcher(all[i]);
            if (!header.matches()) {
                throw new Malformed("no header line: " + all[i]);
            }
            lines.add(new String[] {
                header.group(1).toLowerCase(Locale.ROOT), header.group(2).strip()
            });
        }
        return new Answer(Integer.parseInt(status.group(1)), lines, end);
    }

    /** All values of a header, joined as RFC 9110 section 5.3 joins them; empty if there is none. */
    String header(String name) {
        return String.join(
                ", ",
                lines.stream()
                        .filter(line -> line[0].equals(name))
                        .map(line -> line[1])
                        .toList());
    }

    private boolean names(String header, String token) {
        return List.of(header(header).toLowerCase(Locale.ROOT).split("[ \\t]*,[ \\t]*"))
                .contains(token);
    }

    /**
     * RFC 6455 section 4.1: what a client has to check.
     *
     * @param key what it has sent in Sec-WebSocket-Key
     * @param offered what it has sent in Sec-WebSocket-Protocol
     */
    void checkUpgrade(String key, List<String> offered) throws Malformed {
        require(header("upgrade").equalsIgnoreCase("websocket"), "Upgrade is " + header("upgrade"));
        require(names("connection", "upgrade"), "Connection is " + header("connection"));
        require(header("sec-websocket-accept").equals(accept(key)), "a wrong Sec-WebSocket-Accept");
        // 4.2.2: "MUST be selected from the client's handshake"
        String protocol = header("sec-websocket-protocol");
        require(protocol.isEmpty() || offered.contains(protocol), "a subprotocol that was not offered: " + protocol);
        // RFC 9110 8.6: "A server MUST NOT send a Content-Length header field in any response with a status code of
        // 1xx"
        require(
                header("content-length").isEmpty()
                        && header("transfer-encoding").isEmpty(),
                "a 101 with a body");
        require(header("set-cookie").isEmpty(), "a cookie out of the request's path");
    }

    /**
     * What a refusal must say, by its status.
     *
     * @param asked the lines of the request
     * @param body what came behind the head
     */
    void checkRefusal(String[] asked, byte[] body) throws Malformed {
        String length = header("content-length");
        require(
                length.isEmpty()
                        || asked[0].startsWith("HEAD ") && body.length == 0
                        || length.equals(Integer.toString(body.length)),
                "a body of " + body.length + " bytes with Content-Length " + length + ", or more than one response");
        require(header("set-cookie").isEmpty(), "a cookie out of the request's path");
        // RFC 9110 15.5.6: "The origin server MUST generate an Allow header field in a 405 response"
        require(status != 405 || names("allow", "get"), "a 405 that does not allow GET");
        // RFC 9110 15.5.22: "The server MUST send an Upgrade header field in a 426 response"
        require(status != 426 || names("upgrade", "websocket"), "a 426 that does not name websocket");
        // 4.4: "MUST send a Sec-WebSocket-Version header field (or multiple) ... indicating the version(s) that the
        // server can use"
        boolean is13 = List.of(asked).contains("Sec-WebSocket-Version: 13");
        require(status != 426 || is13 || names("sec-websocket-version", "13"), "a 426 that does not name version 13");
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void require(boolean kept, String broken) throws Malformed {
        if (!kept) {
            throw new Malformed(broken);
        }
    }
}
