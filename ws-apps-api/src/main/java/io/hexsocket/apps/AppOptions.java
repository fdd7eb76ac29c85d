package io.hexsocket.apps;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How the server treats the sessions of one app.
 *
 * @param executor where callbacks run, one at a time and in order for each session, while reading from a client pauses as long as
 *     its callbacks lag behind; null for the event loop, which is fastest and must never be blocked
 * @param subprotocols what the app speaks, the best first; the first that the client offers too is chosen (RFC 6455 section 4.2.2).
 *     A client that offers none of them is let in without one
 * @param maxMessageBytes the longest message the app takes, in bytes; 0 for the server's own limit
 * @param rawTcp whether backend scripts may come through the raw TCP door, without WebSocket
 * @param compression whether and how messages are compressed for clients that ask for it
 */
public record AppOptions(
        @Nullable Executor executor,
        List<String> subprotocols,
        int maxMessageBytes,
        boolean rawTcp,
        Compression compression) {

    /** On the event loop, no subprotocol, the server's limits, WebSocket only, no compression. */
    public static final AppOptions DEFAULT = new AppOptions(null, List.of(), 0, false, Compression.OFF);

    /** Checks the names and the limit. */
    public AppOptions {
        subprotocols = List.copyOf(subprotocols);
        for (String name : subprotocols) {
            if (!isToken(name)) {
                throw new IllegalArgumentException("subprotocol \"" + name + "\" is no token (RFC 9110 section 5.6.2)");
            }
        }
        Objects.requireNonNull(compression, "compression");
        if (maxMessageBytes < 0) {
            throw new IllegalArgumentException("maxMessageBytes is " + maxMessageBytes + ", must not be negative");
        }
    }

    /** The same with callbacks on an executor. */
    public AppOptions executor(Executor executor) {
        return new AppOptions(
                Objects.requireNonNull(executor, "executor"), subprotocols, maxMessageBytes, rawTcp, compression);
    }

    /** The same with other subprotocols. */
    public AppOptions subprotocols(String... names) {
        return new AppOptions(executor, List.of(names), maxMessageBytes, rawTcp, compression);
    }

    /** The same with another limit, in bytes. */
    public AppOptions maxMessageBytes(int bytes) {
        return new AppOptions(executor, subprotocols, bytes, rawTcp, compression);
    }

    /** The same with the raw TCP door open or shut. */
    public AppOptions rawTcp(boolean open) {
        return new AppOptions(executor, subprotocols, maxMessageBytes, open, compression);
    }

    /** The same with compression on, off, or otherwise. */
    public AppOptions compression(Compression compression) {
        return new AppOptions(executor, subprotocols, maxMessageBytes, rawTcp, compression);
    }

    private static boolean isToken(String name) {
        return !name.isEmpty()
                && name.chars().allMatch(c -> c > ' ' && c < 0x7F && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0);
    }
}
