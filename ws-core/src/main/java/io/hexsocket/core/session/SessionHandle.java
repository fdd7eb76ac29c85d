package io.hexsocket.core.session;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.SlowReaders;
import io.hexsocket.apps.message.MessageView;
import io.hexsocket.core.connection.Connection;
import io.hexsocket.core.connection.LoopState;
import io.hexsocket.core.connection.State;
import io.hexsocket.core.handshake.HandshakeRequest;
import io.hexsocket.core.port.transport.Peer;
import io.hexsocket.core.protocol.Opcode;
import io.hexsocket.core.protocol.Utf8;
import io.hexsocket.core.routing.Route;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The session that an app has: what any thread may call. Whatever is the loop's business goes through its {@link SessionSide}. */
final class SessionHandle implements Session {

    private static final int MAX_CONTROL_PAYLOAD = 125;

    private final Connection connection;
    private final LoopApp app;
    private final Admission.Accept admission;
    private final @Nullable String subprotocol;
    /** Null once the app needs no headers, if it can be made again at any time. */
    private @Nullable HandshakeRequest request;

    @SuppressWarnings("NullAway.Init") // belongsTo() follows at once
    private SessionSide<LoopSession> loopSide;

    private volatile @Nullable OnDemand onDemand;

    SessionHandle(
            Connection connection,
            LoopApp app,
            HandshakeRequest request,
            Admission.Accept admission,
            @Nullable String subprotocol) {
        this.connection = connection;
        this.app = app;
        this.request = request;
        this.admission = admission;
        this.subprotocol = subprotocol;
    }

    /** Its session, once and before an app knows it. */
    void belongsTo(SessionSide<LoopSession> side) {
        loopSide = side;
    }

    // ---- sending

    @Override
    public SendResult send(Message message) {
        int opcode = message.isText() ? Opcode.TEXT : Opcode.BINARY;
        if (loopSide.isHere()) {
            return loopSide.enter().send(opcode, MessageView.payload(message), message.key(), null);
        }
        return isOpen() ? post(opcode, MessageView.array(message), message.key(), null) : SendResult.CLOSED;
    }

    @Override
    public SendResult send(String text) {
        byte[] utf8 = Utf8.encode(text);
        if (loopSide.isHere()) {
            return loopSide.enter().send(Opcode.TEXT, ByteBuffer.wrap(utf8), null, null);
        }
        return isOpen() ? post(Opcode.TEXT, utf8, null, null) : SendResult.CLOSED;
    }

    @Override
    public SendResult send(ByteBuffer bytes) {
        if (loopSide.isHere()) {
            return loopSide.enter().send(Opcode.BINARY, bytes.duplicate(), null, null);
        }
        return isOpen() ? post(Opcode.BINARY, copyOf(bytes), null, null) : SendResult.CLOSED;
    }

    @Override
    public CompletionStage<SendResult> sendAsync(Message message) {
        int opcode = message.isText() ? Opcode.TEXT : Opcode.BINARY;
        CompletableFuture<SendResult> answer = new CompletableFuture<>();
        if (loopSide.isHere()) {
            loopSide.enter().send(opcode, MessageView.payload(message), message.key(), answer);
            return answer;
        }
        SendResult result =
                isOpen() ? post(opcode, MessageView.array(message), message.key(), answer) : SendResult.CLOSED;
        if (!result.accepted()) {
            answer.complete(result);
        }
        return answer;
    }

    @Override
    public SendResult ping(ByteBuffer payload) {
        if (!loopSide.frames().isFramed()) {
            // there is no ping without WebSocket; TCP finds out by itself
            return isOpen() ? SendResult.SENT : SendResult.CLOSED;
        }
        if (payload.remaining() > MAX_CONTROL_PAYLOAD) {
            throw new IllegalArgumentException("a ping has " + MAX_CONTROL_PAYLOAD + " bytes at most, not "
                    + payload.remaining() + " (RFC 6455 section 5.5)");
        }
        if (loopSide.isHere()) {
            return loopSide.enter().sendControl(Opcode.PING, payload.duplicate());
        }
        return isOpen() ? post(Opcode.PING, copyOf(payload), null, null) : SendResult.CLOSED;
    }

