package io.hexsocket.apps;

/** What became of a message to one session. */
public enum Delivery {
    /** It was taken and is on its way. */
    DELIVERED,
    /** No live session has this name. */
    UNKNOWN,
    /** The session has more waiting than the server's limit: the message was not taken, or was dropped at once. */
    SLOW
}
