package io.hexsocket.core;

import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.port.transport.Acceptor;
import io.hexsocket.core.port.transport.Entropy;
import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.port.transport.LoopInbound;
import io.hexsocket.core.session.ServerScope;

/**
 * A server without I/O: what a transport drives. Bytes, time and threads come through the ports; the same input gives the same
 * output. Any thread, but where it says otherwise.
 */
public final class ServerCore implements Acceptor {

    private final ServerConfig config;
    private final ServerScope scope;

    /**
     * A server that waits for its first event loop.
     *
     * @throws IllegalArgumentException naming what in the configuration makes no sense
     */
    public ServerCore(ServerConfig config, Entropy entropy) {
        this.config = config;
        this.scope = new ServerScope(config, entropy);
    }

    @Override
    public LoopInbound attach(EventLoop loop) {
        return scope.attach(loop);
    }

    /** What the server was made from. */
    public ServerConfig config() {
        return config;
    }

    /** How many connections there are, sessions or not. */
    public int connections() {
        return scope.connections();
    }

    /** How many sessions are open. */
    public int sessions() {
        return scope.sessions();
    }

    /** How many names are in use: ids, aliases and idents of live sessions. */
    public int names() {
        return scope.names();
    }
}
