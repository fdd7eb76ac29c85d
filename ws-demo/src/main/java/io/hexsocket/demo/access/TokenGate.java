package io.hexsocket.demo.access;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.OpeningRequest;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Lets in who shows a token. The session ends with the token, with {@link io.hexsocket.apps.CloseStatus#EXPIRED}, unless it is renewed. */
public final class TokenGate implements Gate {

    /** Where a session has its {@link Token} among its attributes. */
    static final String TOKEN = Token.class.getName();

    private final TokenVerifier verifier;
    private final List<TokenSource> sources;

    /**
     * A gate.
     *
     * @param verifier closed with the gate
     * @param sources where the token is looked for, in this order
     */
    public TokenGate(TokenVerifier verifier, List<TokenSource> sources) {
        this.verifier = verifier;
        this.sources = List.copyOf(sources);
    }

    @Override
    public CompletionStage<Answer> check(OpeningRequest request) {
        String text = sources.stream()
                .map(source -> source.find(request))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (text == null) {
            // RFC 6750, 3.1: without a token "the resource server SHOULD NOT include an error code"
            return CompletableFuture.completedFuture(refused(401, "A token is needed.", "Bearer"));
        }
        return verifier.verify(text)
                .handle((token, failed) ->
                        failed == null ? new Passed(entry(token)) : refused(TokenVerifier.reason(failed)));
    }

    private static Answer refused(TokenException why) {
        if (why.isOurs()) {
            return new Refused(Admission.reject(503, why.reason()).header("Retry-After", "10"));
        }
        return refused(401, why.reason(), "Bearer error=\"invalid_token\"");
    }

    private static Answer refused(int status, String text, String challenge) {
        return new Refused(Admission.reject(status, text).header("WWW-Authenticate", challenge));
    }

    private static Entry entry(Token token) {
        return admission -> {
            Instant ofTheApp = admission.expiresAt();
            Instant end = ofTheApp != null && ofTheApp.isBefore(token.expiresAt()) ? ofTheApp : token.expiresAt();
            Admission.Accept named = admission.principal(token).expiresAt(end).attribute(TOKEN, token);
            String ident = token.ident();
            return ident == null ? named : named.ident(ident);
        };
    }

    TokenVerifier verifier() {
        return verifier;
    }

    @Override
    public @Nullable String subprotocol() {
        return sources.stream().anyMatch(TokenSource.Subprotocol.class::isInstance) ? TokenSource.SUBPROTOCOL : null;
    }

    @Override
    public void close() {
        verifier.close();
    }
}
