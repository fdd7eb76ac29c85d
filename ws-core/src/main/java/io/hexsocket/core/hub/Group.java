package io.hexsocket.core.hub;

import io.hexsocket.core.port.cluster.Channel;
import org.jspecify.annotations.Nullable;

/** The kinds of audiences that sessions enter by a name. */
enum Group {
    /** By {@code subscribe}. */
    TOPIC(Channel.Kind.TOPIC),
    /** By the name of the principal. */
    USER(Channel.Kind.USER),
    /** By the ident of the admission. */
    IDENT(Channel.Kind.IDENT);

    private final Channel.Kind kind;

    Group(Channel.Kind kind) {
        this.kind = kind;
    }

    /** What reaches its members on other nodes; null if the name is one that no engine carries. */
    @Nullable Channel channel(String name) {
        return Channel.isName(name) ? new Channel(kind, name) : null;
    }

    /** The group whose members a channel reaches; null for those that have no name of their own. */
    static @Nullable Group of(Channel channel) {
        return switch (channel.kind()) {
            case TOPIC -> TOPIC;
            case USER -> USER;
            case IDENT -> IDENT;
            case EVERYONE, APP -> null;
        };
    }
}
