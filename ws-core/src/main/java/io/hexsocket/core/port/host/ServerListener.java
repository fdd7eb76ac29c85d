package io.hexsocket.core.port.host;

import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Published;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sees what the server does: for logs and counters. Called on event loops but where it says otherwise: must not block and must not throw. Texts may hold what a
 * client sent, so a log escapes them.
 */
public interface ServerListener {

    /** Sees nothing. */
    ServerListener NONE = new ServerListener() {};

    /**
     * Whether this writes a log of what it is told. If not, the server writes one by SLF4J: at INFO that it listens and that it has ended; at ERROR what an
     * app throws, that memory is short, and that other nodes cannot be reached; at DEBUG who is refused and how sessions end. Asked once, on the thread that
     * starts the server.
     *
     * @since 0.2
     */
    default boolean logs() {
        return false;
    }

    /**
     * A connection was accepted.
     *
     * @param connection its number, from 1
     */
    default void onConnect(long connection, InetSocketAddress peer) {}

    /**
     * A trusted proxy has said whose connection it forwards. Before the connection is anything else; once more if that is a trusted
     * proxy, too, which says more.
     *
     * @param client where the client is; 0.0.0.0 if the proxy does not say
     */
    default void onForwarded(long connection, InetSocketAddress client) {}

    /**
     * A connection was refused before it became a session.
     *
     * @param peer where the client is, or the proxy if that has not yet said more
     * @param cause why, for counters
     * @param status the HTTP status of the answer, or the one that says the same as the packet that a raw client was sent; 0 if it
     *     was closed without an answer
     * @param why the reason, for people
     */
    default void onRefused(long connection, InetSocketAddress peer, RefusalCause cause, int status, String why) {}

    /**
     * The TLS handshake of a connection is done.
     *
     * @param protocol the version of TLS, as {@code TLSv1.3}
     * @param cipherSuite by its name in the IANA registry
     * @param took since the connection was accepted: round trips of the client, and what the server had to compute or to wait for
     * @since 0.2
     */
    default void onTlsHandshake(long connection, String protocol, String cipherSuite, Duration took) {}

    /**
     * A connection ended in its TLS handshake, or sent something else on a port of TLS.
     *
     * @param why the reason, for people
     */
    default void onTlsFailure(long connection, InetSocketAddress peer, String why) {}

    /**
     * These certificates are shown to all who connect from now on: when the server has started, and whenever their files were replaced
     * by others that are good. On a thread of the transport or the one that asked for it.
     *
     * @param certificates the default first
     */
    default void onTlsServed(List<ServedCertificate> certificates) {}

    /**
     * There are new files for TLS, which cannot be used, so that the certificates from before are shown on. Once for each state of the
     * files. On a thread of the transport or the one that asked for it.
     *
     * @param why names what is wrong with which file, for people
     */
    default void onTlsKept(String why) {}

    /** The opening handshake is done and the app is about to be told. */
    default void onOpen(long connection, Session session) {}

    /**
     * A session has an ident that the newest session of that ident, which lives on, was given at another address. From now on messages
     * for the ident go to the new one.
     *
     * @param other where the client of the other session is
     */
    default void onIdentShared(long connection, Session session, String ident, InetSocketAddress other) {}

    /**
     * A plain HTTP request was answered.
     *
     * @param status the HTTP status
     */
    default void onHttp(long connection, String path, int status) {}

    /**
     * An app threw, or failed to answer, when it was asked about an opening request; or an {@link HttpResponder} did. The client got a 500.
     *
     * @param pattern what the app is registered for; null for the responder
     */
    default void onAdmissionError(long connection, @Nullable String pattern, Throwable cause) {}

    /** A callback of an app threw, or its executor refused it; or a {@link io.hexsocket.apps.Hub.TopicListener} threw, which ends nothing. */
    default void onAppError(long connection, Session session, Throwable cause) {}

    /**
     * An app threw in {@link io.hexsocket.apps.App#onStop}; the server ends all the same.
     *
     * @param pattern the path or pattern that it is registered for
     */
    default void onStopError(String pattern, Throwable cause) {}

    /**
     * Messages were dropped for a client that reads too slowly, as its app has chosen ({@link io.hexsocket.apps.SlowReaders}). For each session
     * about every quarter of a second as long as that goes on, and before {@link #onClose}.
     *
     * @param messages how many since the last call for this session
     * @since 0.2
     */
    default void onDropped(long connection, Session session, int messages) {}

    /** A session is over. */
    default void onClose(long connection, Session session, SessionEnd end) {}

    /** How an event loop does; about once a second for each loop, on that loop. Not asked for by {@link #NONE}. */
    default void onLoopStats(LoopStats stats) {}

    /** This one and then another; the other one also if this one throws. */
    default ServerListener andThen(ServerListener next) {
        return new ListenerPair(this, Objects.requireNonNull(next, "next"));
    }

    /**
     * Seven eighths of the budget for what clients make the server hold are spent: those who hold most are not read from for a while,
     * and are ended if that does not help, or if all of it is spent. Called again only after less was in use. On any event loop.
     */
    default void onMemoryPressure(MemoryUse use) {}

    /**
     * The virtual machine has no memory: an {@link OutOfMemoryError} was thrown on an event loop, on another thread of the server, or by
     * an app on its executor. The server shuts down after this call, as by {@code shutdown()}; it does not end the program, which the host may
     * do here. On the thread that threw or an event loop; may come more than once, and at the same time.
     */
    default void onFatal(Error error) {}

    /**
     * The other nodes of the cluster cannot be reached any more: what is sent to many reaches the sessions of this node alone, see
     * {@link io.hexsocket.apps.SendResult#PARTIAL}. Followed by {@link #onClusterUp}, unless the server ends first. On a thread of the engine's.
     *
     * @since 0.2
     */
    default void onClusterDown(Throwable cause) {}

    /**
     * The other nodes can be reached again. On a thread of the engine's.
     *
     * @since 0.2
     */
    default void onClusterUp() {}

    /**
     * Messages of other nodes have not reached the sessions of this one: they were lost on the way, or the event loops here are too far behind.
     * On a thread of the engine's.
     *
     * @param channel to whom they were sent
     * @param origin which node has sent them; null if it is not known, and then any node may have
     * @param missed how many; 0 if it is not known
     * @since 0.2
     */
    default void onClusterGap(Channel channel, @Nullable NodeId origin, long missed) {}

    /**
     * A message to many has not been sent to other nodes, or perhaps not. For each, on the thread that sent it or on one of the engine's.
     *
     * @param why anything but {@link Published.Outcome#SENT}
     * @since 0.2
     */
    default void onClusterUnsent(Channel channel, Published.Outcome why) {}

    /**
     * Another node of the cluster has a name that a session here had: the alias was taken from it, or a newer session there has the ident. On a
     * thread of the engine's.
     *
     * @since 0.2
     */
    default void onNameLost(long connection, Session session, Target name) {}

    /**
     * This node and another one do not accept each other's ids of sessions, or one does not accept those of the other, because they were
     * given different secrets: a message by such an id is answered {@link io.hexsocket.apps.Delivery#UNKNOWN}. For each such node when one of both
     * has come, and when the nodes can reach each other again. On a thread of the engine's.
     *
     * @param node the other one, which may end because of it
     * @param why names both, for people
     * @since 0.2
     */
    default void onSecretMismatch(NodeId node, String why) {}

    /** A connection is gone, whatever it was. Exactly once for each {@link #onConnect}, and last. */
    default void onDisconnect(long connection) {}
}
