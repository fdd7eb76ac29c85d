package io.hexsocket.core.session;

import org.jspecify.annotations.Nullable;

/** Under which names and in which topics a session is found. */
public interface Registration {

    /** The session's id; made now if there is none, and not found if the session is over. Any thread. */
    String id();

    /** The session's id, or null if there is none. Any thread. */
    @Nullable String idIfAny();

    /** Takes an alias; false if that cannot be. Any thread. */
    boolean alias(String alias);

    /** The session has opened: it is found by its principal and by its ident, if it has them. On its loop. */
    void open();

    /** Enters a topic, or is in it; false if the session is in as many as it may be. On the session's loop. */
    boolean subscribe(String topic);

    /** Whether another thread may have the loop enter a topic; the place is kept until {@link #endReservation}. Any thread. */
    boolean reserve(String topic);

    /** The loop has come to what {@link #reserve} was asked for. On the session's loop. */
    void endReservation();

    /** Leaves a topic. On the session's loop. */
    void unsubscribe(String topic);

    /** The session is over: it has no names and no topics any more. On its loop. */
    void end();
}
