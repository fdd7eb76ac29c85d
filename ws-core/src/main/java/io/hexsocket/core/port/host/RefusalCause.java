package io.hexsocket.core.port.host;

/**
 * Why a connection became no session: what a metrics system counts, where the text of {@link ServerListener#onRefused} is for people.
 *
 * @since 0.2
 */
public enum RefusalCause {
    /** What came breaks the rules of HTTP or of the opening handshake, or asks for what is not served. */
    BAD_REQUEST,
    /** A page of a foreign origin has asked. */
    FOREIGN_ORIGIN,
    /** No app is at the path. */
    UNKNOWN_PATH,
    /** The app refused. */
    APP,
    /** The app failed when it was asked. */
    APP_FAILED,
    /** The app's answer took too long. */
    APP_TOO_SLOW,
    /** The request took too long to arrive, or never came. */
    TOO_SLOW,
    /** The client left before its request was answered. */
    LEFT,
    /** There are as many connections as there may be, of all clients or of this one's network. */
    TOO_MANY_CONNECTIONS,
    /** Connections of this client's network come too fast. */
    TOO_FAST,
    /** Clients make the server hold as much memory as they may. */
    MEMORY,
    /** The server is shutting down. */
    SHUTTING_DOWN,
    /** Raw TCP is not open to this client. */
    RAW_TCP,
    /** The header of the PROXY protocol is missing or broken. */
    PROXY
}
