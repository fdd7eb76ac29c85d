package io.hexsocket.core.connection;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.config.UnknownPath;
import io.hexsocket.core.deflate.PerMessageDeflate;
import io.hexsocket.core.handshake.HandshakeRequest;
import io.hexsocket.core.handshake.HandshakeResponse;
import io.hexsocket.core.handshake.HeadParser;
import io.hexsocket.core.handshake.HeaderField;
import io.hexsocket.core.handshake.HttpRefusal;
import io.hexsocket.core.handshake.Opening;
import io.hexsocket.core.handshake.OpeningHandshake;
import io.hexsocket.core.handshake.RawHello;
import io.hexsocket.core.handshake.RequestHead;
import io.hexsocket.core.handshake.SubprotocolNegotiation;
import io.hexsocket.core.handshake.UpgradeRequest;
import io.hexsocket.core.port.host.RefusalCause;
import io.hexsocket.core.port.transport.Peer;
import io.hexsocket.core.port.transport.TlsFailure;
import io.hexsocket.core.protocol.CloseFrame;
import io.hexsocket.core.protocol.FrameWriter;
import io.hexsocket.core.protocol.Opcode;
import io.hexsocket.core.proxy.ForwardedClient;
import io.hexsocket.core.proxy.ProxyViolation;
import io.hexsocket.core.raw.RawClosePacket;
import io.hexsocket.core.routing.Route;
import io.hexsocket.core.routing.Routes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection until it is a session (CONNECTING in RFC 6455): reads the head of the request and finds out who is to answer it. One
 * deadline, from accept on, covers the reading, and another one the answer.
 */
final class OpeningPhase implements Phase {

    /** Why a connection is refused that comes too soon after others. */
    static final String TOO_FAST = "There are more connections a second from this address than the server takes.";

    private final Connection connection;
    private final SessionFactory sessions;
    private final OpeningAnswer answer;
    private final LoopState loop;
    private final HeadParser parser;
    private final int acceptedAt;
    /** Whether the request is complete, and its answer is awaited. */
    private boolean decisionPending;
    /** The tick at which it became complete. */
    private int decisionSince;
    /** Why the request is refused, whatever it is. */
    private @Nullable String rejected;
    /** Where the client is; null as long as only its proxy is known. */
    private @Nullable InetSocketAddress client;
    /** Whether a proxy has said where the client is. */
    private boolean forwarded;

    OpeningPhase(Connection connection, SessionFactory sessions) {
        this.connection = connection;
        this.sessions = sessions;
        this.loop = connection.loop();
        this.parser = new HeadParser(loop.server().headLimits());
        this.answer = new OpeningAnswer(connection, parser, this::isRawAdmitted);
        this.acceptedAt = loop.tick();
        InetSocketAddress peer = connection.out().peer().address();
        this.client = proxies().trusts(peer.getAddress()) ? null : peer;
    }

    @Override
    public @Nullable InetSocketAddress client() {
        return client;
    }

    /** Refuses the connection before it has said anything; not here, since nothing is written before the transport has its Inbound. */
    void reject(String why) {
        rejected = why;
        loop.execute(() -> {
            if (connection.isClosed()) {
                return;
            }
            if (loop.server().counts().isFarOver(loop.server().limits().connections())) {
                answer.refused(tooMany(why).because(), 0, why);
                connection.abort();
            } else if (!mayBeRaw()) {
                refuse(tooMany(why));
            }
        });
    }

    private static Refused tooMany(String why) {
        return why.equals(TOO_FAST)
                ? new Refused(RefusalCause.TOO_FAST, new HttpRefusal(503, why, new HeaderField("Retry-After", "1")))
                : new Refused(RefusalCause.TOO_MANY_CONNECTIONS, new HttpRefusal(503, why));
    }

    static HttpRefusal shuttingDown() {
        return new HttpRefusal(503, "The server is shutting down.");
    }

    private void refuse(Refused refused) {
        answer.refuse(refused.because(), refused.refusal());
    }

    @Override
    public void onForwarded() {
        forwarded = true;
        InetSocketAddress peer = connection.out().peer().address();
        loop.server().listener().onForwarded(connection.number(), peer);
        // one proxy may forward what another one has sent to it; the other one has a header for us
        String tooMany = proxies().trusts(peer.getAddress()) ? null : countBy(peer);
        if (tooMany != null && rejected == null) {
            reject(tooMany);
        }
    }

    /** Knows the client from now on; gives null, or why its connection is one too many. */
    private @Nullable String countBy(InetSocketAddress found) {
        String tooMany = loop.server().join(found.getAddress());
        client = found;
        return tooMany;
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        if (rejected != null) {
            onBytesOfRejected(bytes, rejected);
            return;
        }
        if (decisionPending) {
            return;
        }
        try {
            Opening opening = parser.parse(bytes);
            if (opening == null) {
                return;
            }
            decisionPending = true;
            decisionSince = loop.tick();
            connection.pause(Connection.BY_ADMISSION);
            loop.execute(() -> handleRequest(opening));
        } catch (HttpRefusal refusal) {
            bytes.position(bytes.limit());
            answer.refuse(RefusalCause.BAD_REQUEST, refusal);
        }
    }

