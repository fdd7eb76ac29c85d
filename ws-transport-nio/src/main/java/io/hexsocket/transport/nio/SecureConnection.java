package io.hexsocket.transport.nio;

import io.hexsocket.core.port.transport.LoopInbound;
import io.hexsocket.core.port.transport.TlsFailure;
import io.hexsocket.core.proxy.ProxyViolation;
import io.hexsocket.core.tls.Greeting;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.security.Principal;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket under TLS on its event loop. What is read is decrypted, all of one read in a piece; what is written is encrypted when the
 * socket can take it, and not before, so that what waits is plain text, and counted as such. Before the handshake is over, everything
 * waits.
 *
 * <pre>
 *   SILENT ──first byte──► SHAKING ◄──────────► WORKING
 *                             │      sums
 *                             ▼
 *                          SECURE
 * </pre>
 */
final class SecureConnection extends NioConnection {

    private static final Logger log = LoggerFactory.getLogger(SecureConnection.class);

    private static final int RECORD_HEADER_BYTES = 5;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private enum Step {
        /** Not a byte has come; there is no engine yet. */
        SILENT,
        /** The handshake waits for the peer, or for the socket. */
        SHAKING,
        /** Another thread does the sums of the handshake: the engine is its own. */
        WORKING,
        /** The handshake is done. */
        SECURE
    }

    private final NioLoop loop;
    private final LoopTls tls;
    private Step step = Step.SILENT;
    private @Nullable SSLEngine engine;
    /** What was read and cannot be decrypted yet, from 0 to its limit: as a rule, the beginning of a record. */
    private @Nullable ByteBuffer rest;
    /** What is encrypted and was not taken by the socket. */
    private @Nullable WriteQueue unsent;
    /** Whether reading waits until the engine's own output is sent. */
    private boolean held;
    /** Whether our close_notify is out, or as good as. */
    private boolean tookLeave;

    SecureConnection(NioLoop loop, LoopTls tls, InetSocketAddress address, SelectionKey key) {
        super(loop, address, key);
        this.loop = loop;
        this.tls = tls;
    }

    @Override
    void begin(LoopInbound core) {
        loop.executeLater(this::onHandshakeDeadline, tls.shared().handshake().toNanos());
        super.begin(core);
    }

    @Override
    boolean isSecure() {
        return true;
    }

    @Override
    public @Nullable Principal principal() {
        SSLEngine shaken = engine;
        if (step != Step.SECURE || shaken == null || !(shaken.getWantClientAuth() || shaken.getNeedClientAuth())) {
            return null;
        }
        try {
            return shaken.getSession().getPeerPrincipal();
        } catch (SSLPeerUnverifiedException anonymous) {
            return null;
        }
    }

    // ---- reading

    @Override
    boolean wantsInput() {
        if (stage() == Stage.LINGERING) {
            return super.wantsInput();
        }
        if (held || step == Step.WORKING) {
            return false;
        }
        // who has been told to go gets the answer only if the handshake goes on
        return step == Step.SECURE ? super.wantsInput() : !hasInputEnded() && isGoing();
    }

    private boolean isGoing() {
        return stage() == Stage.OPEN || stage() == Stage.CLOSING;
    }

    @Override
    int receive(ByteBuffer buffer) throws IOException {
        if (stage() != Stage.LINGERING) {
            if (step != Step.SECURE) {
                // what waits while others do the sums stays in the kernel
                buffer.limit(Rests.RECORD_BYTES);
            }
            putRest(buffer);
        }
        return super.receive(buffer);
    }

    private void putRest(ByteBuffer buffer) {
        if (rest != null) {
            buffer.put(0, rest, 0, rest.limit()).position(rest.limit());
        }
    }

    @Override
    void onInput(ByteBuffer bytes) {
        if (engine == null && !begin(bytes.get(bytes.position()))) {
            return;
        }
        decrypt(bytes);
    }

    /** Looks at the very first byte: whether it is TLS at all. */
    private boolean begin(byte first) {
        switch (Greeting.of(first)) {
            case TLS -> {
                SSLEngine fresh = tls.shared().newEngine();
                engine = fresh;
                step = Step.SHAKING;
                try {
                    fresh.beginHandshake();
                    return true;
                } catch (SSLException unable) {
                    fail(unable);
                }
            }
            case HTTP -> {
                try {
                    channel().write(Greeting.answerToHttp());
                } catch (IOException gone) {
                    log.trace("nobody to be told", gone);
                }
                endBroken(TlsFailure.plainHttp());
            }
            case UNKNOWN -> doom(TlsFailure.notTls());
        }
        return false;
    }

    private void decrypt(ByteBuffer read) {
        ByteBuffer in = tls.arrived(read);
        ByteBuffer out = tls.opened();
        boolean ended = false;
        IOException broken = null;
        try {
            ended = decrypt(engine(), in, out);
            keepRest(in);
        } catch (IOException failed) {
            dropRest();
            broken = failed;
        }
        if (out.position() > 0 && stage() == Stage.OPEN) {
            inbound().onBytes(out.flip());
        }
        if (broken != null) {
            fail(broken);
        } else if (ended && isGoing()) {
            endInput();
        }
    }

