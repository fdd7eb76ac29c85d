package io.hexsocket.apps;

import java.nio.ByteBuffer;
import java.security.Principal;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * One client, from the end of its opening handshake to the end of its connection. Every method may be called from any thread and
 * never blocks. What one thread sends arrives in the order in which it was sent.
 */
public interface Session {

    /**
     * An unguessable name for this session, 101 hexadecimal characters, hyphens and a dot, or up to 175 on a server of several nodes, with
     * more dots; made when first asked for.
     */
    String id();

    /**
     * The ident that its admission gave it ({@link Admission.Accept#ident()}), or null. A newer session may have it by now.
     *
     * @since 0.2
     */
    @Nullable String ident();

    /** The number of its connection, from 1, as logs and the host's listener say it; a later session has a higher one. */
    long number();

    /** The request that opened the session. */
    OpeningRequest request();

    /**
     * Who the client is: whom {@link App#onRequest} named, or else whom the client's certificate names, see
     * {@link OpeningRequest#principal()}. Null if neither does.
     */
    @Nullable Principal principal();

    /** The subprotocol that was agreed on, or null (RFC 6455 section 1.9). */
    @Nullable String subprotocol();

    /** The way to the other sessions of the server. */
    Hub hub();

    /** Room for the app's own values. */
    ConcurrentMap<String, Object> attributes();

    /** When the session's right to be here ends; null if it does not. */
    @Nullable Instant expiresAt();

    /**
     * Sets when the session's right to be here ends; null takes the end away. It is then closed in order with {@link CloseStatus#EXPIRED},
     * at most half a second late. The time is measured from this call on, by a clock that is not put forward or back, so a change of the
     * wall clock moves no end that was set before.
     */
    void expiresAt(@Nullable Instant end);

    /** Whether the session takes messages: neither side has begun to close it. */
    boolean isOpen();

    /**
     * Sends a message of the same kind.
     *
     * @param message may be the one that a listener is just getting
     */
    SendResult send(Message message);

    /**
     * Sends a text message.
     *
     * @throws IllegalArgumentException if the string holds a surrogate without its other half, which has no form in UTF-8
     */
    SendResult send(String text);

    /** Sends a binary message: the bytes from position to limit, copied before the call returns; the buffer is left as it is. */
    SendResult send(ByteBuffer bytes);

    /**
     * Sends a message and tells when it has reached the network, which is the operating system and not yet the client.
     *
     * @return {@link SendResult#SENT} when all of it has; {@link SendResult#FULL} at once if it was refused; {@link SendResult#DROPPED} when
     *     it is, see {@link SlowReaders}; {@link SendResult#CLOSED} if the session is over, or its connection ended and it is not known that all of it has. Completes on the session's event loop,
     *     at most a quarter of a second late, and never inside a callback; or before this returns
     */
    CompletionStage<SendResult> sendAsync(Message message);

    /**
     * Sends a ping (RFC 6455 section 5.5.2).
     *
     * @throws IllegalArgumentException if the payload is longer than 125 bytes
     */
    SendResult ping(ByteBuffer payload);

    /** How many bytes are waiting for the client to read. */
    long queuedBytes();

    /**
     * How many messages were dropped for this client since it reads too slowly, see {@link SlowReaders}.
     *
     * @since 0.2
     */
    long dropped();

    /** Stops reading from the client, until {@link #resume()}: no message is delivered after the current callback. */
    void pause();

    /** Ends {@link #pause()}. */
    void resume();

    /** Closes with status 1000. */
    default void close() {
        close(CloseStatus.NORMAL);
    }

    /**
     * Begins the closing handshake: what was sent so far goes out, then the close frame. A second close is ignored.
     *
     * @throws IllegalArgumentException if the code is 1005 or 1006, which must not be sent (RFC 6455 section 7.4.1)
     */
    void close(CloseStatus status);

    /**
     * Makes the session a member of a topic, if it is none yet; membership ends with the session.
     *
     * @return false if the session is over, or a member of as many topics as it may be (1,024)
     */
    boolean subscribe(String topic);

    /** Ends a membership, if there is one. */
    void unsubscribe(String topic);

    /**
     * Takes a second name under which {@link Hub#send} finds this session. On a server of several nodes it is taken from it again if it turns out that
     * a session of another node has it.
     *
     * @return false if a live session has it already, or this one has as many as it may (four)
     */
    boolean alias(String alias);
}
