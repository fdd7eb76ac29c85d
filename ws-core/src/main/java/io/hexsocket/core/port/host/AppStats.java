package io.hexsocket.core.port.host;

/**
 * What the sessions of one app on one event loop have received and sent since the loop began; see {@link LoopStats}, which has the sums of
 * all apps.
 *
 * @param pattern the path or pattern that the app is registered for
 * @param messagesReceived whole messages of clients that were given to the app
 * @param bytesReceived frames of all kinds, in bytes
 * @param messagesSent messages written to clients, each receiver of a broadcast counted
 * @param bytesSent frames of all kinds, in bytes
 * @param callbacks how long {@link io.hexsocket.apps.Listener#onMessage} took, on the event loop or on the app's executor: of one message in
 *     {@value #MESSAGES_PER_TIMING}, so that the clock costs nothing. A callback that blocks its loop shows in {@link LoopStats#worstLag()} for
 *     sure
 * @since 0.2
 */
public record AppStats(
        String pattern,
        long messagesReceived,
        long bytesReceived,
        long messagesSent,
        long bytesSent,
        Timings callbacks) {

    /** Of how many messages one is timed. */
    public static final int MESSAGES_PER_TIMING = 16;
}
