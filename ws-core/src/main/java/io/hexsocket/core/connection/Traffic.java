package io.hexsocket.core.connection;

import io.hexsocket.core.port.host.LoopStats;
import java.time.Duration;

/** What the sessions of one event loop have received and sent. Plain fields, since only that loop counts and reads. On that loop. */
public final class Traffic {

    // A second
    private static final int TICKS_PER_REPORT = 4;

    private long messagesReceived;
    private long bytesReceived;
    private long messagesSent;
    private long bytesSent;
    private long broadcasts;
    private long broadcastReceivers;

    private int reportedAt;
    private long tickedAt;
    private boolean hasTicked;
    private long worstLagNanos;

    Traffic() {}

    /** A message has come, and goes to its app. */
    public void messageReceived() {
        messagesReceived++;
    }

    /** Bytes have come for a session. */
    public void bytesReceived(int bytes) {
        bytesReceived += bytes;
    }

    /** A message is written to a client. */
    public void messageSent() {
        messagesSent++;
    }

    /** Bytes are written by a session. */
    public void bytesSent(int bytes) {
        bytesSent += bytes;
    }

    /** A message to many is about to be written. */
    public void broadcast() {
        broadcasts++;
    }

    /** A message to many is written to one of them. */
    public void broadcastReceived() {
        broadcastReceivers++;
        messagesSent++;
    }

    /** A tick has come, when it has. */
    void onTick(long nowNanos) {
        if (hasTicked) {
            worstLagNanos = Math.max(worstLagNanos, nowNanos - tickedAt - Ticks.NANOS);
        }
        hasTicked = true;
        tickedAt = nowNanos;
    }

    /** Whether a report is due; the next one is due a second later. */
    boolean isReportDue(int tick) {
        if (tick - reportedAt < TICKS_PER_REPORT) {
            return false;
        }
        reportedAt = tick;
        return true;
    }

    /** The sums so far, and how it is now. */
    LoopStats report(int loop, int connections, long queuedBytes, long longestQueueBytes) {
        Duration worstLag = Duration.ofNanos(worstLagNanos);
        worstLagNanos = 0;
        return new LoopStats(
                loop,
                connections,
                messagesReceived,
                bytesReceived,
                messagesSent,
                bytesSent,
                broadcasts,
                broadcastReceivers,
                queuedBytes,
                longestQueueBytes,
                worstLag);
    }
}
