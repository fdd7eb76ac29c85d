package io.hexsocket.core.session;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.handshake.HandshakeRequest;
import io.hexsocket.core.port.transport.Outbound;
import io.hexsocket.core.port.transport.Peer;
import io.hexsocket.core.protocol.ReceivedMessage;
import io.hexsocket.core.protocol.Utf8;
import io.hexsocket.core.routing.Member;
import io.hexsocket.core.routing.Route;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.Objects;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * A session, whatever its client speaks: callbacks, sends from any thread, names and audiences, deadlines, the end. What is on the
 * wire is its subclasses' business.
 *
 * <pre>
 *            we send a close frame                    the client's arrives, or a deadline passes
 *   OPEN ------------------------------> CLOSING ------------------------------------------------> CLOSED
 *     |                                                                                              ^
 *     +--- the client's close frame, a broken rule, a lost connection -------------------------------+
 * </pre>
 */
abstract class LiveSession extends Member implements Phase, Session, CallbackLane.Gate {

    /** RFC 6455 section 7.1; CONNECTING is {@link OpeningPhase}. Who closed first: see {@code sent} and {@code received}. */
    enum State {
        /** Messages go both ways. */
        OPEN,
        /** Our close frame is out; the client's is awaited, and what else it sends is ignored. */
        CLOSING,
        /** It is over; the listener has been told, or is about to be. */
        CLOSED
    }

    // Above this the client counts as slow and is not read from; below it, TCP's own buffers do the work
    private static final int HIGH_WATER_BYTES = 64 * 1024;

    final Connection connection;
    final Outbound out;
    private final Route route;
    /** Null once the app needs no headers, if it can be made again at any time. */
    private @Nullable HandshakeRequest request;

    private final Admission.Accept admission;
    private final @Nullable CallbackLane lane;
    private @Nullable Listener listener;
    private volatile State state = State.OPEN;
    /** The app has closed, or failed: it gets no message any more and sends none, though the loop may not know yet. */
    private volatile boolean ending;

    @Nullable CloseStatus sent;

    private @Nullable CloseStatus received;
    private volatile @Nullable Extras extras;

    /** Bytes written and read, modulo 2^32: only differences count. */
    int writtenBytes;

    int readBytes;
    private int activeAt;
    private boolean deadlineBegun;
    /** Of the output that waits for the client; null if none does. */
    private @Nullable Progress output;
    /** Of the frame that the client has begun; null if there is none. */
    private @Nullable Progress input;

    private boolean drainedRequested;
    private boolean drainedAwaited;
    private boolean cut;

    LiveSession(
            Connection connection, Outbound out, Route route, HandshakeRequest request, Admission.Accept admission) {
        this.connection = connection;
        this.out = out;
        this.route = route;
        this.request = request;
        this.admission = admission;
        this.activeAt = loop().tick();
        this.lane = route.options().executor() == null
                ? null
                : new CallbackLane(route.options().executor(), loop()::execute, this);
    }

    @Override
    public final InetSocketAddress client() {
        return requestKept().remoteAddress();
    }

    @Override
    public final void onForwarded() {
        throw new IllegalStateException("the peer of a session does not change");
    }

    // ---- what is on the wire

    /** Writes a message to the outbound. */
    abstract void writeMessage(boolean text, ByteBuffer payload);

    /** Writes the broadcast to the outbound and tells its length. */
    abstract int writeBroadcast(Broadcast message);

    /** What {@link #writeMessage} would write. */
    abstract byte[] encode(boolean text, ByteBuffer payload);

    /** Writes what {@link #encode} gave to another thread. */
    void writePosted(ByteBuffer message) {
        writtenBytes += message.remaining();
        if (lane == null && out instanceof PacedOutbound paced) {
            // the app answers on the loop: what comes from elsewhere, even in the middle of a callback, is no answer
            paced.writeInTurn(message);
        } else {
            out.write(message);
        }
    }

    /** Writes what ends the client's side of the story. */
    abstract void writeClose(CloseStatus status);

    /** Whether the end needs an answer of the client. */
    abstract boolean awaitsClose();

    /** Whether something has begun to arrive and is not complete. */
    abstract boolean isInsideFrame();

    /** Does what is due at a tick of an open session, but for the deadlines that all kinds have. */
    abstract void onOpenTick();

    /** Gives back what belongs to the loop. */
    abstract void release();

    // ---- the life of a session

