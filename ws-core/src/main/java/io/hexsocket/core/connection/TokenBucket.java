package io.hexsocket.core.connection;

/**
 * What somebody may still do at a steady rate. It is full at the beginning, holds some seconds' worth, and fills with the ticks. The rate may
 * change from one call to the next. For one thread at a time.
 */
public final class TokenBucket {

    // A tick is a quarter of a second: what comes back in one, of so many a second, is as many quarters
    private static final int QUARTERS = 4;

    private final int burstSeconds;
    private long quarters;
    private int perSecond;
    private int at;

    /**
     * A full one.
     *
     * @param burstSeconds how many seconds' worth it holds
     */
    public TokenBucket(int tick, int perSecond, int burstSeconds) {
        this.burstSeconds = burstSeconds;
        this.quarters = capacity(perSecond);
        this.perSecond = perSecond;
        this.at = tick;
    }

    /** Takes so many; false if there were none left. What is more than there were is missing from what comes back. */
    public boolean take(int tick, int perSecond, int amount) {
        refill(tick, perSecond);
        if (quarters <= 0) {
            return false;
        }
        quarters -= (long) QUARTERS * amount;
        return true;
    }

    /** Whether it holds all that it can. */
    boolean isFull(int tick, int perSecond) {
        refill(tick, perSecond);
        return quarters == capacity(perSecond);
    }

    private void refill(int tick, int perSecond) {
        if (perSecond > this.perSecond) {
            // a full one is full at the new rate as well: nobody is cut for what the old one allowed
            quarters += capacity(perSecond) - capacity(this.perSecond);
        }
        this.perSecond = perSecond;
        quarters = Math.min(capacity(perSecond), quarters + (long) (tick - at) * perSecond);
        at = tick;
    }

    private long capacity(int perSecond) {
        return (long) QUARTERS * burstSeconds * perSecond;
    }
}