    /**
     * Sends from another thread, to be encoded on the loop.
     *
     * @param payload never to be changed
     * @param key what it is the latest value of, or null
     * @param told who awaits it, or null
     */
    SendResult post(int opcode, byte[] payload, @Nullable String key, @Nullable CompletableFuture<SendResult> told) {
        PostedSends sends = posted();
        FrameOut frames = loopSide.frames();
        SlowReader slow = loopSide.slowReader();
        boolean droppable = SlowReader.mayDrop(route(), key) && !Opcode.isControl(opcode) && !connection.isAnswered();
        long waiting = sends.bytes() + frames.queuedBytes(connection);
        // what may be dropped makes room for itself, but the loop has to come to it
        long counts = droppable
                ? sends.bytes()
                : slow == null ? waiting : waiting + slow.messages().keptWeight();
        if (counts >= loop().server().queueLimit(route()) || loop().backlog().isFull()) {
            if (sends.refuse()) {
                loopSide.post(session -> {
                    sends.refusalSeen();
                    session.awaitDrained();
                });
            }
            return SendResult.FULL;
        }
        if (droppable && slow != null && slow.messages().isFull(waiting, true) && dropsNew()) {
            if (sends.drop()) {
                loopSide.post(session -> session.countDropped(sends.takeDropped()));
            }
            return SendResult.DROPPED;
        }
        int length = frames.wireBytes(payload.length);
        boolean high = slow != null && slow.messages().bytes() > 0
                || waiting + length > Sender.highWatermark(connection, route());
        boolean taken = sends.post(
                length,
                this::isOpen,
                () -> loopSide.post(
                        session -> {
                            sends.taken(length);
                            session.takePosted(opcode, ByteBuffer.wrap(payload), key, droppable, high, told);
                        },
                        length));
        return !taken ? SendResult.CLOSED : high ? SendResult.QUEUEING : SendResult.SENT;
    }

    private boolean dropsNew() {
        return route().options().slowReaders() == SlowReaders.DROP_NEW;
    }

    private static byte[] copyOf(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return copy;
    }

    /** What other threads have sent and the loop has not written yet, in bytes. */
    int postedBytes() {
        PostedSends sends = postedIfAny();
        return sends == null ? 0 : (int) Math.min(sends.bytes(), Integer.MAX_VALUE / 4);
    }

    @Override
    public long queuedBytes() {
        PostedSends sends = postedIfAny();
        SlowReader slow = loopSide.slowReader();
        return loopSide.frames().queuedBytes(connection)
                + (slow == null ? 0 : slow.messages().bytes())
                + (sends == null ? 0 : sends.bytes());
    }

    @Override
    public long dropped() {
        SlowReader slow = loopSide.slowReader();
        return slow == null ? 0 : slow.messages().dropped();
    }

    // ---- reading and closing

    @Override
    public void pause() {
        // at once: messages may wait for the app already
        loopSide.holdMessages();
        loopSide.run(LoopSession::pause);
    }

    @Override
    public void resume() {
        loopSide.run(LoopSession::resume);
    }

    @Override
    public boolean isOpen() {
        return connection.state() == State.OPEN;
    }

    @Override
    public void close(CloseStatus status) {
        if (!CloseStatus.isSendable(status.code())) {
            // 7.4.1: 1005 and 1006 "MUST NOT be set as a status code in a Close control frame by an endpoint"
            throw new IllegalArgumentException("close code " + status.code() + " must not be sent");
        }
        loopSide.stopMessages();
        posted().end(connection::beginClosing);
        loopSide.run(session -> session.close(status));
    }

    @Override
    public @Nullable Instant expiresAt() {
        OnDemand asked = onDemand;
        OnDemand.Renewal renewed = asked == null ? null : asked.renewal;
        return renewed == null ? admission.expiresAt() : renewed.end();
    }

