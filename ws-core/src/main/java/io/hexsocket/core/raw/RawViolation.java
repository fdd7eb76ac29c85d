package io.hexsocket.core.raw;

/** A raw client broke the rules. It is not the program's fault, so it carries no stack trace. */
public final class RawViolation extends Exception {

    private static final long serialVersionUID = 1L;

    private final int code;

    RawViolation(int code, String reason) {
        super(reason, null, false, false);
        this.code = code;
    }

    /** The close code that a WebSocket client would get for the same (RFC 6455 section 7.4.1). */
    public int code() {
        return code;
    }

    /** One line that says why, without anything that the client sent. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
