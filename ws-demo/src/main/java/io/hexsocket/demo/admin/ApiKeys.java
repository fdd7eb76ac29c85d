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

/** The keys by which one gets in: a file with one a line, read again on demand. Only their hashes are kept. Any thread. */
final class ApiKeys {

    // 16 random bytes in hexadecimal
    private static final int MIN_LENGTH = 32;
    private static final int MAX_FILE_BYTES = 64 * 1024;

    private final Path file;
    private volatile List<byte[]> hashes;

    private ApiKeys(Path file, List<byte[]> hashes) {
        this.file = file;
        this.hashes = hashes;
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
        List<byte[]> before = hashes;
        List<byte[]> now = read(file);
        hashes = now;
        return !Arrays.deepEquals(before.toArray(), now.toArray());
    }

    /** How many there are. */
    int size() {
        return hashes.size();
    }

    /** Whether it is one of them. Takes the same time whichever it is, and however much of it is right. */
    boolean contain(String key) {
        byte[] hash = hash(key);
        boolean found = false;
        for (byte[] known : hashes) {
            // all are looked at
            found |= MessageDigest.isEqual(known, hash);
        }
        return found;
    }

    private static List<byte[]> read(Path file) {
        List<byte[]> hashes = new ArrayList<>();
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            String key = lines.get(i).strip();
            if (key.isEmpty() || key.startsWith("#")) {
                continue;
            }
            if (key.length() < MIN_LENGTH || !key.matches("[\\x21-\\x7E]+")) {
                // the key itself is not for the log
                throw new IllegalArgumentException(
                        "the key file " + file + ":" + (i + 1) + " has a key that is no word of " + MIN_LENGTH
                                + " ASCII characters or more; openssl rand -hex 32 makes one");
            }
            hashes.add(hash(key));
        }
        if (hashes.isEmpty()) {
            throw new IllegalArgumentException(
                    "the key file " + file + " has no key; openssl rand -hex 32 makes one, one a line");
        }
        return List.copyOf(hashes);
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