    /** Tells the app; the answer to the opening request is written already. */
    final void start() {
        loop().join(this);
        loop().scope().population(route).incrementAndGet();
        if (admission.ident() != null) {
            enterIdent(admission.ident());
        }
        loop().scope().listener().onOpen(connection.number, this);
        call(0, () -> {
            listener = Objects.requireNonNull(route.app().onOpen(this), "onOpen returned no listener");
            if (!admission.keepHeaders()) {
                forgetHeaders(requestKept());
            }
        });
    }

    private void enterIdent(String ident) {
        LiveSession other = loop().scope().directory().find(Target.ident(ident));
        InetSocketAddress there = other == null ? null : other.request().remoteAddress();
        if (there != null
                && !Objects.equals(
                        there.getAddress(), requestKept().remoteAddress().getAddress())) {
            loop().scope().listener().onIdentShared(connection.number, this, ident, there);
        }
        loop().scope().directory().enterIdent(ident, this);
    }

    /** A message has arrived; true if the next one may be read. */
    final boolean deliver(Message message) {
        if (!isOpen()) {
            return connection.mayRead();
        }
        activeAt = loop().tick();
        PacedOutbound paced = out instanceof PacedOutbound front ? front : null;
        if (paced != null) {
            paced.onMessage();
        }
        if (lane == null) {
            if (paced != null) {
                paced.hold();
            }
            Listener target = listener;
            if (target != null) {
                try {
                    target.onMessage(this, message);
                } catch (OutOfMemoryError fatal) {
                    throw fatal;
                } catch (Throwable thrown) {
                    appFailed(thrown);
                }
            }
            if (paced != null) {
                paced.letGo();
            }
        } else {
            Message kept = message.copy();
            lane.addMessage(guarded(() -> tellWhileOpen(target -> target.onMessage(this, kept))), kept.size());
        }
        if (!loop().spendTurn() && connection.mayRead()) {
            connection.yieldTurn();
        }
        return connection.mayRead();
    }

    final void deliverPong(ByteBuffer payload) {
        if (state != State.OPEN) {
            return;
        }
        if (lane == null) {
            ByteBuffer shown = payload.slice();
            callWhileOpen(0, target -> target.onPong(this, shown));
            // An app that kept it sees it end here
            shown.limit(0);
        } else {
            ByteBuffer kept = Message.binary(payload).bytes();
            callWhileOpen(payload.remaining(), target -> target.onPong(this, kept));
        }
    }

    /** The client has closed, in order. */
    final void closedByClient(CloseStatus status) {
        received = status;
        beginDeadline();
        onceCaughtUp(() -> answerClose(status));
    }

    private void answerClose(CloseStatus status) {
        if (state == State.CLOSED) {
            return;
        }
        loop().openMail();
        boolean byServer = sent != null;
        if (!byServer) {
            // 5.5.1: "the endpoint typically echos the status code it received"
            sent = status.code() == CloseStatus.NO_CODE.code() ? status : new CloseStatus(status.code(), "");
            writeClose(sent);
        }
        finish(status, byServer, null);
        connection.close(out);
    }

    private void beginDeadline() {
        if (!deadlineBegun) {
            deadlineBegun = true;
            connection.beginEnd();
        }
    }

    /** Ends the session for a reason of ours: a broken rule, a limit, a deadline. Not inside a callback. */
    final void fail(CloseStatus status, @Nullable Throwable cause) {
        if (state == State.CLOSED) {
            return;
        }
        // what other threads were told is SENT, goes before
        loop().openMail();
        CloseStatus ours = sent;
        if (ours == null) {
            ours = status;
            sent = status;
            writeClose(status);
        }
        finish(ours, true, cause);
        connection.close(out);
    }

    private void finish(CloseStatus status, boolean byServer, @Nullable Throwable cause) {
        leave(State.CLOSED);
        release();
        if (cause != null) {
            callListener(0, target -> target.onError(this, cause));
        }
        callListener(0, target -> target.onClose(this, status));
        loop().scope().listener().onClose(connection.number, this, status, byServer, cause);
    }

    /** Goes to a state other than OPEN: no broadcast comes any more, and nobody finds the session by a name. */
    private void leave(State next) {
        boolean wasOpen = state == State.OPEN;
        state = next;
        if (!wasOpen) {
            return;
        }
        if (lane != null) {
            lane.forgetHeldBack();
        }
        loop().leave(this);
        loop().scope().population(route).decrementAndGet();
        if (admission.ident() != null) {
            loop().scope().directory().leaveIdent(admission.ident(), this);
        }
        Extras known = extras;
        if (known != null) {
            known.giveUp();
        }
    }

    // ---- callbacks

    @FunctionalInterface
    private interface Call {
        void run() throws Exception;
    }

    @FunctionalInterface
    private interface ListenerCall {
        void run(Listener target) throws Exception;
    }

