package io.hexsocket.core.handshake;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of every answer to an opening request. Each array is new and the caller's. There is no Date: the core has
 * no clock.
 */
public final class HandshakeResponse {

    private static final String CRLF = "\r\n";
    // clients compare both values exactly, so they are spelled as in RFC 6455, 4.2.2
    private static final String SWITCHING = statusLine(101)
            .append("Upgrade: websocket" + CRLF)
            .append("Connection: Upgrade" + CRLF)
            .toString();

    private HandshakeResponse() {}

    /**
     * The 101 (RFC 6455 section 4.2.2).
     *
     * @param accept from {@link UpgradeRequest#accept()}
     * @param subprotocol the one that was chosen, or null
     * @param extensions the value of Sec-WebSocket-Extensions, or null
     * @throws IllegalArgumentException if one of them cannot be sent in a header
     */
    public static byte[] switchingProtocols(String accept, @Nullable String subprotocol, @Nullable String extensions) {
        return switchingProtocols(accept, subprotocol, extensions, List.of());
    }

    /**
     * The 101 with further headers.
     *
     * @param headers none of those that this method writes itself
     */
    public static byte[] switchingProtocols(
            String accept, @Nullable String subprotocol, @Nullable String extensions, List<HeaderField> headers) {
        StringBuilder head = new StringBuilder(256).append(SWITCHING);
        append(head, new HeaderField("Sec-WebSocket-Accept", accept));
        if (subprotocol != null) {
            append(head, new HeaderField("Sec-WebSocket-Protocol", subprotocol));
        }
        if (extensions != null) {
            append(head, new HeaderField("Sec-WebSocket-Extensions", extensions));
        }
        headers.forEach(field -> append(head, field));
        return head.append(CRLF).toString().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The answer to a request that is refused, after which the connection is closed; empty if the refusal is silent.
     */
    public static byte[] refusal(HttpRefusal refusal) {
        if (refusal.isSilent()) {
            return new byte[0];
        }
        String text = refusal.text().isEmpty() ? "" : refusal.text() + "\n";
        return answer(
                refusal.status(),
                "text/plain; charset=utf-8",
                refusal.headers(),
                text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The answer to a plain request, after which the connection is closed.
     *
     * @param status 200 to 599
     * @param headers further ones; not those that this method writes itself
     * @throws IllegalArgumentException if the content type cannot be sent in a header, or a header is given that is ours
     */
    public static byte[] answer(int status, String contentType, List<HeaderField> headers, byte[] body) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status is " + status + ", must be between 200 and 599");
        }
        StringBuilder head = statusLine(status);
        boolean upgradeIsNamed = false;
        for (HeaderField field : headers) {
            if (isOurs(field.name())) {
                throw new IllegalArgumentException("the header " + field.name() + " is written by the server itself");
            }
            upgradeIsNamed |= Ascii.equalsIgnoreCase(field.name(), "Upgrade");
            append(head, field);
        }
        // RFC 9110, 8.6: "A server MUST NOT send a Content-Length header field in any response with a status code of
        // [...] 204"
        boolean hasContent = status != 204 && status != 304;
        if (hasContent) {
            append(head, new HeaderField("Content-Type", contentType));
            append(head, new HeaderField("Content-Length", Integer.toString(body.length)));
        } else if (body.length > 0) {
            throw new IllegalArgumentException("a response with status " + status + " has no body");
        }
        // browsers must not guess that a text is a page
        append(head, new HeaderField("X-Content-Type-Options", "nosniff"));
        // RFC 9110, 7.8: "A sender of Upgrade MUST also send an "Upgrade" connection option in the Connection header
        // field"
        append(head, new HeaderField("Connection", upgradeIsNamed ? "close, Upgrade" : "close"));
        byte[] headBytes = head.append(CRLF).toString().getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[headBytes.length + body.length];
        System.arraycopy(headBytes, 0, all, 0, headBytes.length);
        System.arraycopy(body, 0, all, headBytes.length, body.length);
        return all;
    }

    /** A response as HEAD gets it: it says how long its content is, and ends there (RFC 9110 section 9.3.2). */
    public static byte[] withoutContent(byte[] response) {
        int end = 0;
        while (end < response.length && !(end >= 4 && isEmptyLine(response, end - 4))) {
            end++;
        }
        return Arrays.copyOf(response, end);
    }

    private static boolean isEmptyLine(byte[] bytes, int from) {
        return bytes[from] == '\r' && bytes[from + 1] == '\n' && bytes[from + 2] == '\r' && bytes[from + 3] == '\n';
    }

    private static boolean isOurs(String name) {
        return Ascii.equalsIgnoreCase(name, "Content-Type")
                || Ascii.equalsIgnoreCase(name, "Content-Length")
                || Ascii.equalsIgnoreCase(name, "Transfer-Encoding")
                || Ascii.equalsIgnoreCase(name, "X-Content-Type-Options")
                || Ascii.equalsIgnoreCase(name, "Connection");
    }

    private static StringBuilder statusLine(int status) {
        return new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reasonPhrase(status))
                .append(CRLF);
    }

    private static void append(StringBuilder head, HeaderField field) {
        head.append(field.name()).append(": ").append(field.value()).append(CRLF);
    }

    // RFC 9112, 4: the phrase may be empty, and is so for what only apps and pages may answer
    private static String reasonPhrase(int status) {
        return switch (status) {
            case 101 -> "Switching Protocols";
            case 200 -> "OK";
            case 204 -> "No Content";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 303 -> "See Other";
            case 304 -> "Not Modified";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 410 -> "Gone";
            case 414 -> "URI Too Long";
            case 417 -> "Expectation Failed";
            case 426 -> "Upgrade Required";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            default -> "";
        };
    }
}
