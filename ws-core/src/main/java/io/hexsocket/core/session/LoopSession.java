package io.hexsocket.core.session;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.message.NotText;
import io.hexsocket.core.connection.AppTraffic;
import io.hexsocket.core.connection.Backlog;
import io.hexsocket.core.connection.Connection;
import io.hexsocket.core.connection.Drain;
import io.hexsocket.core.connection.State;
import io.hexsocket.core.port.host.SessionEnd;
import io.hexsocket.core.routing.Route;
import java.io.EOFException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The loop's side of a session, whatever its client speaks: its beginning, deadlines, memory and end. What is on the wire is its
 * subclasses' business, what is read {@link Reader}'s, what is written {@link Sender}'s, how it ends {@link Closing}'s. On the event loop,
 * unless it says otherwise.
 */
abstract class LoopSession extends Reader implements SessionSide<LoopSession> {

    private static final CloseStatus OUT_OF_ROOM =
            new CloseStatus(1013, "the server holds as much for its clients as it may");
    private static final CloseStatus SERVICE_RESTART = new CloseStatus(1012, "the server restarts");

    private final SessionHandle handle;
    private @Nullable Listener listener;
    /** Null as long as neither side has closed. */
    private @Nullable Closing closing;
    /** Null as long as the client has begun nothing that it has not finished. */
    private @Nullable Unfinished unfinished;
    /** Null as long as nothing but itself ends the session. */
    private @Nullable Lifetime lifetime;

    private final long openedAtNanos;

    LoopSession(SessionHandle handle, Connection connection, FrameOut frames) {
        super(handle.app().route().options().executor(), connection, frames);
        this.handle = handle;
        handle.belongsTo(this);
        this.openedAtNanos = connection.loop().nanoTime();
    }

    // ---- what is on the wire

    /** Writes what ends the client's side of the story. */
    abstract void writeClose(CloseStatus status);

    /** Whether the end needs an answer of the client. */
    abstract boolean awaitsClose();

    /** Whether something has begun to arrive and is not complete. */
    abstract boolean isInsideFrame();

    /** Whether a message has begun to arrive and is not complete. */
    abstract boolean isInsideMessage();

    /** What is kept of what has begun to arrive, and of answers to it, in bytes. */
    abstract int readerBytes();

    /** Does what is due at a tick of an open session, but for the deadlines that all kinds have. */
    abstract void onOpenTick();

    /** Gives back what belongs to the loop. */
    abstract void release();

    /** The queue is empty again. */
    void onRoom() {}

    // ---- the way in from any thread

    @Override
    public final boolean isHere() {
        return loop().isHere();
    }

    @Override
    public final LoopSession enter() {
        loop().drainMailbox();
        hub().catchUp(this);
        return this;
    }

    @Override
    public final void post(Consumer<LoopSession> operation) {
        post(operation, 0);
    }

    @Override
    public final void post(Consumer<LoopSession> operation, int bytes) {
        int weight = bytes + Backlog.DELIVERY;
        loop().post(() -> runPosted(operation, weight), weight);
    }

    private void runPosted(Consumer<LoopSession> operation, int weight) {
        try {
            hub().catchUp(this);
            operation.accept(this);
        } finally {
            loop().backlog().done(weight);
        }
    }

    @Override
    public final void holdMessages() {
        callbacks.holdMessages();
    }

    @Override
    public final void stopMessages() {
        callbacks.stop();
    }

    @Override
    public final FrameOut frames() {
        return frameOut();
    }

    // ---- who it is, any thread

    @Override
    public final Session session() {
        return handle;
    }

    @Override
    public final long number() {
        return connection.number();
    }

    @Override
    public final Route route() {
        return handle.app().route();
    }

    @Override
    public final @Nullable String ident() {
        return handle.admission().ident();
    }

    @Override
    final AppTraffic traffic() {
        return handle.app().traffic();
    }

    @Override
    final SessionHub hub() {
        return handle.app().hub();
    }

    final boolean keepsAlive() {
        return handle.admission().keepAlive();
    }

    @Override
    public final void whenGreeted(Runnable task) {
        frameOut().whenGreeted(task);
    }

    @Override
    public final InetSocketAddress client() {
        return handle.handshakeRequest().remoteAddress();
    }

