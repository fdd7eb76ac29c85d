package io.hexsocket.core.port.cluster;

import java.util.Objects;

/**
 * A node could not join its cluster. The message is one line for the operator of the node: what was seen, and what to do about it. It
 * holds no password.
 *
 * @since 0.2
 */
public final class JoinException extends Exception {

    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** What is wrong, so that a program can name its own setting. */
    public enum Reason {
        /** The store cannot be reached, or refuses what the engine asks of it. */
        STORE,
        /** Another live node has the name. */
        NAME,
        /** The nodes that are there do not accept ids of sessions that this one signs, or the other way round. */
        SECRET
    }

    /**
     * Says why.
     *
     * @param message for the operator; no password
     */
    public JoinException(Reason reason, String message) {
        super(Objects.requireNonNull(message, "message"));
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /**
     * Says why.
     *
     * @param message for the operator; no password
     * @param cause what was thrown, for a log of details
     */
    public JoinException(Reason reason, String message, Throwable cause) {
        super(Objects.requireNonNull(message, "message"), cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }
}
