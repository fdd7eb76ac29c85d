package io.hexsocket.core.raw;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Brings bytes to a new reader: whole, byte by byte, and at random cuts, and insists that all three come to the same.
 */
final class Arrivals {

    private static final int RANDOM_RUNS = 8;

    /** The messages that were handed over, and how it ended. */
    record Outcome(List<String> messages, @Nullable RawViolation violation, boolean insideMessage) {

        String description() {
            return messages
                    + (violation == null ? " inside " + insideMessage : " " + violation.code() + violation.reason());
        }
    }

    private Arrivals() {}

    /** What comes of UTF-8, cut in all ways. */
    static Outcome outcome(String text) {
        return outcome(text, RawLimits.DEFAULT);
    }

    static Outcome outcome(String text, RawLimits limits) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Outcome whole = bring(List.of(ByteBuffer.wrap(bytes)), limits);
        assertThat(bring(cut(bytes, 1), limits).description())
                .as("byte by byte")
                .isEqualTo(whole.description());
        for (int seed = 0; seed < RANDOM_RUNS; seed++) {
            assertThat(bring(cutAtRandom(bytes, new Random(seed)), limits).description())
                    .as("cut with seed %d", seed)
                    .isEqualTo(whole.description());
        }
        return whole;
    }

    /** What comes of these arrivals, as they are. */
    static Outcome ofArrivals(String... arrivals) {
        return bring(
                Arrays.stream(arrivals)
                        .map(text -> ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))
                        .toList(),
                RawLimits.DEFAULT);
    }

    static Outcome bring(List<ByteBuffer> arrivals, RawLimits limits) {
        List<String> messages = new ArrayList<>();
        RawReader reader = new RawReader(limits, message -> messages.add(utf8(message)));
        for (ByteBuffer arrival : arrivals) {
            int limit = arrival.limit();
            try {
                reader.read(arrival);
            } catch (RawViolation violation) {
                assertThat(arrival.limit())
                        .as("the limit of the transport's buffer")
                        .isEqualTo(limit);
                return new Outcome(messages, violation, false);
            }
            assertThat(arrival.remaining()).as("what the reader left").isZero();
            assertThat(arrival.limit())
                    .as("the limit of the transport's buffer")
                    .isEqualTo(limit);
        }
        return new Outcome(messages, null, reader.isInsideMessage());
    }

    static List<ByteBuffer> cut(byte[] bytes, int size) {
        List<ByteBuffer> arrivals = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += size) {
            arrivals.add(ByteBuffer.wrap(bytes, from, Math.min(size, bytes.length - from)));
        }
        return arrivals;
    }

    static String utf8(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    /** All of the arrivals are direct and stand somewhere in the middle of a buffer. */
    private static List<ByteBuffer> cutAtRandom(byte[] bytes, Random random) {
        List<ByteBuffer> arrivals = new ArrayList<>();
        int mean = 1 + random.nextInt(16);
        for (int from = 0; from < bytes.length; ) {
            int size = Math.min(random.nextInt(2 * mean), bytes.length - from);
            ByteBuffer arrival = ByteBuffer.allocateDirect(size + 7);
            arrival.position(3).put(bytes, from, size).flip().position(3);
            arrivals.add(arrival);
            from += size;
        }
        return arrivals;
    }
}
