package io.hexsocket.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The program in a process of its own. What it prints goes to files, so that nobody has to read it for the program to go on. */
public final class DemoProcess implements AutoCloseable {

    private static final Pattern LISTENING =
            Pattern.compile("server initialised on wss?://127\\.0\\.0\\.1:(?<port>\\d+),");
    /** Signals 1 and 2. */
    private static final long HANG_UP_AND_INTERRUPT = 0b11;

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
        return start(folder, Map.of(), words);
    }

    /** Starts it with these environment variables. */
    static DemoProcess start(Path folder, Map<String, String> environment, List<String> words) throws IOException {
        return launch(folder, command(words), environment);
    }

    /** Starts it as {@code java -jar} does. */
    static DemoProcess startJar(Path jar, Path folder, List<String> words) throws IOException {
        return launch(folder, java(List.of("-jar", jar.toString()), words), Map.of());
    }

    /**
     * Starts it with less of what the operating system gives to a process, and in jars, as programs are: a class in a folder of its
     * own needs a descriptor when it is first used.
     *
     * @param limit how a shell says it, such as {@code ulimit -n 100}
     */
    static DemoProcess start(String limit, Path folder, List<String> words) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", limit + " && exec \"$@\"", "sh"));
        List<String> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            classPath.add(Files.isDirectory(Path.of(entry)) ? packed(Path.of(entry), folder) : entry);
        }
        command.addAll(command(String.join(File.pathSeparator, classPath), words));
        return launch(folder, command, Map.of("JDK_JAVA_OPTIONS", "-XX:-UsePerfData"));
    }

    private static String packed(Path classes, Path folder) throws IOException {
        Path jar = Files.createTempFile(folder, "classes", ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        return jar.toString();
    }

    /** What starts it with these words. */
    public static List<String> command(List<String> words) {
        return command(System.getProperty("java.class.path"), words);
    }

    private static List<String> command(String classPath, List<String> words) {
        return java(List.of("-cp", classPath, Main.class.getName()), words);
    }

    private static List<String> java(List<String> program, List<String> words) {
        List<String> command = new ArrayList<>();
        if ((ignoredSignals() & HANG_UP_AND_INTERRUPT) != 0) {
            command.addAll(List.of("env", "--default-signal=HUP,INT"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dfile.encoding=UTF-8");
        command.addAll(program);
        command.addAll(words);
        return command;
    }

    /**
     * The signals that this build ignores, a bit each, as one does that was started by nohup or in the background of a script: what a
     * program ignores, its children do, and Java does not change that.
     */
    private static long ignoredSignals() {
        Path status = Path.of("/proc/self/status");
        try (Stream<String> lines = Files.isReadable(status) ? Files.lines(status) : Stream.empty()) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .mapToLong(line -> Long.parseUnsignedLong(
                            line.substring("SigIgn:".length()).strip(), 16))
                    .findAny()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DemoProcess launch(Path folder, List<String> command, Map<String, String> environment)
            throws IOException {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        dropSettings(builder.environment());
        builder.environment().putAll(environment);
        return new DemoProcess(builder.start(), out, err);
    }

    /** Removes what this build may be told by variables whose names begin as those of settings do. */
    public static void dropSettings(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith("HEXSOCKET_"));
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
