package io.hexsocket.core.port.cluster;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What messages to many are published to, and nodes subscribe to. To an engine the two parts are one opaque name, see {@link #key()}.
 *
 * @param kind what sort of audience it is
 * @param name which one; at most 1,024 bytes in UTF-8, any characters, may be empty
 */
public record Channel(Kind kind, String name) {

    /** All sessions of all nodes. */
    public static final Channel EVERYONE = new Channel(Kind.EVERYONE, "");

    /** The sorts of audiences. */
    public enum Kind {
        /** All sessions; the name is empty. */
        EVERYONE('e'),
        /** The sessions of an app; the name is its path or pattern. */
        APP('a'),
        /** The subscribers of a topic. */
        TOPIC('t'),
        /** The sessions of a user. */
        USER('u'),
        /** The sessions of an ident. */
        IDENT('i');

        private final char prefix;

        Kind(char prefix) {
            this.prefix = prefix;
        }
    }

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it is too long or no Unicode
     */
    public Channel {
        Objects.requireNonNull(kind, "kind");
        Keys.check(name, "a channel's name");
    }

    /** The channel that has a {@linkplain #key() key}, which others may have written; null if none has it. */
    public static @Nullable Channel ofKey(String key) {
        for (Kind kind : Kind.values()) {
            if (key.length() >= 2 && key.charAt(0) == kind.prefix && key.charAt(1) == ':' && isName(key.substring(2))) {
                return new Channel(kind, key.substring(2));
            }
        }
        return null;
    }

    /** The subscribers of a topic. */
    public static Channel topic(String name) {
        return new Channel(Kind.TOPIC, name);
    }

    /** The sessions of an app. */
    public static Channel app(String pattern) {
        return new Channel(Kind.APP, pattern);
    }

    /** The sessions of a user. */
    public static Channel user(String name) {
        return new Channel(Kind.USER, name);
    }

    /** Whether a channel may have this name. */
    public static boolean isName(String name) {
        return Keys.isShort(name) && Keys.isUnicode(name);
    }

    /** Both parts as one text, different for different channels, the same on every node and in every version. */
    public String key() {
        return kind.prefix + ":" + name;
    }
}
