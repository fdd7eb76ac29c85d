package io.hexsocket.core.port.host;

import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Published;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Two listeners, one after the other, the second one also if the first one throws.
 *
 * @param first is told first
 * @param second is told then
 */
record ListenerPair(ServerListener first, ServerListener second) implements ServerListener {

    private void both(Consumer<ServerListener> call) {
        try {
            call.accept(first);
        } finally {
            call.accept(second);
        }
    }

    @Override
    public boolean logs() {
        return first.logs() || second.logs();
    }

    @Override
    public void onConnect(long connection, InetSocketAddress peer) {
        both(one -> one.onConnect(connection, peer));
    }

    @Override
    public void onForwarded(long connection, InetSocketAddress client) {
        both(one -> one.onForwarded(connection, client));
    }

    @Override
    public void onRefused(long connection, InetSocketAddress peer, RefusalCause cause, int status, String why) {
        both(one -> one.onRefused(connection, peer, cause, status, why));
    }

    @Override
    public void onTlsHandshake(long connection, String protocol, String cipherSuite, Duration took) {
        both(one -> one.onTlsHandshake(connection, protocol, cipherSuite, took));
    }

    @Override
    public void onTlsFailure(long connection, InetSocketAddress peer, String why) {
        both(one -> one.onTlsFailure(connection, peer, why));
    }

    @Override
    public void onTlsServed(List<ServedCertificate> certificates) {
        both(one -> one.onTlsServed(certificates));
    }

    @Override
    public void onTlsKept(String why) {
        both(one -> one.onTlsKept(why));
    }

    @Override
    public void onOpen(long connection, Session session) {
        both(one -> one.onOpen(connection, session));
    }

    @Override
    public void onIdentShared(long connection, Session session, String ident, InetSocketAddress other) {
        both(one -> one.onIdentShared(connection, session, ident, other));
    }

    @Override
    public void onHttp(long connection, String path, int status) {
        both(one -> one.onHttp(connection, path, status));
    }

    @Override
    public void onAdmissionError(long connection, @Nullable String pattern, Throwable cause) {
        both(one -> one.onAdmissionError(connection, pattern, cause));
    }

    @Override
    public void onAppError(long connection, Session session, Throwable cause) {
        both(one -> one.onAppError(connection, session, cause));
    }

    @Override
    public void onStopError(String pattern, Throwable cause) {
        both(one -> one.onStopError(pattern, cause));
    }

    @Override
    public void onDropped(long connection, Session session, int messages) {
        both(one -> one.onDropped(connection, session, messages));
    }

    @Override
    public void onClose(long connection, Session session, SessionEnd end) {
        both(one -> one.onClose(connection, session, end));
    }

    @Override
    public void onLoopStats(LoopStats stats) {
        both(one -> one.onLoopStats(stats));
    }

    @Override
    public void onMemoryPressure(MemoryUse use) {
        both(one -> one.onMemoryPressure(use));
    }

    @Override
    public void onFatal(Error error) {
        both(one -> one.onFatal(error));
    }

    @Override
    public void onClusterDown(Throwable cause) {
        both(one -> one.onClusterDown(cause));
    }

    @Override
    public void onClusterUp() {
        both(ServerListener::onClusterUp);
    }

    @Override
    public void onClusterGap(Channel channel, @Nullable NodeId origin, long missed) {
        both(one -> one.onClusterGap(channel, origin, missed));
    }

    @Override
    public void onClusterUnsent(Channel channel, Published.Outcome why) {
        both(one -> one.onClusterUnsent(channel, why));
    }

    @Override
    public void onNameLost(long connection, Session session, Target name) {
        both(one -> one.onNameLost(connection, session, name));
    }

    @Override
    public void onSecretMismatch(NodeId node, String why) {
        both(one -> one.onSecretMismatch(node, why));
    }

    @Override
    public void onDisconnect(long connection) {
        both(one -> one.onDisconnect(connection));
    }
}
