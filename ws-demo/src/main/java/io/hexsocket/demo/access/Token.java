package io.hexsocket.demo.access;

import java.security.Principal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a token that was found good says of a client; never the token itself.
 *
 * @param subject who it is
 * @param ident under which name scripts reach it, or null
 * @param topics which topics it may join: names, and beginnings of names with a {@code *} behind them
 * @param expiresAt until when
 */
public record Token(String subject, @Nullable String ident, List<String> topics, Instant expiresAt)
        implements Principal {

    // those of the API and of the samples
    private static final String INTERNAL = "io.hexsocket.";

    /** Copies the list. */
    public Token {
        topics = List.copyOf(topics);
    }

    @Override
    public String getName() {
        return subject;
    }

    /** Whether the client may join a topic. */
    public boolean mayJoin(String topic) {
        return !topic.startsWith(INTERNAL)
                && topics.stream()
                        .anyMatch(one -> one.endsWith("*")
                                ? topic.startsWith(one.substring(0, one.length() - 1))
                                : topic.equals(one));
    }
}
