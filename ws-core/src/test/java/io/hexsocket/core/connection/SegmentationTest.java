package io.hexsocket.core.connection;

import io.hexsocket.core.handshake.HeadFuzz;
import io.hexsocket.core.handshake.HeadGrammar;
import io.hexsocket.core.protocol.FramesFuzz;
import io.hexsocket.core.protocol.StreamGrammar;
import io.hexsocket.core.testkit.Cuts;
import io.hexsocket.core.testkit.MemoryClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Streams from a grammar of heads, frames and packets, half of them broken. */
@DisplayName("However a stream is cut")
@Tag("exhaustive")
class SegmentationTest {

    // -Dstreams=500000 looks further, -Dstreams.seed=4711 looks at one of them again
    private static final int STREAMS = Integer.getInteger("streams", 10_000);
    private static final Long SEED = Long.getLong("streams.seed");

    private static final String[] PACKETS = {
        "{\"opcode\":\"echo\"}", "{}", " \r\n", "{\"a\":[{\"b\":\"}\\\"\"}]}", "{\"\u20ac\":1}", "{", "]", "x", "buf"
    };

    private final ConnectionFuzz server = new ConnectionFuzz();

    /** What a client sends over one connection. */
    private static byte[] stream(long seed) {
        Random random = new Random(seed);
        return switch (random.nextInt(8)) {
            case 0 -> Cuts.join(List.of(HeadGrammar.hello(random), packets(random)));
            case 1, 2, 3 -> Cuts.join(List.of(HeadGrammar.head(random), StreamGrammar.stream(random)));
            default -> Cuts.join(List.of(MemoryClient.request("/app"), StreamGrammar.stream(random)));
        };
    }

    private static byte[] packets(Random random) {
        StringBuilder packets = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            packets.append(PACKETS[random.nextInt(PACKETS.length)]);
        }
        byte[] bytes = packets.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0 && random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private void check(long seed) {
        try {
            server.bring(stream(seed));
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError("run again with -Dstreams.seed=" + seed, broken);
        }
    }

    @Test
    @DisplayName(
            "H1 F16 F15 B5 it comes to the same messages, pings, close and violation, with code and reason, and to the same answers")
    void h1F16F15B5HoweverStreamIsCutItComesToSameMessagesPingsCloseAndViolationWithCodeAndReasonAndToSameAnswers() {
        if (SEED != null) {
            check(SEED);
            return;
        }
        for (long seed = 0; seed < STREAMS; seed++) {
            check(seed);
        }
    }

    @Test
    @DisplayName("F16 H1 its frames and its head say what a plain reading of the RFCs says")
    void f16H1HoweverStreamIsCutItsFramesAndItsHeadSayWhatPlainReadingOfRFCsSays() {
        for (long seed = 0; seed < STREAMS / 4; seed++) {
            Random random = new Random(seed);
            try {
                HeadFuzz.fuzzerTestOneInput(HeadGrammar.head(random));
                FramesFuzz.fuzzerTestOneInput(StreamGrammar.stream(random));
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError("seed " + seed, broken);
            }
        }
    }
}
