package io.hexsocket.core.protocol;

import io.hexsocket.apps.CloseStatus;

/** The peer broke a rule. Carries what the close frame will say; has no stack trace, since the fault is not in this program. */
public final class ProtocolViolation extends Exception {

    private static final long serialVersionUID = 1;

    private final transient CloseStatus status;

    /** A violation that ends the connection with a code and a reason. */
    public ProtocolViolation(int code, String reason) {
        super(reason, null, false, false);
        this.status = new CloseStatus(code, reason);
    }

    /** What to tell the peer. */
    public CloseStatus status() {
        return status;
    }

    static ProtocolViolation protocolError(String reason) {
        return new ProtocolViolation(1002, reason);
    }

    static ProtocolViolation tooLong(int limit) {
        return new ProtocolViolation(1009, "the message is longer than " + limit + " bytes");
    }

    static ProtocolViolation notUtf8() {
        return new ProtocolViolation(1007, "text is not valid UTF-8");
    }
}
