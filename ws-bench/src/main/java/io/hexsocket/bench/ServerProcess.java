package io.hexsocket.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A contender in a virtual machine of its own, so that its processor time can be told from ours. */
final class ServerProcess implements AutoCloseable {

    private static final Duration LONGEST_START = Duration.ofSeconds(60);
    private static final int FIRST_WITHOUT_SILENT_UNSAFE = 24;

    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;
    private final int port;

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
        this.questions = process.outputWriter(StandardCharsets.US_ASCII);
    }

    /** Starts it and waits until it accepts connections. */
    static ServerProcess start(Contender contender, Contender.Setup setup, Workload workload)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        // the same for all: what the JDK itself picks on one processor
        command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:ActiveProcessorCount=" + setup.loops()));
        command.add("-Dio.netty.leakDetection.level=disabled");
        if (Runtime.version().feature() >= FIRST_WITHOUT_SILENT_UNSAFE) {
            // without these, Netty does without Unsafe
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        if (workload == Workload.IDLE) {
            // the heap is resident from the start, so that what else becomes resident lies outside it; and the
            // optimiser, which takes tens of megabytes when it likes to, has the day off
            command.addAll(List.of("-Xms1g", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1"));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(
                "serve",
                contender.name(),
                Integer.toString(setup.port()),
                Integer.toString(setup.maxMessageBytes()),
                Integer.toString(setup.loops()),
                setup.wire().name(),
                setup.key().directory().toString()));
        ServerProcess server = new ServerProcess(
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start(), setup.port());
        server.awaitAccept(contender.name());
        return server;
    }

    /** How a server is run for a workload, on a port that is free at the moment. */
    static Contender.Setup setup(Workload workload, ServerKey key) throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return new Contender.Setup(free.getLocalPort(), 2 * workload.bytes, workload.loops(), workload.wire, key);
        }
    }

    private void awaitAccept(String contender) throws IOException, InterruptedException {
        long end = System.nanoTime() + LONGEST_START.toNanos();
        while (true) {
            try {
                new Socket(InetAddress.getByName("127.0.0.1"), port).close();
                return;
            } catch (IOException refused) {
                if (!process.isAlive() || System.nanoTime() - end > 0) {
                    close();
                    throw new IOException(contender + " did not start", refused);
                }
            }
            Thread.sleep(20);
        }
    }

    /** Of all its threads so far; the kernel counts in steps of 10 ms. */
    long cpuNanos() {
        return process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("the processor time of a process is not to be had here"))
                .toNanos();
    }

    /** The bytes that live in its heap and those that are resident, the second on Linux only. */
    long memory() throws IOException {
        questions.write("heap\n");
        questions.flush();
        String heap = answers.readLine();
        if (heap == null) {
            throw new IOException("the server has ended");
        }
        return Long.parseLong(heap) + residentBytes();
    }

    private long residentBytes() throws IOException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        if (!Files.exists(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IOException(status + " does not name VmRSS");
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    /** In the child: answers each line with the bytes that live in the heap, and ends with the parent. */
    static void answerParent() throws IOException {
        BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        while (asked.readLine() != null) {
            System.gc();
            System.gc();
            System.out.println(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        Runtime.getRuntime().halt(0);
    }
}
