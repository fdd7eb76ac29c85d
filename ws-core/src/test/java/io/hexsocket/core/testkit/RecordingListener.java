package io.hexsocket.core.testkit;

import io.hexsocket.apps.Session;
import io.hexsocket.core.port.host.RefusalCause;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.port.host.SessionEnd;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down what a server lets its host program see. */
public final class RecordingListener implements ServerListener {

    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    /** What has been seen, in words, each line beginning with the number of its connection. */
    public List<String> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    /** The same without what has been asked for before. */
    public List<String> newEvents() {
        synchronized (events) {
            List<String> fresh = List.copyOf(events);
            events.clear();
            return fresh;
        }
    }

    private void saw(long connection, String what) {
        events.add(connection + " " + what);
    }

    @Override
    public void onConnect(long connection, InetSocketAddress peer) {
        saw(connection, "connect");
    }

    @Override
    public void onForwarded(long connection, InetSocketAddress client) {
        saw(connection, "forwarded for " + client.getAddress().getHostAddress() + ":" + client.getPort());
    }

    @Override
    public void onRefused(long connection, InetSocketAddress peer, RefusalCause cause, int status, String why) {
        saw(connection, "refused " + status);
    }

    @Override
    public void onTlsFailure(long connection, InetSocketAddress peer, String why) {
        saw(connection, "no TLS: " + why);
    }

    @Override
    public void onOpen(long connection, Session session) {
        saw(connection, "open " + session.request().path());
    }

    @Override
    public void onIdentShared(long connection, Session session, String ident, InetSocketAddress other) {
        saw(connection, "ident " + ident + " of " + other.getAddress().getHostAddress());
    }

    @Override
    public void onHttp(long connection, String path, int status) {
        saw(connection, "http " + path + " " + status);
    }

    @Override
    public void onAdmissionError(long connection, @Nullable String pattern, Throwable cause) {
        saw(connection, "admission error " + cause.getMessage());
    }

    @Override
    public void onAppError(long connection, Session session, Throwable cause) {
        saw(connection, "app error " + cause.getMessage());
    }

    @Override
    public void onDropped(long connection, Session session, int messages) {
        saw(connection, "dropped " + messages);
    }

    @Override
    public void onClose(long connection, Session session, SessionEnd end) {
        saw(
                connection,
                "close " + end.status() + (end.byServer() ? " by server" : " by client")
                        + (end.cause() == null ? "" : " because: " + end.cause().getMessage()));
    }

    @Override
    public void onDisconnect(long connection) {
        saw(connection, "disconnect");
    }
}