    @Override
    public void expiresAt(@Nullable Instant end) {
        onDemand().renewal = new OnDemand.Renewal(end);
        loopSide.run(session -> session.expiresAt(end));
    }

    // ---- names and topics

    @Override
    public String id() {
        return loopSide.registration().id();
    }

    @Override
    public @Nullable String ident() {
        return admission.ident();
    }

    @Override
    public boolean alias(String alias) {
        return !alias.isEmpty() && loopSide.registration().alias(alias);
    }

    @Override
    public boolean subscribe(String topic) {
        Objects.requireNonNull(topic, "topic");
        if (loopSide.isHere()) {
            LoopSession session = loopSide.enter();
            return session.mayWrite() && session.registration().subscribe(topic);
        }
        if (!isOpen() || !loopSide.registration().reserve(topic)) {
            return false;
        }
        loopSide.post(session -> {
            session.registration().endReservation();
            if (session.mayWrite()) {
                session.registration().subscribe(topic);
            }
        });
        return true;
    }

    @Override
    public void unsubscribe(String topic) {
        Objects.requireNonNull(topic, "topic");
        loopSide.run(session -> session.registration().unsubscribe(topic));
    }

    @Override
    public Hub hub() {
        return app.hub().hub();
    }

    // ---- who it is

    @Override
    public long number() {
        return connection.number();
    }

    @Override
    public OpeningRequest request() {
        return handshakeRequest();
    }

    HandshakeRequest handshakeRequest() {
        HandshakeRequest whole = request;
        return whole == null ? bareRequest() : whole;
    }

    private HandshakeRequest bareRequest() {
        Peer peer = connection.out().peer();
        return HandshakeRequest.bare(
                route().pattern(),
                peer.address(),
                peer.secure(),
                !loopSide.frames().isFramed());
    }

    /** The app has opened the session, and needs the headers of its request no more, unless it has said so. */
    void forgetHeaders() {
        if (!admission.keepHeaders()) {
            HandshakeRequest whole = handshakeRequest();
            // 96 bytes and more for each idle session
            request = whole.equalsButHeaders(bareRequest()) ? null : whole.withoutHeaders();
        }
    }

    @Override
    public @Nullable Principal principal() {
        Principal named = admission.principal();
        return named != null ? named : handshakeRequest().principal();
    }

    @Override
    public @Nullable String subprotocol() {
        return subprotocol;
    }

    LoopApp app() {
        return app;
    }

    private Route route() {
        return app.route();
    }

    Admission.Accept admission() {
        return admission;
    }

    @Override
    public String toString() {
        return "#" + connection.number() + " " + route().pattern();
    }

    // ---- what most sessions never need

    @Override
    public ConcurrentMap<String, Object> attributes() {
        OnDemand asked = onDemand();
        ConcurrentMap<String, Object> known = asked.attributes;
        if (known == null) {
            synchronized (asked) {
                known = asked.attributes;
                if (known == null) {
                    known = new ConcurrentHashMap<>();
                    known.putAll(admission.attributes());
                    asked.attributes = known;
                }
            }
        }
        return known;
    }

    private PostedSends posted() {
        OnDemand asked = onDemand();
        PostedSends known = asked.posted;
        if (known == null) {
            synchronized (asked) {
                known = asked.posted;
                if (known == null) {
                    known = new PostedSends();
                    asked.posted = known;
                }
            }
        }
        return known;
    }

    private @Nullable PostedSends postedIfAny() {
        OnDemand asked = onDemand;
        return asked == null ? null : asked.posted;
    }

    private OnDemand onDemand() {
        OnDemand known = onDemand;
        if (known == null) {
            // not this: an app may have it for a lock
            synchronized (connection) {
                known = onDemand;
                if (known == null) {
                    known = new OnDemand();
                    onDemand = known;
                }
            }
        }
        return known;
    }

    private LoopState loop() {
        return connection.loop();
    }
}
