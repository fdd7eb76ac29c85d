package io.hexsocket.core.port.host;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** An HTTP response. Immutable: each setter returns a changed copy. */
public final class HttpAnswer {

    private final int status;
    private final String contentType;
    private final Map<String, String> headers;
    private final byte[] body;

    private HttpAnswer(int status, String contentType, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.contentType = contentType;
        this.headers = headers;
        this.body = body;
    }

    /** A line of plain text. */
    public static HttpAnswer text(int status, String text) {
        return of(status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A response with a body.
     *
     * @param status 200 to 599
     * @param contentType the media type of the body
     * @param body the body, which is the answer's from now on
     * @throws IllegalArgumentException if the status is none of these
     * @since 0.2
     */
    public static HttpAnswer of(int status, String contentType, byte[] body) {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status is " + status + ", must be between 200 and 599");
        }
        return new HttpAnswer(
                status,
                Objects.requireNonNull(contentType, "contentType"),
                Map.of(),
                Objects.requireNonNull(body, "body"));
    }

    /** The status. */
    public int status() {
        return status;
    }

    /** The media type of the body. */
    public String contentType() {
        return contentType;
    }

    /** Further headers; those that frame the message are the server's own business. */
    public Map<String, String> headers() {
        return headers;
    }

    /**
     * Adds one to {@link #headers()}, in the place of one of the same name. With one that cannot be sent, the client gets a 500 instead, and the
     * host's listener is told.
     *
     * @since 0.2
     */
    public HttpAnswer header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return new HttpAnswer(status, contentType, Collections.unmodifiableMap(more), body);
    }

    /** The body; not to be changed. */
    public byte[] body() {
        return body;
    }
}
