package io.hexsocket.core.transport;

import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.port.transport.TlsFailure;
import io.hexsocket.core.tls.Greeting;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.Principal;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * TLS between a connection and its wire. What comes is decrypted, all of one read in a piece; what is written is encrypted when the
 * wire can take it, and not before, so that what waits is plain text, and counted as such. Before the handshake is over, everything
 * waits.
 *
 * <pre>
 *   AWAITING_HELLO ──first byte──► HANDSHAKING ◄──delegated task──► DELEGATED
 *                                       │
 *                                       ▼
 *                                    SECURE
 * </pre>
 */
final class TlsLayer implements Wire, Receiver {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

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
    private final TlsBuffers buffers;
    private final Wire wire;
    private final TlsOutput output;
    private final PartialRecord partial;
    private Step step = Step.AWAITING_HELLO;
    private @Nullable SSLEngine engine;
    /** Whether reading waits until the engine's own output is sent. */
    private boolean awaitingRoom;
    /** Whether whole records wait, for which nothing more has to come. */
    private boolean stalled;
    /** Whether nothing more comes than what waits here. */
    private boolean streamEnded;
    /** Whether our close_notify is out, or as good as. */
    private boolean closeNotifySent;

    TlsLayer(LayerHost link, EventLoop loop, TlsBuffers buffers, Wire wire) {
        this.link = link;
        this.loop = loop;
        this.buffers = buffers;
        this.wire = wire;
        this.output = new TlsOutput(link, buffers, wire);
        this.partial = new PartialRecord(buffers);
        loop.executeLater(this::onHandshakeDeadline, buffers.setup().handshake().toNanos());
    }

