package io.hexsocket.core.connection;

/**
 * The states of RFC 6455 section 7.1. A connection has one, and nothing else remembers whether it is closing; what the close frames said,
 * and so who closed first, is kept beside it by whoever reads and writes them.
 *
 * <pre>
 *   CONNECTING ---- the opening handshake is done ----> OPEN ---- the app, a limit or shutdown closes ----> CLOSING
 *       |                                                |                                                    |
 *       | refused, answered, lost                        | the client's close frame is answered,              | the client's close frame,
 *       v                                                v a rule is broken, the connection is lost           v a deadline, the loss
 *     CLOSED                                           CLOSED                                               CLOSED
 * </pre>
 */
public enum State {
    /** The opening request is being read, or its answer is awaited. */
    CONNECTING,
    /** Messages go both ways, also while the app is to take what came before the client's close frame. */
    OPEN,
    /** Our side has closed: no message is taken or delivered any more; our close frame is out, or the loop is about to write it. */
    CLOSING,
    /** The connection ends as soon as everything is sent, or has ended; what still arrives is thrown away. */
    CLOSED
}
