package io.hexsocket.core.session;

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
import io.hexsocket.core.port.host.HttpAnswer;
import io.hexsocket.core.port.host.HttpResponder;
import io.hexsocket.core.port.transport.Outbound;
import io.hexsocket.core.port.transport.Peer;
import io.hexsocket.core.port.transport.TlsFailure;
import io.hexsocket.core.protocol.CloseFrame;
import io.hexsocket.core.protocol.FrameWriter;
import io.hexsocket.core.protocol.Opcode;
import io.hexsocket.core.proxy.ForwardedClient;
import io.hexsocket.core.proxy.ProxyViolation;
import io.hexsocket.core.routing.Route;
import io.hexsocket.core.routing.Routes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection until it is a session (CONNECTING in RFC 6455): reads the head of the request and finds out who is to answer it. One
 * deadline, from accept on, stands over all of it.
 */
final class OpeningPhase implements Phase {

    // RFC 9110, 15.5.22: "The server MUST send an Upgrade header field in a 426 response"
    private static final HttpAnswer UPGRADE_REQUIRED = new HttpAnswer(
            426,
            "text/plain; charset=utf-8",
            Map.of("Upgrade", "websocket", "Sec-WebSocket-Version", "13"),
            "There is a WebSocket app at this path.\n".getBytes(StandardCharsets.UTF_8));

    private final Connection connection;
    private final LoopSessions loop;
    private final HeadParser parser;
    private final int acceptedAt;
    /** Whether the request is complete, and somebody thinks about the answer. */
    private boolean judged;
    /** Why nobody will look at the request, whatever it is. */
    private @Nullable String turnedAway;
    /** Where the client is; null as long as a proxy stands for it. */
    private @Nullable InetSocketAddress client;
    /** Whether there is a session: a stage that completes more than once opens no other. */
    private boolean entered;
    /** Whether a proxy has said where the client is. */
    private boolean forwarded;

    OpeningPhase(Connection connection) {
        this.connection = connection;
        this.loop = connection.loop;
        this.parser = new HeadParser(loop.scope().headLimits());
        this.acceptedAt = loop.tick();
        InetSocketAddress peer = connection.out.peer().address();
        this.client = proxies().trusts(peer.getAddress()) ? null : peer;
    }

    @Override
    public @Nullable InetSocketAddress client() {
        return client;
    }

    /** Refuses the connection before it has said anything; not here, since nothing is written before the transport has its Inbound. */
    void turnAway(String why) {
        turnedAway = why;
        loop.execute(() -> {
            if (connection.isClosing()) {
                return;
            }
            if (loop.scope().counts().isFarOver()) {
                refused(connection, 0, why);
                connection.abort();
            } else if (!mayBeRaw()) {
                refuse(new HttpRefusal(503, why));
            }
        });
    }

    @Override
    public void onForwarded() {
        forwarded = true;
        InetSocketAddress peer = connection.out.peer().address();
        loop.scope().listener().onForwarded(connection.number, peer);
        // one proxy may forward what another one has sent to it; the other one has a header for us
        String tooMany = proxies().trusts(peer.getAddress()) ? null : countBy(peer);
        if (tooMany != null && turnedAway == null) {
            turnAway(tooMany);
        }
    }

    /** Knows the client from now on; gives null, or why its connection is one too many. */
    private @Nullable String countBy(InetSocketAddress found) {
        String tooMany = loop.scope().counts().join(found.getAddress());
        client = found;
        return tooMany;
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        if (turnedAway != null) {
            onBytesOfOneTooMany(bytes, turnedAway);
            return;
        }
        if (judged) {
            return;
        }
        try {
            Opening opening = parser.parse(bytes);
            if (opening == null) {
                return;
            }
            judged = true;
            connection.pause(Connection.BY_ADMISSION);
            loop.execute(() -> judge(opening));
        } catch (HttpRefusal refusal) {
            bytes.position(bytes.limit());
            refuse(refusal);
        }
    }

    /** Waits until it is clear in which form the client will understand that it is one too many. */
    private void onBytesOfOneTooMany(ByteBuffer bytes, String why) {
        if (!connection.isClosing() && mayBeRaw()) {
            boolean isClear;
            try {
                isClear = parser.parse(bytes) != null || parser.isHttp();
            } catch (HttpRefusal neither) {
                isClear = true;
            }
            if (isClear) {
                refuse(new HttpRefusal(503, why));
            }
        }
        bytes.position(bytes.limit());
    }