    @Override
    public @Nullable Principal principal() {
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

    // ---- reading

    @Override
    public boolean wantsBytes() {
        if (link.isLingering()) {
            return link.wantsBytes();
        }
        if (awaitingRoom || step == Step.DELEGATED) {
            return false;
        }
        // a peer that has been told to go gets the answer only if the handshake goes on
        return step == Step.SECURE ? link.wantsBytes() : !link.hasInputEnded() && link.isGoing();
    }

    @Override
    public int readLimit() {
        if (step == Step.SECURE) {
            return Math.min(LinkLoop.READ_BYTES, partial.room());
        }
        // what waits while others run delegated tasks stays in the kernel
        return Math.max(1, RecordPool.RECORD_BYTES - partial.length());
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        if (link.isGoing() && (engine != null || begin(bytes.get(bytes.position())))) {
            decrypt(partial.with(bytes));
        }
    }

    /** Looks at the very first byte: whether it is TLS at all. */
    private boolean begin(byte first) {
        switch (Greeting.of(first)) {
            case TLS -> {
                SSLEngine fresh = buffers.setup().engines().get();
                engine = fresh;
                step = Step.HANDSHAKING;
                try {
                    fresh.beginHandshake();
                    return true;
                } catch (SSLException unable) {
                    fail(unable);
                }
            }
            case HTTP -> {
                try {
                    wire.write(Greeting.answerToHttp());
                } catch (IOException gone) {
                    // there is nobody to be told
                }
                link.endBroken(TlsFailure.plainHttp());
            }
            case UNKNOWN -> link.closeSoon(TlsFailure.notTls());
        }
        return false;
    }

    private void decrypt(ByteBuffer in) {
        Progress progress = Progress.PAUSED;
        IOException broken = null;
        do {
            ByteBuffer out = buffers.decrypted();
            try {
                progress = decrypt(engine(), in, out);
            } catch (IOException failed) {
                broken = failed;
            }
            if (out.position() > 0 && link.isOpen()) {
                link.onBytes(out.flip());
            }
        } while (broken == null && progress == Progress.FULL);
        if (broken != null) {
            partial.drop();
            fail(broken);
            return;
        }
        if (link.isGoing()) {
            partial.keep(in);
        } else {
            partial.drop();
        }
        stalled = partial.length() > 0 && progress == Progress.PAUSED;
        if (progress == Progress.ENDED && link.isGoing()) {
            link.onEndOfStream();
        } else if (streamEnded && !stalled) {
            onEndOfStream();
        }
    }

    private enum Progress {
        /** The rest of the bytes is no whole record. */
        STARVED,
        /** There is no room for what comes out. */
        FULL,
        /** No bytes are wanted at the moment. */
        PAUSED,
        /** The peer has ended its side. */
        ENDED
    }

    /** Decrypts what can be decrypted, and does what the engine asks for meanwhile. */
    private Progress decrypt(SSLEngine from, ByteBuffer in, ByteBuffer out) throws IOException {
        boolean grown = false;
        while (in.hasRemaining()) {
            if (!wantsBytes()) {
                return Progress.PAUSED;
            }
            if (out.remaining() < RecordPool.RECORD_BYTES) {
                return Progress.FULL;
            }
            int before = in.position();
            int emptyAt = out.position();
            SSLEngineResult result = from.unwrap(in, buffers.targets(), 0, 1);
            if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
                // an engine answers so as well to a record that is whole, but longer than it has seen before
                if (!isWhole(in)) {
                    return Progress.STARVED;
                }
                if (grown) {
                    throw new SSLException("a record that is longer than records may be");
                }
                grown = true;
                continue;
            }
            grown = false;
            if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                throw new SSLException("more comes out of a record than was in it");
            }
            if (result.getStatus() == Status.CLOSED) {
                return Progress.ENDED;
            }
            HandshakeStatus asked = result.getHandshakeStatus();
            boolean idle = asked == HandshakeStatus.NEED_UNWRAP || asked == HandshakeStatus.NOT_HANDSHAKING;
            if (!advance(from, asked)) {
                return Progress.PAUSED;
            }
            if (idle && in.position() == before && out.position() == emptyAt) {
                return Progress.STARVED;
            }
        }
        return Progress.STARVED;
    }

    private static boolean isWhole(ByteBuffer in) {
        int header = 5;
        return in.remaining() >= header && in.remaining() >= header + (in.getShort(in.position() + 3) & 0xFFFF);
    }

    /** Goes on with what was read before. In a stack of its own: the loop's buffers are in use in others. */
    private void readOn() {
        if (!link.isGoing()) {
            return;
        }
        try {
            if (advance(engine(), engine().getHandshakeStatus()) && wantsBytes() && partial.length() > 0) {
                decrypt(partial.with(NOTHING));
            }
        } catch (IOException failed) {
            fail(failed);
        } catch (Throwable failed) {
            link.fail(failed);
        }
        link.markDirty();
    }

    @Override
    public void onEndOfStream() {
        if (!link.isGoing() || link.hasInputEnded()) {
            link.onEndOfStream();
        } else if (stalled) {
            // the close_notify may be among what waits
            streamEnded = true;
        } else if (step == Step.SECURE) {
            // RFC 8446 6.1: without a close_notify, "the data received may have been truncated"
            link.closeSoon(new EOFException("the client has gone without a close_notify"));
        } else {
            link.closeSoon(TlsFailure.gone(step == Step.AWAITING_HELLO));
        }
    }

    @Override
    public void onLost(Throwable cause) {
        link.onLost(translated(cause));
    }

    // ---- the handshake

    /** Does what the engine asks for, but for input; false if that takes its time, and input has to wait. */
    private boolean advance(SSLEngine asking, HandshakeStatus asked) throws IOException {
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

    /** Has delegated tasks run on another thread. Until that is done, the engine is not touched here. */
    private void delegate(SSLEngine asking) {
        step = Step.DELEGATED;
        link.markDirty();
        buffers.setup().offload().execute(() -> {
            Throwable failure = runDelegated(asking);
            loop.execute(() -> onDelegatedDone(failure));
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
            readOn();
        }
    }

    private void becomeSecure(SSLEngine done) throws SSLException {
        // "NOT_HANDSHAKING" is also what an engine says that has not begun
        if (done.getSession().getProtocol().equals("NONE")) {
            throw new SSLException("the engine has given up the handshake");
        }
        step = Step.SECURE;
        link.onWritable();
    }

    private void onHandshakeDeadline() {
        if (step != Step.SECURE && link.isGoing()) {
            link.closeSoon(
                    TlsFailure.late(step == Step.AWAITING_HELLO, buffers.setup().handshake()));
        }
    }

    // ---- writing

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        try {
            return (int) write(buffers.source(bytes), 0, 1);
        } finally {
            buffers.releaseSource();
        }
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        return step == Step.SECURE ? output.write(engine(), sources, offset, length) : 0;
    }

    @Override
    public void onWritable() {
        try {
            output.sendUnsent();
        } catch (IOException lost) {
            onLost(lost);
        }
    }

    @Override
    public void listen(boolean forBytes, boolean forRoom) {
        if (awaitingRoom && !output.isBlocked()) {
            awaitingRoom = false;
            loop.execute(this::readOn);
        } else if (stalled && forBytes && wantsBytes()) {
            loop.execute(this::readOn);
        }
        wire.listen(wantsBytes(), output.isBlocked());
    }

    // ---- the end

    @Override
    public void finish() {
        if (closeNotifySent) {
            return;
        }
        closeNotifySent = true;
        if (engine != null && step != Step.DELEGATED) {
            engine.closeOutbound();
            try {
                output.sendOwn(engine);
            } catch (IOException lost) {
                // a peer that has gone already does not miss it
                link.closeSoon(link.hasInputEnded() ? null : translated(lost));
            }
        }
    }

    /** Ends the connection for a fault in TLS, which the peer is told. */
    private void fail(IOException fault) {
        if (!link.isGoing()) {
            return;
        }
        if (engine != null && step != Step.DELEGATED) {
            try {
                output.sendOwn(engine);
            } catch (IOException again) {
                // one more call, since an engine may throw what it has found before it says so to the peer
                sendAlert(engine);
            }
        }
        link.endBroken(translated(fault));
    }

    private void sendAlert(SSLEngine speaker) {
        try {
            output.sendOwn(speaker);
        } catch (IOException gone) {
            // there is nobody to be told
        }
    }

    private Throwable translated(Throwable reason) {
        return step == Step.SECURE || reason instanceof TlsFailure
                ? reason
                : new TlsFailure(String.valueOf(reason.getMessage()));
    }

    @Override
    public void dropOutput() {
        output.drop();
    }

    @Override
    public void close() {
        partial.drop();
        wire.close();
    }

    // ---- what the wire does

    @Override
    public void attach(Receiver receiver) {
        wire.attach(receiver);
    }

    @Override
    public void shutdownOutput() throws IOException {
        wire.shutdownOutput();
    }

    @Override
    public void resetOnClose() {
        wire.resetOnClose();
    }

    @Override
    public boolean isOpen() {
        return wire.isOpen();
    }

    private SSLEngine engine() {
        SSLEngine begun = engine;
        if (begun == null) {
            throw new IllegalStateException("the handshake has not begun");
        }
        return begun;
    }
}
