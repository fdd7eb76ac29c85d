package io.hexsocket.core.transport;

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

    private final Link link;
    private final LinkLoop loop;
    private final TlsBuffers buffers;
    private final Wire wire;
    private Step step = Step.AWAITING_HELLO;
    private @Nullable SSLEngine engine;
    /** What was read and cannot be decrypted yet, from 0 to its limit: as a rule, the beginning of a record. */
    private @Nullable ByteBuffer partialRecord;
    /** What is encrypted and was not taken by the wire. */
    private @Nullable OutputQueue unsent;
    /** Whether reading waits until the engine's own output is sent. */
    private boolean awaitingRoom;
    /** Whether whole records wait, for which nothing more has to come. */
    private boolean stalled;
    /** Whether nothing more comes than what waits here. */
    private boolean streamEnded;
    /** Whether our close_notify is out, or as good as. */
    private boolean closeNotifySent;

    TlsLayer(Link link, LinkLoop loop, TlsBuffers buffers, Wire wire) {
        this.link = link;
        this.loop = loop;
        this.buffers = buffers;
        this.wire = wire;
        loop.executeLater(this::onHandshakeDeadline, buffers.setup().handshake().toNanos());
    }

    @Override
    public Link link() {
        return link;
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
            return Math.min(LinkLoop.READ_BYTES, buffers.roomBehind(partialRecord));
        }
        // what waits while others run delegated tasks stays in the kernel
        return Math.max(1, RecordPool.RECORD_BYTES - (partialRecord == null ? 0 : partialRecord.limit()));
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        if (link.isGoing() && (engine != null || begin(bytes.get(bytes.position())))) {
            decrypt(buffers.arrived(partialRecord, bytes));
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
            dropPartialRecord();
            fail(broken);
            return;
        }
        keepPartialRecord(in);
        stalled = partialRecord != null && progress == Progress.PAUSED;
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

    private void keepPartialRecord(ByteBuffer in) {
        int length = in.remaining();
        if (length == 0 || !link.isGoing()) {
            dropPartialRecord();
            return;
        }
        ByteBuffer keeper = partialRecord;
        if (keeper == null || !RecordPool.fits(keeper, length)) {
            dropPartialRecord();
            keeper = buffers.records().take(length);
            partialRecord = keeper;
        }
        keeper.clear().put(in).flip();
    }

    private void dropPartialRecord() {
        if (partialRecord != null) {
            buffers.records().release(partialRecord);
            partialRecord = null;
        }
    }

    /** Goes on with what was read before. In a stack of its own: the loop's buffers are in use in others. */
    private void readOn() {
        if (!link.isGoing()) {
            return;
        }
        try {
            if (advance(engine(), engine().getHandshakeStatus()) && wantsBytes() && partialRecord != null) {
                decrypt(buffers.arrived(partialRecord, null));
            }
        } catch (IOException failed) {
            fail(failed);
        } catch (Throwable failed) {
            loop.fail(link, failed);
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
                    if (!sendOwn(asking)) {
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
            loop.fail(link, failed);
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

    /** Encrypts and sends as much as the wire takes; tells how many bytes of the sources that was. */
    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        if (step != Step.SECURE || !sendUnsent()) {
            return 0;
        }
        SSLEngine by = engine();
        long all = 0;
        ByteBuffer out = buffers.encrypted();
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

    /** Sends what the engine has to say by itself; false if some of it waits for the wire. */
    private boolean sendOwn(SSLEngine speaker) throws IOException {
        if (!sendUnsent()) {
            return false;
        }
        ByteBuffer out = buffers.encrypted();
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

    /** Sends what has been encrypted, and keeps what the wire does not take; whether that is nothing. The buffer is empty again. */
    private boolean send(ByteBuffer encrypted) throws IOException {
        ByteBuffer outgoing = buffers.outgoing(encrypted.flip());
        encrypted.clear();
        if (outgoing.hasRemaining()) {
            wire.write(outgoing);
        }
        boolean taken = !outgoing.hasRemaining();
        if (!taken) {
            link.addQueued(outgoing.remaining());
            unsent = new OutputQueue(buffers.chunks());
            unsent.append(outgoing);
            link.onFull();
        }
        return taken;
    }

    /** Sends what waits encrypted; whether nothing of it is left. */
    private boolean sendUnsent() throws IOException {
        if (unsent == null) {
            return true;
        }
        link.addQueued(-(int) unsent.writeTo(wire));
        if (!unsent.isEmpty()) {
            return false;
        }
        unsent = null;
        link.onWritable();
        if (awaitingRoom) {
            awaitingRoom = false;
            loop.execute(this::readOn);
        }
        return true;
    }

    @Override
    public void onWritable() {
        try {
            if (sendUnsent()) {
                link.onWritable();
            }
        } catch (IOException lost) {
            onLost(lost);
        }
    }

    @Override
    public void listen(boolean forBytes, boolean forRoom) {
        if (stalled && forBytes && wantsBytes()) {
            loop.execute(this::readOn);
        }
        wire.listen(wantsBytes(), unsent != null);
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
                sendOwn(engine);
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
                sendOwn(engine);
            } catch (IOException again) {
                // one more call, since an engine may throw what it has found before it says so to the peer
                sendAlert(engine);
            }
        }
        link.endBroken(translated(fault));
    }

    private void sendAlert(SSLEngine speaker) {
        try {
            sendOwn(speaker);
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
        if (unsent != null) {
            unsent.clear();
            unsent = null;
        }
    }

    @Override
    public void close() {
        dropPartialRecord();
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
