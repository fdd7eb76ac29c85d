package io.hexsocket.core.transport;

import io.hexsocket.core.port.transport.EventLoop;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.Principal;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS between a connection and its wire. What comes is decrypted, all of one read in a piece; what is written is encrypted when the
 * wire can take it, and not before, so that what waits is plain text, and counted as such. Before the handshake is over, everything
 * waits.
 */
final class TlsLayer implements Wire, Receiver {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private enum Progress {
        /** What is left of the bytes is no whole record. */
        STARVED,
        /** There is no room for what comes out. */
        FULL,
        /** No bytes are wanted at the moment. */
        PAUSED,
        /** The peer has ended its side. */
        ENDED
    }

    private final LayerHost link;
    private final EventLoop loop;
    private final TlsBuffers buffers;
    private final Wire wire;
    private final TlsOutput output;
    private final TlsHandshake handshake;
    private final PartialRecord partial;
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
        this.handshake = new TlsHandshake(link, loop, buffers, output, wire, this::readOn);
        this.partial = new PartialRecord(buffers);
    }

    // ---- reading

    @Override
    public boolean wantsBytes() {
        if (link.isLingering()) {
            return link.wantsBytes();
        }
        if (handshake.isBusy()) {
            return false;
        }
        // a peer that has been told to go gets the answer only if the handshake goes on
        return handshake.isSecure() ? link.wantsBytes() : !link.hasInputEnded() && link.isGoing();
    }

    @Override
    public int readLimit() {
        if (handshake.isSecure()) {
            return partial.room();
        }
        // what waits while others run delegated tasks stays in the kernel
        return Math.max(1, RecordPool.RECORD_BYTES - partial.length());
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        if (!link.isGoing()) {
            return;
        }
        if (handshake.isSecure()) {
            decrypt(partial.with(bytes));
        } else if (buffers.turns().take(this::shakeHands)) {
            shakeHands(partial.with(bytes));
        } else {
            partial.keep(partial.with(bytes));
            stalled = true;
            handshake.awaitTurn();
        }
    }

    /** Its turn has come. */
    private void shakeHands() {
        handshake.endAwaitTurn();
        if (!link.isGoing()) {
            return;
        }
        try {
            shakeHands(partial.with(NOTHING));
        } catch (Throwable failed) {
            link.fail(failed);
        }
        link.markDirty();
    }

    private void shakeHands(ByteBuffer bytes) {
        if (handshake.hasBegun() || begin(bytes.get(bytes.position()))) {
            decrypt(bytes);
        }
    }

    private boolean begin(byte first) {
        try {
            return handshake.begin(first);
        } catch (SSLException unable) {
            fail(unable);
            return false;
        }
    }

    private void decrypt(ByteBuffer in) {
        Progress progress = Progress.PAUSED;
        IOException broken = null;
        do {
            ByteBuffer out = buffers.decrypted();
            try {
                progress = decrypt(handshake.engine(), in, out);
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

    /** Decrypts what can be decrypted, and does what the engine asks for meanwhile. */
    private Progress decrypt(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws IOException {
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
            SSLEngineResult result = engine.unwrap(in, buffers.targets(), 0, 1);
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
            if (!handshake.advance(asked)) {
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
            if (advance() && wantsBytes() && partial.length() > 0) {
                decrypt(partial.with(NOTHING));
            }
        } catch (Throwable failed) {
            link.fail(failed);
        }
        link.markDirty();
    }

    private boolean advance() {
        try {
            return handshake.advance(handshake.engine().getHandshakeStatus());
        } catch (IOException failed) {
            fail(failed);
            return false;
        }
    }

    @Override
    public void onEndOfStream() {
        if (!link.isGoing() || link.hasInputEnded()) {
            link.onEndOfStream();
        } else if (stalled) {
            // the close_notify may be among what waits
            streamEnded = true;
        } else if (handshake.isSecure()) {
            // RFC 8446 6.1: without a close_notify, "the data received may have been truncated"
            link.closeSoon(new EOFException("the client has gone without a close_notify"));
        } else {
            link.closeSoon(handshake.gone());
        }
    }

    @Override
    public void onLost(Throwable cause) {
        link.onLost(handshake.translated(cause));
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
        return handshake.isSecure() ? output.write(handshake.engine(), sources, offset, length) : 0;
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
        handshake.endTurn();
        if (stalled && forBytes && wantsBytes()) {
            loop.execute(this::readOn);
        }
        wire.listen(wantsBytes(), output.isBlocked());
    }

    // ---- the end

    @Override
    public void finish() {
        SSLEngine engine = closeNotifySent ? null : handshake.ownEngine();
        closeNotifySent = true;
        if (engine != null) {
            engine.closeOutbound();
            try {
                output.sendOwn(engine);
            } catch (IOException lost) {
                // a peer that has gone already does not miss it
                link.closeSoon(link.hasInputEnded() ? null : handshake.translated(lost));
            }
        }
    }

    /** Ends the connection for a fault in TLS, which the peer is told. */
    private void fail(IOException fault) {
        if (!link.isGoing()) {
            return;
        }
        if (!sendAlert()) {
            // once more, since an engine may throw what it has found before it says so to the peer
            sendAlert();
        }
        link.endBroken(handshake.translated(fault));
    }

    /** Sends what the engine has to say, as far as the wire takes it; false if the engine or the wire fails. */
    private boolean sendAlert() {
        SSLEngine engine = handshake.ownEngine();
        try {
            return engine == null || output.sendOwn(engine) || output.isBlocked();
        } catch (IOException again) {
            return false;
        }
    }

    @Override
    public int heldBytes() {
        return partial.heldBytes() + output.heldBytes();
    }

    @Override
    public void dropOutput() {
        output.drop();
    }

    @Override
    public void close() {
        partial.drop();
        handshake.forgetEngine();
        wire.close();
    }

    // ---- what others do

    @Override
    public @Nullable Principal principal() {
        return handshake.principal();
    }

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
}
