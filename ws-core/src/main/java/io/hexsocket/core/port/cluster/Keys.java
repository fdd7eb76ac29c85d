package io.hexsocket.core.port.cluster;

import java.nio.charset.StandardCharsets;

/** What a name must be so that every engine can carry it. */
final class Keys {

    // a Redis key may be longer, a subject of NATS not much
    static final int MAX_BYTES = 1024;

    private Keys() {}

    static String check(String name, String what) {
        if (!isShort(name)) {
            throw new IllegalArgumentException(what + " is longer than " + MAX_BYTES + " bytes in UTF-8");
        }
        if (!isUnicode(name)) {
            throw new IllegalArgumentException(what + " holds a surrogate without its other half");
        }
        return name;
    }

    static boolean isShort(String name) {
        // no char needs more than three bytes
        return name.length() <= MAX_BYTES / 3
                || name.length() <= MAX_BYTES && name.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
    }

    static boolean isUnicode(String name) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(name);
    }
}
