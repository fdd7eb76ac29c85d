package io.hexsocket.apps;

/**
 * Whether and how an app's messages are compressed for clients that ask for it (permessage-deflate, RFC 7692). What such a client
 * sends compressed is inflated before the app sees it, and counts as long as it is then.
 *
 * @param enabled whether offers of clients are taken up
 * @param thresholdBytes messages shorter than this are sent as they are
 * @param level of zlib, from 1 for fast to 9 for small
 * @param contextTakeover whether a message may refer back to earlier ones of its connection, which makes small and similar messages
 *     smaller; each connection then owns 268 KiB of memory outside the heap for what it sends and 44 KiB for what it gets, as long as the
 *     server's budget lasts ({@code Limits.compressionContextBytes}), and a broadcast ends what the next message could refer to.
 *     Without it a connection that is not in the middle of a message owns none
 */
public record Compression(boolean enabled, int thresholdBytes, int level, boolean contextTakeover) {

    /** Every offer is declined. */
    public static final Compression OFF = of(false);

    /** Messages from 1 KiB on are compressed at level 1, each for itself. */
    public static final Compression ON = of(true);

    /** Checks threshold and level. */
    public Compression {
        if (thresholdBytes < 0) {
            throw new IllegalArgumentException("thresholdBytes is " + thresholdBytes + ", must not be negative");
        }
        if (level < 1 || level > 9) {
            throw new IllegalArgumentException("level is " + level + ", must be between 1 and 9");
        }
    }

    // Below 1 KiB the message fits into one segment of TCP either way. Level 1 takes half of level 6's time, on an
    // event loop where others wait, and makes JSON 3 to 14 % longer
    private static Compression of(boolean enabled) {
        return new Compression(enabled, 1024, 1, false);
    }

    /** The same for messages from this length on, in bytes. */
    public Compression thresholdBytes(int bytes) {
        return new Compression(enabled, bytes, level, contextTakeover);
    }

    /** The same at another level. */
    public Compression level(int level) {
        return new Compression(enabled, thresholdBytes, level, contextTakeover);
    }

    /** The same with or without references to earlier messages. */
    public Compression contextTakeover(boolean allowed) {
        return new Compression(enabled, thresholdBytes, level, allowed);
    }
}
