package io.hexsocket.core.deflate;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates the messages of a client, piece by piece (RFC 7692 section 7.2.2). Never gives more than there is room for, and does not
 * copy what it is fed. Belongs to one connection at a time, from the first byte of a message to its last at least.
 */
final class InflateStream {

    // 7.2.2: "Append 4 octets of 0x00 0x00 0xff 0xff to the tail end of the payload of the message": the length of an
    // empty stored block whose first bits are the message's last
    private static final ByteBuffer TAIL = bytes(0x00, 0x00, 0xFF, 0xFF);
    // The same, and an empty last block, which can only be understood where a block may begin: if the message ended
    // elsewhere, it was cut off
    private static final ByteBuffer TAIL_AND_END = bytes(0x00, 0x00, 0xFF, 0xFF, 0x03, 0x00);

    private final Inflater inflater;
    private final ByteBuffer probe = ByteBuffer.allocate(1);
    private ByteBuffer input = DeflateStreams.NOTHING;
    /** What the client sent of the message under way. */
    private long wireBytes;
    /** Whether something was read since a message or a final block ended. */
    private boolean open;

    InflateStream(Inflater inflater) {
        this.inflater = inflater;
    }

    /** What was fed of the message under way, in bytes. */
    long wireBytes() {
        return wireBytes;
    }

    /** The next bytes of the message. To be kept and left alone until {@link #inflate} does not fill its target. */
    void feed(ByteBuffer compressed) {
        wireBytes += compressed.remaining();
        begin(compressed);
    }

    /**
     * Inflates from the target's position on, which moves.
     *
     * @return whether there may be more: the target is full, or the data are corrupt behind what has come out, which the next call
     *     says; otherwise the input is used up and forgotten
     * @throws DataFormatException if the data are corrupt, and nothing comes before that
     */
    boolean inflate(ByteBuffer target) throws DataFormatException {
        int from = target.position();
        try {
            return inflateAll(target);
        } catch (DataFormatException corrupt) {
            if (target.position() == from) {
                throw corrupt;
            }
            // zlib says the same again; what it has given belongs to the message, however the input was cut
            return true;
        }
    }

    private boolean inflateAll(ByteBuffer target) throws DataFormatException {
        while (target.hasRemaining()) {
            int inflated = inflater.inflate(target);
            if (inflater.finished()) {
                // 7.2.3.4: a block with BFINAL set ends the DEFLATE stream, but not the message: another stream may
                // follow
                inflater.reset();
                if (!input.hasRemaining()) {
                    open = false;
                    forgetInput();
                    return false;
                }
                inflater.setInput(input);
            } else if (inflated == 0) {
                if (!inflater.needsInput()) {
                    throw new DataFormatException("the data need a dictionary");
                }
                forgetInput();
                return false;
            }
        }
        return true;
    }

    /** Whether some of what was fed is not used. */
    boolean hasInput() {
        return input.hasRemaining();
    }

    /** Takes back what is not used of what was fed, to be fed again; gives how many bytes these are. */
    int takeInput() {
        int unused = input.remaining();
        wireBytes -= unused;
        forgetInput();
        return unused;
    }

    /** Whether there is more, for a target that must not grow. */
    boolean hasMore() throws DataFormatException {
        inflate(probe.clear());
        // whatever inflate says: the last byte of a stream leaves nothing behind it
        return probe.position() > 0;
    }

    /**
     * All of the message has been fed and inflated.
     *
     * @param takeover whether the next message may refer to it
     * @throws DataFormatException if the message is cut off
     */
    void endMessage(boolean takeover) throws DataFormatException {
        wireBytes = 0;
        // a message without a single byte, or one that ends with its last block, has nothing that could be completed
        if (open) {
            begin((takeover ? TAIL : TAIL_AND_END).duplicate());
            if (hasMore() || !takeover && open) {
                throw new DataFormatException("the compressed data are cut off");
            }
            open = false;
        }
    }

    /** Forgets all, for the next connection. */
    void reset() {
        inflater.reset();
        input = DeflateStreams.NOTHING;
        wireBytes = 0;
        open = false;
    }

    /** Gives the memory back. */
    void end() {
        inflater.end();
    }

    private void begin(ByteBuffer bytes) {
        open |= bytes.hasRemaining();
        input = bytes;
        inflater.setInput(bytes);
    }

    private void forgetInput() {
        input = DeflateStreams.NOTHING;
        inflater.setInput(DeflateStreams.NOTHING);
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.flip().asReadOnlyBuffer();
    }
}
