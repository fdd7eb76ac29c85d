package io.hexsocket.core.conformance;

import io.hexsocket.core.testkit.Reach;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** A client's side of permessage-deflate (RFC 7692 section 7.2). */
final class Deflate implements AutoCloseable {

    // RFC 7692 7.2.1: what is removed behind a message, and put back before it is inflated
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int WHOLE_WINDOW = 1 << 15;

    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final Inflater inflater = new Inflater(true);
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final boolean clientForgets;
    private final boolean serverForgets;
    private final int clientWindow;
    private final int serverWindow;

    /**
     * Both sides of one connection.
     *
     * @param clientForgets client_no_context_takeover
     * @param serverForgets server_no_context_takeover
     * @param clientBits client_max_window_bits, or 15
     * @param serverBits server_max_window_bits, or 15
     */
    Deflate(boolean clientForgets, boolean serverForgets, int clientBits, int serverBits) {
        this.clientForgets = clientForgets;
        this.serverForgets = serverForgets;
        this.clientWindow = 1 << clientBits;
        this.serverWindow = 1 << serverBits;
    }

    /** The payload of a message for the wire. */
    byte[] compress(byte[] message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // a full flush forgets everything before it: nothing refers to more than a window back, though the JDK knows
        // one size of it
        int step = clientWindow == WHOLE_WINDOW ? Math.max(1, message.length) : clientWindow;
        for (int from = 0; from < message.length; from += step) {
            deflater.setInput(message, from, Math.min(step, message.length - from));
            int flush = step == clientWindow ? Deflater.FULL_FLUSH : Deflater.SYNC_FLUSH;
            for (int length = buffer.length; length == buffer.length; ) {
                length = deflater.deflate(buffer, 0, buffer.length, flush);
                out.write(buffer, 0, length);
            }
        }
        if (clientForgets) {
            deflater.reset();
        }
        byte[] bytes = out.toByteArray();
        // 7.2.3.6: an empty message is an empty block
        return bytes.length == 0 ? new byte[1] : Arrays.copyOf(bytes, bytes.length - TAIL.length);
    }

    /**
     * The message of a payload.
     *
     * @throws DataFormatException if it is none, or refers to what lies before the window that was agreed on
     */
    byte[] decompress(byte[] payload) throws DataFormatException {
        byte[] in = Arrays.copyOf(payload, payload.length + TAIL.length);
        System.arraycopy(TAIL, 0, in, payload.length, TAIL.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        inflater.setInput(in);
        while (true) {
            int length = inflater.inflate(buffer);
            out.write(buffer, 0, length);
            if (inflater.finished()) {
                // 7.2.3.4: a block with BFINAL set, behind which the stream goes on
                int rest = inflater.getRemaining();
                inflater.reset();
                inflater.setInput(in, in.length - rest, rest);
            } else if (length == 0) {
                break;
            }
        }
        if (inflater.needsDictionary()) {
            throw new DataFormatException("a dictionary is asked for");
        }
        if (serverWindow < WHOLE_WINDOW && Reach.of(payload) > serverWindow) {
            throw new DataFormatException(
                    "it refers " + Reach.of(payload) + " bytes back, and the window has " + serverWindow);
        }
        if (serverForgets) {
            inflater.reset();
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        deflater.end();
        inflater.end();
    }
}