    /** Calls unless the app, which may run elsewhere and be behind, has closed or failed by then. */
    private void callWhileOpen(int bytes, ListenerCall callback) {
        call(bytes, () -> tellWhileOpen(callback));
    }

    private void callListener(int bytes, ListenerCall callback) {
        call(bytes, () -> tell(callback));
    }

    private void tellWhileOpen(ListenerCall callback) throws Exception {
        if (!ending) {
            tell(callback);
        }
    }

    private void tell(ListenerCall callback) throws Exception {
        Listener target = listener;
        if (target != null) {
            callback.run(target);
        }
    }

    private void call(int bytes, Call callback) {
        Runnable guarded = guarded(callback);
        if (lane == null) {
            guarded.run();
        } else {
            lane.add(guarded, bytes);
        }
    }

    private Runnable guarded(Call callback) {
        return () -> {
            try {
                callback.run();
            } catch (Throwable thrown) {
                ending = true;
                if (!loop().isHere()) {
                    loop().execute(() -> appFailed(thrown));
                } else if (thrown instanceof OutOfMemoryError fatal) {
                    throw fatal;
                } else {
                    appFailed(thrown);
                }
            }
        };
    }

    /** Runs a task on the loop once all callbacks so far have returned. */
    private void onceCaughtUp(Runnable task) {
        if (lane != null && lane.isBusy()) {
            lane.addMessage(() -> loop().execute(task), 0);
        } else {
            task.run();
        }
    }

    private void appFailed(Throwable thrown) {
        ending = true;
        loop().scope().listener().onAppError(connection.number, this, thrown);
        fail(new CloseStatus(1011, "the app failed"), thrown);
    }

    @Override
    public final void onBehind() {
        connection.pause(Connection.BY_LANE);
    }

    @Override
    public final void onCaughtUp() {
        loop().execute(() -> {
            if (lane == null || !lane.isBehind()) {
                connection.unpause(Connection.BY_LANE);
            }
        });
    }

    @Override
    public final void onRefused(Throwable cause) {
        appFailed(cause);
    }

    // ---- the transport's side

    @Override
    public final void onDrained() {
        if (out instanceof PacedOutbound paced && paced.isWaiting()) {
            // the network has what it was given, which is not all that was written
            paced.requestDrained();
            return;
        }
        drainedRequested = false;
        connection.unpause(Connection.BY_QUEUE);
        onRoom();
        if (drainedAwaited && state == State.OPEN) {
            drainedAwaited = false;
            callWhileOpen(0, target -> target.onDrained(this));
        }
    }

    /** The queue is empty again. */
    void onRoom() {}

    @Override
    public final void onEndOfInput() {
        if (received != null) {
            // a client that has closed may well end its side; the answer is on its way
            return;
        }
        beginDeadline();
        onceCaughtUp(() -> {
            if (state == State.CLOSED) {
                return;
            }
            loop().openMail();
            endOfInput();
        });
    }

    /** What the end of the client's side means; what was sent before is written. */
    void endOfInput() {
        lost(new EOFException("the client ended the connection without a close frame"));
        connection.close(out);
    }

    final void finishInOrder(CloseStatus status, boolean byServer) {
        finish(status, byServer, null);
        connection.close(out);
    }

    @Override
    public final void onClosed(boolean wasClosing, @Nullable Throwable cause) {
        if (out instanceof PacedOutbound paced) {
            // what still waits goes nowhere
            paced.abort();
        }
        if (state == State.CLOSED) {
            return;
        }
        lost(cause == null ? new EOFException("the connection was lost") : cause);
    }

    /** The connection ended before the closing handshake did. That is no error once one side has closed: the client just did not wait. */
    private void lost(Throwable cause) {
        CloseStatus ours = sent;
        CloseStatus theirs = received;
        if (theirs != null) {
            finish(theirs, ours != null, null);
        } else if (ours != null) {
            finish(ours, true, null);
        } else {
            finish(CloseStatus.ABNORMAL, false, cause);
        }
    }

    @Override
    public final void onShutdown() {
        loop().openMail();
        closeHere(new CloseStatus(1001, "the server is shutting down"));
    }

    @Override
    public final void onTick() {
        if (deadlineBegun) {
            if (connection.isEndOverdue()) {
                endOverdue();
            }
            return;
        }
        if (!connection.mayRead()) {
            // who is not read from is not idle
            activeAt = loop().tick();
        }
        int idle = loop().ticks().idle();
        if (idle > 0 && loop().hasPassed(activeAt, idle)) {
            fail(new CloseStatus(1001, "nothing was said for too long"), null);
        } else if (isStalled()) {
            fail(new CloseStatus(1008, "the client reads too slowly"), null);
        } else if (isTooSlow()) {
            fail(new CloseStatus(1008, "a frame arrives too slowly"), null);
        } else {
            onOpenTick();
        }
    }

