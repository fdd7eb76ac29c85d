package io.hexsocket.apps.json;

/** A bucket of permits that fills steadily up to a limit (token bucket). Starts full. For one thread at a time. */
final class RateLimit {

    private static final double NANOS_PER_SECOND = 1e9;

    private final int perSecond;
    private final int burst;
    private double permits;
    private long asOf;

    RateLimit(int perSecond, int burst, long nowNanos) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.permits = burst;
        this.asOf = nowNanos;
    }

    /** Takes a permit, if there is one. */
    boolean tryTake(long nowNanos) {
        return tryTake(nowNanos, 1);
    }

    /** Takes so many permits, if there is one; what is more than there are is missing from those to come. */
    boolean tryTake(long nowNanos, double cost) {
        // a difference, because System.nanoTime may wrap
        permits = Math.min(burst, permits + (nowNanos - asOf) * (perSecond / NANOS_PER_SECOND));
        asOf = nowNanos;
        if (permits < 1) {
            return false;
        }
        permits -= cost;
        return true;
    }
}
