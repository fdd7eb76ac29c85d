package io.hexsocket.core.transport;

import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.port.transport.TlsFailure;
import io.hexsocket.core.tls.FirstByte;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.Principal;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The engine of one TLS connection, from the first byte to the end of the handshake and what is like it afterwards.
 *
 * <pre>
 *   AWAITING_HELLO ──first byte──► HANDSHAKING ◄──delegated task──► DELEGATED
 *                                       │
 *                                       ▼
 *                                    SECURE
 * </pre>
 */
final class TlsHandshake {

    private enum Step {
        /** Not a byte has come; there is no engine yet. */
        AWAITING_HELLO,
        /** The handshake waits for the peer, or for the wire. */
        HANDSHAKING,
        /** Another thread runs delegated tasks of the handshake: the engine is its own. */
        DELEGATED,
        /** The handshake is done. */
        SECURE
    }

    private final LayerHost link;
    private final EventLoop loop;
    private final TlsSetup setup;
    private final HandshakeTurns turns;
    private final TlsOutput output;
    private final Wire wire;
    private final Runnable readOn;
    private final long acceptedAtNanos;
    private Step step = Step.AWAITING_HELLO;
    private @Nullable SSLEngine engine;
    /** Whether reading waits until the engine's own output is sent. */
    private boolean awaitingRoom;
    /** Whether input waits until the loop has a turn for it. */
    private boolean awaitingTurn;

    /**
     * Begins to measure the time.
     *
     * @param readOn is called, on the event loop and in a stack of its own, when {@link #isBusy()} has come to its end
     */
    TlsHandshake(LayerHost link, EventLoop loop, TlsBuffers buffers, TlsOutput output, Wire wire, Runnable readOn) {
        this.link = link;
        this.loop = loop;
        this.setup = buffers.setup();
        this.turns = buffers.turns();
        this.output = output;
        this.wire = wire;
        this.readOn = readOn;
        this.acceptedAtNanos = loop.nanoTime();
        loop.executeLater(this::onDeadline, setup.handshake().toNanos());
    }

    private void onDeadline() {
        if (step != Step.SECURE && link.isGoing()) {
            link.closeSoon(TlsFailure.late(step == Step.AWAITING_HELLO, setup.handshake()));
        }
    }

    /** Looks at the very first byte: whether it is TLS at all. If not, the end has begun. */
    boolean begin(byte first) throws SSLException {
        switch (FirstByte.of(first)) {
            case TLS -> {
                SSLEngine fresh = setup.engines().get();
                engine = fresh;
                step = Step.HANDSHAKING;
                fresh.beginHandshake();
                return true;
            }
            case HTTP -> {
                answer(FirstByte.answerToHttp());
                link.endBroken(TlsFailure.plainHttp());
            }
            case UNKNOWN -> link.closeSoon(TlsFailure.notTls());
        }
        return false;
    }

    private void answer(ByteBuffer text) {
        try {
            wire.write(text);
        } catch (IOException gone) {
            // the peer is gone
        }
    }

    boolean hasBegun() {
        return engine != null;
    }

    boolean isSecure() {
        return step == Step.SECURE;
    }

    /** Whether no input can be used at the moment. */
    boolean isBusy() {
        return awaitingRoom || awaitingTurn || step == Step.DELEGATED;
    }

    /** Other handshakes of the loop have their turn. */
    void awaitTurn() {
        awaitingTurn = true;
        link.markDirty();
    }

    void endAwaitTurn() {
        awaitingTurn = false;
    }

    /** The connection is closed. What tells this object of its deadline knows it for some seconds, and engines are large. */
    void forgetEngine() {
        engine = null;
    }

    SSLEngine engine() {
        SSLEngine begun = engine;
        if (begun == null) {
            throw new IllegalStateException("the handshake has not begun");
        }
        return begun;
    }

    /** The engine, if there is one and no other thread has it. */
    @Nullable SSLEngine ownEngine() {
        return step == Step.DELEGATED ? null : engine;
    }

    /** Does what the engine asks for, but for input; false if that takes its time, and input has to wait. */
    boolean advance(HandshakeStatus asked) throws IOException {
        SSLEngine asking = engine();
        HandshakeStatus status = asked;
        while (true) {
            switch (status) {
                case NEED_TASK -> {
                    delegate(asking);
                    return false;
                }
                case NEED_WRAP -> {
                    if (!output.sendOwn(asking)) {
                        awaitingRoom = true;
                        link.markDirty();
                        return false;
                    }
                    if (asking.isOutboundDone()) {
                        throw new SSLException("the engine has given up");
                    }
                    status = asking.getHandshakeStatus();
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    if (step != Step.SECURE) {
                        becomeSecure(asking);
                    }
                    status = asking.getHandshakeStatus();
                    if (status == HandshakeStatus.NOT_HANDSHAKING) {
                        return true;
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    return true;
                }
            }
        }
    }

    private void becomeSecure(SSLEngine done) throws SSLException {
        // "NOT_HANDSHAKING" is also what an engine says that has not begun
        if (done.getSession().getProtocol().equals("NONE")) {
            throw new SSLException("the engine has given up the handshake");
        }
        step = Step.SECURE;
        SSLSession agreed = done.getSession();
        link.onSecured(agreed.getProtocol(), agreed.getCipherSuite(), loop.nanoTime() - acceptedAtNanos);
        link.onWritable();
    }

    /** Has delegated tasks run on another thread. Until that is done, the engine is not touched here. */
    private void delegate(SSLEngine asking) {
        step = Step.DELEGATED;
        link.markDirty();
        setup.offload().execute(() -> {
            Throwable failure = runDelegated(asking);
            Runnable step = () -> onDelegatedDone(failure);
            // on a loop that is late, what was done meanwhile would come at once
            loop.execute(() -> {
                if (turns.take(step)) {
                    step.run();
                }
            });
        });
    }

    /** On another thread. */
    private @Nullable Throwable runDelegated(SSLEngine asking) {
        try {
            for (Runnable task = asking.getDelegatedTask(); task != null; task = asking.getDelegatedTask()) {
                // under a flood, clients that were waited for in vain must not cost the others their turn
                if (wire.isOpen()) {
                    task.run();
                }
            }
            return null;
        } catch (RuntimeException | Error failed) {
            return failed;
        }
    }

    private void onDelegatedDone(@Nullable Throwable failed) {
        step = Step.HANDSHAKING;
        if (failed != null) {
            link.fail(failed);
        } else {
            readOn.run();
        }
    }

    /** The turn ends: if the engine's own output is sent, reading goes on. */
    void endTurn() {
        if (awaitingRoom && !output.isBlocked()) {
            awaitingRoom = false;
            loop.execute(readOn);
        }
    }

    /** Whom the peer's certificate names; null if it has shown none, or not yet. */
    @Nullable Principal principal() {
        SSLEngine done = engine;
        if (step != Step.SECURE || done == null || !(done.getWantClientAuth() || done.getNeedClientAuth())) {
            return null;
        }
        try {
            return done.getSession().getPeerPrincipal();
        } catch (SSLPeerUnverifiedException anonymous) {
            return null;
        }
    }

    /** The peer has left before the handshake was over. */
    TlsFailure gone() {
        return TlsFailure.gone(step == Step.AWAITING_HELLO);
    }

    /** What has broken the connection, as the core is to be told it. */
    Throwable translated(Throwable reason) {
        return step == Step.SECURE || reason instanceof TlsFailure
                ? reason
                : new TlsFailure(String.valueOf(reason.getMessage()));
    }
}
