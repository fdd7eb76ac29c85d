package io.hexsocket.core.port.cluster;

import java.util.regex.Pattern;

/**
 * The name of one run of a node. A node that has ended and is started again is another node and takes another name, so that whatever
 * was addressed to the first run is unknown at once and not taken for the second's.
 *
 * @param value 1 to 64 ASCII letters, digits, hyphens and underscores
 */
public record NodeId(String value) {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if it is another
     */
    public NodeId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a node's name is 1 to 64 letters, digits, hyphens and underscores");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
