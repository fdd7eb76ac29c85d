package io.hexsocket.demo;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Published;
import io.hexsocket.core.port.host.MemoryUse;
import io.hexsocket.core.port.host.RefusalCause;
import io.hexsocket.core.port.host.ServedCertificate;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.port.host.SessionEnd;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes a line for what happens to each connection, never a payload. What clients say is cut; {@link LogLine} escapes it. Under a
 * flood, the first of each second are written, and then how many more there were.
 */
final class ServerLog implements ServerListener {

    // a line costs some microseconds: five hundred a second are no burden, and more than anybody reads
    private static final int LINES_PER_SECOND = 500;
    // refusals come from outside, and at any rate
    private static final int REFUSALS_PER_SECOND = 100;
    // each with its stack
    private static final int APP_ERRORS_PER_SECOND = 10;
    // one for each topic when a node comes back, one for each message while it is cut off
    private static final int LOSSES_PER_SECOND = 10;
    // each slow reader has up to four a second
    private static final int DROPS_PER_SECOND = 100;

    private final Logger log;
    /** A logger of their own, so that they can be had without the rest, or the rest without them. */
    private final Logger closeLog;

    private final Sampler connects = new Sampler(LINES_PER_SECOND);
    private final Sampler forwards = new Sampler(LINES_PER_SECOND);
    private final Sampler handshakes = new Sampler(LINES_PER_SECOND);
    private final Sampler requests = new Sampler(LINES_PER_SECOND);
    private final Sampler closes = new Sampler(LINES_PER_SECOND);
    private final Sampler refusals = new Sampler(REFUSALS_PER_SECOND);
    private final Sampler tlsFailures = new Sampler(REFUSALS_PER_SECOND);
    private final Sampler appErrors = new Sampler(APP_ERRORS_PER_SECOND);
    private final Sampler gaps = new Sampler(LOSSES_PER_SECOND);
    private final Sampler shortages = new Sampler(1);
    private final Sampler unsent = new Sampler(LOSSES_PER_SECOND);
    private final Sampler mismatches = new Sampler(LOSSES_PER_SECOND);
    private final Sampler drops = new Sampler(DROPS_PER_SECOND);

    /**
     * A log.
     *
     * @param closeLog for the ends of sessions
     */
    ServerLog(Logger log, Logger closeLog) {
        this.log = log;
        this.closeLog = closeLog;
    }

    /** Says how much was left out since the last report. To be called once a second. */
    void report() {
        report(connects, "connects");
        report(forwards, "forwarded connections");
        report(handshakes, "handshakes");
        report(requests, "HTTP requests");
        report(closes, "closes");
        report(refusals, "refusals");
        report(tlsFailures, "failed TLS handshakes");
        report(appErrors, "app errors");
        report(gaps, "gaps in what other nodes sent");
        report(shortages, "times that memory was short");
        report(unsent, "messages that were not sent to other nodes");
        report(mismatches, "nodes with another secret");
        report(drops, "reports of messages dropped for slow readers");
    }

    @Override
    public boolean logs() {
        return true;
    }

    @Override
    public void onConnect(long connection, InetSocketAddress peer) {
        if (log.isInfoEnabled() && connects.admits()) {
            of(log.atInfo(), connection).log("#{} connect from {}", connection, text(peer));
        }
    }

    @Override
    public void onForwarded(long connection, InetSocketAddress client) {
        if (log.isInfoEnabled() && forwards.admits()) {
            boolean isKnown = !client.getAddress().isAnyLocalAddress();
            of(log.atInfo(), connection)
                    .log(
                            "#{} forwarded for {}",
                            connection,
                            isKnown ? text(client) : "a client that the proxy does not name");
        }
    }

    @Override
    public void onRefused(long connection, InetSocketAddress peer, RefusalCause cause, int status, String why) {
        if (log.isWarnEnabled() && refusals.admits()) {
            String answer = status == 0 ? "without an answer" : "with " + status;
            of(log.atWarn(), connection)
                    .log("#{} refused {} from {}: {}", connection, answer, text(peer), Printable.cut(why));
        }
    }

