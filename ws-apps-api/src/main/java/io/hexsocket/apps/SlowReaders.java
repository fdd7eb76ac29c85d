package io.hexsocket.apps;

/**
 * What becomes of messages for a client that reads more slowly than its app sends, once as much waits for it as may, see
 * {@link AppOptions#queuedBytes}.
 *
 * <p>The server holds back what is sent to a client that is behind, and may drop a message of which no byte has left: what apps send to
 * audiences and to the session, never a control frame, and never an <em>answer</em>, which is what the app sends to a session while that session's own
 * {@link Listener#onMessage} runs, on that callback's thread. What is left keeps its order. {@link Session#dropped} counts, {@link Listener#onDropped} and the host are told. A
 * client that takes nothing at all is closed by the deadline for writing, whatever the app has chosen.
 *
 * @since 0.2
 */
public enum SlowReaders {
    /**
     * Nothing is dropped without a word: a send to the session is refused with {@link SendResult#FULL}, and a client that has as much waiting
     * when a message for an audience comes is closed with status 1008.
     */
    CLOSE,
    /** The new message is dropped: for what has to be seen from its beginning. */
    DROP_NEW,
    /** The oldest messages are dropped until there is room again: for what matters less the older it is. The newest one is always kept. */
    DROP_OLDEST,
    /**
     * A message that waits is dropped when another with the same {@linkplain Message#keyed key} is sent: for values of which only the last one
     * matters. From the moment on when the client is behind, not only when as much waits as may. Messages without a key are
     * never dropped. Where nothing is left to be replaced, it is as with {@link #CLOSE}.
     */
    KEEP_LATEST;

    /** Whether messages may be dropped. */
    public boolean drops() {
        return this != CLOSE;
    }
}