    // ---- what arrives

    @Override
    public final void onEntered() {
        lifetime = Lifetime.of(loop(), connection.number(), handle.expiresAt());
        hub().join(this);
        loop().server().listener().onOpen(connection.number(), handle);
        callbacks.call(this, 0, () -> {
            listener = Objects.requireNonNull(route().app().onOpen(handle), "onOpen returned no listener");
            handle.forgetHeaders();
        });
    }

    @Override
    public final void onForwarded() {
        throw new IllegalStateException("the peer of a session does not change");
    }

    /** The client has closed, in order. */
    final void deliverClose(CloseStatus status) {
        closing().receive(status);
        callbacks.onceCaughtUp(() -> closing().answer(status));
    }

    @Override
    public final void onDrained() {
        if (frameOut().isWaiting()) {
            // the network has what it was given, which is not all that was written
            frameOut().requestDrained(connection);
            return;
        }
        if (writeNextWaiting()) {
            return;
        }
        boolean awaited = drained();
        connection.unpause(Connection.BY_QUEUE);
        onRoom();
        tellDropped();
        if (awaited) {
            callbacks.callWhileOpen(this, 0, target -> target.onDrained(handle));
        }
    }

    @Override
    public final void onEndOfInput() {
        if (closing != null && closing.hasReceived()) {
            // a client that has closed may well end its side; the answer is on its way
            return;
        }
        connection.beginEnd();
        callbacks.onceCaughtUp(() -> closing().endOfInput());
    }

    @Override
    public final void onTick() {
        tellReached();
        tellDropped();
        if (connection.isEnding()) {
            if (connection.isEndOverdue()) {
                closing().overdue();
            }
            return;
        }
        CloseStatus due = lifetime == null ? null : lifetime.due();
        if (due != null) {
            close(due);
            return;
        }
        if (!connection.mayRead()) {
            // a client whose reads are paused is not idle
            markActive();
        }
        int idle = loop().server().idle(route());
        if (idle > 0 && loop().hasPassed(activeAt(), idle)) {
            fail(new CloseStatus(1001, "nothing was said for too long"));
            return;
        }
        if (isStalled()) {
            fail(new CloseStatus(1008, "the client reads too slowly"));
            return;
        }
        CloseStatus late = unfinishedTooLong();
        if (late != null) {
            fail(late);
        } else {
            onOpenTick();
        }
    }

    private @Nullable CloseStatus unfinishedTooLong() {
        // what waits because we do not read is not the client's fault
        boolean reads = connection.mayRead();
        boolean inFrame = reads && isInsideFrame();
        boolean inMessage = reads && isInsideMessage();
        int kept = reads && listener != null ? listener.heldBytes() : 0;
        if (!inFrame && !inMessage && kept == 0) {
            unfinished = null;
            return null;
        }
        if (unfinished == null) {
            unfinished = new Unfinished();
        }
        return unfinished.due(loop(), (int) readBytes(), inFrame, inMessage, kept);
    }

    // ---- memory

    @Override
    public final int heldBytes() {
        Listener app = listener;
        SlowReader slow = slowReader();
        return readerBytes()
                + callbacks.heldBytes()
                + frameOut().heldBytes()
                + (slow == null ? 0 : slow.heldBytes())
                + handle.postedBytes()
                // an app that is told of its end has its time to forget
                + (app == null || connection.isClosed() ? 0 : app.heldBytes());
    }

    @Override
    public final void endForMemory(boolean deaf) {
        callbacks.stop();
        if (deaf) {
            closing().dropped(OUT_OF_ROOM);
        } else {
            fail(OUT_OF_ROOM);
        }
    }

    // ---- what the app asks for

    final void expiresAt(@Nullable Instant end) {
        if (lifetime != null) {
            lifetime.expiresAt(end);
        } else {
            lifetime = Lifetime.of(loop(), connection.number(), end);
        }
    }

    /** Closes in order: what was sent so far goes out before the close frame. */
    final void close(CloseStatus status) {
        closing().close(status);
    }

    final void pause() {
        if (connection.state() == State.OPEN) {
            callbacks.holdMessages();
            connection.pause(Connection.BY_APP);
        }
    }

