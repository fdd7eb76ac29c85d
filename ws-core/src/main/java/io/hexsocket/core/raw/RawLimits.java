package io.hexsocket.core.raw;

/**
 * How large a message of a raw client may be.
 *
 * @param messageBytes one JSON object, or one chunk
 * @param depth of objects and arrays within each other, the outermost counted
 */
public record RawLimits(int messageBytes, int depth) {

    public static final RawLimits DEFAULT = new RawLimits(
            // the limit that WebSocket messages have
            5 * 1024 * 1024,
            // packets of the dialogue are flat; parsers of JSON in apps recurse, and 64 levels fit every stack
            64);

    /** Checks both. */
    public RawLimits {
        if (messageBytes < 2 || depth < 1) {
            throw new IllegalArgumentException("a limit for raw messages is too small for {}");
        }
    }
}
