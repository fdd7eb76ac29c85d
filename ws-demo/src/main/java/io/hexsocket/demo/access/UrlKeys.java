package io.hexsocket.demo.access;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jose4j.jwk.JsonWebKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys that somebody publishes. They are kept, fetched again after five minutes or when a token names one that is not among them, and
 * used on while that does not succeed. One fetch at a time, and none within ten seconds of the one before. Nobody waits but for the first.
 */
final class UrlKeys implements TokenKeys {

    private static final Logger log = LoggerFactory.getLogger("access");

    private static final int MAX_BYTES = 256 * 1024;
    private static final long FRESH_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final URI url;
    private final LongSupplier nanoTime;
    private final Duration patience;
    private final long pauseNanos;
    private final HttpClient client;

    private @Nullable List<JsonWebKey> keys;
    private long fetchedAt;
    private @Nullable CompletableFuture<List<JsonWebKey>> last;
    private long lastBegunAt;

    /**
     * Keys of an address.
     *
     * @param patience how long a fetch may take, all of it
     * @param pause from the beginning of one to that of the next
     */
    UrlKeys(URI url, Duration patience, Duration pause, LongSupplier nanoTime) {
        this.patience = patience;
        this.url = url;
        this.nanoTime = nanoTime;
        this.pauseNanos = pause.toNanos();
        this.client = HttpClient.newBuilder()
                // whoever answers for another address has no say here
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience)
                .build();
    }

    @Override
    public synchronized CompletionStage<List<JsonWebKey>> known() {
        List<JsonWebKey> now = keys;
        if (now == null) {
            return fetched();
        }
        if (nanoTime.getAsLong() - fetchedAt >= FRESH_NANOS) {
            // in the background: those from before serve until it is there
            fetched();
        }
        return CompletableFuture.completedFuture(now);
    }

    @Override
    public synchronized CompletionStage<List<JsonWebKey>> newerThan(List<JsonWebKey> old) {
        List<JsonWebKey> now = keys;
        if (now != null && now != old) {
            return CompletableFuture.completedFuture(now);
        }
        return fetched().handle((fetched, failed) -> failed == null ? fetched : old);
    }

    private CompletableFuture<List<JsonWebKey>> fetched() {
        CompletableFuture<List<JsonWebKey>> before = last;
        if (before != null && (!before.isDone() || nanoTime.getAsLong() - lastBegunAt < pauseNanos)) {
            return before;
        }
        lastBegunAt = nanoTime.getAsLong();
        CompletableFuture<HttpResponse<byte[]>> response = client.sendAsync(
                HttpRequest.newBuilder(url)
                        .header("Accept", "application/jwk-set+json, application/json")
                        .timeout(patience)
                        .build(),
                answer -> new BoundedBody(MAX_BYTES));
        CompletableFuture<List<JsonWebKey>> fetch =
                response.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS).thenApply(UrlKeys::parsed);
        last = fetch;
        fetch.whenComplete((found, failed) -> {
            if (failed != null) {
                response.cancel(true);
                log.warn(
                        "no keys for tokens from {}: {}{}",
                        url,
                        reason(failed),
                        isKnown() ? "; those from before are used on" : "");
            } else {
                keep(found);
            }
        });
        return fetch;
    }

    private synchronized boolean isKnown() {
        return keys != null;
    }

    private synchronized void keep(List<JsonWebKey> found) {
        fetchedAt = nanoTime.getAsLong();
        keys = found;
    }

    private static List<JsonWebKey> parsed(HttpResponse<byte[]> response) {
        try {
            if (response.statusCode() != 200) {
                throw new IOException("the answer is " + response.statusCode() + ", must be 200");
            }
            return KeyParser.ofSet(new String(response.body(), StandardCharsets.UTF_8), false);
        } catch (IOException broken) {
            throw new CompletionException(broken);
        }
    }

    private String reason(Throwable failed) {
        Throwable cause =
                failed instanceof CompletionException && failed.getCause() != null ? failed.getCause() : failed;
        if (cause instanceof TimeoutException) {
            return "no answer within " + patience.toSeconds() + " s";
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
