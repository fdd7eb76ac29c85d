package io.hexsocket.demo.access;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OctetSequenceJsonWebKey;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/** Keys as files and web servers have them. Pure functions; what they throw names no key. */
final class KeyParser {

    /** More keys than this are no rotation. */
    private static final int MAX_KEYS = 64;
    // RFC 7518, 3.2: "A key of the same size as the hash output [...] or larger MUST be used"
    private static final int MIN_SECRET_BYTES = 32;

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z ]+)-----\\s+([A-Za-z0-9+/=\\s]+?)-----END \\1-----\\s*");

    private KeyParser() {}

    /** A PEM file with public keys or certificates, a JWK set, or else a secret, all bytes but for line ends behind it. */
    static List<JsonWebKey> ofFile(byte[] bytes) throws IOException {
        String text = new String(bytes, StandardCharsets.ISO_8859_1).strip();
        if (text.startsWith("-----BEGIN ")) {
            return ofPem(text);
        }
        if (text.startsWith("{")) {
            return ofSet(new String(bytes, StandardCharsets.UTF_8), true);
        }
        byte[] secret = text.getBytes(StandardCharsets.ISO_8859_1);
        if (secret.length < MIN_SECRET_BYTES) {
            throw new IOException("is neither PEM nor a JWK set, and as a secret for HS256 it is " + secret.length
                    + " bytes long, must be at least " + MIN_SECRET_BYTES);
        }
        return List.of(new OctetSequenceJsonWebKey(new HmacKey(secret)));
    }

    /**
     * A JWK set (RFC 7517 section 5). What is no key for signatures is left out.
     *
     * @param secrets whether it may hold secrets; one that is published must not
     */
    static List<JsonWebKey> ofSet(String json, boolean secrets) throws IOException {
        List<JsonWebKey> keys = new ArrayList<>();
        try {
            for (JsonWebKey key : new JsonWebKeySet(json).getJsonWebKeys()) {
                boolean isSecret = key.getKeyType().equals(OctetSequenceJsonWebKey.KEY_TYPE);
                if (!"enc".equals(key.getUse()) && (secrets || !isSecret)) {
                    keys.add(key);
                }
            }
        } catch (JoseException | RuntimeException broken) {
            throw new IOException("is no JWK set (RFC 7517)");
        }
        if (keys.isEmpty() || keys.size() > MAX_KEYS) {
            throw new IOException("has " + keys.size() + " keys for signatures, must be between 1 and " + MAX_KEYS);
        }
        return List.copyOf(keys);
    }

    private static List<JsonWebKey> ofPem(String text) throws IOException {
        List<JsonWebKey> keys = new ArrayList<>();
        Matcher block = PEM.matcher(text);
        while (block.find()) {
            try {
                byte[] der = Base64.getMimeDecoder().decode(block.group(2));
                keys.add(JsonWebKey.Factory.newJwk(publicKey(block.group(1), der)));
            } catch (GeneralSecurityException | JoseException | IllegalArgumentException broken) {
                throw new IOException("has a PEM block that is no public key of RSA, P-256 or Ed25519");
            }
        }
        if (keys.isEmpty()) {
            throw new IOException("has no PEM block that is whole");
        }
        return List.copyOf(keys);
    }

    private static PublicKey publicKey(String kind, byte[] der) throws IOException, GeneralSecurityException {
        switch (kind) {
            case "CERTIFICATE" -> {
                return CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(der))
                        .getPublicKey();
            }
            case "PUBLIC KEY" -> {
                return ofAnyKind(der);
            }
            default ->
                throw new IOException("has a PEM block \"" + kind
                        + "\"; what checks tokens is a PUBLIC KEY or a CERTIFICATE, as openssl pkey -pubout writes it");
        }
    }

    private static PublicKey ofAnyKind(byte[] der) throws GeneralSecurityException {
        GeneralSecurityException last = null;
        for (String kind : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der));
            } catch (GeneralSecurityException other) {
                last = other;
            }
        }
        throw new GeneralSecurityException(last);
    }
}
