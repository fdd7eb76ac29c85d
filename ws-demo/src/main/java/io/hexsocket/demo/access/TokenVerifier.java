package io.hexsocket.demo.access;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * Checks JSON Web Tokens that are signed (RFC 7519, RFC 7515, RFC 8725), on threads of its own. A token needs a subject and an end. Which
 * key it was signed with is a matter of the keys: a key of one kind serves the algorithm of its kind alone, and what a token says of
 * keys in its header ({@code jwk}, {@code jku}, {@code x5u}) counts for nothing. Any thread.
 */
public final class TokenVerifier implements AutoCloseable {

    /** What is longer is no token: it would not fit into a header line of the usual servers. */
    static final int MAX_LENGTH = 8 * 1024;

    private static final int THREADS = 2;
    private static final int MAX_WAITING = 1000;
    private static final int LEEWAY_SECONDS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE_BETWEEN_FETCHES = Duration.ofSeconds(10);
    // what a timer can count, and no session lasts
    private static final Duration FARTHEST_END = Duration.ofDays(3650);
    private static final int MAX_TOPICS = 1024;

    private static final String INVALID = "The token is not valid.";
    private static final String INCOMPLETE = "The token needs a subject and an expiration time.";

    private static final Pattern SIGNED = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private final TokenRules rules;
    private final TokenKeys keys;
    private final ThreadPoolExecutor executor;

