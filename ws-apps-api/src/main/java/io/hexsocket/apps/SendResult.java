package io.hexsocket.apps;

/** What became of a send. A refusal is a value, never an exception. */
public enum SendResult {
    /** Taken: it is on its way, after everything this thread has sent before. */
    SENT,
    /**
     * Taken, but the client reads slower than you send: better wait for {@link Listener#onDrained}. Nothing is read from the client
     * before that, so that answering whatever it sends never fills its queue. Where the app lets messages to slow readers be
     * {@linkplain SlowReaders dropped}, this one may still be, and reading pauses for answers only.
     */
    QUEUEING,
    /**
     * Taken for the sessions of this node alone: the other nodes of the server cannot be reached at the moment, or not as fast as you send.
     * Of an {@link Audience} of a server with several nodes only.
     */
    PARTIAL,
    /** Refused: more bytes than the server's limit are waiting for this client already. The message is not sent. */
    FULL,
    /**
     * Dropped: the client is too slow, and the app has chosen {@link SlowReaders#DROP_NEW}. Of {@link Session#sendAsync} also the end of a
     * message that was taken and then dropped for a later one.
     *
     * @since 0.2
     */
    DROPPED,
    /** Refused: the session is closing or closed. */
    CLOSED;

    /** Whether the message was taken. */
    public boolean accepted() {
        return this == SENT || this == QUEUEING || this == PARTIAL;
    }
}
