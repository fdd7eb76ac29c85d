package io.hexsocket.core.port.cluster;

import java.util.Objects;

/**
 * A place in the history of a channel, as its engine writes it. The place of {@link Capability#HISTORY}, which no engine has yet: until
 * then there is none, and the parameters and components of this type are null.
 *
 * @param value opaque to all but the engine
 */
public record Position(String value) {

    /** Needs a value. */
    public Position {
        Objects.requireNonNull(value, "value");
    }
}
