package io.hexsocket.demo.access;

import static io.hexsocket.demo.access.TestTokens.claims;
import static io.hexsocket.demo.access.TestTokens.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.OctetSequenceJsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens are good, with keys from a file. */
@Timeout(60)
class TokenVerifierTest {

    private static final String INVALID = "The token is not valid.";
    private static final TokenRules RULES = new TokenRules(TokenRules.ALGORITHMS, null, null, "device", "topics");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "RS256", "ES256", "EdDSA"})
    void tokenOfEachAlgorithmIsTakenWithAKeyFromAJwkSet(String algorithm) throws Exception {
        JsonWebKey key = TestTokens.key(algorithm, "one");
        JwtClaims claims = claims("ada", 60);
        claims.setStringClaim("device", "laptop");
        claims.setStringListClaim("topics", "news", "room-*");
        Token token = verified(
                RULES,
                TestTokens.set(key, TestTokens.key(algorithm, "two")),
                signed(claims.toJson(), algorithm, key, more -> {}));
        assertThat(token).isEqualTo(new Token("ada", "laptop", List.of("news", "room-*"), TestTokens.end(claims)));
        assertThat(token.getName()).isEqualTo("ada");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256", "EdDSA"})
    void publicKeyMayBeAPemFile(String algorithm) throws Exception {
        JsonWebKey key = TestTokens.key(algorithm, null);
        String token = signed(claims("ada", 60).toJson(), algorithm, key, more -> more.setKeyIdHeaderValue("any"));
        assertThat(verified(RULES, TestTokens.pem(key), token).subject()).isEqualTo("ada");
    }

    @Test
    void secretIsTheFileWithoutItsLineEnd() throws Exception {
        assertThat(verified(RULES, TestTokens.SECRET + "\r\n", signed(claims("ada", 60)))
                        .ident())
                .isNull();
    }

    @Test
    @DisplayName("W1 a token without a signature is refused")
    void unsigned() throws Exception {
        JsonWebKey key = TestTokens.key("RS256", null);
        String payload = claims("eve", 60).toJson();
        assertRefused(TestTokens.pem(key), signed(payload, "none", null, more -> {}), INVALID);
        for (String algorithm : List.of("none", "None", "NONE", "")) {
            String header = base64("{\"alg\":\"" + algorithm + "\"}");
            assertRefused(TestTokens.pem(key), header + "." + base64(payload) + ".AA", INVALID);
        }
        assertRefused(TestTokens.pem(key), base64("{}") + "." + base64(payload) + ".AA", INVALID);
    }

    @Test
    @DisplayName("W2 a token that is signed with the public key as a secret is refused")
    void publicKeyAsSecret() throws Exception {
        JsonWebKey key = TestTokens.key("RS256", null);
        String pem = TestTokens.pem(key);
        byte[] der = ((PublicJsonWebKey) key).getPublicKey().getEncoded();
        for (byte[] secret :
                List.of(pem.getBytes(StandardCharsets.US_ASCII), pem.strip().getBytes(), der)) {
            JsonWebKey forged = new OctetSequenceJsonWebKey(new HmacKey(secret));
            assertRefused(pem, signed(claims("eve", 60).toJson(), "HS256", forged, more -> {}), INVALID);
        }
    }

    @Test
    @DisplayName("W3 what a token says of keys in its header counts for nothing")
    void keyOfTheTokensOwn() throws Exception {
        JsonWebKey key = TestTokens.key("ES256", "one");
        JsonWebKey forged = TestTokens.key("ES256", "one");
        String payload = claims("eve", 60).toJson();
        assertRefused(
                TestTokens.set(key),
                signed(payload, "ES256", forged, more -> {
                    more.setJwkHeader((PublicJsonWebKey) forged);
                    more.setHeader("jku", "http://127.0.0.1:1/keys");
                    more.setHeader("x5u", "http://127.0.0.1:1/keys");
                }),
                INVALID);
        for (String id : List.of("../../../../dev/null", "' OR 1=1 --", "", "one\u0000", "\r\nX: y")) {
            assertRefused(
                    TestTokens.set(key),
                    signed(payload, "ES256", forged, more -> more.setKeyIdHeaderValue(id)),
                    INVALID);
        }
        // an empty secret is what /dev/null holds
        JsonWebKey empty = new OctetSequenceJsonWebKey(new HmacKey(new byte[1]));
        assertRefused(
                TestTokens.set(key),
                signed(payload, "HS256", empty, more -> {
                    more.setDoKeyValidation(false);
                    more.setKeyIdHeaderValue("/dev/null");
                }),
                INVALID);
    }

    @Test
    @DisplayName("W4 a token that is too old, too new, for others or of others is refused")
    void wrongClaims() throws Exception {
        assertRefused(TestTokens.SECRET, signed(claims("ada", -60)), "The token has expired.");
        JwtClaims early = claims("ada", 600);
        early.setNotBefore(early.getExpirationTime());
        assertRefused(TestTokens.SECRET, signed(early), "The token is not valid yet.");

        TokenRules strict = new TokenRules(TokenRules.ALGORITHMS, "https://id.example", "chat", null, "topics");
        JwtClaims right = claims("ada", 60);
        right.setIssuer("https://id.example");
        right.setAudience("other", "chat");
        assertThat(verified(strict, TestTokens.SECRET, signed(right)).subject()).isEqualTo("ada");
        right.setAudience("other");
        assertRefused(strict, TestTokens.SECRET, signed(right), "The token is for another audience.");
        assertRefused(TestTokens.SECRET, signed(right), "The token is for another audience.");
        JwtClaims wrong = claims("ada", 60);
        wrong.setAudience("chat");
        assertRefused(strict, TestTokens.SECRET, signed(wrong), "The token is of another issuer.");
        wrong.setIssuer("https://id.example.evil");
        assertRefused(strict, TestTokens.SECRET, signed(wrong), "The token is of another issuer.");
    }

    @Test
    @DisplayName("W4 a token without a subject or an end, or with claims of another form, is refused")
    void missingClaims() throws Exception {
        JwtClaims claims = claims("ada", 60);
        claims.unsetClaim("exp");
        assertRefused(TestTokens.SECRET, signed(claims), "The token needs a subject and an expiration time.");
        JwtClaims nobody = claims("ada", 60);
        nobody.unsetClaim("sub");
        assertRefused(TestTokens.SECRET, signed(nobody), "The token needs a subject and an expiration time.");
        assertRefused(TestTokens.SECRET, signed(claims("", 60)), "The token needs a subject and an expiration time.");
        JwtClaims odd = claims("ada", 60);
        odd.setClaim("topics", 7);
        assertRefused(TestTokens.SECRET, signed(odd), "The token is not valid.", "A claim of the token");
    }

    @Test
    void endThatIsTooFarForATimerIsBroughtNearer() throws Exception {
        String payload = "{\"sub\":\"ada\",\"exp\":9000000000000000000}";
        Token token = verified(RULES, TestTokens.SECRET, signed(payload, "HS256", TestTokens.secret(), more -> {}));
        assertThat(token.expiresAt()).isBefore(Instant.now().plusSeconds(11L * 366 * 86400));
    }

    @Test
    @DisplayName("W5 a token that is enormous, cut, altered, encrypted or none at all is refused")
    void broken() throws Exception {
        String good = signed(claims("ada", 60));
        String[] parts = good.split("\\.");
        String altered = parts[0] + "." + base64(claims("eve", 60).toJson()) + "." + parts[2];
        for (String bad : List.of(
                "",
                "x",
                "..",
                good + "A",
                good.substring(0, good.length() - 2),
                parts[0] + "." + parts[1] + ".",
                altered,
                good + ".A.A",
                " " + good,
                "A".repeat(1024 * 1024),
                parts[0] + "." + "A".repeat(TokenVerifier.MAX_LENGTH) + "." + parts[2],
                base64("[".repeat(2000)) + "." + parts[1] + "." + parts[2],
                base64("{\"alg\":\"HS256\",\"crit\":[\"exp\"]}") + "." + parts[1] + "." + parts[2])) {
            assertRefused(TestTokens.SECRET, bad, INVALID);
        }
    }

    @Test
    @DisplayName("W5 a token that names extensions, or an empty list of them, is refused")
    void critical() throws Exception {
        for (Object names :
                new Object[] {List.of(), List.of("b64"), List.of("exp"), List.of("alg"), "b64", Map.of(), false}) {
            assertRefused(
                    TestTokens.SECRET,
                    signed(
                            claims("ada", 60).toJson(),
                            "HS256",
                            TestTokens.secret(),
                            more -> more.setHeader("crit", names)),
                    INVALID);
        }
    }

    @Test
    void algorithmThatIsNotListedIsRefused() throws Exception {
        TokenRules onlyEdwards = new TokenRules(List.of("EdDSA"), null, null, null, "topics");
        assertRefused(onlyEdwards, TestTokens.SECRET, signed(claims("ada", 60)), INVALID);
    }

    @Test
    void fileThatChangesIsReadAgainAndABrokenOneIsNot() throws Exception {
        JsonWebKey old = TestTokens.key("ES256", "old");
        JsonWebKey next = TestTokens.key("ES256", "next");
        Path file = Files.writeString(folder.resolve("keys.json"), TestTokens.set(old));
        AtomicLong now = new AtomicLong();
        try (TokenVerifier verifier = new TokenVerifier(RULES, new FileKeys(file, now::get))) {
            String byNext = signed(claims("ada", 60).toJson(), "ES256", next, more -> {});
            assertRefused(verifier, byNext, INVALID);
            change(file, "{ half", 1);
            now.addAndGet(TimeUnit.SECONDS.toNanos(2));
            assertThat(verified(verifier, signed(claims("ada", 60).toJson(), "ES256", old, more -> {}))
                            .subject())
                    .isEqualTo("ada");
            change(file, TestTokens.set(next), 2);
            now.addAndGet(TimeUnit.SECONDS.toNanos(2));
            assertThat(verified(verifier, byNext).subject()).isEqualTo("ada");
        }
    }

    @Test
    void fileThatHoldsNoKeyIsRefusedWithWhatIsWrong() throws Exception {
        for (String[] pair : List.of(
                new String[] {"short", "is neither PEM nor a JWK set, and as a secret for HS256 it is 5 bytes long"},
                new String[] {"{\"keys\":[]}", "has 0 keys"},
                new String[] {"{\"keys\":7}", "is no JWK set"},
                new String[] {"{ half", "is no JWK set"},
                new String[] {"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "is no public key of RSA"},
                new String[] {"-----BEGIN PUBLIC KEY-----\nAAAA", "has no PEM block that is whole"},
                new String[] {
                    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "has a PEM block \"PRIVATE KEY\""
                },
                new String[] {"x".repeat(300 * 1024), "is longer than 256 KiB"})) {
            Path file = Files.writeString(folder.resolve("keys"), pair[0]);
            assertThatThrownBy(() -> TokenVerifier.ofFile(RULES, file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(pair[1]);
        }
    }

    private static void change(Path file, String content, int seconds) throws IOException {
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(seconds)));
    }

    private void assertRefused(String keys, String token, String why) throws Exception {
        assertRefused(RULES, keys, token, why);
    }

    private void assertRefused(String keys, String token, String why, String or) throws Exception {
        try (TokenVerifier verifier = TokenVerifier.ofFile(RULES, Files.writeString(folder.resolve("keys"), keys))) {
            assertThatThrownBy(() -> verified(verifier, token))
                    .hasCauseInstanceOf(TokenException.class)
                    .satisfies(
                            thrown -> assertThat(thrown.getCause().getMessage()).containsAnyOf(why, or));
        }
    }

    private void assertRefused(TokenRules rules, String keys, String token, String why) throws Exception {
        try (TokenVerifier verifier = TokenVerifier.ofFile(rules, Files.writeString(folder.resolve("keys"), keys))) {
            assertRefused(verifier, token, why);
        }
    }

    private static void assertRefused(TokenVerifier verifier, String token, String why) {
        assertThatThrownBy(() -> verified(verifier, token))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(TokenException.class)
                .hasMessage(why);
    }

    private Token verified(TokenRules rules, String keys, String token) throws Exception {
        try (TokenVerifier verifier = TokenVerifier.ofFile(rules, Files.writeString(folder.resolve("keys"), keys))) {
            return verified(verifier, token);
        }
    }

    private static Token verified(TokenVerifier verifier, String token) throws Exception {
        return verifier.verify(token).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
