package io.hexsocket.core.port.cluster;

/**
 * The name of one run of a node. A node that has ended and is started again is another node and takes another name, so that whatever
 * was addressed to the first run is unknown at once and not taken for the second's.
 *
 * @param value 1 to 64 ASCII letters, digits, hyphens and underscores
 */
public record NodeId(String value) {

    private static final int MAX_LENGTH = 64;

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if it is another
     */
    public NodeId {
        if (!isName(value)) {
            throw new IllegalArgumentException("a node's name is 1 to 64 letters, digits, hyphens and underscores");
        }
    }

    /**
     * Whether a node may be called so. For engines, which read names that others have written. Any thread.
     *
     * @since 0.2.0
     */
    public static boolean isName(String value) {
        boolean isName = !value.isEmpty() && value.length() <= MAX_LENGTH;
        for (int i = 0; isName && i < value.length(); i++) {
            char c = value.charAt(i);
            isName = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c == '-' || c == '_';
        }
        return isName;
    }

    @Override
    public String toString() {
        return value;
    }
}
