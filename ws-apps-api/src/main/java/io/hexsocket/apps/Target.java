package io.hexsocket.apps;

import java.util.Objects;

/**
 * The name of one session.
 *
 * @param kind what sort of name it is
 * @param name the name; no session has the empty one
 */
public record Target(Kind kind, String name) {

    /** The sorts of names. */
    public enum Kind {
        /** The session's own {@link Session#id}. */
        ID,
        /** What a session took by {@link Session#alias}. */
        ALIAS,
        /** What a session got by {@link Admission.Accept#ident}; of several live sessions the newest. */
        IDENT
    }

    /** Needs both. */
    public Target {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
    }

    /** A session by its id. */
    public static Target id(String id) {
        return new Target(Kind.ID, id);
    }

    /** A session by an alias. */
    public static Target alias(String alias) {
        return new Target(Kind.ALIAS, alias);
    }

    /** A session by its ident. */
    public static Target ident(String ident) {
        return new Target(Kind.IDENT, ident);
    }
}
