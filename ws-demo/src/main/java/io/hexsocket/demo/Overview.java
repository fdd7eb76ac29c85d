package io.hexsocket.demo;

import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Published;
import io.hexsocket.core.port.host.LoopStats;
import io.hexsocket.core.port.host.MemoryUse;
import io.hexsocket.core.port.host.RefusalCause;
import io.hexsocket.core.port.host.ServedCertificate;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.port.host.SessionEnd;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what is there, keeps the way to the sessions, and passes everything on to the log. */
final class Overview implements ServerListener {

    private final ServerListener next;
    private final Host host;
    private final LongAdder connections = new LongAdder();
    private final LongAdder sessions = new LongAdder();
    private final LongAdder tlsFailures = new LongAdder();
    private volatile List<ServedCertificate> certificates = List.of();

    Overview(ServerListener next, Host host) {
        this.next = next;
        this.host = host;
    }

    /** How many connections there are, a moment ago. */
    long connections() {
        return connections.sum();
    }

    /** How many sessions there are, a moment ago. */
    long sessions() {
        return sessions.sum();
    }

    /** How many TLS handshakes have failed so far. */
    long tlsFailures() {
        return tlsFailures.sum();
    }

    /** What is shown to clients that come over TLS; empty without TLS. */
    List<ServedCertificate> certificates() {
        return certificates;
    }

    @Override
    public boolean logs() {
        return next.logs();
    }

    @Override
    public void onConnect(long connection, InetSocketAddress peer) {
        connections.increment();
        next.onConnect(connection, peer);
    }

    @Override
    public void onForwarded(long connection, InetSocketAddress client) {
        next.onForwarded(connection, client);
    }

    @Override
    public void onRefused(long connection, InetSocketAddress peer, RefusalCause cause, int status, String why) {
        next.onRefused(connection, peer, cause, status, why);
    }

    @Override
    public void onTlsHandshake(long connection, String protocol, String cipherSuite, Duration took) {
        next.onTlsHandshake(connection, protocol, cipherSuite, took);
    }

    @Override
    public void onTlsFailure(long connection, InetSocketAddress peer, String why) {
        tlsFailures.increment();
        next.onTlsFailure(connection, peer, why);
    }

    @Override
    public void onTlsServed(List<ServedCertificate> certificates) {
        this.certificates = certificates;
        next.onTlsServed(certificates);
    }

    @Override
    public void onTlsKept(String why) {
        next.onTlsKept(why);
    }

    @Override
    public void onOpen(long connection, Session session) {
        sessions.increment();
        next.onOpen(connection, session);
    }

    @Override
    public void onIdentShared(long connection, Session session, String ident, InetSocketAddress other) {
        next.onIdentShared(connection, session, ident, other);
    }

    @Override
    public void onHttp(long connection, String path, int status) {
        next.onHttp(connection, path, status);
    }

    @Override
    public void onAdmissionError(long connection, @Nullable String pattern, Throwable cause) {
        next.onAdmissionError(connection, pattern, cause);
    }

    @Override
    public void onAppError(long connection, Session session, Throwable cause) {
        next.onAppError(connection, session, cause);
    }

    @Override
    public void onStopError(String pattern, Throwable cause) {
        next.onStopError(pattern, cause);
    }

    @Override
    public void onDropped(long connection, Session session, int messages) {
        next.onDropped(connection, session, messages);
    }

    @Override
    public void onClose(long connection, Session session, SessionEnd end) {
        sessions.decrement();
        next.onClose(connection, session, end);
    }

    @Override
    public void onLoopStats(LoopStats stats) {
        next.onLoopStats(stats);
    }

    @Override
    public void onMemoryPressure(MemoryUse use) {
        next.onMemoryPressure(use);
    }

    @Override
    public void onFatal(Error error) {
        // first, because it takes no memory
        host.onFatal(error);
        next.onFatal(error);
    }

    @Override
    public void onClusterDown(Throwable cause) {
        next.onClusterDown(cause);
    }

    @Override
    public void onClusterUp() {
        next.onClusterUp();
    }

    @Override
    public void onClusterGap(Channel channel, @Nullable NodeId origin, long missed) {
        next.onClusterGap(channel, origin, missed);
    }

    @Override
    public void onClusterUnsent(Channel channel, Published.Outcome why) {
        next.onClusterUnsent(channel, why);
    }

    @Override
    public void onNameLost(long connection, Session session, Target name) {
        next.onNameLost(connection, session, name);
    }

    @Override
    public void onSecretMismatch(NodeId node, String why) {
        next.onSecretMismatch(node, why);
    }

    @Override
    public void onDisconnect(long connection) {
        connections.decrement();
        next.onDisconnect(connection);
    }
}
