package io.hexsocket.core.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** How a stream of bytes may arrive. */
public final class Cuts {

    private Cuts() {}

    /** In pieces of one length, but for the last. */
    public static List<byte[]> every(int size, byte[] stream) {
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < stream.length; from += size) {
            pieces.add(Arrays.copyOfRange(stream, from, Math.min(stream.length, from + size)));
        }
        return pieces;
    }

    /** In pieces of random lengths; a seed decides whether they are small or large on average, and always gives the same. */
    public static List<byte[]> random(long seed, byte[] stream) {
        Random random = new Random(seed);
        // from single bytes to a handful of pieces, and as likely each order of magnitude between
        double largest = Math.pow(Math.max(2, stream.length), random.nextDouble());
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < stream.length; ) {
            int to = Math.min(stream.length, from + 1 + (int) (random.nextDouble() * largest));
            pieces.add(Arrays.copyOfRange(stream, from, to));
            from = to;
        }
        return pieces;
    }

    /** In pieces whose lengths are decided by the bytes themselves. */
    public static List<byte[]> byContent(byte[] stream) {
        return random(Arrays.hashCode(stream), stream);
    }

    /** In two pieces, cut at the index. */
    public static List<byte[]> at(int index, byte[] stream) {
        return List.of(Arrays.copyOf(stream, index), Arrays.copyOfRange(stream, index, stream.length));
    }

    /** The bytes of a buffer from position to limit. */
    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    /** One after the other. */
    public static byte[] join(List<byte[]> pieces) {
        byte[] all = new byte[pieces.stream().mapToInt(piece -> piece.length).sum()];
        int at = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        return all;
    }
}
