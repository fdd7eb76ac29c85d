package io.hexsocket.core;

import io.hexsocket.apps.Hub;
import io.hexsocket.core.config.Policy;
import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.port.cluster.JoinException;
import io.hexsocket.core.port.host.ClusterStats;
import io.hexsocket.core.port.host.MemoryUse;
import io.hexsocket.core.tls.ServerTls;
import io.hexsocket.core.tls.TlsMaterialException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What servers of all transports have in common. For who writes a transport. Any thread. */
public abstract class TransportServer implements Server {

    private static final Duration MAX_WINDOW = Duration.ofDays(1);

    private final ServerCore core;
    private final ServerAddress address;
    private final @Nullable ServerTls tls;
    private final CompletableFuture<Void> transportEnded = new CompletableFuture<>();
    private final CompletableFuture<Void> ended;
    private boolean ending;
    private boolean shutDown;

    /**
     * A server that accepts connections.
     *
     * @param core with its apps started
     * @param address with the real port
     * @param tls what it shows to clients; null for a server without TLS
     */
    protected TransportServer(ServerCore core, ServerAddress address, @Nullable ServerTls tls) {
        this.core = core;
        this.address = address;
        this.tls = tls;
        this.ended = transportEnded
                .handle((done, failed) -> core.stopApps())
                .thenCompose(left -> left)
                .thenCompose(left -> transportEnded);
    }

    /**
     * Joins the cluster and starts the apps, before a connection is accepted. Blocks. Whatever comes of it, {@link ServerCore#stopApps()} is
     * to follow.
     *
     * @throws IllegalStateException naming what could not start, and why
     */
    protected static void startParts(ServerCore core) {
        try {
            core.joinCluster().toCompletableFuture().join();
        } catch (CompletionException failed) {
            Throwable cause = failed.getCause();
            // so that the others do not wait for one that is gone
            core.stopApps().toCompletableFuture().join();
            String why =
                    cause instanceof JoinException known ? String.valueOf(known.getMessage()) : String.valueOf(cause);
            throw new IllegalStateException("cannot join the cluster: " + why, cause);
        }
        core.startApps();
    }

    /**
     * Ends the transport; one that drains, as soon as if it did not.
     *
     * @return completes when the last connection is gone
     */
    protected abstract CompletableFuture<Void> end();

    /**
     * Ends the transport, which tells its sessions within a window.
     *
     * @return completes when the last connection is gone
     */
    protected abstract CompletableFuture<Void> end(Duration window);

    /** Whether the caller is on a thread that the end needs. */
    protected abstract boolean isOnEventLoop();

    /** What it serves. */
    protected final ServerCore core() {
        return core;
    }

    @Override
    public final ServerAddress address() {
        return address;
    }

    @Override
    public final Hub hub() {
        return core.hub();
    }

    @Override
    public final int sessions() {
        return core.sessions();
    }

    @Override
    public final int connections() {
        return core.connections();
    }

    @Override
    public final MemoryUse memory() {
        return core.memory();
    }

    @Override
    public final Policy policy() {
        return core.policy();
    }

    @Override
    public final synchronized void changePolicy(UnaryOperator<Policy> change) {
        core.policy(change.apply(core.policy()));
    }

    @Override
    public final @Nullable ClusterStats cluster() {
        return core.cluster();
    }

    @Override
    public final boolean reloadTls() throws TlsMaterialException {
        if (tls == null) {
            throw new IllegalStateException(address + " is without TLS");
        }
        return tls.reload(core.now());
    }

    @Override
    public final synchronized CompletableFuture<Void> drain(Duration window) {
        if (window.isNegative() || window.compareTo(MAX_WINDOW) > 0) {
            throw new IllegalArgumentException("window is " + window + ", must be between zero and a day");
        }
        if (!ending) {
            ending = true;
            endWith(end(window));
        }
        return ended.copy();
    }

    @Override
    public final synchronized CompletableFuture<Void> shutdown() {
        if (!shutDown) {
            ending = true;
            shutDown = true;
            endWith(end());
        }
        // whoever completes its own stops nobody from waiting
        return ended.copy();
    }

    private void endWith(CompletableFuture<Void> transport) {
        transport.whenComplete((done, failed) -> {
            if (failed == null) {
                transportEnded.complete(null);
            } else {
                transportEnded.completeExceptionally(failed);
            }
        });
    }

    @Override
    public final void close() {
        if (isOnEventLoop()) {
            throw new IllegalStateException(
                    "close() would wait for the event loop that it is called on; call shutdown() instead");
        }
        shutdown().join();
    }
}
