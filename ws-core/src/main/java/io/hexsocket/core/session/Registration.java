package io.hexsocket.core.session;

/** Under which names and in which topics a session is found. */
public interface Registration {

    /** The session's id; made now if there is none, and not found if the session is over. Any thread. */
    String id();

    /** Takes an alias; false if that cannot be. Any thread. */
    boolean alias(String alias);

    /** The session has opened: it is found by its principal and by its ident, if it has them. On its loop. */
    void open();

    /** Enters a topic. On the session's loop. */
    void subscribe(String topic);

    /** Leaves a topic. On the session's loop. */
    void unsubscribe(String topic);

    /** The session is over: it has no names and no topics any more. On its loop. */
    void end();
}
