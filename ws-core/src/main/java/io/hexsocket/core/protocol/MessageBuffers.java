package io.hexsocket.core.protocol;

import io.hexsocket.apps.message.MessageView;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What the message readers of one event loop share: buffers for messages that come in pieces, and a read-only view of the input.
 * A buffer is as large as what has arrived asks for, never as large as a header claims. Not safe for threads.
 */
public final class MessageBuffers {

    // Powers of two, so that a buffer is less than twice as large as it need be; beyond 1 MiB a buffer is an ordinary
    // array, which the collector frees by itself
    private static final int[] SIZES = {
        4 * 1024, 8 * 1024, 16 * 1024, 32 * 1024, 64 * 1024, 128 * 1024, 256 * 1024, 512 * 1024, 1024 * 1024
    };
    // What an event loop keeps for later: a few messages of each size are under way at a time, not thousands. What is
    // not kept is made again: filled with zeros, page by page, and freed by the collector alone.
    private static final int KEPT_BYTES = 16 * 1024 * 1024;
    // A quarter of the smallest regions of G1, which does not move what takes half of one or more: a heap of which half
    // is
    // free has no place then for an array of a few regions
    private static final int MAX_PIECE_BYTES = 256 * 1024;
    // An array of a power of two takes a region of the collector's more than it need: room for its header
    private static final int ARRAY_HEADER_BYTES = 64;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    @SuppressWarnings({"unchecked", "rawtypes"})
    private final ArrayDeque<MessageBuffer>[] free = new ArrayDeque[SIZES.length];

    /** How many of each size were not needed since the last {@link #trim}. */
    private final int[] idle = new int[SIZES.length];

    private @Nullable ByteBuffer viewed;
    private ByteBuffer view = NOTHING;
    private int keptBytes;
    private long takenBytes;
    /** What may lie outside the heap, and what does. */
    private long mostDirectBytes;

    private long directBytes;

    /** Owns nothing yet, and as much outside the heap as it keeps for later. */
    public MessageBuffers() {
        this(KEPT_BYTES);
    }

    /**
     * Owns nothing yet.
     *
     * @param mostDirectBytes how much may lie outside the heap; what is needed beyond it are arrays
     */
    public MessageBuffers(long mostDirectBytes) {
        this.mostDirectBytes = mostDirectBytes;
        for (int i = 0; i < SIZES.length; i++) {
            free[i] = new ArrayDeque<>();
        }
    }

    /** The same, and the memory that is kept for later ones. */
    public long bytes() {
        return takenBytes + keptBytes;
    }

    /** The memory outside the heap, taken or kept. */
    public long directBytes() {
        return directBytes;
    }

    /** A copy of what is left in a buffer, which moves to its end; to be {@linkplain #giveBack given back}. */
    public ByteBuffer keep(ByteBuffer bytes) {
        return take(bytes.remaining()).bytes.clear().put(bytes).flip();
    }

    /**
     * The same, outside the heap or not at all: null if there is no room there, or it is too much to be kept for later.
     *
     * @return null, and nothing has changed, or the copy, to be {@linkplain #giveBack given back}
     */
    public @Nullable ByteBuffer keepDirect(ByteBuffer bytes) {
        if (bytes.remaining() > SIZES[SIZES.length - 1]) {
            return null;
        }
        MessageBuffer buffer = take(bytes.remaining());
        if (!buffer.bytes.isDirect()) {
            release(buffer);
            return null;
        }
        return buffer.bytes.clear().put(bytes).flip();
    }

    /** Takes back what {@link #keep} or {@link #keepDirect} has given. */
    public void giveBack(ByteBuffer kept) {
        release(new MessageBuffer(kept.clear()));
    }

    /** The memory that messages under way have: for tests and counters. */
    public long takenBytes() {
        return takenBytes;
    }

    /** The message that lies between two indexes of an input. */
    MessageView show(boolean text, ByteBuffer input, int from, int to) {
        return new MessageView(text, viewOf(input), from, to);
    }

    /** The message that a buffer holds. */
    MessageView show(boolean text, MessageBuffer whole) {
        return new MessageView(text, whole.view, 0, whole.size);
    }

    /** A read-only view of an input; a transport that reads into the same buffer again and again gets the same one. */
    ByteBuffer viewOf(ByteBuffer input) {
        if (viewed != input) {
            viewed = input;
            view = input.asReadOnlyBuffer();
        }
        return view;
    }

