package io.hexsocket.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In processes of their own, since they end. */
@Timeout(60)
class OutOfMemoryExitTest {

    private static final int SECONDS = 20;

    @ParameterizedTest(
            name = "M8 an OutOfMemoryError in this place ends the program with a last line and status 3: {0}")
    @ValueSource(
            strings = {"thread", "executor", "log", "log at a level that is off", "cause", "listener", "swallowed"})
    void endsWithLastLine(String place) throws Exception {
        Process process = start(place);
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS))
                    .as("has ended")
                    .isTrue();
            assertThat(process.exitValue()).isEqualTo(OutOfMemoryExit.STATUS);
            assertThat(new String(process.getErrorStream().readAllBytes(), UTF_8))
                    .isEqualTo("ws-demo: out of memory, so it ends here; give it more with java -Xmx\n");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    @DisplayName("M8 an OutOfMemoryError ends the program although nobody reads its standard error, which is full")
    void endsWhenNobodyReads() throws Exception {
        Process process = start("error output that nobody reads");
        try {
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS))
                    .as("has ended")
                    .isTrue();
            assertThat(process.exitValue()).isEqualTo(OutOfMemoryExit.STATUS);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(String place) throws Exception {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OutOfMemoryProcess.class.getName(),
                        place))
                .start();
    }
}
