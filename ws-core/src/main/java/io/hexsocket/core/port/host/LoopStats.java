package io.hexsocket.core.port.host;

import java.time.Duration;
import java.util.List;

/**
 * What one event loop has done since it began, and how it is now. Sums only grow; what a metrics system shows of a second is the difference
 * of two. Bytes are those on the wire, without TLS.
 *
 * @param loop which of the server's loops, from 0
 * @param connections how many it has now
 * @param messagesReceived whole messages of clients that were given to apps
 * @param bytesReceived from sessions, frames of all kinds
 * @param messagesSent messages written to clients, each receiver of a broadcast counted
 * @param bytesSent to sessions, frames of all kinds
 * @param broadcasts messages to audiences that the loop has served
 * @param broadcastReceivers how many sessions they went to: divided by {@code broadcasts}, the fan-out on this loop
 * @param queuedBytes output that waits for clients to read, now, of all its connections together
 * @param longestQueueBytes the most that waits for one of them
 * @param postedBytes what other threads have sent to sessions of this loop and to audiences, and the loop has not come to yet: the bytes of
 *     the messages, and 32 for each delivery
 * @param worstLag the longest that the loop was late for something since the last report: what a callback that blocks does to all others
 * @param pings how long clients took to answer the server's pings
 * @param apps the same by app, in the order of registration
 */
public record LoopStats(
        int loop,
        int connections,
        long messagesReceived,
        long bytesReceived,
        long messagesSent,
        long bytesSent,
        long broadcasts,
        long broadcastReceivers,
        long queuedBytes,
        long longestQueueBytes,
        long postedBytes,
        Duration worstLag,
        Timings pings,
        List<AppStats> apps) {}
