package io.hexsocket.core.connection;

import io.hexsocket.core.handshake.HttpRefusal;
import io.hexsocket.core.port.host.RefusalCause;

/** An opening request is refused for a cause that is not in the request itself. Without a stack trace. */
final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    private final RefusalCause because;
    private final HttpRefusal refusal;

    Refused(RefusalCause because, HttpRefusal refusal) {
        super(refusal.text(), null, false, false);
        this.because = because;
        this.refusal = refusal;
    }

    RefusalCause because() {
        return because;
    }

    /** What the client is answered. */
    HttpRefusal refusal() {
        return refusal;
    }
}
