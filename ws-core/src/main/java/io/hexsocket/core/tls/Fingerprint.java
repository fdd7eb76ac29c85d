package io.hexsocket.core.tls;

import java.util.Arrays;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** By which two readings of what a configuration names can be told apart, without keeping what was read. */
final class Fingerprint {

    private final byte[] digest;
    private final @Nullable SSLContext context;

    /**
     * Takes the digest.
     *
     * @param context the host's own, or null
     */
    Fingerprint(byte[] digest, @Nullable SSLContext context) {
        this.digest = digest;
        this.context = context;
    }

    boolean isSame(@Nullable Fingerprint other) {
        return other != null && context == other.context && Arrays.equals(digest, other.digest);
    }
}
