package io.hexsocket.demo.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens are good (RFC 7519).
 *
 * @param algorithms by which they may be signed, as {@code ES256}
 * @param issuer whose they must be, or null for any
 * @param audience for whom they must be; null for tokens that name nobody
 * @param identClaim which claim is the client's ident, or null
 * @param topicsClaim which claim lists topics
 */
public record TokenRules(
        List<String> algorithms,
        @Nullable String issuer,
        @Nullable String audience,
        @Nullable String identClaim,
        String topicsClaim) {

    /** All algorithms that there are. */
    public static final List<String> ALGORITHMS = List.of("HS256", "RS256", "ES256", "EdDSA");

    /** Copies the list. */
    public TokenRules {
        algorithms = List.copyOf(algorithms);
    }
}
