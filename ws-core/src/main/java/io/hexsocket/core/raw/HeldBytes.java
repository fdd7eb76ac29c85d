package io.hexsocket.core.raw;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes that wait for those that belong to them, in pieces. One array that grows would need several whole regions of the heap side by side,
 * which a heap that is nearly full does not have, though it has the room (G1 does not move arrays of half a region or more).
 */
final class HeldBytes {

    // most packets of the dialogue are shorter, and come in one piece anyway
    private static final int FIRST_PIECE = 1024;
    /** A quarter of the shortest array that G1 gives regions of its own. */
    private static final int MAX_PIECE = 128 * 1024;

    private List<byte[]> pieces = List.of();
    private int capacity;
    private int length;

    int length() {
        return length;
    }

    /** The bytes of memory that the pieces take. */
    int capacity() {
        return capacity;
    }

    /** Takes a copy of all that remains. */
    void append(ByteBuffer more) {
        while (more.hasRemaining()) {
            if (length == capacity) {
                addPiece();
            }
            byte[] last = pieces.get(pieces.size() - 1);
            int used = last.length - (capacity - length);
            int added = Math.min(more.remaining(), last.length - used);
            more.get(last, used, added);
            length += added;
        }
    }

    private void addPiece() {
        if (pieces.isEmpty()) {
            pieces = new ArrayList<>();
        }
        // twice as much in all each time, so that what is kept is never more than twice of what has come
        byte[] piece = new byte[Math.min(MAX_PIECE, Math.max(FIRST_PIECE, capacity))];
        pieces.add(piece);
        capacity += piece.length;
    }

    /** Hands out all of them in one, and holds nothing any more. */
    ByteBuffer release() {
        byte[] all = pieces.isEmpty() ? new byte[0] : pieces.get(0);
        if (pieces.size() > 1) {
            all = new byte[length];
            int at = 0;
            for (byte[] piece : pieces) {
                int used = Math.min(piece.length, length - at);
                System.arraycopy(piece, 0, all, at, used);
                at += used;
            }
        }
        ByteBuffer whole = ByteBuffer.wrap(all, 0, length);
        drop();
        return whole;
    }

    /** Holds nothing any more. */
    void drop() {
        pieces = List.of();
        capacity = 0;
        length = 0;
    }

    /** Whether a word begins with them. */
    boolean begin(byte[] word) {
        return length <= word.length && (length == 0 || Arrays.equals(pieces.get(0), 0, length, word, 0, length));
    }
}
