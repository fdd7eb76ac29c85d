package io.hexsocket.demo.admin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The keys by which one gets in: a file with one a line, read again on demand; behind {@code readonly} one that changes nothing. Only their
 * hashes are kept. Any thread.
 */
final class ApiKeys {

    // 16 random bytes in hexadecimal
    private static final int MIN_LENGTH = 32;
    private static final int MAX_FILE_BYTES = 64 * 1024;

    private static final String READ_ONLY = "readonly ";

    private final Path file;
    private volatile List<Key> keys;

    /** What somebody with a key may do. */
    enum Right {
        /** Nothing: there is no such key. */
        NONE,
        /** Ask, and change nothing. */
        READ,
        /** Everything. */
        WRITE
    }

    private record Key(byte[] hash, Right right) {

        boolean isSame(Key other) {
            return right == other.right && Arrays.equals(hash, other.hash);
        }

        boolean contradicts(Key other) {
            return right != other.right && Arrays.equals(hash, other.hash);
        }
    }

    private ApiKeys(Path file, List<Key> keys) {
        this.file = file;
        this.keys = keys;
    }

    /**
     * Reads the file.
     *
     * @throws IllegalArgumentException naming the file, and the line that is of no use
     */
    static ApiKeys of(Path file) {
        return new ApiKeys(file, read(file));
    }

    /**
     * Reads the file again; a file that is of no use changes nothing.
     *
     * @return whether there are others now
     * @throws IllegalArgumentException naming the file, and the line that is of no use
     */
    boolean reload() {
        List<Key> before = keys;
        List<Key> now = read(file);
        keys = now;
        boolean isSame = before.size() == now.size();
        for (int i = 0; isSame && i < now.size(); i++) {
            isSame = before.get(i).isSame(now.get(i));
        }
        return !isSame;
    }

    /** How many there are. */
    int size() {
        return keys.size();
    }

    /** What it is good for. Takes the same time whichever it is, and however much of it is right. */
    Right rightOf(String key) {
        byte[] hash = hash(key);
        Right right = Right.NONE;
        for (Key known : keys) {
            // all are looked at
            right = MessageDigest.isEqual(known.hash, hash) ? known.right : right;
        }
        return right;
    }

    private static List<Key> read(Path file) {
        List<Key> keys = new ArrayList<>();
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            boolean isReadOnly = line.startsWith(READ_ONLY);
            String key = isReadOnly ? line.substring(READ_ONLY.length()).strip() : line;
            if (key.length() < MIN_LENGTH || !key.matches("[\\x21-\\x7E]+")) {
                // the key itself is not for the log
                throw new IllegalArgumentException(
                        "the key file " + file + ":" + (i + 1) + " has a key that is no word of " + MIN_LENGTH
                                + " ASCII characters or more; openssl rand -hex 32 makes one");
            }
            Key added = new Key(hash(key), isReadOnly ? Right.READ : Right.WRITE);
            if (keys.stream().anyMatch(added::contradicts)) {
                throw new IllegalArgumentException("the key file " + file + ":" + (i + 1)
                        + " has a key that is in a line before it, once with readonly and once without; remove one");
            }
            keys.add(added);
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "the key file " + file + " has no key; openssl rand -hex 32 makes one, one a line");
        }
        return List.copyOf(keys);
    }

    private static List<String> lines(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new IllegalArgumentException("the key file " + file + " is longer than 64 KiB; is it one?");
            }
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("the key file " + file + " cannot be read (" + e + ")", e);
        }
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
