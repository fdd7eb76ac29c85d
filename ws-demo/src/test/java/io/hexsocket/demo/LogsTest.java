package io.hexsocket.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsTest {

    private final LoggerContext context = new LoggerContext();
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @BeforeEach
    void complete() {
        context.setMDCAdapter(new LogbackMDCAdapter());
    }

    @Test
    void fileGetsWhatIsLoggedUntilTheEnd() throws Exception {
        Path file = folder.resolve("new/log (50%d).txt");
        try (Logs logs = Logs.start(context, console, LogFormat.TEXT, file)) {
            for (int i = 0; i < 1000; i++) {
                context.getLogger("demo").info("line {}", i);
            }
            assertThat(logs.dropped()).isZero();
        }
        assertThat(Files.readAllLines(file)).hasSize(1000).last().asString().endsWith("INFO  demo - line 999");
        assertThat(console.toString(UTF_8)).isEqualTo(Files.readString(file));
    }

    @Test
    void consoleAndFileHaveTheFormThatIsAskedFor() throws Exception {
        Path file = folder.resolve("demo.log");
        try (Logs logs = Logs.start(context, console, LogFormat.JSON, file)) {
            context.getLogger("demo").info("line");
            assertThat(logs.dropped()).isZero();
        }
        assertThat(Files.readString(file))
                .startsWith("{\"time\":\"")
                .endsWith("\"message\":\"line\"}\n")
                .isEqualTo(console.toString(UTF_8));
    }

    @Test
    void whatAnOperatorHasAskedForIsLoggedUnlessItIsSwitchedOff() throws Exception {
        String[] levels = {"warn", "error", "off", "info,operator=off", "info"};
        try (Logs logs = Logs.start(context, console, LogFormat.TEXT, null)) {
            for (String list : levels) {
                SettingValues values = new SettingValues(
                        java.util.Map.of(Setting.LOG_LEVELS, new SettingValue("logLevels", list)), host -> null);
                logs.levels(LogLevels.of(values));
                context.getLogger(Logs.OPERATOR).info("asked at {}", list);
                context.getLogger("server").info("other at {}", list);
            }
        }
        assertThat(console.toString(UTF_8).lines().map(line -> line.substring(line.indexOf("INFO"))))
                .containsExactly(
                        "INFO  operator - asked at warn",
                        "INFO  operator - asked at error",
                        "INFO  server - other at info,operator=off",
                        "INFO  operator - asked at info",
                        "INFO  server - other at info");
    }

    @Test
    void existingLogFileIsContinued() throws Exception {
        Path file = folder.resolve("demo.log");
        Files.writeString(file, "yesterday\n");
        try (Logs logs = Logs.start(context, console, LogFormat.TEXT, file)) {
            context.getLogger("demo").info("today");
            assertThat(logs.dropped()).isZero();
        }
        assertThat(Files.readAllLines(file)).hasSize(2).first().isEqualTo("yesterday");
    }

    @Test
    void n9LinesThatDoNotReachTheFileAreCounted() throws Exception {
        Path file = folder.resolve("demo.log");
        try (Logs logs = Logs.start(context, console, LogFormat.TEXT, file)) {
            context.getLogger("demo").info("in the file");
            await(() -> Files.size(file) > 0);
            assertThat(logs.lost()).isZero();
            // nothing that is written from now on has a place
            Files.delete(file);
            Files.createDirectory(file);
            for (int i = 0; i < 5; i++) {
                context.getLogger("demo").info("lost {}", i);
            }
            long[] lost = new long[1];
            await(() -> (lost[0] += logs.lost()) == 5);
            assertThat(logs.dropped()).isZero();
            assertThat(logs.lost()).as("each is told once").isZero();
        }
        assertThat(console.toString(UTF_8)).contains("lost 4");
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            while (!condition.call()) {
                Thread.onSpinWait();
            }
        });
    }

    @Test
    void fileThatWasMovedOrReplacedIsMadeAnew() throws Exception {
        Path file = folder.resolve("demo.log");
        try (Logs logs = Logs.start(context, console, LogFormat.TEXT, file)) {
            context.getLogger("demo").info("before");
            await(() -> Files.size(file) > 0);
            Files.move(file, folder.resolve("demo.log.1"));
            context.getLogger("demo").info("behind the move");
            await(() -> Files.exists(file) && Files.size(file) > 0);
            Files.move(file, folder.resolve("demo.log.2"));
            Files.createFile(file);
            context.getLogger("demo").info("in the place of another");
            await(() -> Files.size(file) > 0);
            assertThat(logs.lost()).isZero();
        }
        assertThat(Files.readString(folder.resolve("demo.log.1"))).endsWith("before\n");
        assertThat(Files.readString(folder.resolve("demo.log.2"))).endsWith("behind the move\n");
        assertThat(Files.readString(file)).endsWith("in the place of another\n");
    }

    @Test
    void fileThatIsFullIsPutAside() throws Exception {
        Path file = folder.resolve("demo.log");
        Files.write(file, new byte[10 * 1024 * 1024]);
        try (Logs logs = Logs.start(context, console, LogFormat.TEXT, file)) {
            // Logback looks at the length when it is first written to, and then once a minute or so
            context.getLogger("demo").info("the first line");
            assertThat(logs.dropped()).isZero();
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()).sorted())
                    .hasSize(2)
                    .last()
                    .asString()
                    .matches("demo\\.log\\.\\d{4}-\\d{2}-\\d{2}\\.0");
        }
    }

    @Test
    void o3FolderIsNoFile() {
        assertThatThrownBy(() -> Logs.start(context, console, LogFormat.TEXT, folder))
                .isInstanceOf(UsageException.class)
                .hasMessage("the log file \"" + folder + "\" is no regular file; name another");
    }

    @Test
    void o3FolderThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("file")).resolve("demo.log");
        assertThatThrownBy(() -> Logs.start(context, console, LogFormat.TEXT, file))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("cannot write the log file \"" + file + "\" (")
                .hasMessageEndingWith("; name another");
    }

    @Test
    void o3FifoWithoutAReaderIsRefusedAtOnce() throws Exception {
        Path fifo = folder.resolve("fifo");
        assumeTrue(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() == 0);
        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThatThrownBy(() -> Logs.start(context, console, LogFormat.TEXT, fifo))
                        .isInstanceOf(UsageException.class));
    }

    @Test
    void o3OutputThatStandsStillBlocksNobody() {
        StandingStill out = new StandingStill();
        LogQueue queue = queue(out);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int i = 0; i < 20_000; i++) {
                context.getLogger("demo").info("line");
            }
        });
        assertThat(queue.report()).isBetween(20_000L - 2 * 8192, 20_000L - 8192);
        assertThat(queue.report()).isZero();
        assertTimeoutPreemptively(Duration.ofSeconds(10), context::stop);
        out.goOn.countDown();
    }

    @Test
    void o3ConsoleThatStandsStillDoesNotStopTheFile() throws Exception {
        Path file = folder.resolve("demo.log");
        StandingStill out = new StandingStill();
        try (Logs logs = Logs.start(context, out, LogFormat.TEXT, file)) {
            for (int i = 0; i < 1000; i++) {
                context.getLogger("demo").info("line {}", i);
            }
            assertThat(logs.dropped()).isZero();
        }
        assertThat(Files.readAllLines(file)).hasSize(1000);
        out.goOn.countDown();
    }

    @Test
    void o3OutputThatFailsEndsNothing() {
        LogQueue queue = queue(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        });
        for (int i = 0; i < 100; i++) {
            context.getLogger("demo").info("line {}", i);
        }
        assertThat(queue.report()).isZero();
        context.stop();
    }

    private LogQueue queue(OutputStream out) {
        OutputStreamAppender<ILoggingEvent> output = new OutputStreamAppender<>();
        output.setContext(context);
        output.setEncoder(new EncoderBase<>() {
            @Override
            public byte[] headerBytes() {
                return new byte[0];
            }

            @Override
            public byte[] encode(ILoggingEvent event) {
                return event.getFormattedMessage().getBytes(UTF_8);
            }

            @Override
            public byte[] footerBytes() {
                return new byte[0];
            }
        });
        output.setOutputStream(out);
        output.start();
        LogQueue queue = new LogQueue(output, null);
        queue.setContext(context);
        queue.start();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(queue);
        return queue;
    }

    private static final class StandingStill extends OutputStream {

        final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public void write(int b) {
            boolean standing = true;
            while (standing) {
                try {
                    goOn.await();
                    standing = false;
                } catch (InterruptedException e) {
                    // a pipe that is full heeds no interrupt
                }
            }
        }
    }
}