    /** A buffer that holds at least so many bytes. */
    MessageBuffer take(int capacity) {
        MessageBuffer buffer = keptOrNew(capacity);
        takenBytes += buffer.capacity();
        return buffer;
    }

    private MessageBuffer keptOrNew(int capacity) {
        for (int i = 0; i < SIZES.length; i++) {
            if (capacity <= SIZES[i]) {
                MessageBuffer kept = free[i].pollFirst();
                if (kept == null) {
                    return new MessageBuffer(allocate(SIZES[i], capacity));
                }
                keptBytes -= SIZES[i];
                idle[i] = Math.min(idle[i], free[i].size());
                return kept;
            }
        }
        return new MessageBuffer(ByteBuffer.allocate(capacity));
    }

    private ByteBuffer allocate(int size, int least) {
        if (directBytes + size <= mostDirectBytes) {
            try {
                ByteBuffer direct = ByteBuffer.allocateDirect(size);
                directBytes += size;
                return direct;
            } catch (OutOfMemoryError none) {
                // the JDK has had the heap collected before it said so: not again before some are given up
                mostDirectBytes = directBytes;
            }
        }
        return ByteBuffer.allocate(least);
    }

    /** Takes a buffer back, whatever is in it, and what came before it. */
    void release(MessageBuffer buffer) {
        buffer.size = 0;
        // a stream that threw has left its own position and limit
        buffer.bytes.clear();
        MessageBuffer before = buffer.before;
        if (before != null) {
            buffer.before = null;
            release(before);
        }
        int capacity = buffer.capacity();
        takenBytes -= capacity;
        if (buffer.bytes.isDirect() && keptBytes + capacity <= KEPT_BYTES) {
            for (int i = 0; i < SIZES.length; i++) {
                if (capacity == SIZES[i]) {
                    keptBytes += capacity;
                    free[i].addFirst(buffer);
                    return;
                }
            }
        }
        if (buffer.bytes.isDirect()) {
            directBytes -= capacity;
        }
    }

    /** Gives up what was kept and not needed since the last call. To be called every now and then. */
    public void trim() {
        for (int i = 0; i < SIZES.length; i++) {
            for (int left = idle[i]; left > 0; left--) {
                free[i].removeLast();
                keptBytes -= SIZES[i];
                directBytes -= SIZES[i];
            }
            idle[i] = free[i].size();
        }
        // it may have been somebody's own, who is gone
        viewed = null;
        view = NOTHING;
    }

    /** How much to take for a message of which so much is there, and more will come: less than twice of it. */
    static int roomFor(int length) {
        return (int) Math.max(length, Long.highestOneBit(2L * length) - ARRAY_HEADER_BYTES);
    }

    /**
     * Room for a message of unknown length. A small buffer is exchanged for a larger one; larger ones are put one behind the other, so
     * that no byte is taken that is thrown away.
     *
     * @param most how much there may be in all, more than there is
     */
    MessageBuffer extend(@Nullable MessageBuffer buffer, int most) {
        if (buffer == null) {
            return take(Math.min(most, SIZES[0]));
        }
        if (buffer.before == null && buffer.capacity() <= MAX_PIECE_BYTES / 2) {
            return grow(buffer, Math.min(most, 2 * buffer.capacity() - ARRAY_HEADER_BYTES));
        }
        int size = buffer.sizeBefore() + buffer.size;
        MessageBuffer next = take(Math.min(most - size, MAX_PIECE_BYTES - ARRAY_HEADER_BYTES));
        next.before = buffer;
        return next;
    }

    /** The same message in one piece. */
    MessageBuffer join(MessageBuffer last) {
        if (last.before == null) {
            return last;
        }
        int end = last.sizeBefore() + last.size;
        MessageBuffer whole = take(end);
        whole.size = end;
        for (MessageBuffer one = last; one != null; one = one.before) {
            end -= one.size;
            whole.bytes.put(end, one.bytes, 0, one.size);
        }
        release(last);
        return whole;
    }

    /** The same message in a larger buffer. */
    MessageBuffer grow(MessageBuffer buffer, int capacity) {
        MessageBuffer larger = take(capacity);
        larger.bytes.put(0, buffer.bytes, 0, buffer.size);
        larger.size = buffer.size;
        release(buffer);
        return larger;
    }
}
