package io.hexsocket.apps;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Gets what happens to a session. The callbacks of one session come one at a time and in order, on the event loop of its
 * connection or on the {@linkplain AppOptions#executor() executor} that the app asked for; none nests in another. While a callback
 * runs on the event loop, all connections of that loop wait: return soon, or ask for an executor.
 *
 * <p>What a callback throws is an app error: that session is closed with status 1011, {@link #onError} and {@link #onClose} follow,
 * and no other session notices.
 */
@FunctionalInterface
public interface Listener {

    /**
     * A whole message has arrived, put together from its fragments and, if it is text, proved to be UTF-8 (RFC 6455 section 5.6).
     *
     * @param message valid during the call; {@link Message#copy()} keeps it
     */
    void onMessage(Session session, Message message) throws Exception;

    /**
     * The output that was queued for the session has reached the network, after a send had answered {@link SendResult#QUEUEING} or
     * {@link SendResult#FULL} or {@link SendResult#DROPPED}.
     */
    default void onDrained(Session session) throws Exception {}

    /**
     * Messages for the client were dropped, see {@link SlowReaders}: it lacks something, which the app may want to make up for. About every
     * quarter of a second as long as that goes on, before {@link #onDrained} and before {@link #onClose}.
     *
     * @param messages how many since the last call
     * @since 0.2
     */
    default void onDropped(Session session, int messages) throws Exception {}

    /**
     * A pong has arrived (RFC 6455 section 5.5.3).
     *
     * @param payload valid during the call, 125 bytes at most
     */
    default void onPong(Session session, ByteBuffer payload) throws Exception {}

    /**
     * The server is about to close this session with 1012, since it restarts ({@code Server.drain}). What is sent here goes out before the
     * close frame.
     *
     * @param reconnectIn when the client had better come back: all who are sent away are spread evenly over that time
     * @since 0.2
     */
    default void onServiceRestart(Session session, Duration reconnectIn) throws Exception {}

    /**
     * Something went wrong: the connection was lost, the client broke the protocol, or a callback threw. At most once;
     * {@link #onClose} follows.
     */
    default void onError(Session session, Throwable cause) throws Exception {}

    /**
     * How many bytes the app keeps of what the client has begun to say and not finished, such as parts of a long message. They count as
     * memory that the client makes the server hold, and the session is closed with 1008 if they are more than none and do not change for
     * a minute. What an app keeps for purposes of its own does not belong here. Called often, on the event loop, beside any callback:
     * return a field.
     */
    default int heldBytes() {
        return 0;
    }

    /**
     * The session is over. Called exactly once, and last. The session takes no more sends.
     *
     * @param status what the client's close frame said; 1005 if it said nothing, 1006 if there was none and the connection was
     *     lost, otherwise what the server's own close frame said (RFC 6455 sections 7.1.5 and 7.4.1)
     */
    default void onClose(Session session, CloseStatus status) throws Exception {}
}
