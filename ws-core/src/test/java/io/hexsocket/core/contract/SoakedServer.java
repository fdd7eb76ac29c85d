package io.hexsocket.core.contract;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Compression;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.json.JsonApp;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.contract.TransportUnderTest.RunningServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A server in a process of its own, one port of it plain and one with TLS, that says what it owns. Not for two threads at once. */
final class SoakedServer implements AutoCloseable {

    /** The longest of all its deadlines. */
    static final Duration LONGEST = Duration.ofSeconds(10);

    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;
    private final int plain;
    private final int tls;

    private SoakedServer(Process process) throws IOException {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
        this.questions = process.outputWriter(StandardCharsets.US_ASCII);
        String[] listening = answer("listening");
        this.plain = Integer.parseInt(listening[1]);
        this.tls = Integer.parseInt(listening[2]);
    }

    static SoakedServer start(TransportUnderTest type) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        // what is alive is the same for every collector; this one has no threads that come and go
                        "-XX:+UseSerialGC",
                        // nor has the compiler
                        "-XX:-UseDynamicNumberOfCompilerThreads",
                        // what may be thrown away at any time is not owned
                        "-XX:SoftRefLRUPolicyMSPerMB=0",
                        // nor is what a pool keeps for later: whatever has not been given back is to be seen
                        "-Dio.netty.allocator.type=unpooled",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        SoakedServer.class.getName(),
                        type.getClass().getName())
                .redirectError(Redirect.INHERIT)
                .start();
        return new SoakedServer(process);
    }

    /** The port without TLS. */
    int plain() {
        return plain;
    }

    /** The port with TLS. */
    int tls() {
        return tls;
    }

    /** What it owns, once all of its clients are gone. */
    Holdings holdings() throws IOException {
        Await.until("a server without clients", () -> number("connections") == 0);
        return new Holdings(number("heap"), number("direct"), number("descriptors"), number("threads"));
    }

    private long number(String what) {
        try {
            questions.write(what + "\n");
            questions.flush();
            return Long.parseLong(answer(what)[1]);
        } catch (IOException failed) {
            throw new AssertionError("the server has ended", failed);
        }
    }

    private String[] answer(String first) throws IOException {
        String line = answers.readLine();
        if (line == null || !line.startsWith(first + " ")) {
            throw new IOException("the server said \"" + line + "\", not \"" + first + "\"");
        }
        return line.split(" ");
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    // ---- in the process

    /** Answers questions until its parent is gone. */
    public static void main(String[] arguments) throws Exception {
        TransportUnderTest type = instance(arguments[0]);
        App echo = session -> Session::send;
        App app = echo.with(AppOptions.DEFAULT.rawTcp(true).compression(Compression.ON));
        App packets = App.of(JsonApp.builder().build()).with(AppOptions.DEFAULT.compression(Compression.ON));
        // nobody is late because the machine is slow, but for those who wait for it
        Timeouts patient = Timeouts.DEFAULT
                .head(LONGEST)
                .ping(LONGEST)
                .close(LONGEST)
                .writeStall(LONGEST)
                .slowFrame(LONGEST)
                .tlsHandshake(LONGEST);
        List<RunningServer> servers = new ArrayList<>();
        for (ServerConfig.Builder config : List.of(
                ServerConfig.at("ws://127.0.0.1:0"),
                ServerConfig.at("wss://127.0.0.1:0").tls(TestTls.server()))) {
            servers.add(type.start(config.eventLoops(2)
                    .timeouts(patient)
                    .app("/echo", app)
                    .app(
                            "/room",
                            session ->
                                    (self, message) -> self.hub().app("/room").send(message))
                    .app("/sink", session -> (self, message) -> {})
                    .app("/web", packets)
                    .build()));
        }
        System.out.println(
                "listening " + servers.get(0).port() + " " + servers.get(1).port());
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String asked = questions.readLine(); asked != null; asked = questions.readLine()) {
            long number = switch (asked) {
                case "connections" ->
                    servers.stream().mapToInt(RunningServer::connections).sum();
                case "heap" -> heapBytes();
                case "direct" -> bufferBytes() + type.bytesElsewhere();
                case "descriptors" -> descriptors();
                case "threads" -> ManagementFactory.getThreadMXBean().getThreadCount();
                default -> throw new IllegalArgumentException(asked);
            };
            System.out.println(asked + " " + number);
        }
        Runtime.getRuntime().halt(0);
    }

    static TransportUnderTest instance(String name) throws ReflectiveOperationException {
        Constructor<?> constructor = Class.forName(name).getDeclaredConstructor();
        constructor.setAccessible(true);
        return (TransportUnderTest) constructor.newInstance();
    }

    private static long heapBytes() {
        long bytes = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            bytes = Math.min(
                    bytes,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return bytes;
    }

    private static long bufferBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /** Open files and sockets; 0 where the operating system does not tell. */
    private static long descriptors() throws IOException {
        Path open = Path.of("/proc/self/fd");
        if (!Files.isDirectory(open)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(open)) {
            return all.count();
        }
    }
}
