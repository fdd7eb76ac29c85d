package io.hexsocket.core.config;

import java.util.Arrays;
import java.util.StringJoiner;

/**
 * How much of everything the server takes. What goes beyond a limit is refused with a status or a close code that says so. Immutable:
 * each setter returns a changed copy, and throws {@link IllegalArgumentException}, naming the limit, for a value that makes no sense.
 *
 * <pre>{@code
 * Limits.DEFAULT.messageBytes(64 * 1024).connections(10_000).connectionsPerAddress(20)
 * }</pre>
 */
public final class Limits {

    /** Fragments that carry fewer bytes than this on average are counted against {@link #fragments()}. */
    public static final int MIN_AVERAGE_FRAGMENT_BYTES = 32;

    /** What a rate allows at once, after a pause: as much as it does in so many seconds. */
    public static final int BURST_SECONDS = 5;

    /** The same for new connections from one address: all who are behind one proxy come back at once when the server has restarted. */
    public static final int CONNECTION_BURST_SECONDS = 20;

    private enum Limit {
        // nginx and Apache take about as much
        HEAD_BYTES("headBytes", 8 * 1024, 128),
        // half of the head, so that headers have room
        REQUEST_LINE_BYTES("requestLineBytes", 4 * 1024, 16),
        // what Apache takes; browsers send about 20
        HEADERS("headers", 100, 5),
        // what the PHP server took
        MESSAGE_BYTES("messageBytes", 5 * 1024 * 1024, 125),
        FRAGMENTS("fragments", 1024, 1),
        // some seconds of a slow line
        QUEUED_BYTES("queuedBytes", 1024 * 1024, 1024),
        // a client that measures sends one a second
        PINGS_PER_SECOND("pingsPerSecond", 50, 1),
        PING_BURST("pingBurst", 100, 1),
        // the clients of the PHP server use one
        ALIASES("aliases", 4, 0),
        // a page shows a few; a bot that follows many is told when to take a second connection
        TOPICS("topics", 1024, 0),
        // off: what a client of an app may do, only the app knows
        MESSAGES_PER_SECOND("messagesPerSecond", 0, 0),
        BYTES_PER_SECOND("bytesPerSecond", 0, 0),
        CONNECTIONS("connections", 100_000, 1),
        // behind a proxy that is not trusted, all clients have one address
        CONNECTIONS_PER_ADDRESS("connectionsPerAddress", 0, 0),
        CONNECTIONS_PER_SECOND_PER_ADDRESS("connectionsPerSecondPerAddress", 0, 0),
        // for some 200 connections
        COMPRESSION_CONTEXT_BYTES("compressionContextBytes", 64 * 1024 * 1024, 0),
        MEMORY_BYTES("memoryBytes", 0, 0);

        final String label;
        final long preset;
        final long least;

        Limit(String label, long preset, long least) {
            this.label = label;
            this.preset = preset;
            this.least = least;
        }
    }

    /** The limits of a server that is told nothing. */
    public static final Limits DEFAULT = new Limits(presets());

    private final long[] values;

    private Limits(long[] values) {
        this.values = values;
    }

    private static long[] presets() {
        long[] presets = new long[Limit.values().length];
        for (Limit limit : Limit.values()) {
            presets[limit.ordinal()] = limit.preset;
        }
        return presets;
    }

    /** The head of a request, in bytes; 8 KiB. */
    public int headBytes() {
        return get(Limit.HEAD_BYTES);
    }

    /** Sets {@link #headBytes()}, at least 128. */
    public Limits headBytes(int bytes) {
        return with(Limit.HEAD_BYTES, bytes);
    }

    /** The first line of a request, in bytes; 4 KiB. */
    public int requestLineBytes() {
        return get(Limit.REQUEST_LINE_BYTES);
    }

    /** Sets {@link #requestLineBytes()}, at least 16. */
    public Limits requestLineBytes(int bytes) {
        return with(Limit.REQUEST_LINE_BYTES, bytes);
    }

    /** Header lines of a request; 100. */
    public int headers() {
        return get(Limit.HEADERS);
    }

    /** Sets {@link #headers()}, at least 5. */
    public Limits headers(int lines) {
        return with(Limit.HEADERS, lines);
    }

    /**
     * A message, all its fragments together, after inflating, in bytes; 5 MiB. An app may have its own limit, and neither is more than
     * {@linkplain ServerConfig#fittingMessage fits}.
     */
    public int messageBytes() {
        return get(Limit.MESSAGE_BYTES);
    }

    /** Sets {@link #messageBytes()}, at least 125. */
    public Limits messageBytes(int bytes) {
        return with(Limit.MESSAGE_BYTES, bytes);
    }

    /**
     * Frames of one message, unless they carry {@value #MIN_AVERAGE_FRAGMENT_BYTES} bytes on average; 1,024. Many and tiny is an attack,
     * many and large is a stream.
     */
    public int fragments() {
        return get(Limit.FRAGMENTS);
    }

    /** Sets {@link #fragments()}, at least 1. */
    public Limits fragments(int frames) {
        return with(Limit.FRAGMENTS, frames);
    }

    /** Output that waits for one client, in bytes; 1 MiB. A message is taken as long as less than this is waiting. */
    public int queuedBytes() {
        return get(Limit.QUEUED_BYTES);
    }

    /** Sets {@link #queuedBytes()}, at least 1,024. */
    public Limits queuedBytes(int bytes) {
        return with(Limit.QUEUED_BYTES, bytes);
    }