    /** Waits until it is clear in which form the client will understand why it is rejected. */
    private void onBytesOfRejected(ByteBuffer bytes, String why) {
        if (!connection.isClosed() && mayBeRaw()) {
            boolean isClear;
            try {
                isClear = parser.parse(bytes) != null || parser.isHttp();
            } catch (HttpRefusal neither) {
                isClear = true;
            }
            if (isClear) {
                refuse(tooMany(why));
            }
        }
        bytes.position(bytes.limit());
    }

    private boolean mayBeRaw() {
        return isRawAdmitted()
                && loop.server().routes().all().stream()
                        .anyMatch(route -> route.options().rawTcp());
    }

    // what a proxy calls loopback is its own host, or a lie that it has been told
    private boolean isRawAdmitted() {
        InetAddress address = connection.out().peer().address().getAddress();
        return loop.server().policy().rawDoor().admits(address) && !(forwarded && address.isLoopbackAddress());
    }

    /**
     * Finds the answer. This is a task of the loop, not a part of reading: whoever has a session goes before those who want one, and the
     * JIT, which compiles all that a hot method calls in one piece, gets two pieces of half the size.
     */
    private void handleRequest(Opening opening) {
        if (connection.isClosed()) {
            return;
        }
        try {
            if (opening instanceof RequestHead head) {
                onHead(head);
            } else if (opening instanceof RawHello hello) {
                onRawHello(hello);
            }
        } catch (Refused refused) {
            refuse(refused);
        } catch (HttpRefusal refusal) {
            answer.refuse(RefusalCause.BAD_REQUEST, refusal);
        } catch (RuntimeException | Error broken) {
            connection.abort();
            throw broken;
        }
    }

    private void onHead(RequestHead head) throws HttpRefusal, Refused {
        ForwardedClient found = findClient(head);
        if (loop.server().isShutDown()) {
            throw new Refused(RefusalCause.SHUTTING_DOWN, shuttingDown());
        }
        UpgradeRequest upgrade = OpeningHandshake.check(head);
        if (upgrade == null) {
            answer.respond(head, request(head, head.path(), Map.of(), found));
            return;
        }
        checkOrigin(head, found);
        Routes.Match match = loop.server().routes().match(head.path());
        if (match == null) {
            onUnknownPath(upgrade);
            return;
        }
        Route route = match.route();
        String path = match.parameters().isEmpty() ? route.pattern() : head.path();
        HandshakeRequest request = request(head, path, match.parameters(), found);
        AdmissionOutcome outcome = new AdmissionOutcome(connection, route) {
            @Override
            void accept(Admission.Accept admission) {
                upgrade(route, request, upgrade, admission);
            }

            @Override
            void reject(RefusalCause cause, HttpRefusal refusal) {
                answer.refuse(cause, refusal);
            }
        };
        outcome.ask(request);
    }

    // 10.2: "Servers that are not intended to process input from any web page [...] SHOULD verify the |Origin| field"
    private void checkOrigin(RequestHead head, @Nullable ForwardedClient found) throws Refused {
        boolean secure = found == null ? connection.out().peer().secure() : found.secure();
        try {
            loop.server().origins().check(head, secure);
        } catch (HttpRefusal foreign) {
            throw new Refused(RefusalCause.FOREIGN_ORIGIN, foreign);
        }
    }

    /** Finds out where the client is; gives what the headers say of it, or null if they say nothing that counts. */
    private @Nullable ForwardedClient findClient(RequestHead head) throws Refused {
        if (client != null) {
            return null;
        }
        Peer peer = connection.out().peer();
        ForwardedClient found =
                ForwardedClient.find(proxies(), peer.address().getAddress(), peer.secure(), head::headers);
        if (found != null) {
            forwarded = true;
            loop.server().listener().onForwarded(connection.number(), found.address());
        }
        String tooMany = countBy(found == null ? peer.address() : found.address());
        if (tooMany != null) {
            throw tooMany(tooMany);
        }
        return found;
    }

    private void upgrade(Route route, HandshakeRequest request, UpgradeRequest upgrade, Admission.Accept admission) {
        String subprotocol = SubprotocolNegotiation.choose(route.options().subprotocols(), upgrade.subprotocols());
        PerMessageDeflate deflate = PerMessageDeflate.negotiate(
                upgrade.extensions(),
                route.options().compression(),
                loop.deflateStreams(),
                loop.server().contextBudget());
        String extensions = deflate == null ? null : deflate.answer();
        answer.write(HandshakeResponse.switchingProtocols(
                upgrade.accept(), subprotocol, extensions, AdmissionOutcome.fields(admission.headers())));
        if (!admission.pace().isZero()) {
            // such a client takes what one read gives for one frame
            connection.out().flush();
        }
        open(sessions.webSocket(connection, route, request, admission, subprotocol, deflate));
    }

