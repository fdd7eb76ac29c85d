package io.hexsocket.core.deflate;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The zlib streams of one event loop. Their memory is outside the heap, so each is either given to one connection or waits here, reset,
 * for the next, or has been ended. Not safe for threads.
 */
public final class DeflateStreams {

    static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    // java.util.zip.Deflater has no window of another size
    static final int WINDOW_BITS = 15;

    // Deflating is done within a call, inflating of a message that comes in pieces is not: so many of them may well be
    // under way on one loop again and again; 700 KiB
    private static final int KEPT_INFLATERS = 16;
    private static final int HIGHEST_LEVEL = 9;
    private static final int OUTPUT_BYTES = 64 * 1024;
    // What is longer keeps the loop from its other clients for some ten milliseconds, unless it is so redundant that
    // zlib
    // is quick about it
    private static final int LONG_BYTES = 512 * 1024;
    // zlib reads an array in place: until it returns no garbage is collected on JDKs before 22, and other threads wait
    private static final int PIECE_BYTES = 128 * 1024;
    private static final int LEAST_RATIO = 16;
    // 7.2.1: "Remove 4 octets (that are 0x00 0x00 0xff 0xff) from the tail end."
    private static final int TAIL_BYTES = 4;

    private final Supplier<Inflater> newInflater;
    private final IntFunction<Deflater> newDeflater;
    private final ArrayDeque<InflateStream> inflaters = new ArrayDeque<>(0);
    /** One of each level. */
    private final @Nullable Deflater[] deflaters = new Deflater[HIGHEST_LEVEL + 1];

    private ByteBuffer output = NOTHING;
    private int live;
    private boolean closed;

    /** Owns nothing yet. */
    public DeflateStreams() {
        // RFC 1951 alone, without the header of RFC 1950
        this(() -> new Inflater(true), level -> new Deflater(level, true));
    }

    DeflateStreams(Supplier<Inflater> newInflater, IntFunction<Deflater> newDeflater) {
        this.newInflater = newInflater;
        this.newDeflater = newDeflater;
    }

    /** How many streams have memory, given to a connection or not: for tests and counters. */
    public int live() {
        return live;
    }

    /** Gives all memory back, also that of streams that are released later. */
    public void close() {
        closed = true;
        inflaters.forEach(this::end);
        inflaters.clear();
        for (Deflater deflater : deflaters) {
            if (deflater != null) {
                end(deflater);
            }
        }
        Arrays.fill(deflaters, null);
        output = NOTHING;
    }

    /**
     * Compresses a message for itself, so that any number of clients can get it.
     *
     * @return valid until the next message is compressed; null if it would not be shorter, and the payload is left as it was
     */
    public @Nullable ByteBuffer deflate(ByteBuffer payload, int level) {
        return deflate(payload, level, WINDOW_BITS);
    }

    /** The same for a client with a smaller window. */
    @Nullable ByteBuffer deflate(ByteBuffer payload, int level, int windowBits) {
        Deflater deflater = takeDeflater(level);
        int block = windowBits == WINDOW_BITS ? payload.remaining() : 1 << windowBits;
        try {
            return deflate(deflater, payload, block, true);
        } finally {
            release(deflater, level);
        }
    }

    /** Whether a message is so long that it is compressed only if it becomes very much shorter, and for itself. */
    static boolean isLong(int length) {
        return length > LONG_BYTES;
    }

    /**
     * Compresses a message behind what the stream has compressed before.
     *
     * @param block after how many bytes of it nothing may refer to what is before them
     * @param mayGiveUp whether to stop, and return null, when it does not become shorter; the stream is then to be reset
     */
    @Nullable ByteBuffer deflate(Deflater deflater, ByteBuffer payload, int block, boolean mayGiveUp) {
        int from = payload.position();
        int end = payload.limit();
        int length = end - from;
        if (output == NOTHING) {
            output = ByteBuffer.allocateDirect(OUTPUT_BYTES);
        }
        ByteBuffer out = output.clear();
        boolean isLong = isLong(length);
        int leftOfBlock = 0;
        do {
            int done = payload.position() - from;
            // what hardly becomes shorter takes zlib longest
            if (mayGiveUp && done >= PIECE_BYTES && out.position() > (isLong ? done / LEAST_RATIO : done - done / 8)) {
                deflater.setInput(NOTHING);
                payload.limit(end).position(from);
                return null;
            }
            if (leftOfBlock == 0) {
                leftOfBlock = block;
            }
            int piece = Math.min(Math.min(leftOfBlock, PIECE_BYTES), end - payload.position());
            leftOfBlock -= piece;
            payload.limit(payload.position() + piece);
            int flush = Deflater.SYNC_FLUSH;
            if (payload.limit() < end) {
                // zlib.h: with Z_FULL_FLUSH "the compression state is reset"
                flush = leftOfBlock == 0 ? Deflater.FULL_FLUSH : Deflater.NO_FLUSH;
            }
            deflater.setInput(payload);
            deflater.deflate(out, flush);
            // zlib.h: "If deflate() returns with avail_out == 0, this function must be called again with the same value
            // of the flush parameter and more output space"
            while (!out.hasRemaining() && !(mayGiveUp && out.capacity() >= length)) {
                long larger = Math.min(2L * out.capacity(), Integer.MAX_VALUE - 8);
                out = ByteBuffer.allocate((int) larger).put(out.flip());
                deflater.deflate(out, flush);
            }
        } while (payload.limit() < end && out.hasRemaining());
        // or it would keep the message from being collected, for as long as it lives
        deflater.setInput(NOTHING);
        payload.limit(end);
        int compressed = out.position() - TAIL_BYTES;
        if (mayGiveUp && (!out.hasRemaining() || compressed >= length)) {
            payload.position(from);
            return null;
        }
        return out.limit(compressed).position(0);
    }

    InflateStream takeInflater() {
        InflateStream kept = inflaters.pollFirst();
        if (kept != null) {
            return kept;
        }
        InflateStream fresh = new InflateStream(newInflater.get());
        live++;
        return fresh;
    }

    void release(InflateStream inflater) {
        if (closed || inflaters.size() >= KEPT_INFLATERS) {
            end(inflater);
        } else {
            inflater.reset();
            inflaters.addFirst(inflater);
        }
    }

    Deflater takeDeflater(int level) {
        Deflater kept = deflaters[level];
        if (kept != null) {
            deflaters[level] = null;
            return kept;
        }
        Deflater fresh = Objects.requireNonNull(newDeflater.apply(level));
        live++;
        return fresh;
    }

    void release(Deflater deflater, int level) {
        if (closed || deflaters[level] != null) {
            end(deflater);
        } else {
            deflater.reset();
            deflaters[level] = deflater;
        }
    }

    private void end(InflateStream inflater) {
        live--;
        inflater.end();
    }

    private void end(Deflater deflater) {
        live--;
        deflater.end();
    }
}
