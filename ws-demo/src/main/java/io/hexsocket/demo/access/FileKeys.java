package io.hexsocket.demo.access;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jose4j.jwk.JsonWebKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keys in a file, which is read again when it has changed. Reads on the caller's thread. */
final class FileKeys implements TokenKeys {

    private static final Logger log = LoggerFactory.getLogger("access");

    private static final int MAX_BYTES = 256 * 1024;
    private static final long LOOK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record State(List<JsonWebKey> keys, Object stamp, long readAt) {}

    private final Path file;
    private final LongSupplier nanoTime;
    private volatile State state;

    /** @throws IOException naming what is wrong with the file */
    FileKeys(Path file, LongSupplier nanoTime) throws IOException {
        this.file = file;
        this.nanoTime = nanoTime;
        this.state = new State(KeyParser.ofFile(content()), stamp(), nanoTime.getAsLong());
    }

    @Override
    public CompletionStage<List<JsonWebKey>> known() {
        State now = state;
        if (nanoTime.getAsLong() - now.readAt >= LOOK_EVERY_NANOS) {
            now = look(now);
        }
        return CompletableFuture.completedFuture(now.keys);
    }

    @Override
    public CompletionStage<List<JsonWebKey>> newerThan(List<JsonWebKey> old) {
        return known();
    }

    private State look(State before) {
        long at = nanoTime.getAsLong();
        State now = new State(before.keys, before.stamp, at);
        try {
            Object stamp = stamp();
            if (!stamp.equals(before.stamp)) {
                // also of a file that is broken: one line in the log for each change
                now = new State(before.keys, stamp, at);
                now = new State(KeyParser.ofFile(content()), stamp, at);
                log.info("the keys for tokens in {} have been read again", file);
            }
        } catch (IOException broken) {
            log.warn("the keys for tokens from before are used on: {} {}", file, broken.getMessage());
        }
        state = now;
        return now;
    }

    private Object stamp() throws IOException {
        return List.of(Files.getLastModifiedTime(file), Files.size(file));
    }

    private byte[] content() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("is longer than 256 KiB");
            }
            return bytes;
        }
    }
}
