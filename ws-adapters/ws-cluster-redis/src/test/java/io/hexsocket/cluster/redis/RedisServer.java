package io.hexsocket.cluster.redis;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Redis or a Sentinel of the test's own: a child process at a free port of this host, in a folder that vanishes with it. */
public final class RedisServer implements AutoCloseable {

    private final List<String> command = new ArrayList<>();
    private final Path folder;
    private final int port;
    private @Nullable Process process;

    private RedisServer(List<String> options, List<String> lines, boolean isSentinel)
            throws IOException, InterruptedException {
        requireProgram();
        folder = Files.createTempDirectory("redis");
        port = freePort();
        Path settings = folder.resolve("settings.conf");
        List<String> all = new ArrayList<>(List.of("port " + port, "bind 127.0.0.1", "dir " + folder, "save \"\""));
        if (isSentinel) {
            all.remove("save \"\"");
        }
        all.addAll(lines);
        Files.write(settings, all);
        command.addAll(List.of("redis-server", settings.toString()));
        command.addAll(options);
        startAgain();
    }

    /** Starts one with additional lines of settings. */
    public static RedisServer start(String... lines) throws IOException, InterruptedException {
        return new RedisServer(List.of(), List.of(lines), false);
    }

    /** Starts a Sentinel that watches over a master and a half second later has doubts. */
    public static RedisServer startSentinel(int masterPort) throws IOException, InterruptedException {
        return new RedisServer(
                List.of("--sentinel"),
                List.of(
                        "sentinel monitor main 127.0.0.1 " + masterPort + " 1",
                        "sentinel down-after-milliseconds main 500",
                        "sentinel failover-timeout main 5000"),
                true);
    }

    private static void requireProgram() throws InterruptedException {
        try {
            Process trial = new ProcessBuilder("redis-server", "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (trial.waitFor() == 0) {
                return;
            }
        } catch (IOException notFound) {
            // told below
        }
        String missing = "redis-server is not installed: nobody tries the engine against it";
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(missing);
        }
        System.err.println("SKIPPED " + missing);
        abort(missing);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Where it listens on the loopback address. */
    public int port() {
        return port;
    }

    /** Starts it again, after {@link #kill()}. */
    public void startAgain() throws IOException {
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
        process = started;
        Await.until("a Redis that answers", () -> {
            if (!started.isAlive()) {
                throw new AssertionError("it has ended: " + log());
            }
            try {
                // one that wants a password or TLS is there as well
                return !ask("PING").isEmpty();
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    /** Sends one command as a line, and gives what comes back at once. */
    public String ask(String line) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            socket.setSoTimeout(2000);
            socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            byte[] bytes = new byte[64 * 1024];
            int count = in.read(bytes);
            while (in.available() > 0 && count < bytes.length) {
                count += in.read(bytes, count, bytes.length - count);
            }
            return count < 0 ? "closed" : new String(bytes, 0, count, StandardCharsets.UTF_8);
        }
    }

    /** A number of the INFO command. */
    long info(String section, String name) throws IOException {
        return ask("INFO " + section)
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> Long.parseLong(line.substring(name.length() + 1).trim()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("Redis does not tell " + name));
    }

    /** Like kill -9. */
    public void kill() throws InterruptedException {
        process().destroyForcibly();
        process().waitFor(20, TimeUnit.SECONDS);
    }

    /** Stops it in the middle of what it does, until {@link #resume()}. */
    public void pause() throws IOException, InterruptedException {
        signal("-STOP");
    }

    /** Lets it go on. */
    public void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", signal, Long.toString(process().pid()))
                .start()
                .waitFor();
        if (status != 0) {
            throw new AssertionError("kill " + signal + " has failed");
        }
    }

    private Process process() {
        Process started = process;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    @Override
    public void close() {
        if (process == null) {
            return;
        }
        process().destroyForcibly().onExit().join();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException left) {
            throw new AssertionError(left);
        }
    }
}
