package io.hexsocket.core;

import io.hexsocket.apps.Hub;
import io.hexsocket.core.config.Policy;
import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.port.host.ClusterStats;
import io.hexsocket.core.port.host.MemoryUse;
import io.hexsocket.core.tls.TlsMaterialException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A running server, the same over every transport. A host takes one by the transport's {@code start}, and lives with this interface:
 *
 * <pre>{@code
 * try (Server server = NioServer.start(config)) { // or VertxServer.start(config)
 *     server.hub().topic("news").send("hello, readers");
 * }
 * }</pre>
 *
 * Any thread, but {@link #close()} not on an event loop.
 */
public interface Server extends AutoCloseable {

    /** Where it listens, with the real port if port 0 was asked for. */
    ServerAddress address();

    /** The way to its sessions. Once the server has ended there are none, and what is sent reaches nobody. */
    Hub hub();

    /** How many sessions are open. */
    int sessions();

    /** How many connections there are, sessions or not. */
    int connections();

    /** What clients make the server hold, against its budget. */
    MemoryUse memory();

    /**
     * What it demands of its clients now.
     *
     * @since 0.2
     */
    Policy policy();

    /**
     * Changes what it demands of its clients, all of it at once, for connections that are there and for those to come. No connection ends by
     * it: one that is there is not asked for its origin or its address again and is not one too many, but what it sends and holds from now
     * on is measured by the new limits and timeouts. Only the lifetime of a session, and the message limit of one that has come through
     * the raw door, remain what they were when it opened.
     *
     * <pre>{@code
     * server.changePolicy(policy -> policy.limits(policy.limits().connections(50_000)));
     * }</pre>
     *
     * @param change gives the new policy for the one in force, which nobody else changes meanwhile; called once, on the caller's thread
     * @throws IllegalArgumentException if it changes what cannot be changed while a server runs, see {@link Policy}; then nothing changes
     * @since 0.2
     */
    void changePolicy(UnaryOperator<Policy> change);

    /**
     * How it is with the other nodes of its cluster; null for a server that is alone.
     *
     * @since 0.2
     */
    @Nullable ClusterStats cluster();

    /**
     * Reads the certificates and keys again and, if they can be used, shows them to all who connect from now on. Existing connections
     * keep theirs. Blocks while it reads files. The server does the same by itself when they have changed.
     *
     * @return whether the files have changed
     * @throws TlsMaterialException naming what is wrong with which file; what was shown before goes on to be
     * @throws IllegalStateException if the server is one without TLS
     */
    boolean reloadTls() throws TlsMaterialException;

    /**
     * Begins to end the server gently: it listens no more, and openings that are not done are refused with 503; sessions are served on until
     * each is closed with 1012 (RFC 6455 section 7.4, as registered with IANA), spread evenly over the window, so that neither this server
     * nor the one that their clients turn to has all the work at once. Before its close frame, a session's {@linkplain
     * io.hexsocket.apps.Listener#onServiceRestart listener} may send a last word. The end comes when the last connection is gone, or when the
     * window and after it the drain deadline of the configuration have passed. {@link #shutdown()} cuts the window short.
     *
     * <p>A host that takes its server out of a load balancer does that first, and calls this when no new connection comes.
     *
     * <pre>{@code
     * server.drain(Duration.ofSeconds(30)).toCompletableFuture().join();
     * }</pre>
     *
     * @param window from now until the last session is told; zero for all at once
     * @return completes when all of this is done, and the apps have been stopped
     * @throws IllegalArgumentException if the window is negative, or longer than a day
     * @since 0.2
     */
    CompletionStage<Void> drain(Duration window);

    /**
     * Begins to end the server: it listens no more, tells every client (1001), and waits for what is still to be sent, until the
     * drain deadline of the configuration has passed; then it cuts the rest, and {@linkplain io.hexsocket.apps.App#onStop stops} the
     * apps. A second call changes nothing.
     *
     * @return completes when all of this is done
     */
    CompletionStage<Void> shutdown();

    /**
     * Ends the server and waits for it, see {@link #shutdown()}.
     *
     * @throws IllegalStateException on an event loop, which it would wait for
     */
    @Override
    void close();
}
