package io.hexsocket.core.testkit;

import java.nio.charset.StandardCharsets;

/**
 * A request to a {@link MemoryServer}, for an upgrade or for something else, and what has come of it so far: whoever is refused, or
 * still waits for an answer, is a value and no failure.
 *
 * <pre>{@code
 * MemoryRequest request = server.tryOpen("/app", "Cookie: token=old");
 * if (request.outcome() instanceof MemoryRequest.Answered refusal) {
 *     refusal.reply().status();
 * }
 * }</pre>
 *
 * @since 0.2
 */
public final class MemoryRequest {

    /** What a request has come to. */
    public sealed interface Outcome {}

    /**
     * The opening handshake is done.
     *
     * @param client the same at every call
     */
    public record Accepted(MemoryClient client) implements Outcome {}

    /**
     * There is a response, and it is no 101: a refusal, a redirect, or what an {@link io.hexsocket.core.port.host.HttpResponder} says.
     *
     * @param reply the response
     */
    public record Answered(HttpReply reply) implements Outcome {}

    /** There is no answer yet: an admission or a responder has said that it answers later. */
    public record Pending() implements Outcome {}

    /** The connection has ended without an answer. */
    public record Dropped() implements Outcome {}

    private final MemoryConnection connection;
    private MemoryClient client;

    MemoryRequest(MemoryConnection connection) {
        this.connection = connection;
    }

    /** What has come of it so far. */
    public Outcome outcome() {
        if (client != null) {
            return new Accepted(client);
        }
        byte[] received = connection.received();
        if (received.length == 0) {
            return connection.isEnded() || connection.isClosed() || connection.isAborted()
                    ? new Dropped()
                    : new Pending();
        }
        if (new String(received, StandardCharsets.ISO_8859_1).startsWith("HTTP/1.1 101 ")) {
            client = MemoryClient.after(connection);
            return new Accepted(client);
        }
        return new Answered(HttpReply.parse(received));
    }

    /** The client, which must have been let in. */
    public MemoryClient client() {
        if (outcome() instanceof Accepted accepted) {
            return accepted.client();
        }
        throw new AssertionError("not let in: " + this);
    }

    /** The response, which must be there and must not be a 101. */
    public HttpReply reply() {
        if (outcome() instanceof Answered answered) {
            return answered.reply();
        }
        throw new AssertionError("not answered: " + this);
    }

    /** Whether there is no answer yet. */
    public boolean isPending() {
        return outcome() instanceof Pending;
    }

    /** The connection that the request came by. */
    public MemoryConnection connection() {
        return connection;
    }

    @Override
    public String toString() {
        Outcome outcome = outcome();
        if (outcome instanceof Answered answered) {
            return "answered with " + answered.reply();
        }
        return outcome instanceof Accepted ? "let in" : outcome instanceof Pending ? "no answer yet" : "no answer";
    }
}
