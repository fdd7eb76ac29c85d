package io.hexsocket.core;

import io.hexsocket.apps.Hub;
import io.hexsocket.core.config.Policy;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.connection.LoopConnections;
import io.hexsocket.core.connection.LoopState;
import io.hexsocket.core.connection.ServerState;
import io.hexsocket.core.hub.ServerHub;
import io.hexsocket.core.port.host.ClusterStats;
import io.hexsocket.core.port.host.MemoryUse;
import io.hexsocket.core.port.transport.Acceptor;
import io.hexsocket.core.port.transport.Entropy;
import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.port.transport.LoopInbound;
import io.hexsocket.core.session.Sessions;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A server without I/O: what a transport drives. Bytes, time and threads come through the ports; the same input gives the same
 * output. Any thread, but where it says otherwise.
 */
public final class ServerCore implements Acceptor {

    private final ServerConfig config;
    private final ServerState server;
    private final ServerHub hub;
    private final RegisteredApps apps;

    /**
     * A server that waits for its first event loop.
     *
     * @param wallClock what time it is, for what expires at an instant; any thread
     * @throws IllegalArgumentException naming what in the configuration makes no sense
     */
    public ServerCore(ServerConfig config, Entropy entropy, Supplier<Instant> wallClock) {
        this.config = config;
        this.server = new ServerState(config, wallClock);
        this.hub = new ServerHub(server, entropy);
        this.apps = new RegisteredApps(config.apps(), config.listener());
    }

    /**
     * Joins the other nodes of its cluster, if it has one. Once, and before {@link #startApps()}. Whatever comes of it, {@link #stopApps()} is
     * to follow.
     *
     * @return exceptionally if that cannot be
     */
    public CompletionStage<Void> joinCluster() {
        return hub.join();
    }

    /**
     * Calls {@link io.hexsocket.apps.App#onStart} of each app, before there is a connection. Calls apps, which may block. Whatever comes
     * of the start after this, {@link #stopApps()} is to follow.
     *
     * @throws IllegalStateException naming the app that failed; those before it have been stopped
     */
    public void startApps() {
        apps.start(hub);
    }

    /**
     * Calls {@link io.hexsocket.apps.App#onStop} of each app that has started, and leaves the cluster. A second call changes nothing.
     *
     * @return complete when this node has left
     */
    public CompletionStage<Void> stopApps() {
        apps.stop();
        return hub.end();
    }

    @Override
    public LoopInbound attach(EventLoop eventLoop) {
        LoopState loop = new LoopState(server, eventLoop);
        return new LoopConnections(loop, new Sessions(hub.attach(loop)));
    }

    /** Whether an app is at the path of a request target, as {@code /rooms/7?token=x}. */
    public boolean hasApp(String target) {
        return server.hasApp(target);
    }

    /** The way to the sessions. */
    public Hub hub() {
        return hub;
    }

    /** What time it is. */
    Instant now() {
        return server.now();
    }

    /** What the server was made from. */
    public ServerConfig config() {
        return config;
    }

    /** What is demanded of clients now. */
    public Policy policy() {
        return server.policy();
    }

    /**
     * Demands this of clients from now on.
     *
     * @throws IllegalArgumentException if it differs in what is read at the start only
     */
    public void policy(Policy policy) {
        server.policy(policy);
    }

    /** How many connections there are, sessions or not. */
    public int connections() {
        return server.connections();
    }

    /** What clients make the server hold, against its budget. */
    public MemoryUse memory() {
        return server.memory().use();
    }

    /** How it is with the other nodes of the cluster; null without one. */
    public @Nullable ClusterStats cluster() {
        return hub.cluster();
    }

    /** How many sessions are open. */
    public int sessions() {
        return hub.sessions();
    }

    /** How many names are in use: ids, aliases and idents of live sessions. */
    public int names() {
        return hub.names();
    }
}
