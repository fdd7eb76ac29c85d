package io.hexsocket.demo;

import io.hexsocket.demo.access.PhpSessionRules;
import io.hexsocket.demo.access.TokenGate;
import io.hexsocket.demo.access.TokenRules;
import io.hexsocket.demo.access.TokenSource;
import io.hexsocket.demo.access.TokenVerifier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who comes in.
 *
 * @param addresses from where, or null for from everywhere
 * @param tokens with which tokens, or null for without
 * @param phpSessions with which sessions of PHP, or null for without; not both
 */
record Access(
        @Nullable Predicate<InetAddress> addresses,
        @Nullable Tokens tokens,
        @Nullable PhpSessions phpSessions) {

    /**
     * Which sessions of PHP, and where they are needed.
     *
     * @param rules what is good
     * @param paths the setting that says which paths need one
     */
    record PhpSessions(PhpSessionRules rules, SettingValue paths) {}

    /**
     * Which tokens, and where they are needed.
     *
     * @param rules what is good
     * @param keys the setting that says where the keys are
     * @param file where the keys are, or null
     * @param url where they are published, or null
     * @param sources where in a request a token may be
     * @param paths the setting that says which paths need one
     */
    record Tokens(
            TokenRules rules,
            SettingValue keys,
            @Nullable Path file,
            @Nullable URI url,
            List<TokenSource> sources,
            SettingValue paths) {

        /** The gate; reads the keys or begins to fetch them. */
        TokenGate open() throws UsageException {
            try {
                TokenVerifier verifier = url != null
                        ? TokenVerifier.ofUrl(rules, url)
                        : TokenVerifier.ofFile(rules, Path.of(keys.text()));
                return new TokenGate(verifier, sources);
            } catch (IOException e) {
                throw new UsageException(
                        keys.label() + ": " + Printable.quoted(keys.text()) + " " + Printable.cut(explained(e)));
            }
        }

        private static String explained(IOException e) {
            return e instanceof java.nio.file.FileSystemException
                    ? "cannot be read (" + e + ")"
                    : String.valueOf(e.getMessage());
        }
    }
}
