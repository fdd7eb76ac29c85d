package io.hexsocket.transport.vertx;

import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.port.transport.Peer;
import io.hexsocket.core.transport.Faults;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An event loop of the host's, and its HTTP connections that were upgraded. On that loop, unless it says otherwise. */
final class MountedLoop extends NettyLoop {

    private static final Logger log = LoggerFactory.getLogger(MountedLoop.class);

    // From the moment when the last connections are cut until the core has to know of it
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Promise<Void> ended = Promise.promise();
    private boolean draining;

    MountedLoop(Context context, Faults faults) {
        // what speaks the PROXY protocol speaks it with the host's server, as does TLS
        super(context, faults, Proxies.NONE, null);
    }

    /** Takes a request that the host's server has read. */
    void adopt(HttpServerRequest request) {
        MountedWire wire = new MountedWire(this, request);
        Peer peer = new Peer(address(request.connection().remoteAddress()), request.isSSL());
        run(() -> wire.begin(links().accept(wire, peer)));
    }

    private static InetSocketAddress address(SocketAddress remote) {
        try {
            // a literal, which is not looked up; null for a socket of the file system
            return remote == null || remote.hostAddress() == null
                    ? new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)
                    : new InetSocketAddress(InetAddress.getByName(remote.hostAddress()), remote.port());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Tells every connection, and cuts those that are left when the time is up. Any thread. */
    Future<Void> end(Duration drain) {
        execute(() -> {
            draining = true;
            executeLater(this::cut, drain.toNanos());
            links().onShutdown();
        });
        return ended.future();
    }

    /** The same, but sessions are told within a window. Any thread. */
    Future<Void> end(Duration window, Duration drain) {
        execute(() -> {
            if (!draining) {
                draining = true;
                executeLater(this::cut, window.plus(drain).toNanos());
                links().onDrain(window.toNanos());
            }
        });
        return ended.future();
    }

    private void cut() {
        if (links().connections() > 0) {
            log.warn("{} connections did not end in time and are cut", links().connections());
            links().onTimeUp();
            announce();
        }
        executeLater(this::onEnded, PATIENCE.toNanos());
    }

    @Override
    void afterTurn() {
        if (draining && links().connections() == 0) {
            onEnded();
        }
    }

    private void onEnded() {
        detach();
        ended.tryComplete();
    }
}
