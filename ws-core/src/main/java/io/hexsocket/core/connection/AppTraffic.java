package io.hexsocket.core.connection;

import io.hexsocket.core.port.host.AppStats;

/** What the sessions of one app on one event loop have received and sent. Plain fields, since only that loop counts and reads. On that loop. */
public final class AppTraffic {

    private final String pattern;
    private long messagesReceived;
    private long bytesReceived;
    private long messagesSent;
    private long bytesSent;
    private final Stopwatch callbacks = new Stopwatch();

    AppTraffic(String pattern) {
        this.pattern = pattern;
    }

    /** A message has come, and goes to the app; true if its callback is to be timed. */
    public boolean messageReceived() {
        return messagesReceived++ % AppStats.MESSAGES_PER_TIMING == 0;
    }

    /** A callback that was to be timed has taken so long. */
    public void callbackTook(long nanos) {
        callbacks.took(nanos);
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

    /** The sums so far. */
    AppStats report() {
        return new AppStats(pattern, messagesReceived, bytesReceived, messagesSent, bytesSent, callbacks.report());
    }
}
