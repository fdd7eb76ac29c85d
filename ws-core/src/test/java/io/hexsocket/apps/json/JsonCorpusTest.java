package io.hexsocket.apps.json;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a fuzzer begins with, and what it has found. {@code .ci/fuzz json} looks further. */
class JsonCorpusTest {

    static List<Path> corpus() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/fuzz/json"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("corpus")
    @DisplayName(
            "A1 A2 A3 every file of the corpus keeps the promises of its target, and so does every beginning of it")
    void everyFileOfTheCorpusKeepsThePromisesOfItsTarget(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        for (int length = 0; length <= all.length; length++) {
            byte[] beginning = Arrays.copyOf(all, length);
            JsonFuzz.fuzzerTestOneInput(beginning);
        }
    }
}
