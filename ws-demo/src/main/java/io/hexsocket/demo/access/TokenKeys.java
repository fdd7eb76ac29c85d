package io.hexsocket.demo.access;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jose4j.jwk.JsonWebKey;

/** Where the keys come from that tokens are checked with. Safe for threads. */
interface TokenKeys extends AutoCloseable {

    /** The keys as they are known; read or fetched first if none are, or if that was long ago. Fails with an {@link java.io.IOException}. */
    CompletionStage<List<JsonWebKey>> known();

    /** The keys as they are now, for a token whose key is not among {@code old}; the same list if it was asked for too recently. */
    CompletionStage<List<JsonWebKey>> newerThan(List<JsonWebKey> old);

    @Override
    default void close() {}
}