    /** Decrypts what can be decrypted, and does what the engine asks for meanwhile; tells whether the peer has ended its side. */
    private boolean decrypt(SSLEngine from, ByteBuffer in, ByteBuffer out) throws IOException {
        boolean grown = false;
        while (in.hasRemaining() && wantsInput()) {
            int before = in.position();
            int emptyAt = out.position();
            SSLEngineResult result = from.unwrap(in, tls.targets(), 0, 1);
            if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
                // an engine answers so as well to a record that is whole, but longer than it has seen before
                if (!isWhole(in)) {
                    return false;
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
                return true;
            }
            HandshakeStatus asked = result.getHandshakeStatus();
            boolean idle = asked == HandshakeStatus.NEED_UNWRAP || asked == HandshakeStatus.NOT_HANDSHAKING;
            if (!advance(from, asked) || idle && in.position() == before && out.position() == emptyAt) {
                return false;
            }
        }
        return false;
    }

    private static boolean isWhole(ByteBuffer in) {
        return in.remaining() >= RECORD_HEADER_BYTES
                && in.remaining() >= RECORD_HEADER_BYTES + (in.getShort(in.position() + 3) & 0xFFFF);
    }

    private void keepRest(ByteBuffer in) {
        int length = in.remaining();
        if (length == 0 || !isGoing()) {
            dropRest();
            return;
        }
        ByteBuffer keeper = rest;
        if (keeper == null || !Rests.fits(keeper, length)) {
            dropRest();
            keeper = tls.rests().take(length);
            rest = keeper;
        }
        keeper.clear().put(in).flip();
    }

    private void dropRest() {
        if (rest != null) {
            tls.rests().release(rest);
            rest = null;
        }
    }

    /** Goes on with what was read before. In a stack of its own: the loop's buffers are in use in others. */
    private void readOn() {
        if (!isGoing()) {
            return;
        }
        try {
            ByteBuffer in = loop.readBuffer();
            putRest(in);
            if (advance(engine(), engine().getHandshakeStatus())
                    && wantsInput()
                    && in.flip().hasRemaining()) {
                decrypt(in);
            }
        } catch (IOException failed) {
            fail(failed);
        } catch (Throwable failed) {
            onBroken(failed);
            throw failed;
        }
        unsettle();
    }

    @Override
    public void resumeReads() {
        super.resumeReads();
        if (rest != null) {
            loop.execute(this::readOn);
        }
    }

    @Override
    void onEndOfStream() {
        if (stage() != Stage.OPEN && stage() != Stage.CLOSING) {
            endInput();
        } else if (step == Step.SECURE) {
            // RFC 8446 6.1: without a close_notify, "the data received may have been truncated"
            doom(new EOFException("the client has gone without a close_notify"));
        } else {
            doom(TlsFailure.gone(step == Step.SILENT));
        }
    }

    // ---- the handshake

