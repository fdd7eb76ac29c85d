package io.hexsocket.core.conformance;

/**
 * How often the cases that repeat themselves do so. Sizes are always true.
 *
 * @param messages at most so many messages a case, of the thousand that it specifies
 * @param bytes fewer if they are more than so many bytes together, but never less than {@value #LEAST}
 */
record Scale(int messages, int bytes) {

    private static final int SPECIFIED = 1000;
    private static final int LEAST = 3;

    /** All that the cases specify. */
    static final Scale FULL = new Scale(SPECIFIED, Integer.MAX_VALUE);

    /** What a build has time for. */
    static final Scale BUILD = new Scale(50, 256 * 1024);

    /** How many messages of a size. */
    int of(int size) {
        return Math.max(LEAST, Math.min(messages, bytes / Math.max(1, size)));
    }
}
