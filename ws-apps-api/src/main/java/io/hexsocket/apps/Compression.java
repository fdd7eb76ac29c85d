package io.hexsocket.apps;

import java.util.Objects;

/**
 * Whether and how an app's messages are compressed for clients that ask for it (permessage-deflate, RFC 7692). What such a client
 * sends compressed is inflated before the app sees it, and counts as long as it is then. Immutable: each setter returns a changed copy.
 */
public final class Compression {

    // Below 1 KiB the message fits into one segment of TCP either way. Level 1 takes half of level 6's time, on an
    // event loop where others wait, and makes JSON 3 to 14 % longer
    private static final int THRESHOLD_BYTES = 1024;
    private static final int LEVEL = 1;

    /** Every offer is declined. */
    public static final Compression OFF = new Compression(false, THRESHOLD_BYTES, LEVEL, false);

    /** Messages from 1 KiB on are compressed at level 1, each for itself. */
    public static final Compression ON = new Compression(true, THRESHOLD_BYTES, LEVEL, false);

    private final boolean enabled;
    private final int thresholdBytes;
    private final int level;
    private final boolean contextTakeover;

    private Compression(boolean enabled, int thresholdBytes, int level, boolean contextTakeover) {
        this.enabled = enabled;
        this.thresholdBytes = thresholdBytes;
        this.level = level;
        this.contextTakeover = contextTakeover;
    }

    /** Whether offers of clients are taken up. */
    public boolean enabled() {
        return enabled;
    }

    /** Sets {@link #enabled()}. */
    public Compression enabled(boolean enabled) {
        return new Compression(enabled, thresholdBytes, level, contextTakeover);
    }

    /** Messages shorter than this, in bytes, are sent as they are. */
    public int thresholdBytes() {
        return thresholdBytes;
    }

    /**
     * Sets {@link #thresholdBytes()}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Compression thresholdBytes(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("thresholdBytes is " + bytes + ", must not be negative");
        }
        return new Compression(enabled, bytes, level, contextTakeover);
    }

    /** The level of zlib, from 1 for fast to 9 for small. */
    public int level() {
        return level;
    }

    /**
     * Sets {@link #level()}.
     *
     * @throws IllegalArgumentException if it is not between 1 and 9
     */
    public Compression level(int level) {
        if (level < 1 || level > 9) {
            throw new IllegalArgumentException("level is " + level + ", must be between 1 and 9");
        }
        return new Compression(enabled, thresholdBytes, level, contextTakeover);
    }

    /**
     * Whether a message may refer back to earlier ones of its connection, which makes small and similar messages smaller; each connection
     * then owns 268 KiB of memory outside the heap for what it sends and 44 KiB for what it gets, as long as the server's budget lasts
     * ({@code Limits.compressionContextBytes}), and a broadcast ends what the next message could refer to. Without it a connection that is
     * not in the middle of a message owns none.
     */
    public boolean contextTakeover() {
        return contextTakeover;
    }

    /** Sets {@link #contextTakeover()}. */
    public Compression contextTakeover(boolean allowed) {
        return new Compression(enabled, thresholdBytes, level, allowed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Compression that
                && enabled == that.enabled
                && thresholdBytes == that.thresholdBytes
                && level == that.level
                && contextTakeover == that.contextTakeover;
    }

    @Override
    public int hashCode() {
        return Objects.hash(enabled, thresholdBytes, level, contextTakeover);
    }

    @Override
    public String toString() {
        return enabled
                ? "Compression[level " + level + " from " + thresholdBytes + " bytes, context takeover "
                        + (contextTakeover ? "allowed]" : "declined]")
                : "Compression[off]";
    }
}
