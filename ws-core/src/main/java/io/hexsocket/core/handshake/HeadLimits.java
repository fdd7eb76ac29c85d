package io.hexsocket.core.handshake;

/**
 * How much a client may send before the opening handshake is decided.
 *
 * @param headBytes the whole head, its blank line included; beyond it the answer is 431
 * @param requestLineBytes the request line without its CRLF, also the second line of the raw hello; beyond it the
 *     answer is 414
 * @param headers the number of header lines; beyond it the answer is 431
 */
public record HeadLimits(int headBytes, int requestLineBytes, int headers) {

    public static final HeadLimits DEFAULT = new HeadLimits(
            // what Tomcat takes for a whole head, and Apache and nginx for one line of it: nothing that came through
            // them is longer
            8 * 1024,
            // half of the head: the other half stays for the cookies, and a token in a query fits many times
            4 * 1024,
            // Apache's LimitRequestFields; browsers send 15 to 20, a chain of proxies adds about 10
            100);

    /** Checks the numbers. */
    public HeadLimits {
        int least = Math.min(headBytes, Math.min(requestLineBytes, headers));
        if (least < 1) {
            throw new IllegalArgumentException("a limit of the request head is " + least + ", must be positive");
        }
    }
}
