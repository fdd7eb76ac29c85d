package io.hexsocket.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.testkit.Cuts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of the PROXY protocol: the same outcome however it is cut, and when it is read with no byte too many; nothing behind it is
 * taken; and a line that says UNKNOWN ends where it ends, whatever stands in it.
 */
public final class ProxyHeaderFuzz {

    private static final int MAX_BYTES = 4096;
    private static final int MAX_LINE_BYTES = 107;
    private static final Pattern UNKNOWN = Pattern.compile("PROXY UNKNOWN( [^\r\n]*)?\r\n");

    private ProxyHeaderFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        String whole = parse(List.of(input));
        assertThat(parse(Cuts.every(1, input))).as("byte by byte").isEqualTo(whole);
        assertThat(parse(Cuts.byContent(input))).as("in pieces").isEqualTo(whole);
        assertThat(parseFrugally(input)).as("as much as is wanted").isEqualTo(whole);
        Matcher line = UNKNOWN.matcher(new String(input, StandardCharsets.ISO_8859_1));
        if (line.lookingAt() && line.end() <= MAX_LINE_BYTES) {
            assertThat(whole).endsWith(" in " + line.end());
        }
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
        assertThat(taken + parser.wanted()).as("the header").isLessThanOrEqualTo(MAX_BYTES);
    }

    private static String said(ProxyHeader header, int taken) {
        assertThat(header.client() == null || !header.client().isUnresolved()).isTrue();
        return header + " in " + taken;
    }
}