    private void onUnknownPath(UpgradeRequest upgrade) throws Refused {
        String why = "There is no app at this path.";
        if (loop.server().config().unknownPath() == UnknownPath.NOT_FOUND) {
            throw new Refused(RefusalCause.UNKNOWN_PATH, new HttpRefusal(404, why));
        }
        answer.write(HandshakeResponse.switchingProtocols(upgrade.accept(), null, null));
        answer.write(FrameWriter.frame(Opcode.TEXT, RawClosePacket.saying(why)));
        byte[] close = CloseFrame.encode(new CloseStatus(1008, why));
        answer.write(FrameWriter.frame(Opcode.CLOSE, close));
        answer.refused(RefusalCause.UNKNOWN_PATH, 101, why);
        connection.close();
    }

    private void onRawHello(RawHello hello) throws Refused {
        Peer peer = connection.out().peer();
        if (!isRawAdmitted()) {
            answer.refused(RefusalCause.RAW_TCP, 0, "raw TCP is not open to this address; rawDoor says to which it is");
            connection.close();
            return;
        }
        String tooMany = client == null ? countBy(peer.address()) : null;
        if (tooMany != null) {
            throw tooMany(tooMany);
        }
        Routes.Match match = loop.server().routes().match(hello.path());
        if (match == null || !match.route().options().rawTcp()) {
            String why = "There is no app for raw TCP at this path.";
            throw new Refused(RefusalCause.UNKNOWN_PATH, new HttpRefusal(404, why));
        }
        Route route = match.route();
        HandshakeRequest request = HandshakeRequest.of(
                hello,
                hello.path(),
                match.parameters(),
                peer.address(),
                peer.secure(),
                forwarded,
                connection.out().principal());
        AdmissionOutcome outcome = new AdmissionOutcome(connection, route) {
            @Override
            void accept(Admission.Accept admission) {
                open(sessions.raw(connection, route, request, admission));
            }

            @Override
            void reject(RefusalCause cause, HttpRefusal refusal) {
                answer.refuse(cause, refusal);
            }
        };
        outcome.ask(request);
    }

    private void open(Phase session) {
        connection.open(session);
        // what came with the opening request is answered behind the greeting
        session.whenGreeted(() -> connection.unpause(Connection.BY_ADMISSION));
    }

    // ---- the transport's side

    @Override
    public void closeOutput() {
        parser.discard();
        connection.out().close();
    }

    @Override
    public void onDrained() {
        // nothing was asked for
    }

    @Override
    public void onEndOfInput() {
        answer.refused(RefusalCause.LEFT, 0, "the client left before its request was complete");
        connection.close();
    }

    @Override
    public void onTick() {
        if (rejected != null && loop.hasPassed(acceptedAt, 1)) {
            refuse(tooMany(rejected));
            return;
        }
        boolean overdue = decisionPending
                ? loop.hasPassed(decisionSince, loop.ticks().admission())
                : loop.hasPassed(acceptedAt, loop.ticks().head());
        if (!overdue) {
            return;
        }
        if (decisionPending) {
            answer.refuse(RefusalCause.APP_TOO_SLOW, new HttpRefusal(503, "The answer took too long."));
        } else if (parser.hasInput()) {
            answer.refuse(RefusalCause.TOO_SLOW, new HttpRefusal(408, "The request took too long."));
        } else {
            answer.refused(RefusalCause.TOO_SLOW, 0, "the client said nothing");
            connection.close();
        }
    }

    @Override
    public int heldBytes() {
        return parser.heldBytes();
    }

    @Override
    public void endForMemory(boolean deaf) {
        String why = "The server holds as much for its clients as it may.";
        if (deaf) {
            answer.refused(RefusalCause.MEMORY, 0, why);
        } else {
            answer.refuse(RefusalCause.MEMORY, new HttpRefusal(503, why));
        }
    }

    @Override
    public void onShutdown() {
        answer.refuse(RefusalCause.SHUTTING_DOWN, shuttingDown());
    }

    @Override
    public void onClosed(boolean wasClosed, @Nullable Throwable cause) {
        if (wasClosed) {
            return;
        }
        if (cause instanceof TlsFailure failure) {
            InetSocketAddress address = client == null ? connection.out().peer().address() : client;
            loop.server().listener().onTlsFailure(connection.number(), address, String.valueOf(failure.getMessage()));
        } else if (cause instanceof ProxyViolation violation) {
            answer.refused(RefusalCause.PROXY, 0, String.valueOf(violation.getMessage()));
        } else {
            answer.refused(RefusalCause.LEFT, 0, "the connection was lost before the opening handshake was done");
        }
    }

    private HandshakeRequest request(
            RequestHead head, String path, Map<String, String> parameters, @Nullable ForwardedClient found) {
        Peer peer = connection.out().peer();
        InetSocketAddress address = client == null ? peer.address() : client;
        return found == null
                ? HandshakeRequest.of(
                        head,
                        path,
                        parameters,
                        address,
                        peer.secure(),
                        forwarded,
                        connection.out().principal())
                // a certificate, if there is one, is the proxy's
                : HandshakeRequest.of(head, path, parameters, address, found.secure(), forwarded, null);
    }

    private Proxies proxies() {
        return loop.server().config().proxies();
    }
}
