package io.hexsocket.core.deflate;

import io.hexsocket.apps.Compression;
import io.hexsocket.core.handshake.ExtensionOffer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * What one connection has agreed on, and the zlib streams that it has at the moment: with context takeover those of its own, from the
 * first message that needs them to the end; without it an inflater while a compressed message arrives, and otherwise none. On the event
 * loop; after {@link #release()} nothing is compressed or inflated any more.
 */
public final class PerMessageDeflate {

    private final DeflateStreams streams;
    private final ContextBudget budget;
    private final Compression settings;
    private final String answer;
    private final boolean serverTakeover;
    private final boolean clientTakeover;
    /** Of what the client inflates with. */
    private final byte windowBits;

    private boolean released;
    /** Whether the client has got something since our own deflater's last message that it does not know of. */
    private boolean contextLost;

    private @Nullable InflateStream inflater;
    /** Ours with takeover. */
    private @Nullable Deflater deflater;

    private PerMessageDeflate(
            DeflateStreams streams,
            ContextBudget budget,
            Compression settings,
            DeflateOffer offer,
            boolean serverTakeover,
            boolean clientTakeover) {
        this.streams = streams;
        this.budget = budget;
        this.settings = settings;
        this.answer = offer.answer(serverTakeover, clientTakeover);
        this.serverTakeover = serverTakeover;
        this.clientTakeover = clientTakeover;
        this.windowBits = (byte) offer.mostServerWindowBits();
    }

    /**
     * Agrees on the client's first offer that can be accepted; null if there is none, or the app does not want to. Takes what context
     * takeover needs from the budget; where too little is left, there is none, which a server may decide in any case.
     */
    public static @Nullable PerMessageDeflate negotiate(
            List<ExtensionOffer> offers, Compression settings, DeflateStreams streams, ContextBudget budget) {
        DeflateOffer offer = settings.enabled() ? DeflateOffer.first(offers) : null;
        if (offer == null) {
            return null;
        }
        boolean wanted = settings.contextTakeover();
        // A smaller window is kept to by forgetting what was before it, so there is nothing to take over
        boolean wholeWindow = offer.mostServerWindowBits() == DeflateStreams.WINDOW_BITS;
        boolean ours =
                wanted && wholeWindow && !offer.serverNoContextTakeover() && budget.take(ContextBudget.DEFLATER_BYTES);
        boolean theirs = wanted && !offer.clientNoContextTakeover() && budget.take(ContextBudget.INFLATER_BYTES);
        return new PerMessageDeflate(streams, budget, settings, offer, ours, theirs);
    }

    /** The value of Sec-WebSocket-Extensions in the answer. */
    public String answer() {
        return answer;
    }

    /** Gives all back; what was under way is lost. A second call changes nothing. */
    public void release() {
        if (released) {
            return;
        }
        released = true;
        if (inflater != null) {
            streams.release(inflater);
            inflater = null;
        }
        if (deflater != null) {
            streams.release(deflater, settings.level());
            deflater = null;
        }
        if (serverTakeover) {
            budget.giveBack(ContextBudget.DEFLATER_BYTES);
        }
        if (clientTakeover) {
            budget.giveBack(ContextBudget.INFLATER_BYTES);
        }
    }

    /** How many bytes of memory a compressed message under way has taken here, beyond what the budget for contexts is for. */
    public int heldBytes() {
        return inflater == null || clientTakeover ? 0 : ContextBudget.INFLATER_BYTES;
    }

    // ---- what the client sends

    /** What has arrived of the compressed message under way, in bytes as they came over the wire. */
    public long wireBytes() {
        return inflater == null ? 0 : inflater.wireBytes();
    }

    /**
     * The next bytes of a message.
     *
     * @param compressed to be left alone until {@link #inflate} says that it is used up; forgotten then
     */
    public void feed(ByteBuffer compressed) {
        inflater().feed(compressed);
    }

    /**
     * Inflates from the target's position on, which moves.
     *
     * @return whether there may be more: the target is full, or the data are corrupt behind what has come out, which the next call
     *     says; otherwise what was fed is used up
     * @throws DataFormatException if the data are corrupt, and nothing comes before that
     */
    public boolean inflate(ByteBuffer target) throws DataFormatException {
        return inflater().inflate(target);
    }

    /** Whether some of what was fed is not used. */
    public boolean hasInput() {
        return inflater().hasInput();
    }

    /** Takes back what is not used of what was fed, to be fed again; gives how many bytes these are. */
    public int takeInput() {
        return inflater().takeInput();
    }

    /** After a target was filled: whether there is at least a byte more, which is lost. */
    public boolean hasMore() throws DataFormatException {
        return inflater().hasMore();
    }

    /**
     * The message is complete, and all that was fed is used up.
     *
     * @throws DataFormatException if the compressed data are cut off
     */
    public void endMessage() throws DataFormatException {
        InflateStream stream = inflater;
        if (stream == null) {
            return;
        }
        stream.endMessage(clientTakeover);
        if (!clientTakeover) {
            inflater = null;
            streams.release(stream);
        }
    }

    private InflateStream inflater() {
        InflateStream stream = inflater;
        if (stream == null) {
            stream = streams.takeInflater();
            inflater = stream;
        }
        return stream;
    }

    // ---- what the client gets

    /** Whether a message of this length is to be compressed. */
    public boolean wants(int length) {
        return length > 0 && length >= settings.thresholdBytes();
    }

    /** Whether a message of this length may be compressed for this client and others at once: none of it refers to before its window. */
    public boolean wantsShared(int length) {
        return wants(length) && (windowBits == DeflateStreams.WINDOW_BITS || length <= 1 << windowBits);
    }

    /** At which level, from 1 to 9. */
    public int level() {
        return settings.level();
    }

    /**
     * Compresses a message that this client gets and no other.
     *
     * @param payload at its limit afterwards; not kept
     * @return valid until the next message of the loop is compressed; null if the message is to be sent as it is, and the payload is
     *     then as it was
     */
    public @Nullable ByteBuffer deflate(ByteBuffer payload) {
        if (!serverTakeover) {
            return streams.deflate(payload, settings.level(), windowBits);
        }
        if (DeflateStreams.isLong(payload.remaining())) {
            ByteBuffer alone = streams.deflate(payload, settings.level(), windowBits);
            contextLost |= alone != null;
            return alone;
        }
        Deflater own = deflater;
        if (own == null) {
            own = streams.takeDeflater(settings.level());
            deflater = own;
        } else if (contextLost) {
            own.reset();
        }
        contextLost = false;
        // It may become some bytes longer, but it is in our window now, so it has to get into the client's
        return streams.deflate(own, payload, payload.remaining(), false);
    }

    /**
     * The client gets a message that was compressed for many. It refers to nothing before it, so any client understands it (7.2.1 does
     * not oblige to refer); but it goes into the client's window and not into ours, so our next message must not refer back.
     */
    public void onShared() {
        contextLost = true;
    }
}