    private boolean mayBeRaw() {
        return isRawAdmitted()
                && loop.scope().routes().all().stream()
                        .anyMatch(route -> route.options().rawTcp());
    }

    // what a proxy calls loopback is its own host, or a lie that it has been told
    private boolean isRawAdmitted() {
        InetAddress address = connection.out.peer().address().getAddress();
        return loop.scope().config().rawDoor().admits(address) && !(forwarded && address.isLoopbackAddress());
    }

    /**
     * Finds the answer. This is a task of the loop, not a part of reading: whoever has a session goes before those who want one, and the
     * JIT, which compiles all that a hot method calls in one piece, gets two pieces of half the size.
     */
    private void judge(Opening opening) {
        if (connection.isClosing()) {
            return;
        }
        try {
            if (opening instanceof RequestHead head) {
                onHead(head);
            } else if (opening instanceof RawHello hello) {
                onRawHello(hello);
            }
        } catch (HttpRefusal refusal) {
            refuse(refusal);
        } catch (RuntimeException | Error broken) {
            connection.abort();
            throw broken;
        }
    }

    private void onHead(RequestHead head) throws HttpRefusal {
        ForwardedClient found = findClient(head);
        if (loop.scope().isShutDown()) {
            throw new HttpRefusal(503, "The server is shutting down.");
        }
        UpgradeRequest upgrade = OpeningHandshake.check(head);
        if (upgrade == null) {
            answer(head, request(head, head.path(), Map.of(), found));
            return;
        }
        // 10.2: "Servers that are not intended to process input from any web page [...] SHOULD verify the |Origin|
        // field"
        boolean secure = found == null ? connection.out.peer().secure() : found.secure();
        loop.scope().origins().check(head, secure);
        Routes.Match match = loop.scope().routes().match(head.path());
        if (match == null) {
            onUnknownPath(upgrade);
            return;
        }
        Route route = match.route();
        String path = match.parameters().isEmpty() ? route.pattern() : head.path();
        HandshakeRequest request = request(head, path, match.parameters(), found);
        admit(route, request, new Door() {
            @Override
            public void open(Admission.Accept admission) {
                upgrade(route, request, upgrade, admission);
            }

            @Override
            public void shut(int status, String text) {
                refuse(new HttpRefusal(status, text));
            }
        });
    }

    /** Finds out where the client is; gives what the headers say of it, or null if they say nothing that counts. */
    private @Nullable ForwardedClient findClient(RequestHead head) throws HttpRefusal {
        if (client != null) {
            return null;
        }
        Peer peer = connection.out.peer();
        ForwardedClient found =
                ForwardedClient.find(proxies(), peer.address().getAddress(), peer.secure(), head::headers);
        if (found != null) {
            forwarded = true;
            loop.scope().listener().onForwarded(connection.number, found.address());
        }
        String tooMany = countBy(found == null ? peer.address() : found.address());
        if (tooMany != null) {
            throw new HttpRefusal(503, tooMany);
        }
        return found;
    }

    private void upgrade(Route route, HandshakeRequest request, UpgradeRequest upgrade, Admission.Accept admission) {
        String subprotocol = SubprotocolNegotiation.choose(route.options().subprotocols(), upgrade.subprotocols());
        PerMessageDeflate deflate = PerMessageDeflate.negotiate(
                upgrade.extensions(),
                route.options().compression(),
                loop.deflateStreams(),
                loop.scope().contextBudget());
        String extensions = deflate == null ? null : deflate.answer();
        write(connection, HandshakeResponse.switchingProtocols(upgrade.accept(), subprotocol, extensions));
        Outbound out = PacedOutbound.ifAsked(connection, admission);
        if (out != connection.out) {
            connection.out.flush();
        }
        enter(new WebSocketSession(connection, out, route, request, admission, subprotocol, deflate));
    }

    private void onUnknownPath(UpgradeRequest upgrade) throws HttpRefusal {
        String why = "There is no app at this path.";
        if (loop.scope().config().unknownPath() == UnknownPath.NOT_FOUND) {
            throw new HttpRefusal(404, why);
        }
        write(connection, HandshakeResponse.switchingProtocols(upgrade.accept(), null, null));
        write(connection, FrameWriter.frame(Opcode.TEXT, RawSession.closePacket(why)));
        byte[] close = CloseFrame.encode(new CloseStatus(1008, why));
        write(connection, FrameWriter.frame(Opcode.CLOSE, close));
        refused(connection, 101, why);
        connection.close();
    }

