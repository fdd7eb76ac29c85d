package io.hexsocket.core.connection;

import io.hexsocket.core.port.host.AppStats;
import io.hexsocket.core.port.host.LoopStats;
import io.hexsocket.core.routing.Route;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** What the sessions of one event loop have received and sent. Plain fields, since only that loop counts and reads. On that loop. */
public final class Traffic {

    // A second
    private static final int TICKS_PER_REPORT = 4;

    private final AppTraffic[] apps;
    private final Stopwatch pings = new Stopwatch();
    private long broadcasts;
    private long broadcastReceivers;

    private int reportedAt;
    private long tickedAt;
    private boolean hasTicked;
    private long worstLagNanos;

    Traffic(List<Route> routes) {
        this.apps =
                routes.stream().map(route -> new AppTraffic(route.pattern())).toArray(AppTraffic[]::new);
    }

    /** That of the sessions of one app. */
    public AppTraffic of(Route route) {
        return apps[route.index()];
    }

    /** A message to many is about to be written. */
    public void broadcast() {
        broadcasts++;
    }

    /** A message to many is written to one of them. */
    public void broadcastReceived() {
        broadcastReceivers++;
    }

    /** A client has answered a ping of the server. */
    public void pingTook(long nanos) {
        pings.took(nanos);
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
    LoopStats report(int loop, int connections, long queuedBytes, long longestQueueBytes, long postedBytes) {
        List<AppStats> reports = Stream.of(apps).map(AppTraffic::report).toList();
        Duration worstLag = Duration.ofNanos(worstLagNanos);
        worstLagNanos = 0;
        return new LoopStats(
                loop,
                connections,
                sum(reports, AppStats::messagesReceived),
                sum(reports, AppStats::bytesReceived),
                sum(reports, AppStats::messagesSent),
                sum(reports, AppStats::bytesSent),
                broadcasts,
                broadcastReceivers,
                queuedBytes,
                longestQueueBytes,
                postedBytes,
                worstLag,
                pings.report(),
                reports);
    }

    private static long sum(List<AppStats> reports, ToLongFunction<AppStats> value) {
        long sum = 0;
        for (AppStats report : reports) {
            sum += value.applyAsLong(report);
        }
        return sum;
    }
}
