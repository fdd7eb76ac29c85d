package io.hexsocket.core.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.connection.ConnectionFuzz;
import io.hexsocket.core.deflate.DeflateFuzz;
import io.hexsocket.core.handshake.ExtensionsFuzz;
import io.hexsocket.core.handshake.HeadFuzz;
import io.hexsocket.core.protocol.FramesFuzz;
import io.hexsocket.core.proxy.ForwardedFuzz;
import io.hexsocket.core.proxy.ProxyHeaderFuzz;
import io.hexsocket.core.raw.RawFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What a fuzzer begins with, and what it has found: each file below {@code src/test/fuzz} runs here as a test, with some changes to it.
 * {@code .ci/fuzz} looks further.
 */
class CorpusTest {

    private static final Path CORPUS = Path.of("src/test/fuzz");
    // -Dfuzz.changes=100000 looks further
    private static final int CHANGES = Integer.getInteger("fuzz.changes", 100);

    private static final Map<String, Consumer<byte[]>> TARGETS = new TreeMap<>(Map.of(
            "head", HeadFuzz::fuzzerTestOneInput,
            "extensions", ExtensionsFuzz::fuzzerTestOneInput,
            "frames", FramesFuzz::fuzzerTestOneInput,
            "raw", RawFuzz::fuzzerTestOneInput,
            "connection", ConnectionFuzz::fuzzerTestOneInput,
            "deflate", DeflateFuzz::fuzzerTestOneInput,
            "forwarded", ForwardedFuzz::fuzzerTestOneInput,
            "proxy-header", ProxyHeaderFuzz::fuzzerTestOneInput));

    @TestFactory
    @DisplayName("Every file of the corpus keeps the promises of its target, and so do streams like it")
    Stream<DynamicTest> everyFileOfTheCorpusKeepsThePromisesOfItsTarget() {
        return TARGETS.entrySet().stream()
                .flatMap(target -> files(target.getKey())
                        .map(file -> DynamicTest.dynamicTest(
                                target.getKey() + " " + file.getFileName(),
                                () -> run(target.getValue(), bytes(file)))));
    }

    private static void run(Consumer<byte[]> target, byte[] input) {
        target.accept(input);
        for (int seed = 0; seed < CHANGES; seed++) {
            byte[] changed = changed(input, new Random(seed));
            try {
                target.accept(changed);
            } catch (AssertionError | RuntimeException broken) {
                throw new AssertionError("input " + HexFormat.of().formatHex(changed), broken);
            }
        }
    }

    /** The input with a piece taken out, doubled, or replaced, and some bytes made others. */
    private static byte[] changed(byte[] input, Random random) {
        int from = random.nextInt(input.length + 1);
        int length = Math.min(input.length - from, random.nextInt(1 + random.nextInt(30)));
        int copies = random.nextInt(3);
        byte[] changed = new byte[input.length + (copies - 1) * length];
        System.arraycopy(input, 0, changed, 0, from);
        for (int i = 0; i < copies; i++) {
            System.arraycopy(input, from, changed, from + i * length, length);
        }
        System.arraycopy(input, from + length, changed, from + copies * length, input.length - from - length);
        for (int bytes = random.nextInt(4); bytes > 0 && changed.length > 0; bytes--) {
            int at = random.nextInt(changed.length);
            // a bit, a byte of the same input, or any
            changed[at] = switch (random.nextInt(3)) {
                case 0 -> (byte) (changed[at] ^ 1 << random.nextInt(8));
                case 1 -> input.length == 0 ? 0 : input[random.nextInt(input.length)];
                default -> (byte) random.nextInt();
            };
        }
        return changed;
    }

    private static Stream<Path> files(String target) {
        try (Stream<Path> files = Files.list(CORPUS.resolve(target))) {
            Stream<Path> sorted = files.sorted().toList().stream();
            assertThat(CORPUS.resolve(target)).isNotEmptyDirectory();
            return sorted;
        } catch (IOException none) {
            throw new AssertionError("the target " + target + " has no corpus", none);
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        return Files.readAllBytes(file);
    }
}