    @Override
    public void onTlsFailure(long connection, InetSocketAddress peer, String why) {
        if (log.isWarnEnabled() && tlsFailures.admits()) {
            of(log.atWarn(), connection).log("#{} no TLS with {}: {}", connection, text(peer), Printable.cut(why));
        }
    }

    @Override
    public void onTlsServed(List<ServedCertificate> certificates) {
        Instant now = Instant.now();
        certificates.forEach(certificate -> log.info("serving {}", certificate.summary(now)));
    }

    @Override
    public void onOpen(long connection, Session session) {
        if (log.isInfoEnabled() && handshakes.admits()) {
            String door = session.request().isRawTcp() ? "raw TCP" : "WebSocket";
            of(log.atInfo(), connection)
                    .log(
                            "#{} handshake {} {}, ready",
                            connection,
                            door,
                            Printable.cut(session.request().path()));
        }
    }

    @Override
    public void onIdentShared(long connection, Session session, String ident, InetSocketAddress other) {
        if (log.isWarnEnabled() && handshakes.admits()) {
            of(log.atWarn(), connection)
                    .log(
                            "#{} takes the ident {} of a session from {}",
                            connection,
                            Printable.quoted(ident),
                            text(other));
        }
    }

    @Override
    public void onHttp(long connection, String path, int status) {
        if (log.isInfoEnabled() && requests.admits()) {
            of(log.atInfo(), connection).log("#{} HTTP {} {}", connection, Printable.cut(path), status);
        }
    }

    @Override
    public void onAdmissionError(long connection, @Nullable String pattern, Throwable cause) {
        if (log.isErrorEnabled() && appErrors.admits()) {
            failure(connection, cause)
                    .log(
                            "#{} error in {}{}",
                            connection,
                            pattern == null ? "the page" : "the app at " + pattern + ", before the session",
                            jarIn(cause));
        }
    }

    @Override
    public void onAppError(long connection, Session session, Throwable cause) {
        if (log.isErrorEnabled() && appErrors.admits()) {
            failure(connection, cause)
                    .log(
                            "#{} error in the app at {}{}",
                            connection,
                            Printable.cut(session.request().path()),
                            jarIn(cause));
        }
    }

    @Override
    public void onStopError(String pattern, Throwable cause) {
        log.error("error in the app at {}{}, which was to stop", Printable.cut(pattern), jarIn(cause), cause);
    }

    @Override
    public void onClose(long connection, Session session, SessionEnd end) {
        if (closeLog.isInfoEnabled() && closes.admits()) {
            CloseStatus status = end.status();
            String client = text(session.request().remoteAddress());
            String path = Printable.cut(session.request().path());
            String cause = end.cause() == null ? "" : Printable.cut(end.cause().toString());
            LoggingEventBuilder line = of(closeLog.atInfo(), connection)
                    .addKeyValue("address", client)
                    .addKeyValue("path", path)
                    .addKeyValue("by", end.byServer() ? "server" : "client")
                    .addKeyValue("code", status.code())
                    .addKeyValue("reason", Printable.cut(status.reason()))
                    .addKeyValue("milliseconds", end.lasted().toMillis())
                    .addKeyValue("messagesReceived", end.messagesReceived())
                    .addKeyValue("bytesReceived", end.bytesReceived())
                    .addKeyValue("messagesSent", end.messagesSent())
                    .addKeyValue("bytesSent", end.bytesSent());
            if (!cause.isEmpty()) {
                line = line.addKeyValue("cause", cause);
            }
            if (end.id() != null) {
                line = line.addKeyValue("session", end.id());
            }
            line.log(
                    "#{} close by the {}: {}{}; {} from {}, {} s, received {}, sent {}{}",
                    connection,
                    end.byServer() ? "server" : "client",
                    Printable.cut(status.toString()),
                    cause.isEmpty() ? "" : ", " + cause,
                    path,
                    client,
                    end.lasted().toMillis() / 1000.0,
                    counted(end.messagesReceived(), end.bytesReceived()),
                    counted(end.messagesSent(), end.bytesSent()),
                    end.id() == null ? "" : ", id " + end.id());
        }
    }

    private static String counted(long messages, long bytes) {
        return messages + (messages == 1 ? " message (" : " messages (") + bytes + " bytes)";
    }

