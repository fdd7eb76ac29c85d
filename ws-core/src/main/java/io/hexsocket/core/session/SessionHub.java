package io.hexsocket.core.session;

import io.hexsocket.apps.Hub;

/** What the sessions of one event loop ask of the hub. On that loop, unless it says otherwise. */
public interface SessionHub {

    /** The way to the other sessions of the server. Any thread. */
    Hub hub();

    /** A session has opened: it gets what is sent to all and to its app, and is found by its ident. */
    void join(Recipient session);

    /** A session is over, or takes no messages any more. */
    void leave(Recipient session);

    /** Delivers to a session what of the broadcasts that have begun here it has not got, so that nothing overtakes them. */
    void catchUp(Recipient session);

    /** The names and topics of a session that asks for the first one. Any thread; known to the caller alone. */
    Registration register(Recipient session);
}
