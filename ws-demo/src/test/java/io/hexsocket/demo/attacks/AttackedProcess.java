package io.hexsocket.demo.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.contract.TestTls;
import io.hexsocket.demo.DemoProcess;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server in a process of its own, with little memory. On the JDK of {@code -Dattacks.jdk}, or of this process. */
final class AttackedProcess implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("server initialised on wss?://127\\.0\\.0\\.1:(\\d+),");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration TO_COLLECT = Duration.ofSeconds(5);

    private final Process process;
    private final Writer words;
    private final Path out;
    private final Path err;
    private final int port;
    private int asked;

    private AttackedProcess(Process process, Path out, Path err) throws IOException, InterruptedException {
        this.process = process;
        this.words = process.outputWriter(UTF_8);
        this.out = out;
        this.err = err;
        try {
            await("registered app", PATIENCE);
        } catch (IOException failed) {
            close();
            throw failed;
        }
        Matcher listening = LISTENING.matcher(out());
        if (!listening.find()) {
            throw new IOException("it does not listen: " + out() + err());
        }
        this.port = Integer.parseInt(listening.group(1));
    }

    /** Starts it with two event loops, and waits until it listens. */
    static AttackedProcess start(Path folder, String transport, Attack attack)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("attacks.jdk", System.getProperty("java.home")), "bin", "java")
                .toString());
        command.addAll(attack.javaOptions());
        command.addAll(List.of("-Dfile.encoding=UTF-8", "-cp", System.getProperty("java.class.path")));
        command.add(AttackedServer.class.getName());
        if (attack.needsOwnApps()) {
            command.addAll(List.of("apps", transport));
        } else {
            String scheme = attack.tls() ? "wss" : "ws";
            command.addAll(List.of("demo", "--address=" + scheme + "://127.0.0.1:0", "--transport=" + transport));
            command.add("--workers=2");
            Path config = Files.createTempFile(folder, "attacked", ".conf");
            Files.write(config, attack.settings());
            command.add("--config=" + config);
            if (attack.tls()) {
                TlsConfig.Identity identity = TestTls.server().identities().get(0);
                command.addAll(List.of("--cert=" + identity.certificate(), "--key=" + identity.keyFile()));
            }
        }
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        DemoProcess.dropSettings(builder.environment());
        Process process = builder.start();
        return new AttackedProcess(process, out, err);
    }

    int port() {
        return port;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Its exit status. */
    int status() {
        return process.exitValue();
    }

    boolean ended(Duration patience) throws InterruptedException {
        return process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    String out() throws IOException {
        return Files.readString(out, UTF_8);
    }

    String err() throws IOException {
        return Files.readString(err, UTF_8);
    }

    /** Resident memory, in bytes; 0 once it is gone. */
    long residentBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findAny()
                    .orElse(0);
        } catch (IOException | java.io.UncheckedIOException gone) {
            return 0;
        }
    }

    /** What is alive in its heap, in bytes; 0 if it does not say. */
    long heapBytes() throws IOException, InterruptedException {
        Pattern answer = Pattern.compile("heap " + asked++ + " (\\d+) bytes");
        tell("heap");
        long end = System.nanoTime() + TO_COLLECT.toNanos();
        while (isAlive() && System.nanoTime() - end < 0) {
            Matcher said = answer.matcher(out());
            if (said.find()) {
                return Long.parseLong(said.group(1));
            }
            ended(Duration.ofMillis(10));
        }
        return 0;
    }

    /** Has it fill its heap, and returns when it is full, or the server gone. */
    void fillHeap() throws IOException, InterruptedException {
        tell("fill");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!out().contains(AttackedServer.FULL) && !ended(Duration.ofMillis(5)) && System.nanoTime() - end < 0) {
            // looks again
        }
    }

    /** SIGTERM. */
    void terminate() throws IOException, InterruptedException {
        // Process.destroy would close what it reads its words from
        new ProcessBuilder("kill", "-TERM", Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    private void tell(String word) throws IOException, InterruptedException {
        try {
            words.write(word + "\n");
            words.flush();
        } catch (IOException gone) {
            // a process that ends closes its pipes first
            if (!ended(TO_COLLECT)) {
                throw gone;
            }
        }
    }

    private void await(String text, Duration patience) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!out().contains(text)) {
            if (ended(Duration.ofMillis(10)) || System.nanoTime() - end > 0) {
                throw new IOException("it has not said \"" + text + "\", but " + out() + err());
            }
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