    /** Pings from one client a second in the long run; 50. */
    public int pingsPerSecond() {
        return get(Limit.PINGS_PER_SECOND);
    }

    /** Sets {@link #pingsPerSecond()}, at least 1. */
    public Limits pingsPerSecond(int pings) {
        return with(Limit.PINGS_PER_SECOND, pings);
    }

    /** Pings from one client at once; 100. */
    public int pingBurst() {
        return get(Limit.PING_BURST);
    }

    /** Sets {@link #pingBurst()}, at least 1. */
    public Limits pingBurst(int pings) {
        return with(Limit.PING_BURST, pings);
    }

    /** Aliases of one session; 4. */
    public int aliases() {
        return get(Limit.ALIASES);
    }

    /** Sets {@link #aliases()}; 0 for none. */
    public Limits aliases(int names) {
        return with(Limit.ALIASES, names);
    }

    /** Topics that one session is a member of at a time; 1,024. */
    public int topics() {
        return get(Limit.TOPICS);
    }

    /** Sets {@link #topics()}; 0 for none. */
    public Limits topics(int topics) {
        return with(Limit.TOPICS, topics);
    }

    /**
     * Messages from one client a second in the long run; 0, which is no limit. After a pause it may send as many as in {@value #BURST_SECONDS}
     * seconds at once. Beyond that it is closed with 1008.
     */
    public int messagesPerSecond() {
        return get(Limit.MESSAGES_PER_SECOND);
    }

    /** Sets {@link #messagesPerSecond()}; 0 for no limit. */
    public Limits messagesPerSecond(int messages) {
        return with(Limit.MESSAGES_PER_SECOND, messages);
    }

    /** Bytes from one client a second, as they come over the wire, in the same way; 0, which is no limit. */
    public int bytesPerSecond() {
        return get(Limit.BYTES_PER_SECOND);
    }

    /** Sets {@link #bytesPerSecond()}; 0 for no limit. */
    public Limits bytesPerSecond(int bytes) {
        return with(Limit.BYTES_PER_SECOND, bytes);
    }

    /** All connections, counted from accept; 100,000. */
    public int connections() {
        return get(Limit.CONNECTIONS);
    }

    /** Sets {@link #connections()}, at least 1, and no less than {@link #connectionsPerAddress()}. */
    public Limits connections(int connections) {
        return with(Limit.CONNECTIONS, connections);
    }

    /** Connections from one IPv4 address or IPv6 /64 network; 0, which is no limit. Right behind a proxy that is not among the trusted ones. */
    public int connectionsPerAddress() {
        return get(Limit.CONNECTIONS_PER_ADDRESS);
    }

    /** Sets {@link #connectionsPerAddress()}, no more than {@link #connections()}; 0 for no limit. */
    public Limits connectionsPerAddress(int connections) {
        return with(Limit.CONNECTIONS_PER_ADDRESS, connections);
    }

    /**
     * New connections from one IPv4 address or IPv6 /64 network a second in the long run; 0, which is no limit. After a pause there may be as
     * many as in {@value #CONNECTION_BURST_SECONDS} seconds at once. More are refused with 503 and Retry-After.
     */
    public int connectionsPerSecondPerAddress() {
        return get(Limit.CONNECTIONS_PER_SECOND_PER_ADDRESS);
    }

    /** Sets {@link #connectionsPerSecondPerAddress()}; 0 for no limit. */
    public Limits connectionsPerSecondPerAddress(int connections) {
        return with(Limit.CONNECTIONS_PER_SECOND_PER_ADDRESS, connections);
    }

    /**
     * Memory outside the heap that connections may own for compression with context takeover, in bytes; 64 MiB. Once it is spent, new
     * connections are compressed without takeover.
     */
    public int compressionContextBytes() {
        return get(Limit.COMPRESSION_CONTEXT_BYTES);
    }

    /** Sets {@link #compressionContextBytes()}; 0 for none. */
    public Limits compressionContextBytes(int bytes) {
        return with(Limit.COMPRESSION_CONTEXT_BYTES, bytes);
    }

    /**
     * Memory that all clients together may make the server hold: messages under way, output that waits, and what else is kept for them,
     * in bytes; 0, which is half of the JVM's maximum heap. Near it, reading pauses for those who hold most; at it, they are ended with
     * 1013 (503 before the upgrade), one by one, until there is room.
     */
    public long memoryBytes() {
        return values[Limit.MEMORY_BYTES.ordinal()];
    }

    /** Sets {@link #memoryBytes()}; 0 for half of the JVM's maximum heap. */
    public Limits memoryBytes(long bytes) {
        return with(Limit.MEMORY_BYTES, bytes);
    }

    private int get(Limit limit) {
        return (int) values[limit.ordinal()];
    }

    private Limits with(Limit limit, long value) {
        if (value < limit.least) {
            throw new IllegalArgumentException(limit.label + " is " + value + ", must be at least " + limit.least);
        }
        long[] changed = values.clone();
        changed[limit.ordinal()] = value;
        Limits limits = new Limits(changed);
        if (limits.connectionsPerAddress() > limits.connections()) {
            throw new IllegalArgumentException("connectionsPerAddress is " + limits.connectionsPerAddress()
                    + ", more than connections, which is " + limits.connections());
        }
        return limits;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Limits limits && Arrays.equals(values, limits.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        StringJoiner all = new StringJoiner(", ", "Limits[", "]");
        for (Limit limit : Limit.values()) {
            all.add(limit.label + "=" + values[limit.ordinal()]);
        }
        return all.toString();
    }
}
