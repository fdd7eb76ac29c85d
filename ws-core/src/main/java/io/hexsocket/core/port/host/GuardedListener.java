package io.hexsocket.core.port.host;

import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Published;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The listener of a host as a server calls it: what it throws is logged and goes no further, nor does what its log throws. Where it writes
 * no log of its own, the server's is written here, without a word that a client has said. Threads are those of {@link ServerListener}.
 */
public final class GuardedListener implements ServerListener {

    private final ServerListener host;
    private final BiConsumer<String, @Nullable Throwable> errors;
    private final Consumer<String> warnings;
    private final Consumer<Supplier<String>> details;
    private final boolean logs;

    private GuardedListener(
            ServerListener host,
            BiConsumer<String, @Nullable Throwable> errors,
            Consumer<String> warnings,
            Consumer<Supplier<String>> details) {
        this.host = host;
        this.errors = errors;
        this.warnings = warnings;
        this.details = details;
        this.logs = ask(host);
    }

    private boolean ask(ServerListener host) {
        try {
            return host.logs();
        } catch (RuntimeException | Error thrown) {
            onThrown("logs", thrown);
            return false;
        }
    }

    /**
     * Stands before a listener, unless it does already.
     *
     * @param errors takes a line and what was thrown, if anything was; any thread
     * @param warnings takes a line about what clients do; any thread
     * @param details takes what makes a line, where anybody wants to see it; any thread
     */
    public static GuardedListener around(
            ServerListener host,
            BiConsumer<String, @Nullable Throwable> errors,
            Consumer<String> warnings,
            Consumer<Supplier<String>> details) {
        return host instanceof GuardedListener guarded ? guarded : new GuardedListener(host, errors, warnings, details);
    }

    @Override
    public boolean logs() {
        return logs;
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
        if (!logs) {
            logDetail(() -> "#" + connection + " refused from " + peer + ": " + cause + ", " + status);
        }
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
    public void onAdmissionError(long connection, @Nullable String pattern, Throwable cause) {
        if (!logs) {
            logError(
                    "#" + connection + " error in "
                            + (pattern == null
                                    ? "the HTTP responder"
                                    : "the app at " + pattern + ", before the session"),
                    cause);
        }
        call("onAdmissionError", () -> host.onAdmissionError(connection, pattern, cause));
    }

    @Override
    public void onAppError(long connection, Session session, Throwable cause) {
        if (!logs) {
            // its text is the number of the connection and the pattern of the app, nothing that a client said
            logError("error in the app of session " + session, cause);
        }
        call("onAppError", () -> host.onAppError(connection, session, cause));
    }

    @Override
    public void onDropped(long connection, Session session, int messages) {
        call("onDropped", () -> host.onDropped(connection, session, messages));
    }

    @Override
    public void onClose(long connection, Session session, SessionEnd end) {
        if (!logs) {
            // an app may have written the reason, and a client, too
            logDetail(() -> "session " + session + " closed, " + end.status().code());
        }
        call("onClose", () -> host.onClose(connection, session, end));
    }

    @Override
    public void onStopError(String pattern, Throwable cause) {
        if (!logs) {
            logError("the app at " + pattern + " failed when it was told of the server's end", cause);
        }
        call("onStopError", () -> host.onStopError(pattern, cause));
    }

    @Override
    public void onLoopStats(LoopStats stats) {
        call("onLoopStats", () -> host.onLoopStats(stats));
    }

    @Override
    public void onMemoryPressure(MemoryUse use) {
        if (!logs) {
            logWarning("clients make the server hold " + use.used() + " of " + use.limit()
                    + " bytes: those who hold most are not read from, and ended if that does not help");
        }
        call("onMemoryPressure", () -> host.onMemoryPressure(use));
    }

    @Override
    public void onFatal(Error error) {
        call("onFatal", () -> host.onFatal(error));
    }

    @Override
    public void onClusterDown(Throwable cause) {
        if (!logs) {
            logError("the other nodes of the cluster cannot be reached", cause);
        }
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
    public void onSecretMismatch(NodeId node, String why) {
        if (!logs) {
            logError(why + ": messages by id do not reach the sessions of the other", null);
        }
        call("onSecretMismatch", () -> host.onSecretMismatch(node, why));
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
            onThrown(callback, thrown);
        }
    }

    private void onThrown(String callback, Throwable thrown) {
        logError("the server's listener failed in " + callback, thrown);
    }

    private void logDetail(Supplier<String> line) {
        try {
            details.accept(line);
        } catch (OutOfMemoryError fatal) {
            throw fatal;
        } catch (Throwable thrown) {
            logError("the log failed", thrown);
        }
    }

    private void logWarning(String line) {
        try {
            warnings.accept(line);
        } catch (OutOfMemoryError fatal) {
            throw fatal;
        } catch (Throwable thrown) {
            logError("the log failed", thrown);
        }
    }

    private void logError(String line, @Nullable Throwable cause) {
        try {
            errors.accept(line, cause);
        } catch (OutOfMemoryError fatal) {
            throw fatal;
        } catch (Throwable unheard) {
            // a log that fails has nowhere to say so, and the client still needs its answer
        }
    }
}
