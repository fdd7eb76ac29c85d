package io.hexsocket.demo.access;

/** Why a token is not taken. The message is a sentence for its owner and for logs; nothing of the token is in it. */
public final class TokenException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;
    private final boolean keysMissing;

    TokenException(String message, boolean keysMissing) {
        super(message, null, false, false);
        this.reason = message;
        this.keysMissing = keysMissing;
    }

    /** The message. */
    public String reason() {
        return reason;
    }

    /** Whether the fault is ours: there is no key to check a token with, or too much to do. */
    public boolean isOurs() {
        return keysMissing;
    }
}
