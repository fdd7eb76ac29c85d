package io.hexsocket.demo.access;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions of PHP are good.
 *
 * @param directory where PHP keeps them ({@code session.save_path})
 * @param format how it writes them
 * @param cookie which cookie has the id
 * @param requires which of their variables must be true, as PHP understands it
 * @param principal which variable says who the client is, or null
 * @param owner whose the files must be, or null for anybody's
 * @param maxAge how long ago they may have been written; zero for any time
 */
public record PhpSessionRules(
        Path directory,
        Format format,
        String cookie,
        String requires,
        @Nullable String principal,
        @Nullable String owner,
        Duration maxAge) {

    /** The values of {@code session.serialize_handler} that are understood. */
    public enum Format {
        /** {@code php}: a name, a bar and a value for each variable. */
        PHP,
        /** {@code php_serialize}: one array. */
        PHP_SERIALIZE
    }
}
