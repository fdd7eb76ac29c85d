package io.hexsocket.core.port.transport;

import java.io.IOException;
import java.time.Duration;

/**
 * Why a connection did not get beyond the TLS handshake. It is the client's fault or the network's, never a defect of ours, so it
 * carries no stack trace. Its text may hold what the client sent.
 */
public final class TlsFailure extends IOException {

    private static final long serialVersionUID = 1L;

    /** A failure, in one line for people. */
    public TlsFailure(String why) {
        super(why);
    }

    /** What came first is a request of HTTP. */
    public static TlsFailure plainHttp() {
        return new TlsFailure("the client speaks plain HTTP");
    }

    /** What came is no record of TLS. */
    public static TlsFailure notTls() {
        return new TlsFailure("the client does not speak TLS");
    }

    /**
     * The time for the handshake is over.
     *
     * @param silent whether not a byte had come by then
     */
    public static TlsFailure late(boolean silent, Duration handshake) {
        return new TlsFailure((silent ? "the client has said nothing in " : "the handshake has taken more than ")
                + handshake.toSeconds() + " s");
    }

    /**
     * The client has left before the handshake was over.
     *
     * @param silent whether not a byte had come by then
     */
    public static TlsFailure gone(boolean silent) {
        return new TlsFailure(silent ? "the client has left without a word" : "the client has left in the handshake");
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
