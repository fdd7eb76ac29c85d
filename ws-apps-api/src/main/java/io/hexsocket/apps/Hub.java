package io.hexsocket.apps;

/** All sessions of a server, as far as messages to them are concerned. Any thread; never blocks. */
public interface Hub {

    /** All sessions. */
    Audience everyone();

    /**
     * The sessions of one app.
     *
     * @param pattern the path or pattern that it is registered for
     * @throws IllegalArgumentException if none is
     */
    Audience app(String pattern);

    /** The sessions that have {@linkplain Session#subscribe subscribed} to a topic; none, if there is no such topic. */
    Audience topic(String name);

    /** Sends to one session. */
    Delivery send(Target target, Message message);

    /**
     * Sends a text message to one session.
     *
     * @throws IllegalArgumentException if the string holds a surrogate without its other half
     */
    default Delivery send(Target target, String text) {
        return send(target, Message.text(text));
    }
}