    private void onRawHello(RawHello hello) throws HttpRefusal {
        Peer peer = connection.out.peer();
        if (!isRawAdmitted()) {
            refused(connection, 0, "raw TCP is not open to this address");
            connection.close();
            return;
        }
        String tooMany = client == null ? countBy(peer.address()) : null;
        if (tooMany != null) {
            throw new HttpRefusal(503, tooMany);
        }
        Routes.Match match = loop.scope().routes().match(hello.path());
        if (match == null || !match.route().options().rawTcp()) {
            throw new HttpRefusal(404, "There is no app for raw TCP at this path.");
        }
        Route route = match.route();
        HandshakeRequest request = HandshakeRequest.of(
                hello,
                hello.path(),
                match.parameters(),
                peer.address(),
                peer.secure(),
                forwarded,
                connection.out.principal());
        admit(route, request, new Door() {
            @Override
            public void open(Admission.Accept admission) {
                enter(new RawSession(connection, route, request, admission));
            }

            @Override
            public void shut(int status, String text) {
                refuse(new HttpRefusal(status, text));
            }
        });
    }

    // ---- the app's word

    /** How an admission is carried out. */
    private interface Door {
        void open(Admission.Accept admission);

        void shut(int status, String text);
    }

    private void admit(Route route, HandshakeRequest request, Door door) {
        Admission admission;
        try {
            admission = route.app().onRequest(request);
        } catch (OutOfMemoryError fatal) {
            throw fatal;
        } catch (Throwable thrown) {
            shutOnFailure(door, thrown);
            return;
        }
        if (admission instanceof Admission.Later later) {
            admitLater(later, door);
        } else {
            carryOut(door, admission);
        }
    }

    private void admitLater(Admission.Later later, Door door) {
        try {
            later.answer()
                    .whenComplete((answer, thrown) -> loop.execute(() -> {
                        if (connection.isClosing() || entered) {
                            return;
                        }
                        if (thrown != null) {
                            shutOnFailure(door, thrown);
                        } else {
                            carryOut(door, answer);
                        }
                    }));
        } catch (OutOfMemoryError fatal) {
            throw fatal;
        } catch (Throwable thrown) {
            shutOnFailure(door, thrown);
        }
    }

    private void carryOut(Door door, @Nullable Admission admission) {
        if (admission instanceof Admission.Accept accept) {
            if (loop.scope().isShutDown()) {
                door.shut(503, "The server is shutting down.");
            } else {
                door.open(accept);
            }
        } else if (admission instanceof Admission.Reject reject) {
            door.shut(reject.status(), reject.text());
        } else {
            shutOnFailure(door, new IllegalStateException("the app answered an opening request with " + admission));
        }
    }

    private void shutOnFailure(Door door, Throwable thrown) {
        loop.scope().listener().onAdmissionError(connection.number, thrown);
        door.shut(500, "The app failed.");
    }

    private void enter(LiveSession session) {
        entered = true;
        connection.enter(session);
        session.start();
        if (session.out instanceof PacedOutbound paced) {
            // what came with the opening request is answered behind the greeting
            paced.afterFirstRest(() -> connection.unpause(Connection.BY_ADMISSION));
        } else {
            connection.unpause(Connection.BY_ADMISSION);
        }
    }

    // ---- plain HTTP

    private void answer(RequestHead head, HandshakeRequest request) throws HttpRefusal {
        HttpResponder responder = loop.scope().config().responder();
        try {
            if (request.method().equals("POST") && !responder.acceptsPost(request.path())) {
                throw HttpRefusal.methodNotAllowed();
            }
            if (head.hasContent()) {
                throw HttpRefusal.content();
            }
            responder
                    .respond(request)
                    .whenComplete((whole, thrown) -> loop.execute(() -> {
                        if (!connection.isClosing()) {
                            write(request, whole, thrown);
                        }
                    }));
        } catch (HttpRefusal | OutOfMemoryError notItsFault) {
            throw notItsFault;
        } catch (Throwable thrown) {
            write(request, null, thrown);
        }
    }

