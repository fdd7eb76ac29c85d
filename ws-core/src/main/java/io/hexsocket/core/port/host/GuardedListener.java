package io.hexsocket.core.port.host;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Published;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The listener of a host as a server calls it: what it throws is logged and goes no further. Where the host has none, the errors of its
 * apps are logged instead, so that they are not lost. Threads are those of {@link ServerListener}.
 */
public final class GuardedListener implements ServerListener {

    private final ServerListener host;
    private final BiConsumer<String, Throwable> log;

    private GuardedListener(ServerListener host, BiConsumer<String, Throwable> log) {
        this.host = host;
        this.log = log;
    }

    /**
     * Stands before a listener, unless it does already.
     *
     * @param log takes a line and what was thrown; any thread, must not throw
     */
    public static GuardedListener around(ServerListener host, BiConsumer<String, Throwable> log) {
        return host instanceof GuardedListener guarded ? guarded : new GuardedListener(host, log);
    }

    /** Whether the host has no listener, so that nothing need be put together for it. */
    public boolean isForNobody() {
        return host == NONE;
    }

    @Override
    public void onConnect(long connection, InetSocketAddress peer) {
        call("onConnect", () -> host.onConnect(connection, peer));
    }

    @Override
    public void onForwarded(long connection, InetSocketAddress client) {
        call("onForwarded", () -> host.onForwarded(connection, client));
    }

    @Override
    public void onRefused(long connection, InetSocketAddress peer, RefusalCause cause, int status, String why) {
        call("onRefused", () -> host.onRefused(connection, peer, cause, status, why));
    }

    @Override
    public void onTlsHandshake(long connection, String protocol, String cipherSuite, Duration took) {
        call("onTlsHandshake", () -> host.onTlsHandshake(connection, protocol, cipherSuite, took));
    }

    @Override
    public void onTlsFailure(long connection, InetSocketAddress peer, String why) {
        call("onTlsFailure", () -> host.onTlsFailure(connection, peer, why));
    }

    @Override
    public void onTlsServed(List<ServedCertificate> certificates) {
        call("onTlsServed", () -> host.onTlsServed(certificates));
    }

    @Override
    public void onTlsKept(String why) {
        call("onTlsKept", () -> host.onTlsKept(why));
    }

    @Override
    public void onOpen(long connection, Session session) {
        call("onOpen", () -> host.onOpen(connection, session));
    }

    @Override
    public void onIdentShared(long connection, Session session, String ident, InetSocketAddress other) {
        call("onIdentShared", () -> host.onIdentShared(connection, session, ident, other));
    }

    @Override
    public void onHttp(long connection, String path, int status) {
        call("onHttp", () -> host.onHttp(connection, path, status));
    }

    @Override
    public void onAdmissionError(long connection, Throwable cause) {
        if (host == ServerListener.NONE) {
            log.accept("#" + connection + " error in an app or the HTTP responder before the session", cause);
        } else {
            call("onAdmissionError", () -> host.onAdmissionError(connection, cause));
        }
    }

    @Override
    public void onAppError(long connection, Session session, Throwable cause) {
        if (host == ServerListener.NONE) {
            // its text is the number of the connection and the pattern of the app, nothing that a client said
            log.accept("error in the app of session " + session, cause);
        } else {
            call("onAppError", () -> host.onAppError(connection, session, cause));
        }
    }

    @Override
    public void onDropped(long connection, Session session, int messages) {
        call("onDropped", () -> host.onDropped(connection, session, messages));
    }

    @Override
    public void onClose(
            long connection, Session session, CloseStatus status, boolean byServer, @Nullable Throwable cause) {
        call("onClose", () -> host.onClose(connection, session, status, byServer, cause));
    }

    @Override
    public void onStopError(String pattern, Throwable cause) {
        if (isForNobody()) {
            log.accept("the app at " + pattern + " failed when it was told of the server's end", cause);
        } else {
            call("onStopError", () -> host.onStopError(pattern, cause));
        }
    }

    @Override
    public void onLoopStats(LoopStats stats) {
        call("onLoopStats", () -> host.onLoopStats(stats));
    }

    @Override
    public void onMemoryPressure(MemoryUse use) {
        call("onMemoryPressure", () -> host.onMemoryPressure(use));
    }

    @Override
    public void onFatal(Error error) {
        call("onFatal", () -> host.onFatal(error));
    }

    @Override
    public void onClusterDown(Throwable cause) {
        call("onClusterDown", () -> host.onClusterDown(cause));
    }

    @Override
    public void onClusterUp() {
        call("onClusterUp", host::onClusterUp);
    }

    @Override
    public void onClusterGap(Channel channel, @Nullable NodeId origin, long missed) {
        call("onClusterGap", () -> host.onClusterGap(channel, origin, missed));
    }

    @Override
    public void onClusterUnsent(Channel channel, Published.Outcome why) {
        call("onClusterUnsent", () -> host.onClusterUnsent(channel, why));
    }

    @Override
    public void onNameLost(long connection, Session session, Target name) {
        call("onNameLost", () -> host.onNameLost(connection, session, name));
    }

    @Override
    public void onDisconnect(long connection) {
        call("onDisconnect", () -> host.onDisconnect(connection));
    }

    private void call(String callback, Runnable task) {
        try {
            task.run();
        } catch (OutOfMemoryError fatal) {
            throw fatal;
        } catch (Throwable thrown) {
            log.accept("the server's listener failed in " + callback, thrown);
        }
    }
}
