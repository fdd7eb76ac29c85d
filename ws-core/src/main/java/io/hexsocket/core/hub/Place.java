package io.hexsocket.core.hub;

import io.hexsocket.core.port.cluster.NodeId;

/**
 * A place in the list of the sessions of all nodes.
 *
 * @param node before it are all nodes with lower names
 * @param number before it are the sessions of that node up to this number
 */
record Place(String node, long number) {

    static final Place START = new Place("", 0);

    private static final int MAX_DIGITS = 18;

    /**
     * What {@link #toString} has made.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static Place parse(String text) {
        if (text.isEmpty()) {
            return START;
        }
        int dot = text.lastIndexOf('.');
        String node = text.substring(0, Math.max(0, dot));
        String digits = text.substring(dot + 1);
        if (digits.isEmpty()
                || digits.length() > MAX_DIGITS
                || !digits.chars().allMatch(c -> c >= '0' && c <= '9')
                || dot >= 0 && !NodeId.isName(node)) {
            throw new IllegalArgumentException("after must be what the page before has for next");
        }
        return new Place(node, Long.parseLong(digits));
    }

    /** After which number a node's sessions are listed. */
    long after(String of) {
        return of.equals(node) ? number : 0;
    }

    @Override
    public String toString() {
        return node.isEmpty() ? Long.toString(number) : node + "." + number;
    }
}
