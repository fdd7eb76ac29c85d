package io.hexsocket.core.handshake;

import java.util.List;

/**
 * Why an opening request is not granted. It is the client's fault or the server's policy, never a defect of ours, so it
 * carries no stack trace. Its text never holds anything that the client sent.
 */
public final class HttpRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final boolean silent;
    private final transient List<HeaderField> headers;

    /**
     * A refusal that is answered.
     *
     * @param status 300 to 599; below 400 the client is sent elsewhere
     * @param text one line for the person who reads the response or the log; may be empty
     * @param headers what the response carries besides
     */
    public HttpRefusal(int status, String text, HeaderField... headers) {
        this(status, text, false, List.of(headers));
    }

    private HttpRefusal(int status, String text, boolean silent, List<HeaderField> headers) {
        super(text, null, false, false);
        if (status < 300 || status > 599) {
            throw new IllegalArgumentException("status is " + status + ", a refusal has one between 300 and 599");
        }
        this.status = status;
        this.silent = silent;
        this.headers = headers;
    }

    /** A refusal that is not answered: the peer does not speak HTTP. */
    static HttpRefusal silent(String text) {
        return new HttpRefusal(400, text, true, List.of());
    }

    static HttpRefusal badRequest(String text) {
        return new HttpRefusal(400, text);
    }

    /** The answer to a request with content. */
    public static HttpRefusal content() {
        return badRequest("the request has content, which is not taken here");
    }

    /** The answer to a POST that nobody takes, and to all methods that nobody could take. */
    public static HttpRefusal methodNotAllowed() {
        // RFC 9110, 15.5.6: "The origin server MUST generate an Allow header field in a 405 response"
        return new HttpRefusal(405, "Only GET and HEAD are served here.", new HeaderField("Allow", "GET, HEAD"));
    }

    /** The status of the answer. */
    public int status() {
        return status;
    }

    /** One line that says why. */
    public String text() {
        return String.valueOf(getMessage());
    }

    /** What the answer carries besides the headers that every answer has. */
    public List<HeaderField> headers() {
        return headers;
    }

    /** Whether the connection is closed with nothing sent. */
    public boolean isSilent() {
        return silent;
    }
}
