package io.hexsocket.core.testkit;

import static io.hexsocket.core.testkit.ManualLoop.require;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An HTTP response, whole (RFC 9112): what a client gets that is not let in, or that has not asked for WebSocket.
 *
 * @param status as 401
 * @param headers by name in lower case, with one value for each line
 * @param body a view of the bytes
 * @since 0.2
 */
public record HttpReply(int status, Map<String, List<String>> headers, ByteBuffer body) {

    /** Reads a response that the end of the connection, or nothing, follows; what is none is an {@link AssertionError}. */
    static HttpReply parse(byte[] bytes) {
        String all = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = all.indexOf("\r\n\r\n");
        require(end > 0 && all.matches("(?s)HTTP/1\\.1 \\d{3} .*"), "no HTTP response: " + all);
        String[] lines = all.substring(0, end).split("\r\n");
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            require(colon > 0, "no header: " + lines[i]);
            headers.computeIfAbsent(lines[i].substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(lines[i].substring(colon + 1).strip());
        }
        int status = Integer.parseInt(lines[0].substring(9, 12));
        return new HttpReply(status, headers, ByteBuffer.wrap(bytes, end + 4, bytes.length - end - 4));
    }

    /** The first value of a header, or null; the name in any case. */
    public String header(String name) {
        List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
        return values == null ? null : values.get(0);
    }

    /** The body as UTF-8. */
    public String text() {
        return StandardCharsets.UTF_8.decode(body.duplicate()).toString();
    }

    @Override
    public String toString() {
        return status + " " + headers + " " + text().strip();
    }
}