    TokenVerifier(TokenRules rules, TokenKeys keys) {
        this.rules = rules;
        this.keys = keys;
        this.executor = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), task -> {
                    Thread thread = new Thread(task, "tokens");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * With keys from a file: PEM with public keys or certificates, a JWK set, or a secret for HS256. It is read again when it changes.
     *
     * @throws IOException if it cannot be read or holds no key; the message says what is wrong with it
     */
    public static TokenVerifier ofFile(TokenRules rules, Path file) throws IOException {
        return new TokenVerifier(rules, new FileKeys(file, System::nanoTime));
    }

    /** With a JWK set that is published; fetched from now on. */
    public static TokenVerifier ofUrl(TokenRules rules, URI url) {
        TokenVerifier verifier =
                new TokenVerifier(rules, new UrlKeys(url, PATIENCE, PAUSE_BETWEEN_FETCHES, System::nanoTime));
        verifier.executor.execute(verifier.keys::known);
        return verifier;
    }

    /** Checks a token. Completes on any thread; fails with a {@link TokenException}. */
    public CompletionStage<Token> verify(String token) {
        if (token.length() > MAX_LENGTH || !SIGNED.matcher(token).matches()) {
            return refused(INVALID);
        }
        try {
            return CompletableFuture.supplyAsync(keys::known, executor)
                    .thenCompose(known -> known)
                    .exceptionallyCompose(failed ->
                            CompletableFuture.failedFuture(new TokenException("Tokens cannot be checked now.", true)))
                    .thenComposeAsync(known -> verify(token, known, true), executor)
                    .exceptionallyCompose(failed -> CompletableFuture.failedFuture(reason(failed)));
        } catch (RejectedExecutionException full) {
            return CompletableFuture.failedFuture(new TokenException("Too many tokens are waiting.", true));
        }
    }

    /** Why {@link #verify} has failed. */
    static TokenException reason(Throwable failed) {
        for (Throwable one = failed; one != null; one = one.getCause()) {
            if (one instanceof TokenException known) {
                return known;
            }
        }
        return new TokenException("Tokens cannot be checked now.", true);
    }

    private CompletionStage<Token> verify(String token, List<JsonWebKey> known, boolean mayAskAgain) {
        try {
            JwtContext good = consumer(known).process(token);
            if (namesExtensions(good)) {
                return refused(INVALID);
            }
            if (good.getJwtClaims().getSubject().isEmpty()) {
                return refused(INCOMPLETE);
            }
            return CompletableFuture.completedFuture(token(good.getJwtClaims()));
        } catch (InvalidJwtException invalid) {
            if (mayAskAgain && hasNoKey(invalid)) {
                return keys.newerThan(known)
                        .thenComposeAsync(
                                now -> now == known
                                        ? CompletableFuture.failedFuture(refusal(invalid))
                                        : verify(token, now, false),
                                executor);
            }
            return CompletableFuture.failedFuture(refusal(invalid));
        } catch (MalformedClaimException | RuntimeException malformed) {
            return refused("A claim of the token is not of the form that it has to have.");
        }
    }

    private static CompletionStage<Token> refused(String why) {
        return CompletableFuture.failedFuture(new TokenException(why, false));
    }

    /** Whether it says that extensions have to be understood: none is here, and RFC 7515 section 4.1.11 forbids an empty list. */
    private static boolean namesExtensions(JwtContext good) {
        try {
            return JsonUtil.parseJson(good.getJoseObjects().get(0).getHeaders().getFullHeaderAsJsonString())
                    .containsKey("crit");
        } catch (JoseException noJson) {
            return true;
        }
    }

    private JwtConsumer consumer(List<JsonWebKey> known) {
        JwtConsumerBuilder builder = new JwtConsumerBuilder()
                .setVerificationKeyResolver(new KeyChoice(known))
                .setJwsAlgorithmConstraints(
                        AlgorithmConstraints.ConstraintType.PERMIT,
                        rules.algorithms().toArray(String[]::new))
                .setRequireSubject()
                .setRequireExpirationTime()
                .setAllowedClockSkewInSeconds(LEEWAY_SECONDS);
        if (rules.issuer() != null) {
            builder.setExpectedIssuer(rules.issuer());
        }
        if (rules.audience() != null) {
            builder.setExpectedAudience(rules.audience());
        }
        return builder.build();
    }

    private static boolean hasNoKey(InvalidJwtException invalid) {
        for (Throwable one = invalid; one != null; one = one.getCause()) {
            if (one instanceof UnresolvableKeyException) {
                return true;
            }
        }
        return false;
    }

    private Token token(JwtClaims claims) throws MalformedClaimException {
        String identClaim = rules.identClaim();
        List<String> topics =
                claims.hasClaim(rules.topicsClaim()) ? claims.getStringListClaimValue(rules.topicsClaim()) : List.of();
        if (topics.size() > MAX_TOPICS || topics.stream().anyMatch(Objects::isNull)) {
            throw new MalformedClaimException("topics");
        }
        return new Token(
                claims.getSubject(),
                identClaim == null ? null : ident(claims, identClaim),
                topics,
                end(claims.getExpirationTime().getValue()));
    }

    private static Instant end(long epochSecond) {
        return Instant.ofEpochSecond(
                Math.min(epochSecond, Instant.now().plus(FARTHEST_END).getEpochSecond()));
    }

    private static @Nullable String ident(JwtClaims claims, String claim) throws MalformedClaimException {
        String ident = claims.getStringClaimValue(claim);
        return ident == null || ident.isEmpty() ? null : ident;
    }

    /** The exception's own message may quote the token. */
    private static TokenException refusal(InvalidJwtException invalid) {
        String why = INVALID;
        if (invalid.hasErrorCode(ErrorCodes.EXPIRED)) {
            why = "The token has expired.";
        } else if (invalid.hasErrorCode(ErrorCodes.NOT_YET_VALID)) {
            why = "The token is not valid yet.";
        } else if (invalid.hasErrorCode(ErrorCodes.AUDIENCE_INVALID)
                || invalid.hasErrorCode(ErrorCodes.AUDIENCE_MISSING)) {
            why = "The token is for another audience.";
        } else if (invalid.hasErrorCode(ErrorCodes.ISSUER_INVALID) || invalid.hasErrorCode(ErrorCodes.ISSUER_MISSING)) {
            why = "The token is of another issuer.";
        } else if (invalid.hasErrorCode(ErrorCodes.EXPIRATION_MISSING)
                || invalid.hasErrorCode(ErrorCodes.SUBJECT_MISSING)) {
            why = INCOMPLETE;
        }
        return new TokenException(why, false);
    }

    @Override
    public void close() {
        executor.shutdownNow();
        keys.close();
    }
}
