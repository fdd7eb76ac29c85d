package io.hexsocket.apps;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** How the server treats the sessions of one app. Immutable: each setter returns a changed copy. */
public final class AppOptions {

    /** On the event loop, no subprotocol, the server's limits, WebSocket only, no compression, rates limited, slow readers closed, idle as the server says. */
    public static final AppOptions DEFAULT =
            new AppOptions(null, List.of(), 0, false, Compression.OFF, true, SlowReaders.CLOSE, 0, null);

    private final @Nullable Executor executor;
    private final List<String> subprotocols;
    private final int maxMessageBytes;
    private final boolean rawTcp;
    private final Compression compression;
    private final boolean rateLimited;
    private final SlowReaders slowReaders;
    private final int queuedBytes;
    private final @Nullable Duration idle;

    private AppOptions(
            @Nullable Executor executor,
            List<String> subprotocols,
            int maxMessageBytes,
            boolean rawTcp,
            Compression compression,
            boolean rateLimited,
            SlowReaders slowReaders,
            int queuedBytes,
            @Nullable Duration idle) {
        this.executor = executor;
        this.subprotocols = subprotocols;
        this.maxMessageBytes = maxMessageBytes;
        this.rawTcp = rawTcp;
        this.compression = compression;
        this.rateLimited = rateLimited;
        this.slowReaders = slowReaders;
        this.queuedBytes = queuedBytes;
        this.idle = idle;
    }

    /**
     * Where callbacks run, one at a time and in order for each session, while reading from a client pauses as long as its callbacks lag
     * behind; null for the event loop, which is fastest and must never be blocked.
     */
    public @Nullable Executor executor() {
        return executor;
    }

    /** Sets {@link #executor()}. */
    public AppOptions executor(Executor executor) {
        return new AppOptions(
                Objects.requireNonNull(executor, "executor"),
                subprotocols,
                maxMessageBytes,
                rawTcp,
                compression,
                rateLimited,
                slowReaders,
                queuedBytes,
                idle);
    }

    /**
     * What the app speaks, the best first; the first that the client offers too is chosen (RFC 6455 section 4.2.2). A client that offers
     * none of them is let in without one.
     */
    public List<String> subprotocols() {
        return subprotocols;
    }

    /**
     * Sets {@link #subprotocols()}.
     *
     * @throws IllegalArgumentException if a name is no token
     */
    public AppOptions subprotocols(String... names) {
        for (String name : names) {
            if (!isToken(name)) {
                throw new IllegalArgumentException("subprotocol \"" + name + "\" is no token (RFC 9110 section 5.6.2)");
            }
        }
        return new AppOptions(
                executor,
                List.of(names),
                maxMessageBytes,
                rawTcp,
                compression,
                rateLimited,
                slowReaders,
                queuedBytes,
                idle);
    }

    /** The longest message the app takes, in bytes; 0 for the server's own limit. */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /**
     * Sets {@link #maxMessageBytes()}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public AppOptions maxMessageBytes(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("maxMessageBytes is " + bytes + ", must not be negative");
        }
        return new AppOptions(
                executor, subprotocols, bytes, rawTcp, compression, rateLimited, slowReaders, queuedBytes, idle);
    }

    /** Whether backend scripts may come through the raw TCP door, without WebSocket. */
    public boolean rawTcp() {
        return rawTcp;
    }

    /** Sets {@link #rawTcp()}. */
    public AppOptions rawTcp(boolean open) {
        return new AppOptions(
                executor,
                subprotocols,
                maxMessageBytes,
                open,
                compression,
                rateLimited,
                slowReaders,
                queuedBytes,
                idle);
    }

    /** Whether and how messages are compressed for clients that ask for it. */
    public Compression compression() {
        return compression;
    }

    /** Sets {@link #compression()}. */
    public AppOptions compression(Compression compression) {
        return new AppOptions(
                executor,
                subprotocols,
                maxMessageBytes,
                rawTcp,
                Objects.requireNonNull(compression, "compression"),
                rateLimited,
                slowReaders,
                queuedBytes,
                idle);
    }

    /**
     * Whether what clients send counts against the server's limits of messages and bytes per second;
     * true unless set. False is for an app whose clients are trusted or measure the server.
     */
    public boolean rateLimited() {
        return rateLimited;
    }

    /** Sets {@link #rateLimited()}. */
    public AppOptions rateLimited(boolean limited) {
        return new AppOptions(
                executor, subprotocols, maxMessageBytes, rawTcp, compression, limited, slowReaders, queuedBytes, idle);
    }

    /**
     * What becomes of messages for a client that reads more slowly than the app sends.
     *
     * @since 0.2
     */
    public SlowReaders slowReaders() {
        return slowReaders;
    }

    /**
     * Sets {@link #slowReaders()}.
     *
     * @since 0.2
     */
    public AppOptions slowReaders(SlowReaders policy) {
        return new AppOptions(
                executor,
                subprotocols,
                maxMessageBytes,
                rawTcp,
                compression,
                rateLimited,
                Objects.requireNonNull(policy, "policy"),
                queuedBytes,
                idle);
    }

    /**
     * How many bytes may wait for a client before it counts as too slow: what {@link #slowReaders()} says then happens. 0 for the server's own
     * limit, which holds if it is lower. Where messages may be dropped, each counts for at least a 1,024th of this.
     *
     * @since 0.2
     */
    public int queuedBytes() {
        return queuedBytes;
    }

    /**
     * Sets {@link #queuedBytes()}.
     *
     * @throws IllegalArgumentException if it is negative
     * @since 0.2
     */
    public AppOptions queuedBytes(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("queuedBytes is " + bytes + ", must not be negative");
        }
        return new AppOptions(
                executor, subprotocols, maxMessageBytes, rawTcp, compression, rateLimited, slowReaders, bytes, idle);
    }

    /**
     * How long a session may be without a message either way before it is closed with 1001; zero for no limit, null for the server's own.
     *
     * @since 0.2
     */
    public @Nullable Duration idle() {
        return idle;
    }

    /**
     * Sets {@link #idle()}.
     *
     * @throws IllegalArgumentException if it is negative or longer than a day
     * @since 0.2
     */
    public AppOptions idle(Duration time) {
        if (Objects.requireNonNull(time, "idle").isNegative() || time.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("idle is " + time + ", must be between zero and a day");
        }
        return new AppOptions(
                executor,
                subprotocols,
                maxMessageBytes,
                rawTcp,
                compression,
                rateLimited,
                slowReaders,
                queuedBytes,
                time);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AppOptions that
                && Objects.equals(executor, that.executor)
                && subprotocols.equals(that.subprotocols)
                && maxMessageBytes == that.maxMessageBytes
                && rawTcp == that.rawTcp
                && compression.equals(that.compression)
                && rateLimited == that.rateLimited
                && slowReaders == that.slowReaders
                && queuedBytes == that.queuedBytes
                && Objects.equals(idle, that.idle);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                executor,
                subprotocols,
                maxMessageBytes,
                rawTcp,
                compression,
                rateLimited,
                slowReaders,
                queuedBytes,
                idle);
    }

    static boolean isToken(String name) {
        return !name.isEmpty()
                && name.chars().allMatch(c -> c > ' ' && c < 0x7F && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0);
    }
}
