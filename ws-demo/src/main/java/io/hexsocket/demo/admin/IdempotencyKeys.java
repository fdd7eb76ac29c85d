package io.hexsocket.demo.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The answers to requests with an {@code Idempotency-Key}, so that one that is repeated because its answer got lost sends nothing twice.
 * Kept for ten minutes, and the oldest forgotten before that when there are many; never one whose answer is still being made. Any thread.
 */
final class IdempotencyKeys {

    static final Duration KEPT = Duration.ofMinutes(10);

    static final int MAX_ENTRIES = 10_000;
    private static final long MAX_BYTES = 16L * 1024 * 1024;
    private static final int MAX_KEY_LENGTH = 255;

    private final int maxEntries;
    private final LongSupplier nanoTime;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private long bytes;

    /** One request; its answer is null while it is being made. */
    private static final class Entry {
        final byte[] hash;
        final long sinceNanos;

        @Nullable Answer answer;

        Entry(byte[] hash, long sinceNanos) {
            this.hash = hash;
            this.sinceNanos = sinceNanos;
        }

        int size() {
            return answer == null ? 0 : answer.body().length;
        }
    }

    IdempotencyKeys(int maxEntries, LongSupplier nanoTime) {
        this.maxEntries = maxEntries;
        this.nanoTime = nanoTime;
    }

    /** Answers a request, or gives the answer of before. */
    Answer answer(Request request, Endpoint.Handler handler) throws Refusal {
        String key = request.idempotencyKey();
        if (key == null) {
            return handler.handle(request);
        }
        if (!key.matches("[\\x21-\\x7E]{1," + MAX_KEY_LENGTH + "}")) {
            throw new Refusal(
                    400, "the header Idempotency-Key must be a word of 1 to " + MAX_KEY_LENGTH + " ASCII characters");
        }
        Answer before = begin(key, hash(request));
        if (before != null) {
            return before.header("Idempotent-Replayed", "true");
        }
        Answer answer = null;
        try {
            answer = handler.handle(request);
            return answer;
        } finally {
            end(key, answer);
        }
    }

    private synchronized @Nullable Answer begin(String key, byte[] hash) throws Refusal {
        forgetOld();
        Entry entry = entries.get(key);
        if (entry == null) {
            if (entries.size() >= maxEntries) {
                throw new Refusal(
                                503,
                                "too many requests with an Idempotency-Key are being answered; try again in a moment")
                        .header("Retry-After", "1");
            }
            entries.put(key, new Entry(hash, nanoTime.getAsLong()));
            return null;
        }
        if (!Arrays.equals(entry.hash, hash)) {
            throw new Refusal(422, "this Idempotency-Key was used for another request; take a new one for each");
        }
        if (entry.answer == null) {
            throw new Refusal(
                    409, "the request with this Idempotency-Key is still being answered; try again in a moment");
        }
        return entry.answer;
    }

    /** What failed has done nothing, and may be tried again. */
    private synchronized void end(String key, @Nullable Answer answer) {
        if (answer == null) {
            entries.remove(key);
        } else {
            Entry entry = Objects.requireNonNull(entries.get(key));
            entry.answer = answer;
            bytes += entry.size();
        }
    }

    private void forgetOld() {
        long now = nanoTime.getAsLong();
        Iterator<Entry> oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            Entry entry = oldest.next();
            boolean isOld = now - entry.sinceNanos > KEPT.toNanos();
            if (!isOld && entries.size() < maxEntries && bytes <= MAX_BYTES) {
                return;
            }
            // a repetition of one in progress would send a second time
            if (entry.answer != null) {
                bytes -= entry.size();
                oldest.remove();
            }
        }
    }

    private static byte[] hash(Request request) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(request.path().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return digest.digest(request.body());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
