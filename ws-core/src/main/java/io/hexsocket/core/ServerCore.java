package io.hexsocket.core;

import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.connection.LoopConnections;
import io.hexsocket.core.connection.LoopState;
import io.hexsocket.core.connection.ServerState;
import io.hexsocket.core.hub.ServerHub;
import io.hexsocket.core.port.host.MemoryUse;
import io.hexsocket.core.port.transport.Acceptor;
import io.hexsocket.core.port.transport.Entropy;
import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.port.transport.LoopInbound;
import io.hexsocket.core.session.Sessions;

/**
 * A server without I/O: what a transport drives. Bytes, time and threads come through the ports; the same input gives the same
 * output. Any thread, but where it says otherwise.
 */
public final class ServerCore implements Acceptor {

    private final ServerConfig config;
    private final ServerState server;
    private final ServerHub hub;

    /**
     * A server that waits for its first event loop.
     *
     * @throws IllegalArgumentException naming what in the configuration makes no sense
     */
    public ServerCore(ServerConfig config, Entropy entropy) {
        this.config = config;
        this.server = new ServerState(config);
        this.hub = new ServerHub(server, entropy);
    }

    @Override
    public LoopInbound attach(EventLoop eventLoop) {
        LoopState loop = new LoopState(server, eventLoop);
        return new LoopConnections(loop, new Sessions(hub.attach(loop)));
    }

    /** What the server was made from. */
    public ServerConfig config() {
        return config;
    }

    /** How many connections there are, sessions or not. */
    public int connections() {
        return server.connections();
    }

    /** What clients make the server hold, against its budget. */
    public MemoryUse memory() {
        return server.memory().use();
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
