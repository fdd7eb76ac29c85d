package io.hexsocket.demo.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.demo.DemoProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** SIGTERM while clients of other languages do what they can to keep the program busy. */
@Tag("programs")
@Timeout(120)
class ShutdownUnderLoadTest {

    private static final int EACH = 20;

    @TempDir
    private Path folder;

    @BeforeEach
    void needPrograms() throws Exception {
        Program.PYTHON.orSkip();
        Program.NODE.orSkip();
    }

    @ParameterizedTest
    @MethodSource("io.hexsocket.demo.RunningDemo#transports")
    void everybodyIsToldAndThePortIsFree(String transport) throws Exception {
        try (DemoProcess server = start(transport, 0)) {
            int port = server.port();
            String uri = "ws://127.0.0.1:" + port;
            try (RunningProgram python = Program.PYTHON.start("load.py", uri, EACH);
                    RunningProgram node = Program.NODE.start("load.cjs", uri, EACH)) {
                python.await("busy");
                node.await("busy");

                server.signal("TERM");
                server.ended(0, Duration.ofSeconds(10));
                try (DemoProcess successor = start(transport, port)) {
                    assertThat(successor.port()).isEqualTo(port);
                }

                for (RunningProgram script : List.of(python, node)) {
                    assertThat(script.await("closed").path("codes"))
                            .hasSize(EACH)
                            .allMatch(code -> code.asInt() == 1012, "is 1012");
                    assertThat(script.ended()).isEmpty();
                }
                assertThat(server.err()).isEmpty();
            }
        }
    }

    private DemoProcess start(String transport, int port) throws Exception {
        return DemoProcess.start(
                folder, List.of("--address=ws://127.0.0.1:" + port, "--transport=" + transport, "--workers=2"));
    }
}
