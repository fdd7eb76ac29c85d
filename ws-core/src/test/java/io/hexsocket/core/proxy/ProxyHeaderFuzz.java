package io.hexsocket.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.testkit.Cuts;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The header of the PROXY protocol: the same outcome however it is cut, and when it is read with no byte too many; nothing behind it is
 * taken.
 */
public final class ProxyHeaderFuzz {

    private static final int MOST_BYTES = 4096;

    private ProxyHeaderFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        String whole = parse(List.of(input));
        assertThat(parse(Cuts.every(1, input))).as("byte by byte").isEqualTo(whole);
        assertThat(parse(Cuts.byContent(input))).as("in pieces").isEqualTo(whole);
        assertThat(parseFrugally(input)).as("as much as is wanted").isEqualTo(whole);
    }

    private static String parse(List<byte[]> pieces) {
        ProxyHeaderParser parser = new ProxyHeaderParser();
        int taken = 0;
        try {
            for (byte[] piece : pieces) {
                ByteBuffer in = ByteBuffer.wrap(piece);
                ProxyHeader header = parser.parse(in);
                taken += in.position();
                if (header != null) {
                    return said(header, taken);
                }
                assertThat(in.hasRemaining()).as("all is taken").isFalse();
                checkWanted(parser, taken);
            }
            return "waits";
        } catch (ProxyViolation violation) {
            return "refused";
        }
    }

    /** As a transport reads that must leave what follows in its socket. */
    private static String parseFrugally(byte[] input) {
        ProxyHeaderParser parser = new ProxyHeaderParser();
        int taken = 0;
        try {
            while (taken < input.length) {
                checkWanted(parser, taken);
                int length = Math.min(parser.wanted(), input.length - taken);
                ByteBuffer in = ByteBuffer.wrap(input, taken, length);
                ProxyHeader header = parser.parse(in);
                taken += length;
                assertThat(in.hasRemaining()).as("what it wanted it takes").isFalse();
                if (header != null) {
                    return said(header, taken);
                }
            }
            return "waits";
        } catch (ProxyViolation violation) {
            return "refused";
        }
    }

    private static void checkWanted(ProxyHeaderParser parser, int taken) {
        assertThat(parser.wanted()).as("wanted").isPositive();
        assertThat(taken + parser.wanted()).as("the header").isLessThanOrEqualTo(MOST_BYTES);
    }

    private static String said(ProxyHeader header, int taken) {
        assertThat(header.client() == null || !header.client().isUnresolved()).isTrue();
        return header + " in " + taken;
    }
}