    private void write(HandshakeRequest request, @Nullable HttpAnswer answer, @Nullable Throwable thrown) {
        int status = 500;
        try {
            if (answer == null) {
                throw thrown == null ? new NullPointerException("the responder gave no answer") : thrown;
            }
            if (answer.status() == 404
                    && !request.method().equals("POST")
                    && loop.scope().routes().match(request.path()) != null) {
                answer = UPGRADE_REQUIRED;
            }
            writeResponse(bytes(answer));
            status = answer.status();
        } catch (Throwable failed) {
            // a failed answer, or one with a header that cannot be sent
            loop.scope().listener().onAdmissionError(connection.number, failed);
            writeResponse(bytes(HttpAnswer.text(status, "The server failed.")));
        }
        loop.scope().listener().onHttp(connection.number, request.path(), status);
        connection.close();
    }

    private static byte[] bytes(HttpAnswer answer) {
        List<HeaderField> headers = answer.headers().entrySet().stream()
                .map(header -> new HeaderField(header.getKey(), header.getValue()))
                .toList();
        return HandshakeResponse.answer(answer.status(), answer.contentType(), headers, answer.body());
    }

    // ---- the transport's side

    @Override
    public void onDrained() {
        // nothing was asked for
    }

    @Override
    public void onEndOfInput() {
        refused(connection, 0, "the client left before its request was complete");
        connection.close();
    }

    @Override
    public void onTick() {
        if (turnedAway != null && loop.hasPassed(acceptedAt, 1)) {
            refuse(new HttpRefusal(503, turnedAway));
            return;
        }
        if (!loop.hasPassed(acceptedAt, loop.ticks().head())) {
            return;
        }
        if (judged) {
            refuse(new HttpRefusal(503, "The answer took too long."));
        } else if (parser.hasInput()) {
            refuse(new HttpRefusal(408, "The request took too long."));
        } else {
            refused(connection, 0, "the client said nothing");
            connection.close();
        }
    }

    @Override
    public void onShutdown() {
        refuse(new HttpRefusal(503, "The server is shutting down."));
    }

    @Override
    public void onClosed(boolean wasClosing, @Nullable Throwable cause) {
        if (wasClosing) {
            return;
        }
        if (cause instanceof TlsFailure failure) {
            InetSocketAddress address = client == null ? connection.out.peer().address() : client;
            loop.scope().listener().onTlsFailure(connection.number, address, String.valueOf(failure.getMessage()));
        } else if (cause instanceof ProxyViolation violation) {
            refused(connection, 0, String.valueOf(violation.getMessage()));
        } else {
            refused(connection, 0, "the connection was lost before the opening handshake was done");
        }
    }

    private void refuse(HttpRefusal refusal) {
        boolean isSilent = refusal.isSilent() || parser.isRaw() && !isRawAdmitted();
        refused(connection, isSilent ? 0 : refusal.status(), refusal.text());
        if (isSilent) {
            // whoever does not speak HTTP, or may not speak anything else, need not learn more
        } else if (parser.isRaw()) {
            connection.out.write(RawSession.closePacket(refusal.text()));
        } else {
            writeResponse(HandshakeResponse.refusal(refusal));
        }
        connection.close();
    }

    private void writeResponse(byte[] response) {
        write(connection, parser.isHead() ? HandshakeResponse.withoutContent(response) : response);
    }

    private static void refused(Connection connection, int status, String why) {
        InetSocketAddress client = connection.client();
        connection
                .loop
                .scope()
                .listener()
                .onRefused(
                        connection.number,
                        client == null ? connection.out.peer().address() : client,
                        status,
                        why);
    }

    private static void write(Connection connection, byte[] bytes) {
        connection.out.write(ByteBuffer.wrap(bytes));
    }

    private HandshakeRequest request(
            RequestHead head, String path, Map<String, String> parameters, @Nullable ForwardedClient found) {
        Peer peer = connection.out.peer();
        InetSocketAddress address = client == null ? peer.address() : client;
        return found == null
                ? HandshakeRequest.of(
                        head, path, parameters, address, peer.secure(), forwarded, connection.out.principal())
                // a certificate, if there is one, is the proxy's
                : HandshakeRequest.of(head, path, parameters, address, found.secure(), forwarded, null);
    }

    private Proxies proxies() {
        return loop.scope().config().proxies();
    }
}
