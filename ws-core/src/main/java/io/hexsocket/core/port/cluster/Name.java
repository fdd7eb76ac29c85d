package io.hexsocket.core.port.cluster;

import java.util.Objects;

/**
 * A name that at most one node holds at a time, see {@link ClusterEngine#claim}. To an engine the two parts are one opaque name, see
 * {@link #key()}.
 *
 * @param kind what sort of name it is
 * @param value at most 1,024 bytes in UTF-8, any characters
 */
public record Name(Kind kind, String value) {

    /** The sorts of names. */
    public enum Kind {
        /** What a session took for itself. */
        ALIAS('a'),
        /** Whom the app says that the client is. */
        IDENT('i');

        private final char prefix;

        Kind(char prefix) {
            this.prefix = prefix;
        }
    }

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if it is too long or no Unicode
     */
    public Name {
        Objects.requireNonNull(kind, "kind");
        Keys.check(value, "a name");
    }

    /** A session's alias. */
    public static Name alias(String value) {
        return new Name(Kind.ALIAS, value);
    }

    /** A client's ident. */
    public static Name ident(String value) {
        return new Name(Kind.IDENT, value);
    }

    /** Both parts as one text, different for different names, the same on every node and in every version. */
    public String key() {
        return kind.prefix + ":" + value;
    }
}
