package io.hexsocket.apps;

/** What became of a message to one session. */
public enum Delivery {
    /** It was taken and is on its way. */
    DELIVERED,
    /** No live session has this name. */
    UNKNOWN,
    /** The session has more waiting than the server's limit: the message was not taken, or was dropped at once. */
    SLOW,
    /** The node of the session was lost before it answered. Whether the message was taken, nobody knows. */
    NODE_LOST,
    /** The node of the session has not answered in time. Whether the message was taken, nobody knows; it may still be. */
    TIMEOUT,
    /** No session of this node has this name, and the other nodes cannot be reached: the message was not taken. */
    NOT_SENT
}
