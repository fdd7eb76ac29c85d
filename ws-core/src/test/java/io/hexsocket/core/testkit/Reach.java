package io.hexsocket.core.testkit;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How far back deflated data refer (RFC 1951): how large a window has to be that they are inflated with. {@link java.util.zip.Inflater}
 * has a window of 32 KiB and does not tell, and zlib itself looks beyond a smaller one while that is in its output.
 */
public final class Reach {

    private static final int LITERALS = 288;
    private static final int END_OF_BLOCK = 256;
    private static final int LONGEST_CODE = 15;
    // 3.2.7: in the order in which their lengths stand before those of a dynamic block
    private static final int[] LENGTH_CODES = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

    private final byte[] bytes;
    /** In bits. */
    private int at;

    private int farthest;

    private Reach(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The farthest reference, in bytes; 0 if there is none.
     *
     * @param message a payload of permessage-deflate, without the tail that RFC 7692 removes, and without a block that says it is the last
     */
    public static int of(byte[] message) {
        // 7.2.2: "Append 4 octets": what is left of an empty block whose first bits are there
        byte[] whole = new byte[message.length + 4];
        System.arraycopy(message, 0, whole, 0, message.length);
        whole[message.length + 2] = (byte) 0xFF;
        whole[message.length + 3] = (byte) 0xFF;
        Reach reach = new Reach(whole);
        while (reach.at < 8 * whole.length) {
            reach.block();
        }
        return reach.farthest;
    }

    private void block() {
        ManualLoop.require(bits(1) == 0, "the last block of a stream inside a message");
        switch (bits(2)) {
            case 0 -> {
                at = (at + 7) / 8 * 8;
                int length = bits(16);
                ManualLoop.require(
                        (bits(16) ^ length) == 0xFFFF, "the length of a stored block and its complement differ");
                at += 8 * length;
            }
            case 1 -> symbols(new Code(fixedLengths()), new Code(repeat(5, 30)));
            case 2 -> dynamic();
            default -> throw new AssertionError("a block of a kind that there is not");
        }
    }

    // 3.2.6
    private static int[] fixedLengths() {
        int[] lengths = repeat(8, LITERALS);
        for (int i = 144; i < 280; i++) {
            lengths[i] = i < 256 ? 9 : 7;
        }
        return lengths;
    }

    private static int[] repeat(int value, int times) {
        int[] values = new int[times];
        Arrays.fill(values, value);
        return values;
    }

    // 3.2.7
    private void dynamic() {
        int literals = 257 + bits(5);
        int distances = 1 + bits(5);
        int lengthCodes = 4 + bits(4);
        int[] ofLengths = new int[LENGTH_CODES.length];
        for (int i = 0; i < lengthCodes; i++) {
            ofLengths[LENGTH_CODES[i]] = bits(3);
        }
        Code lengthCode = new Code(ofLengths);
        int[] lengths = new int[literals + distances];
        for (int i = 0; i < lengths.length; ) {
            int symbol = lengthCode.next();
            int times = symbol == 16 ? 3 + bits(2) : symbol == 17 ? 3 + bits(3) : symbol == 18 ? 11 + bits(7) : 1;
            int value = symbol == 16 ? lengths[i - 1] : symbol > 16 ? 0 : symbol;
            for (int end = i + times; i < end; i++) {
                lengths[i] = value;
            }
        }
        symbols(
                new Code(Arrays.copyOf(lengths, literals)),
                new Code(Arrays.copyOfRange(lengths, literals, lengths.length)));
    }

    // 3.2.5: 257 to 284 are lengths with 0 to 5 bits more, four codes of each from the second four on; 285 has none
    private void symbols(Code literals, Code distances) {
        for (int symbol = literals.next(); symbol != END_OF_BLOCK; symbol = literals.next()) {
            if (symbol > END_OF_BLOCK) {
                bits(symbol < 265 || symbol == 285 ? 0 : (symbol - 261) / 4);
                int code = distances.next();
                int more = Math.max(0, code / 2 - 1);
                int base = code < 2 ? code : 2 + code % 2 << more;
                farthest = Math.max(farthest, 1 + base + bits(more));
            }
        }
    }

    private int bits(int number) {
        int value = 0;
        for (int i = 0; i < number; i++, at++) {
            value |= (bytes[at / 8] >> at % 8 & 1) << i;
        }
        return value;
    }

    /** A canonical Huffman code (3.2.2): the shorter ones first, and those of one length in the order of their symbols. */
    private final class Code {

        private final int[] numberOfLength = new int[LONGEST_CODE + 1];
        private final int[] symbols;

        Code(int[] lengths) {
            symbols = IntStream.range(0, lengths.length)
                    .filter(symbol -> lengths[symbol] > 0)
                    .boxed()
                    .sorted(Comparator.comparingInt(symbol -> lengths[symbol]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (int symbol : symbols) {
                numberOfLength[lengths[symbol]]++;
            }
        }

        int next() {
            int code = 0;
            int first = 0;
            int before = 0;
            for (int length = 1; length <= LONGEST_CODE; length++) {
                code = 2 * code + bits(1);
                first *= 2;
                if (code - first < numberOfLength[length]) {
                    return symbols[before + code - first];
                }
                first += numberOfLength[length];
                before += numberOfLength[length];
            }
            throw new AssertionError("bits that are no code");
        }
    }
}