    private LoggingEventBuilder failure(long connection, Throwable cause) {
        // a line that is built step by step passes the filter that sees to it elsewhere
        OutOfMemoryExit.onThrown(cause);
        return of(log.atError().setCause(cause), connection);
    }

    /** A line of a connection, which programs that read the log find by its number. */
    private static LoggingEventBuilder of(LoggingEventBuilder line, long connection) {
        return line.addKeyValue("connection", connection);
    }

    @Override
    public void onDropped(long connection, Session session, int messages) {
        if (log.isWarnEnabled() && drops.admits()) {
            log.warn(
                    "#{} reads too slowly: {} dropped at {}",
                    connection,
                    messages == 1 ? "a message was" : messages + " messages were",
                    Printable.cut(session.request().path()));
        }
    }

    @Override
    public void onMemoryPressure(MemoryUse use) {
        if (!shortages.admits()) {
            return;
        }
        log.warn(
                "clients make the server hold {} of {} KiB: who holds most is not read from, and ended if that does not help; {} ended so far",
                use.used() / 1024,
                use.limit() / 1024,
                use.ended());
    }

    /** The jar of apps that threw it, which its class loader is named for; empty for the program's own classes. */
    static String jarIn(Throwable cause) {
        for (StackTraceElement frame : cause.getStackTrace()) {
            String loader = frame.getClassLoaderName();
            if (loader != null && loader.endsWith(".jar")) {
                return " (" + Printable.cut(loader) + ")";
            }
        }
        return "";
    }

    @Override
    public void onClusterDown(Throwable cause) {
        log.warn(
                "the other nodes cannot be reached, sessions of this one are served: {}",
                Printable.cut(cause.getMessage() == null ? cause.toString() : cause.getMessage()));
    }

    @Override
    public void onClusterUp() {
        log.info("the other nodes can be reached again; what they have sent meanwhile may be missing");
    }

    @Override
    public void onClusterGap(Channel channel, @Nullable NodeId origin, long missed) {
        // one of unknown size comes for each audience after onClusterUp, which has said so
        if (missed > 0 && log.isWarnEnabled() && gaps.admits()) {
            String messages = missed == 1
                    ? "a message of node {} to {} is missing"
                    : missed + " messages of node {} to {} are missing";
            log.warn(messages, origin, Printable.cut(text(channel)));
        }
    }

    @Override
    public void onClusterUnsent(Channel channel, Published.Outcome why) {
        if (log.isWarnEnabled() && unsent.admits()) {
            String reason = switch (why) {
                case SENT -> "it was";
                case DOWN -> "they cannot be reached";
                case FULL -> "too much is waiting";
                case UNCERTAIN -> "the connection broke; some may have it";
            };
            log.warn("a message to {} was not sent to other nodes: {}", Printable.cut(text(channel)), reason);
        }
    }

    @Override
    public void onNameLost(long connection, Session session, Target name) {
        if (log.isWarnEnabled() && handshakes.admits()) {
            String kind = name.kind() == Target.Kind.ALIAS ? "alias" : "ident";
            of(log.atWarn(), connection)
                    .log(
                            "#{} loses the {} {} to a session of another node",
                            connection,
                            kind,
                            Printable.quoted(name.name()));
        }
    }

    @Override
    public void onSecretMismatch(NodeId node, String why) {
        if (log.isWarnEnabled() && mismatches.admits()) {
            log.warn(
                    "{}: messages by id do not reach the sessions of the other; cluster.secretFile must have the same lines on all nodes",
                    Printable.cut(why));
        }
    }

    private static String text(Channel channel) {
        return switch (channel.kind()) {
            case EVERYONE -> "everyone";
            case APP -> "the app " + channel.name();
            case TOPIC -> "the topic " + channel.name();
            case USER -> "the user " + channel.name();
            case IDENT -> "the ident " + channel.name();
        };
    }

    private void report(Sampler sampler, String what) {
        int more = sampler.report();
        if (more > 0) {
            log.info("{} more {} in the last second", more, what);
        }
    }

    private static String text(InetSocketAddress peer) {
        InetAddress address = peer.getAddress();
        if (address == null) {
            return Printable.cut(peer.toString());
        }
        String host = address.getHostAddress();
        return (address instanceof Inet6Address ? "[" + host + "]" : host) + ":" + peer.getPort();
    }
}
