package io.hexsocket.demo.access;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OctJwkGenerator;
import org.jose4j.jwk.OctetSequenceJsonWebKey;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** Keys and tokens for tests, made as an identity provider makes them. */
public final class TestTokens {

    /** Of 32 bytes. */
    public static final String SECRET = "0123456789abcdef0123456789abcdef";

    private TestTokens() {}

    /** A token that is good for a while. */
    public static JwtClaims claims(String subject, long seconds) {
        JwtClaims claims = new JwtClaims();
        claims.setSubject(subject);
        NumericDate end = NumericDate.now();
        end.addSeconds(seconds);
        claims.setExpirationTime(end);
        return claims;
    }

    /** Signed with the secret. */
    public static String signed(JwtClaims claims) throws JoseException {
        return signed(claims.toJson(), "HS256", secret(), token -> {});
    }

    static JsonWebKey secret() {
        return new OctetSequenceJsonWebKey(new org.jose4j.keys.HmacKey(SECRET.getBytes(StandardCharsets.US_ASCII)));
    }

    static String signed(String payload, String algorithm, JsonWebKey key, Consumer<JsonWebSignature> more)
            throws JoseException {
        JsonWebSignature token = new JsonWebSignature();
        token.setPayload(payload);
        token.setAlgorithmHeaderValue(algorithm);
        token.setAlgorithmConstraints(org.jose4j.jwa.AlgorithmConstraints.NO_CONSTRAINTS);
        if (key != null) {
            token.setKey(key instanceof PublicJsonWebKey pair ? pair.getPrivateKey() : key.getKey());
            if (key.getKeyId() != null) {
                token.setKeyIdHeaderValue(key.getKeyId());
            }
        }
        more.accept(token);
        return token.getCompactSerialization();
    }

    static JsonWebKey key(String algorithm, String id) throws JoseException {
        JsonWebKey key = switch (algorithm) {
            case "RS256" -> RsaJwkGenerator.generateJwk(2048);
            case "ES256" -> EcJwkGenerator.generateJwk(EllipticCurves.P256);
            case "EdDSA" -> OkpJwkGenerator.generateJwk("Ed25519");
            default -> OctJwkGenerator.generateJwk(256);
        };
        key.setKeyId(id);
        return key;
    }

    static String set(JsonWebKey... keys) {
        return new JsonWebKeySet(List.of(keys)).toJson(JsonWebKey.OutputControlLevel.INCLUDE_SYMMETRIC);
    }

    static String pem(JsonWebKey key) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(((PublicJsonWebKey) key).getPublicKey().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** A file with the secret. */
    public static Path secretFile(Path folder) throws Exception {
        return Files.writeString(folder.resolve("secret"), SECRET + "\n");
    }

    static Instant end(JwtClaims claims) throws Exception {
        return Instant.ofEpochSecond(claims.getExpirationTime().getValue());
    }
}
