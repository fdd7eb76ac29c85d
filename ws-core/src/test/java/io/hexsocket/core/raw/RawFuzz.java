package io.hexsocket.core.raw;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.testkit.Cuts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a raw client says, its arrivals separated by the byte FF: the same as {@link PlainRaw} says, the same however it is cut as long
 * as no word is in it, and memory within the limit.
 */
public final class RawFuzz {

    // small, so that a fuzzer finds them
    private static final RawLimits LIMITS = new RawLimits(300, 6);
    private static final int FIRST_ROOM = 1024;

    private RawFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        List<byte[]> arrivals = PlainRaw.arrivals(input);
        List<String> expected = new PlainRaw(LIMITS).read(arrivals);
        assertThat(read(arrivals)).isEqualTo(expected);

        byte[] stream = Cuts.join(arrivals);
        if (!latin1(ByteBuffer.wrap(stream)).contains("buffer")) {
            assertThat(read(List.of(stream))).as("whole").isEqualTo(expected);
            assertThat(read(Cuts.every(1, stream))).as("byte by byte").isEqualTo(expected);
            assertThat(read(Cuts.byContent(stream))).as("in pieces").isEqualTo(expected);
        }
    }

    private static List<String> read(List<byte[]> arrivals) {
        List<String> events = new ArrayList<>();
        RawReader reader = new RawReader(LIMITS, message -> events.add(latin1(message)));
        try {
            for (byte[] arrival : arrivals) {
                ByteBuffer in = ByteBuffer.wrap(arrival);
                reader.read(in);
                assertThat(in.hasRemaining()).as("all is read").isFalse();
                assertThat(reader.heldBytes()).as("memory").isLessThanOrEqualTo(FIRST_ROOM);
            }
        } catch (RawViolation violation) {
            events.add("fail " + violation.code());
        }
        return events;
    }

    private static String latin1(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
    }
}
