package io.hexsocket.core.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What somebody speaks who ought to speak TLS, by the very first byte. */
public enum FirstByte {
    /** A record of TLS. */
    TLS,
    /** A request of HTTP, as a browser sends it that was given the wrong scheme: the answer is {@link #answerToHttp()}. */
    HTTP,
    /** Nothing that is answered. */
    UNKNOWN;

    // RFC 8446 5.1, from change_cipher_spec(20) to application_data(23)
    private static final int FIRST_CONTENT_TYPE = 20;
    private static final int LAST_CONTENT_TYPE = 23;

    private static final String TEXT = "This port speaks TLS: use https:// or wss:// instead of http:// or ws://.\n";
    private static final ByteBuffer ANSWER = ByteBuffer.wrap(
                    ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
                                    + "Content-Length: " + TEXT.length()
                                    + "\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n" + TEXT)
                            .getBytes(StandardCharsets.US_ASCII))
            .asReadOnlyBuffer();

    /** What begins with this byte. */
    public static FirstByte of(byte first) {
        if (first >= FIRST_CONTENT_TYPE && first <= LAST_CONTENT_TYPE) {
            return TLS;
        }
        return first >= 'A' && first <= 'Z' ? HTTP : UNKNOWN;
    }

    /** What people read who have used the wrong scheme; nothing of their request is in it. The buffer is the caller's, its bytes are not. */
    public static ByteBuffer answerToHttp() {
        return ANSWER.duplicate();
    }
}
