package io.hexsocket.core.tls;

import java.io.IOException;

/** A file or a key store with which no TLS can be spoken. The message is one sentence that names it, what is wrong with it, and the mend. */
public final class TlsMaterialException extends IOException {

    private static final long serialVersionUID = 1L;

    TlsMaterialException(String message) {
        super(message);
    }

    TlsMaterialException(String message, Throwable cause) {
        super(message, cause);
    }
}