    final void resume() {
        if (connection.state() == State.OPEN) {
            callbacks.releaseMessages();
        }
        connection.unpause(Connection.BY_APP);
    }

    @Override
    final boolean answersFromElsewhere() {
        return !callbacks.areInline();
    }

    // ---- the end

    @Override
    final boolean mayWrite() {
        return !connection.isClosed() && (closing == null || !closing.hasSent());
    }

    @Override
    final void fail(CloseStatus status) {
        fail(status, null);
    }

    final void fail(CloseStatus status, @Nullable Throwable cause) {
        Closing failing = closing();
        forgetWaiting();
        failing.fail(status, cause);
    }

    /** What ends it. What other threads were told is SENT goes before. */
    private Closing closing() {
        return enter().closingAsItIs();
    }

    private Closing closingAsItIs() {
        if (closing == null) {
            closing = new Closing(this);
        }
        return closing;
    }

    @Override
    public final void onShutdown() {
        close(new CloseStatus(1001, "the server is shutting down"));
    }

    @Override
    public final void onDrain(Drain drain) {
        if (!drain.isDue(number()) || connection.isEnding()) {
            return;
        }
        Duration reconnectIn = drain.reconnectIn(number());
        callbacks.callWhileOpen(this, 0, target -> target.onServiceRestart(handle, reconnectIn));
        callbacks.onceCaughtUp(() -> close(SERVICE_RESTART));
    }

    @Override
    public final void closeOutput() {
        frameOut().close(connection);
    }

    @Override
    public final void onClosed(boolean wasClosed, @Nullable Throwable cause) {
        frameOut().abandon();
        forgetWaiting();
        abandonAwaited();
        if (!wasClosed && isEvicted()) {
            closingAsItIs().dropped(OUT_OF_ROOM);
        } else if (!wasClosed) {
            // nothing can be written any more
            closingAsItIs().lost(cause == null ? new EOFException("the connection was lost") : cause);
        }
    }

    /** Says goodbye, behind what waits for the client. */
    final void sayClose(CloseStatus status) {
        hub().catchUp(this);
        writeAllWaiting();
        writeClose(status);
    }

    /** Tells of messages that were dropped since it was last told. Not inside a callback. */
    private void tellDropped() {
        SlowReader slow = slowReader();
        int messages = slow == null ? 0 : slow.messages().takeUntold();
        if (messages > 0) {
            callbacks.callListener(this, target -> target.onDropped(handle, messages));
            loop().server().listener().onDropped(connection.number(), handle, messages);
        }
    }

    /** No message comes any more, and no name leads to it. */
    final void leave() {
        callbacks.forgetHeldBack();
        hub().leave(this);
    }

    /** Tells the app and the host that it is over. */
    final void tellEnd(CloseStatus status, boolean byServer, @Nullable Throwable cause) {
        tellDropped();
        if (cause != null) {
            callbacks.callListener(this, target -> target.onError(handle, cause));
        }
        callbacks.callListener(this, target -> target.onClose(handle, status));
        Registration names = registrationIfAny();
        SessionEnd end = new SessionEnd(
                names == null ? null : names.idIfAny(),
                status,
                byServer,
                cause,
                Duration.ofNanos(Math.max(0, loop().nanoTime() - openedAtNanos)),
                readMessages(),
                readBytes(),
                writtenMessages(),
                writtenBytes());
        loop().server().listener().onClose(connection.number(), handle, end);
    }

    @Override
    public final @Nullable Listener listener() {
        return listener;
    }

    @Override
    public final long nanoTime() {
        return loop().nanoTime();
    }

    @Override
    public final void onTimed(long nanos) {
        if (isHere()) {
            traffic().callbackTook(nanos);
        } else {
            loop().execute(() -> traffic().callbackTook(nanos));
        }
    }

    @Override
    public final void onAppFailed(Throwable thrown) {
        callbacks.stop();
        connection.beginClosing();
        if (thrown instanceof NotText) {
            fail(new CloseStatus(1003, "binary messages are not taken here"), thrown);
            return;
        }
        loop().server().listener().onAppError(connection.number(), handle, thrown);
        fail(new CloseStatus(1011, "the app failed"), thrown);
    }
}
