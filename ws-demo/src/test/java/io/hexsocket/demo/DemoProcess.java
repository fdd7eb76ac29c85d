package io.hexsocket.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program in a process of its own. What it prints goes to files, so that nobody has to read it for the program to go on. */
public final class DemoProcess implements AutoCloseable {

    private static final Pattern LISTENING =
            Pattern.compile("server initialised on wss?://127\\.0\\.0\\.1:(?<port>\\d+),");

    private final Process process;
    private final Path out;
    private final Path err;

    private DemoProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * Starts it.
     *
     * @param folder for its output
     * @param words of the command line
     */
    public static DemoProcess start(Path folder, List<String> words) throws IOException {
        return start(folder, command(words), "");
    }

    /**
     * Starts it with less of what the operating system gives to a process.
     *
     * @param limit how a shell says it, such as {@code ulimit -n 100}
     */
    static DemoProcess start(String limit, Path folder, List<String> words) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", limit + " && exec \"$@\"", "sh"));
        command.addAll(command(words));
        return start(folder, command, "-XX:-UsePerfData");
    }

    private static List<String> command(List<String> words) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-Dfile.encoding=UTF-8", "-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(words);
        return command;
    }

    private static DemoProcess start(Path folder, List<String> command, String javaOptions) throws IOException {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        if (!javaOptions.isEmpty()) {
            builder.environment().put("JDK_JAVA_OPTIONS", javaOptions);
        }
        return new DemoProcess(builder.start(), out, err);
    }

    /** Waits for its end. */
    public DemoProcess ended(int status) throws Exception {
        return ended(status, Duration.ofSeconds(30));
    }

    /** Waits for its end, and not longer than this. */
    public DemoProcess ended(int status, Duration patience) throws Exception {
        assertThat(process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS))
                .as("ended")
                .isTrue();
        assertThat(process.exitValue())
                .as("exit status of %s, %s", out(), err())
                .isEqualTo(status);
        return this;
    }

    /** What it has printed so far. */
    public String out() throws IOException {
        return Files.readString(out, UTF_8);
    }

    /** What it has complained of so far. */
    public String err() throws IOException {
        return Files.readString(err, UTF_8);
    }

    /** Waits until it listens, and tells where. */
    public int port() throws Exception {
        Matcher listening = LISTENING.matcher(awaitOut("registered app"));
        assertThat(listening.find()).isTrue();
        return Integer.parseInt(listening.group("port"));
    }

    /** Waits until it has printed something. */
    public String awaitOut(String text) throws Exception {
        while (!out().contains(text)) {
            assertThat(process.isAlive()).as("running, %s", err()).isTrue();
            Thread.sleep(20);
        }
        return out();
    }

    /** Sends it a signal: TERM, INT. */
    public void signal(String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Ends it, whatever it does. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
