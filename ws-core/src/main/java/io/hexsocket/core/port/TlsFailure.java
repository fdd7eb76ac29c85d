package io.hexsocket.core.port;

import java.io.IOException;

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

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