    /** Does what the engine asks for, but for input; false if that takes its time, and input has to wait. */
    private boolean advance(SSLEngine asking, HandshakeStatus asked) throws IOException {
        HandshakeStatus status = asked;
        while (true) {
            switch (status) {
                case NEED_TASK -> {
                    work(asking);
                    return false;
                }
                case NEED_WRAP -> {
                    if (!sendOwn(asking)) {
                        held = true;
                        unsettle();
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

    /** Has the sums done on another thread. Until it is back, the engine is not touched here. */
    private void work(SSLEngine asking) {
        step = Step.WORKING;
        unsettle();
        tls.shared().doAside(() -> {
            Throwable thrown = null;
            try {
                for (Runnable sums = asking.getDelegatedTask(); sums != null; sums = asking.getDelegatedTask()) {
                    // under a flood, those who were waited for in vain must not cost the others their turn
                    if (channel().isOpen()) {
                        sums.run();
                    }
                }
            } catch (RuntimeException | Error failed) {
                thrown = failed;
            }
            Throwable failure = thrown;
            loop.execute(() -> worked(failure));
        });
    }

    private void worked(@Nullable Throwable failed) {
        step = Step.SHAKING;
        if (failed != null) {
            log.error("a TLS handshake failed on an error of the server", failed);
            onBroken(failed);
        } else {
            readOn();
        }
    }

    private void becomeSecure(SSLEngine shaken) throws SSLException {
        // "NOT_HANDSHAKING" is also what an engine says that has not begun
        if (shaken.getSession().getProtocol().equals("NONE")) {
            throw new SSLException("the engine has given up the handshake");
        }
        step = Step.SECURE;
        onWritable();
    }

    private void onHandshakeDeadline() {
        if (step != Step.SECURE && isGoing()) {
            doom(TlsFailure.late(step == Step.SILENT, tls.shared().handshake()));
        }
    }

    // ---- writing

    @Override
    int transmit(ByteBuffer bytes) throws IOException {
        return (int) tls.seal(this, bytes, null);
    }

    @Override
    long transmit(ByteBuffer head, ByteBuffer body) throws IOException {
        return tls.seal(this, head, body);
    }

    @Override
    long transmit(WriteQueue waiting) throws IOException {
        return tls.seal(this, waiting);
    }

    @Override
    boolean isBlocked() {
        return unsent != null;
    }

    @Override
    public void flush() {
        if (unsent != null && !isFull() && isGoing()) {
            try {
                sendUnsent();
            } catch (IOException lost) {
                doom(lost);
            }
        }
        super.flush();
    }

    /** Encrypts and sends as much as the socket takes; tells how many bytes of the sources that was. */
    long seal(ByteBuffer[] sources, int offset, int length) throws IOException {
        if (step != Step.SECURE || !sendUnsent()) {
            return 0;
        }
        SSLEngine by = engine();
        long all = 0;
        ByteBuffer out = tls.sealed();
        int last = offset + length - 1;
        while (sources[last].hasRemaining()) {
            SSLEngineResult result = by.wrap(sources, offset, length, out);
            all += result.bytesConsumed();
            if (result.getStatus() == Status.CLOSED) {
                // RFC 5246 7.2.1: who gets a close_notify discards "any pending writes"
                throw new SSLException("the client has ended the connection for both sides");
            }
            if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                if (!makeRoom(out)) {
                    return all;
                }
            } else if (result.bytesProduced() == 0) {
                throw new SSLException("the engine does not encrypt any more: " + result);
            }
        }
        send(out);
        return all;
    }

    /** Sends what the engine has to say by itself; false if some of it waits for the socket. */
    private boolean sendOwn(SSLEngine speaker) throws IOException {
        if (!sendUnsent()) {
            return false;
        }
        ByteBuffer out = tls.sealed();
        SSLEngineResult result;
        do {
            result = speaker.wrap(NOTHING, out);
            if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                if (!makeRoom(out)) {
                    return false;
                }
            } else if (result.bytesProduced() == 0) {
                break;
            }
        } while (result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
        return send(out);
    }

    private boolean makeRoom(ByteBuffer out) throws IOException {
        if (out.position() == 0) {
            throw new SSLException("a record of more than " + out.capacity() + " bytes");
        }
        return send(out);
    }

    /** Sends what has been encrypted, and keeps what the socket does not take; whether that is nothing. The buffer is empty again. */
    private boolean send(ByteBuffer encrypted) throws IOException {
        ByteBuffer outgoing = tls.outgoing(encrypted.flip());
        encrypted.clear();
        if (outgoing.hasRemaining()) {
            channel().write(outgoing);
        }
        boolean taken = !outgoing.hasRemaining();
        if (!taken) {
            addQueued(outgoing.remaining());
            unsent = new WriteQueue(tls.chunks());
            unsent.append(outgoing);
            unsettle();
        }
        return taken;
    }

    /** Sends what waits encrypted; whether nothing of it is left. */
    private boolean sendUnsent() throws IOException {
        if (unsent == null) {
            return true;
        }
        addQueued(-(int) unsent.writeTo(channel()));
        if (!unsent.isEmpty()) {
            return false;
        }
        unsent = null;
        if (isFull()) {
            // the selector is not going to say so any more
            onWritable();
        }
        if (held) {
            held = false;
            loop.execute(this::readOn);
        }
        return true;
    }

    // ---- the end

    @Override
    void endOutput() {
        if (!tookLeave) {
            tookLeave = true;
            takeLeave();
            if (unsent != null || stage() != Stage.CLOSING) {
                return;
            }
        }
        super.endOutput();
    }

    private void takeLeave() {
        if (engine == null || step == Step.WORKING) {
            return;
        }
        engine.closeOutbound();
        try {
            sendOwn(engine);
        } catch (IOException lost) {
            // who has gone already does not miss it
            doom(hasInputEnded() ? null : lost);
        }
    }

    /** Ends the connection for a fault in TLS, which the peer is told. */
    private void fail(IOException fault) {
        if (!isGoing()) {
            return;
        }
        if (engine != null && step != Step.WORKING) {
            try {
                sendOwn(engine);
            } catch (IOException again) {
                // one more call, since an engine may throw what it has found before it says so to the peer
                sendAlert(engine);
            }
        }
        endBroken(translated(fault));
    }

    private void sendAlert(SSLEngine speaker) {
        try {
            sendOwn(speaker);
        } catch (IOException gone) {
            log.trace("nobody to be told", gone);
        }
    }

    @Override
    void doom(@Nullable Throwable reason) {
        super.doom(reason == null ? null : translated(reason));
    }

    private Throwable translated(Throwable reason) {
        return step == Step.SECURE || reason instanceof TlsFailure || reason instanceof ProxyViolation
                ? reason
                : new TlsFailure(String.valueOf(reason.getMessage()));
    }

    @Override
    void forgetOutput() {
        super.forgetOutput();
        if (unsent != null) {
            unsent.clear();
            unsent = null;
        }
        if (stage() == Stage.CLOSED) {
            dropRest();
        }
    }

    private SSLEngine engine() {
        SSLEngine begun = engine;
        if (begun == null) {
            throw new IllegalStateException("the handshake has not begun");
        }
        return begun;
    }
}