    private void endOverdue() {
        CloseStatus theirs = received;
        CloseStatus ours = sent;
        if (theirs != null) {
            // the app is behind; the client has waited for it long enough
            answerClose(theirs);
        } else if (ours != null) {
            // 7.1.1: the server closes the TCP connection first; a client that does not answer has had its time
            finish(ours, true, new IOException("the client did not finish the closing handshake"));
            connection.abort();
        } else {
            loop().openMail();
            endOfInput();
        }
    }

    private boolean isStalled() {
        if (connection.out.queuedBytes() == 0) {
            // nothing waits, or it waits because we pace it
            output = null;
            return false;
        }
        int sentBytes = writtenBytes - (int) out.queuedBytes();
        if (output == null) {
            output = new Progress(loop(), sentBytes);
        }
        return output.isTooSlow(loop(), sentBytes, loop().ticks().writeStall());
    }

    private boolean isTooSlow() {
        // what waits because we do not read is not the client's fault
        if (!isInsideFrame() || !connection.mayRead()) {
            input = null;
            return false;
        }
        if (input == null) {
            input = new Progress(loop(), readBytes);
        }
        return input.isTooSlow(loop(), readBytes, loop().ticks().slowFrame());
    }

    // ---- sending

    @Override
    public final SendResult send(Message message) {
        return send(message.isText(), ReceivedMessage.payload(message));
    }

    @Override
    public final SendResult send(String text) {
        return send(true, ByteBuffer.wrap(Utf8.encode(text)));
    }

    @Override
    public final SendResult send(ByteBuffer bytes) {
        return send(false, bytes.duplicate());
    }

    private SendResult send(boolean text, ByteBuffer payload) {
        if (!loop().isHere()) {
            return isOpen() ? post(encode(text, payload)) : SendResult.CLOSED;
        }
        loop().openMail();
        // the mail may have closed it
        if (!isOpen()) {
            return SendResult.CLOSED;
        }
        if (isQueueFull()) {
            awaitDrained();
            return SendResult.FULL;
        }
        activeAt = loop().tick();
        writeMessage(text, payload);
        return afterWrite();
    }

    /** Reads no more from a client that does not read, so that it cannot make us queue what it asks for. */
    private SendResult afterWrite() {
        if (out.queuedBytes() <= highWater()) {
            return SendResult.SENT;
        }
        connection.pause(Connection.BY_QUEUE);
        awaitDrained();
        return SendResult.QUEUEING;
    }

    final void awaitDrained() {
        drainedAwaited = true;
        requestDrained();
    }

    final void requestDrained() {
        if (!drainedRequested) {
            drainedRequested = true;
            out.requestDrained();
        }
    }

    /** Whether the client has been given what waits for it, and has left more of it than the limit. */
    private boolean isQueueFull() {
        int limit = loop().scope().limits().queuedBytes();
        if (out.queuedBytes() >= limit) {
            // what was written in this turn has not been offered to the network yet: that is not the client's fault
            out.flush();
        }
        return out.queuedBytes() >= limit;
    }

    final boolean isQueueHigh() {
        return out.queuedBytes() > highWater();
    }

    private int highWater() {
        return Math.min(HIGH_WATER_BYTES, loop().scope().limits().queuedBytes());
    }

    /** A message for an audience has come to this loop. */
    final void receive(Broadcast message) {
        if (state != State.OPEN || cut) {
            return;
        }
        if (isQueueFull()) {
            // not here: somebody's callback may be running, and ours must not nest in it
            cut = true;
            loop().execute(() -> fail(new CloseStatus(1008, "the client reads too slowly"), null));
            return;
        }
        activeAt = loop().tick();
        writtenBytes += writeBroadcast(message);
    }

    /** Takes a message from another thread. */
    final SendResult post(byte[] message) {
        Extras own = extras();
        long waiting = own.posted.get() + out.queuedBytes();
        if (waiting >= loop().scope().limits().queuedBytes()) {
            if (own.refused.compareAndSet(false, true)) {
                loop().post(() -> {
                    own.refused.set(false);
                    awaitDrained();
                });
            }
            return SendResult.FULL;
        }
        own.posted.addAndGet(message.length);
        boolean high = waiting + message.length > highWater();
        Runnable letter = () -> {
            own.posted.addAndGet(-message.length);
            takePosted(message, high);
        };
        if (!own.post(letter, this::isOpen)) {
            own.posted.addAndGet(-message.length);
            return SendResult.CLOSED;
        }
        return high ? SendResult.QUEUEING : SendResult.SENT;
    }

