package io.hexsocket.core.port.host;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An HTTP response.
 *
 * @param status 200 to 599
 * @param contentType the media type of the body
 * @param headers further headers; those that frame the message are the server's own business
 * @param body the body, which is the record's from now on
 */
public record HttpAnswer(int status, String contentType, Map<String, String> headers, byte[] body) {

    /** Checks the status. */
    public HttpAnswer {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status is " + status + ", must be between 200 and 599");
        }
        headers = Map.copyOf(headers);
    }

    /** A line of plain text. */
    public static HttpAnswer text(int status, String text) {
        return new HttpAnswer(
                status, "text/plain; charset=utf-8", Map.of(), (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
