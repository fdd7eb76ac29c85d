package io.hexsocket.demo.attacks;

import org.jspecify.annotations.Nullable;

/**
 * How a client behaves.
 *
 * @param path that it asks for
 * @param deflate whether it offers permessage-deflate
 * @param reads whether it reads once its connection is open
 * @param bytesPerSecond how much it reads at most; 0 for all there is
 * @param receiveBytes its receive buffer; 0 for what the system gives
 * @param firstBytes what it sends instead of an opening handshake; null for one
 */
record Manner(
        String path,
        boolean deflate,
        boolean reads,
        int bytesPerSecond,
        int receiveBytes,
        byte @Nullable [] firstBytes) {

    /** Reads all, answers pings. */
    static Manner at(String path) {
        return new Manner(path, false, true, 0, 0, null);
    }

    /** Sends this and no opening handshake. */
    static Manner saying(byte[] firstBytes) {
        return new Manner("", false, true, 0, 0, firstBytes);
    }

    /** The same with compression. */
    Manner compressed() {
        return new Manner(path, true, reads, bytesPerSecond, receiveBytes, firstBytes);
    }

    /** The same, but it never reads, and has as little room as there may be. */
    Manner notReading() {
        return new Manner(path, deflate, false, 0, 4 * 1024, firstBytes);
    }

    /** The same, but it takes its time. */
    Manner reading(int bytesPerSecond) {
        return new Manner(path, deflate, true, bytesPerSecond, 64 * 1024, firstBytes);
    }
}