    private void takePosted(byte[] message, boolean drainPromised) {
        if (state != State.OPEN) {
            return;
        }
        activeAt = loop().tick();
        writePosted(ByteBuffer.wrap(message));
        if (isQueueHigh()) {
            connection.pause(Connection.BY_QUEUE);
            requestDrained();
        }
        if (drainPromised) {
            awaitDrained();
        }
    }

    @Override
    public final void close(CloseStatus status) {
        if (!CloseStatus.isSendable(status.code())) {
            // 7.4.1: 1005 and 1006 "MUST NOT be set as a status code in a Close control frame by an endpoint"
            throw new IllegalArgumentException("close code " + status.code() + " must not be sent");
        }
        ending = true;
        Extras known = extras;
        if (known != null) {
            // what another thread is told is SENT goes before the close frame
            known.awaitPosts();
        }
        onLoop(() -> closeHere(status));
    }

    private void closeHere(CloseStatus status) {
        if (state != State.OPEN) {
            return;
        }
        sent = status;
        leave(State.CLOSING);
        beginDeadline();
        writeClose(status);
        if (!awaitsClose()) {
            // not here: a callback may be running
            loop().execute(() -> {
                if (state != State.CLOSED) {
                    finishInOrder(status, true);
                }
            });
        }
        // whatever made us pause: the client's close frame is awaited now
        connection.unpause(Connection.BY_APP);
        connection.unpause(Connection.BY_QUEUE);
    }

    // ---- what the app asks for

    @Override
    public final String id() {
        return extras().id(() -> state == State.OPEN);
    }

    @Override
    public final boolean alias(String alias) {
        return !alias.isEmpty() && extras().alias(alias, this::isOpen);
    }

    @Override
    public final void subscribe(String topic) {
        Objects.requireNonNull(topic, "topic");
        onLoop(() -> {
            if (state == State.OPEN) {
                extras().subscribe(topic);
            }
        });
    }

    @Override
    public final void unsubscribe(String topic) {
        Objects.requireNonNull(topic, "topic");
        onLoop(() -> extras().unsubscribe(topic));
    }

    @Override
    public final void pause() {
        if (lane != null) {
            // at once: messages may wait for the app already
            lane.hold();
        }
        onLoop(() -> {
            if (state == State.OPEN) {
                if (lane != null) {
                    lane.hold();
                }
                connection.pause(Connection.BY_APP);
            }
        });
    }

    @Override
    public final void resume() {
        onLoop(() -> {
            if (lane != null && state == State.OPEN) {
                lane.letGo();
            }
            connection.unpause(Connection.BY_APP);
        });
    }

    private void onLoop(Runnable task) {
        if (loop().isHere()) {
            loop().openMail();
            task.run();
        } else {
            loop().post(task);
        }
    }

    @Override
    public final OpeningRequest request() {
        return requestKept();
    }

    private HandshakeRequest requestKept() {
        HandshakeRequest kept = request;
        return kept == null ? bareRequest() : kept;
    }

    private HandshakeRequest bareRequest() {
        Peer peer = connection.out.peer();
        return HandshakeRequest.bare(route.pattern(), peer.address(), peer.secure(), !awaitsClose());
    }

    private void forgetHeaders(HandshakeRequest whole) {
        // 96 bytes and more for each idle session
        request = whole.equalsButHeaders(bareRequest()) ? null : whole.withoutHeaders();
    }

    @Override
    public final @Nullable Principal principal() {
        Principal named = admission.principal();
        return named != null ? named : requestKept().principal();
    }

    @Override
    public final Hub hub() {
        return loop().scope().hub();
    }

    @Override
    public final ConcurrentMap<String, Object> attributes() {
        return extras().attributes;
    }

    @Override
    public final boolean isOpen() {
        return state == State.OPEN && !ending;
    }

    @Override
    public final long queuedBytes() {
        Extras known = extras;
        return out.queuedBytes() + (known == null ? 0 : known.posted.get());
    }

    @Override
    public final String toString() {
        return "#" + connection.number + " " + route.pattern();
    }

    final LoopSessions loop() {
        return connection.loop;
    }

    final State state() {
        return state;
    }

    final Route route() {
        return route;
    }

    final Admission.Accept admission() {
        return admission;
    }

    private Extras extras() {
        Extras known = extras;
        if (known == null) {
            synchronized (this) {
                known = extras;
                if (known == null) {
                    known = new Extras(this);
                    extras = known;
                }
            }
        }
        return known;
    }
}
