package io.hexsocket.core.config;

/**
 * How much of everything the server takes. What goes beyond a limit is refused with a status or a close code that says so.
 *
 * @param headBytes the head of a request; nginx and Apache take about as much
 * @param requestLineBytes the first line of it; half of the head, so that headers have room
 * @param headers header lines of a request
 * @param messageBytes a message, all its fragments together; an app may have its own
 * @param fragments frames of one message, unless they carry {@value #BYTES_A_FRAGMENT} bytes on average: many and tiny is an attack,
 *     many and large is a stream
 * @param queuedBytes output that waits for one client; a message is taken as long as less than this is waiting
 * @param pingsPerSecond pings from one client in the long run; a client that wants to measure sends one a second
 * @param pingBurst pings from one client at once
 * @param aliases further names of one session
 * @param connections all connections, counted from accept
 * @param connectionsPerAddress connections from one IPv4 address or IPv6 /64 network; 0 for no limit,
 *     which is right behind a proxy that is not among the trusted ones
 * @param compressionContextBytes memory outside the heap that connections may own for compression with context takeover; once it is
 *     spent, new ones get none
 */
public record Limits(
        int headBytes,
        int requestLineBytes,
        int headers,
        int messageBytes,
        int fragments,
        int queuedBytes,
        int pingsPerSecond,
        int pingBurst,
        int aliases,
        int connections,
        int connectionsPerAddress,
        int compressionContextBytes) {

    /** From this average on, fragments are not counted. */
    public static final int BYTES_A_FRAGMENT = 32;

    // for 200 connections: who has more of them and wants it all the same can do the sum
    private static final int CONTEXT_BYTES = 64 * 1024 * 1024;

    /** The limits of a server that is told nothing. */
    public static final Limits DEFAULT = new Limits(
            8 * 1024, 4 * 1024, 100, 5 * 1024 * 1024, 1024, 1024 * 1024, 50, 100, 4, 100_000, 0, CONTEXT_BYTES);

    /**
     * Checks each.
     *
     * @throws IllegalArgumentException naming the limit that makes no sense
     */
    public Limits {
        atLeast(128, headBytes, "headBytes");
        atLeast(16, requestLineBytes, "requestLineBytes");
        atLeast(5, headers, "headers");
        atLeast(125, messageBytes, "messageBytes");
        atLeast(1, fragments, "fragments");
        atLeast(1024, queuedBytes, "queuedBytes");
        atLeast(1, pingsPerSecond, "pingsPerSecond");
        atLeast(1, pingBurst, "pingBurst");
        atLeast(0, aliases, "aliases");
        atLeast(1, connections, "connections");
        atLeast(0, connectionsPerAddress, "connectionsPerAddress");
        atLeast(0, compressionContextBytes, "compressionContextBytes");
        if (connectionsPerAddress > connections) {
            throw new IllegalArgumentException("connectionsPerAddress is " + connectionsPerAddress
                    + ", more than connections, which is " + connections);
        }
    }

    /** The same with another limit for messages. */
    public Limits messageBytes(int bytes) {
        return with(bytes, queuedBytes, connections, connectionsPerAddress, compressionContextBytes);
    }

    /** The same with another limit for waiting output. */
    public Limits queuedBytes(int bytes) {
        return with(messageBytes, bytes, connections, connectionsPerAddress, compressionContextBytes);
    }

    /** The same with other limits for connections. */
    public Limits connections(int all, int perAddress) {
        return with(messageBytes, queuedBytes, all, perAddress, compressionContextBytes);
    }

    /** The same with another budget for context takeover. */
    public Limits compressionContextBytes(int bytes) {
        return with(messageBytes, queuedBytes, connections, connectionsPerAddress, bytes);
    }

    private Limits with(
            int messageBytes, int queuedBytes, int connections, int perAddress, int compressionContextBytes) {
        return new Limits(
                headBytes,
                requestLineBytes,
                headers,
                messageBytes,
                fragments,
                queuedBytes,
                pingsPerSecond,
                pingBurst,
                aliases,
                connections,
                perAddress,
                compressionContextBytes);
    }

    private static void atLeast(int least, int value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at least " + least);
        }
    }
}
