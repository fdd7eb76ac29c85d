package io.hexsocket.demo.access;

import java.security.Key;
import java.util.List;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwx.JsonWebStructure;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * Finds the key of a token: one of the kind that its algorithm needs, and of the id that it names. A key without an id, as from a PEM
 * file, may be any token's.
 *
 * @param keys all there are
 */
record KeyChoice(List<JsonWebKey> keys) implements VerificationKeyResolver {

    // of one kind, while they are rotated; each costs a signature
    private static final int MAX_TRIED = 8;

    @Override
    public Key resolveKey(JsonWebSignature token, List<JsonWebStructure> nesting) throws UnresolvableKeyException {
        List<JsonWebKey> candidates =
                keys.stream().filter(key -> mayBe(key, token)).limit(MAX_TRIED).toList();
        if (candidates.size() == 1) {
            return candidates.get(0).getKey();
        }
        for (JsonWebKey key : candidates) {
            if (verifies(key, token)) {
                return key.getKey();
            }
        }
        throw new UnresolvableKeyException("no key");
    }

    private static boolean mayBe(JsonWebKey key, JsonWebSignature token) {
        String id = token.getKeyIdHeaderValue();
        String algorithm = key.getAlgorithm();
        try {
            return key.getKeyType().equals(token.getKeyType())
                    && (id == null || key.getKeyId() == null || id.equals(key.getKeyId()))
                    && (algorithm == null || algorithm.equals(token.getAlgorithmHeaderValue()));
        } catch (JoseException noSuchAlgorithm) {
            return false;
        }
    }

    private static boolean verifies(JsonWebKey key, JsonWebSignature token) {
        try {
            token.setKey(key.getKey());
            return token.verifySignature();
        } catch (JoseException otherKind) {
            return false;
        }
    }
}
