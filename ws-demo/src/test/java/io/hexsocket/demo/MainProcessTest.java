package io.hexsocket.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.hexsocket.core.testkit.TestMaterial;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program in a process of its own: what it prints, how it ends, how it takes a signal. */
@Timeout(180)
class MainProcessTest {

    private final List<DemoProcess> processes = new ArrayList<>();

    @TempDir
    private Path folder;

    @AfterEach
    void endProcesses() {
        for (DemoProcess process : processes) {
            process.close();
        }
    }

    @Test
    void helpAndVersionArePrinted() throws Exception {
        assertThat(run("--help").ended(0).out()).startsWith("Usage: java -jar ws-demo.jar");
        assertThat(run("--version").ended(0).out()).startsWith("Hexsocket demo ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--prot=nio",
                "--workers=0",
                "--transport=netty",
                "--address=ws://localhost:70000",
                "--address=wss://localhost:8443",
                "--address=ws://192.0.2.1:8091",
                "--address=ws://host.invalid:8091",
                "--config=no-such-file.conf",
                "--log-file=/",
                "send echo"
            })
    void o6o7WrongWordEndsItWithOneLine(String words) throws Exception {
        DemoProcess run = run(words.split(" ")).ended(2);
        assertThat(run.err()).startsWith("ws-demo: ").hasLineCount(1);
        assertThat(run.out()).doesNotContain("initialised");
    }

    @Test
    void o6PortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String address = "ws://127.0.0.1:" + taken.getLocalPort();
            DemoProcess run = run("--address", address).ended(2);
            assertThat(run.err())
                    .hasLineCount(1)
                    .startsWith("ws-demo: --address: cannot listen at " + address + ": ")
                    .endsWith("; choose another address or port, or end the program that has it\n");
            Path file = Files.writeString(folder.resolve("demo.conf"), "port = " + taken.getLocalPort() + "\n");
            assertThat(run("--address=ws://127.0.0.1:0", "--config=" + file)
                            .ended(2)
                            .err())
                    .startsWith("ws-demo: " + file + ":1: port: cannot listen at " + address + ": ");
        }
    }

    @Test
    void o7WrongFileIsNamedWithItsLine() throws Exception {
        Path file = folder.resolve("demo.conf");
        Files.writeString(file, "workers = 1\nlimits.messageBytes = 0\n");
        assertThat(run("--config", file.toString(), "--workers=2").ended(2).err())
                .isEqualTo("ws-demo: " + file + ":2: limits.messageBytes is 0, must be at least 125\n");
        Files.write(file, "# Grüße".getBytes(ISO_8859_1));
        assertThat(run("--config", file.toString()).ended(2).err())
                .isEqualTo("ws-demo: " + file + ":1: not UTF-8; save the file in that encoding\n");
        assertThat(run("--config", folder.toString()).ended(2).err())
                .startsWith("ws-demo: cannot read the configuration file ")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nowhere.pem   | privkey.pem         | --cert: cannot read %s/nowhere.pem: there is no such file
            half.pem      | privkey.pem         | --cert: %s/half.pem is not whole: its CERTIFICATE begins and does not end; is it still being written, or was it cut while it was copied?
            fullchain.pem | pkcs8-aes256.key    | --key: the private key in %s/pkcs8-aes256.key is encrypted; give its password, too
            fullchain.pem | renewed-privkey.pem | --key: the private key in %s/renewed-privkey.pem does not belong to the certificate in %s/fullchain.pem; are both of the same renewal?
            past.crt      | past.key            | --cert: the certificate of CN=past in %s/past.crt is over since 2021-01-01T00:00:00Z; renew it
            """)
    void o5CertificateOfNoUseEndsItWithOneLine(String certificate, String key, String complaint) throws Exception {
        TestMaterial.copy(
                folder,
                "fullchain.pem",
                "privkey.pem",
                "pkcs8-aes256.key",
                "renewed-privkey.pem",
                "past.crt",
                "past.key");
        Files.write(folder.resolve("half.pem"), Arrays.copyOf(TestMaterial.bytes("fullchain.pem"), 300));
        DemoProcess run = run(
                        "--address=wss://127.0.0.1:0",
                        "--cert=" + folder.resolve(certificate),
                        "--key=" + folder.resolve(key))
                .ended(2);
        assertThat(run.err()).isEqualTo("ws-demo: " + complaint.replace("%s", folder.toString()) + "\n");
        assertThat(run.out()).doesNotContain("initialised");
    }

    @ParameterizedTest
    @MethodSource("io.hexsocket.demo.RunningDemo#transports")
    void t11HangUpTakesNewCertificatesAndKeepsOldOnesIfTheyAreOfNoUse(String transport) throws Exception {
        Path certificate = folder.resolve("fullchain.pem");
        Path key = folder.resolve("privkey.pem");
        TestMaterial.copy(folder, "fullchain.pem", "privkey.pem");
        DemoProcess run =
                run("--address=wss://127.0.0.1:0", "--transport=" + transport, "--cert=" + certificate, "--key=" + key);
        run.port();
        assertThat(run.out()).contains("serving certificate " + serial("fullchain.pem") + " for localhost from ");
        run.signal("HUP");
        run.awaitOut("SIGHUP: no setting, key or certificate has changed");
        TestMaterial.copy("renewed-fullchain.pem", certificate);
        run.signal("HUP");
        assertThat(run.awaitOut("SIGHUP: nothing is changed: "))
                .contains(key + " does not belong to the certificate in " + certificate);
        TestMaterial.copy("renewed-privkey.pem", key);
        run.signal("HUP");
        assertThat(run.awaitOut("SIGHUP: new certificates are served"))
                .contains("serving certificate " + serial("renewed-fullchain.pem") + " for localhost from ");
        run.signal("TERM");
        run.ended(0);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).doesNotContain(" ERROR ", "Exception").endsWith("closed\n");
    }

    @ParameterizedTest
    @MethodSource("io.hexsocket.demo.RunningDemo#transports")
    void n7HangUpEndsNoServerThatHasNothingToReload(String transport) throws Exception {
        DemoProcess run = run("--address=ws://127.0.0.1:0", "--transport=" + transport);
        run.port();
        run.signal("HUP");
        run.awaitOut("SIGHUP: no setting, key or certificate has changed");
        run.signal("TERM");
        run.ended(0);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void hangUpReadsTheFileAgainAndWhatEnvironmentAndCommandLineSayRemains() throws Exception {
        Path file = folder.resolve("demo.conf");
        Files.writeString(file, "limits.topics = 1\nlimits.aliases = 1\nlimits.headers = 50\n");
        DemoProcess run = run(
                Map.of("HEXSOCKET_LIMITS_ALIASES", "2"),
                "--address=ws://127.0.0.1:0",
                "--config=" + file,
                "--limits.topics=2");
        Client client = new Client();
        client.connect(run.port());
        Files.writeString(
                file, "limits.topics = 5\nlimits.aliases = 5\nlimits.headers = 55\nlogLevels = info,server=debug\n");
        run.signal("HUP");
        assertThat(run.awaitOut("SIGHUP: changed: "))
                .contains("SIGHUP: changed: logLevels, limits.headers" + System.lineSeparator());
        Files.writeString(file, "limits.headers = 66\nlogLevels = loud\n");
        run.signal("HUP");
        assertThat(run.awaitOut("SIGHUP: nothing is changed: "))
                .contains(file + ":2: logLevels is \"loud\", must be a list such as info,access=debug,io.netty=off");
        Files.writeString(file, "limits.headers = 55\nlogLevels = error\n");
        run.signal("HUP");
        // nothing is logged of this one, nor of what follows
        Files.delete(file);
        run.signal("HUP");
        run.signal("TERM");
        assertThat(client.closed.get(60, TimeUnit.SECONDS)).isEqualTo(1012);
        run.ended(0);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void n11KeyFileThatOthersCanReadIsNamed() throws Exception {
        Path certificate = folder.resolve("fullchain.pem");
        Path key = folder.resolve("privkey.pem");
        TestMaterial.copy(folder, "fullchain.pem", "privkey.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        DemoProcess open = run("--address=wss://127.0.0.1:0", "--cert=" + certificate, "--key=" + key);
        open.port();
        assertThat(open.awaitOut("can be read by everybody")).contains(key.toString(), "its mode is rw-r--r--");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        DemoProcess closed = run("--address=wss://127.0.0.1:0", "--cert=" + certificate, "--key=" + key);
        closed.port();
        closed.awaitOut("registered app /broadcast");
        assertThat(closed.out()).doesNotContain("can be read by everybody");
    }

    @Test
    void n11FileWithApiKeysThatOthersCanReadIsNamedOnce() throws Exception {
        Path keys = Files.writeString(folder.resolve("keys"), "0123456789abcdef0123456789abcdef\n");
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-r--r--"));
        Path config = Files.writeString(
                folder.resolve("demo.conf"),
                "address = ws://127.0.0.1:0\nadmin.address = 127.0.0.1:0\nadmin.keyFile = " + keys + "\n");
        DemoProcess run = run("--config=" + config);
        run.port();
        run.awaitOut("management port at");
        run.signal("HUP");
        run.awaitOut("SIGHUP: no setting");
        assertThat(run.out().split("can be read by everybody", -1)).hasSize(2);
        assertThat(run.out()).contains("the key file \"" + keys + "\"");
    }

    @ParameterizedTest
    @MethodSource("io.hexsocket.demo.RunningDemo#transports")
    void n5x6StartSaysWhichAddressOfANameItIsAndWhosePagesMayConnect(String transport) throws Exception {
        DemoProcess run = run("--address=ws://localhost:0", "--transport=" + transport);
        Matcher start = Pattern.compile("initialised on ws://localhost:(\\d+) \\(([0-9a-f:.]+), IPv[46] only\\), ")
                .matcher(run.awaitOut("registered app"));
        assertThat(start.find()).isTrue();
        InetAddress address = InetAddress.getByName(start.group(2));
        try (Socket socket = new Socket(address, Integer.parseInt(start.group(1)))) {
            assertThat(socket.isConnected()).isTrue();
        }
        assertThat(run.awaitOut("pages of this server's own origin may connect"))
                .contains("allowedOrigins");
        Path file = folder.resolve("open.conf");
        Files.writeString(file, "allowedOrigins = any\n");
        DemoProcess open = run("--address=ws://127.0.0.1:0", "--config=" + file);
        open.port();
        open.awaitOut("pages of any origin may connect");
    }

    private static String serial(String name) {
        return TestMaterial.certificate(name).getSerialNumber().toString(16);
    }

    @Test
    void commandLineWinsOverFile() throws Exception {
        Path file = folder.resolve("demo.conf");
        Files.writeString(file, "address = ws://127.0.0.1:1\nworkers = 1\n");
        DemoProcess run = run("--config", file.toString(), "--address", "ws://127.0.0.1:0");
        run.port();
        assertThat(run.out()).contains("transport nio, 1 event loops");
    }

    @Test
    void environmentWinsOverFileAndCommandLineOverBoth() throws Exception {
        Path file = folder.resolve("demo.conf");
        Files.writeString(file, "address = ws://127.0.0.1:0\nworkers = 1\ntransport = nio\n");
        DemoProcess run = run(
                Map.of("HEXSOCKET_WORKERS", "2", "HEXSOCKET_TRANSPORT", "vertx"), "--config=" + file, "--workers=3");
        run.port();
        assertThat(run.out()).contains("transport vertx, 3 event loops");
    }

    @Test
    void fileOfLogbackIsHonoured() throws Exception {
        Path file = folder.resolve("logback.xml");
        Files.writeString(file, """
                <configuration>
                  <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>own form: %msg%n</pattern></encoder>
                  </appender>
                  <root level="INFO"><appender-ref ref="console"/></root>
                </configuration>
                """);
        Map<String, String> logback = Map.of("JDK_JAVA_OPTIONS", "-Dlogback.configurationFile=" + file);
        DemoProcess run = run(logback, "--address=ws://127.0.0.1:0");
        run.awaitOut("own form: registered app /echo");
        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).startsWith("own form: "));
        assertThat(run(logback, "--log-format=json").ended(2).err())
                .contains("ws-demo: logFile and logFormat do not go with -Dlogback.configurationFile");
        Files.writeString(file, "<configuration><appender name='a' class='no.Such'/></configuration>");
        assertThat(run(logback, "--address=ws://127.0.0.1:0").ended(2).err())
                .contains("ws-demo: -Dlogback.configurationFile is \"" + file + "\", which Logback does not take: ");
        Files.delete(file);
        assertThat(run(logback, "--address=ws://127.0.0.1:0").ended(2).err())
                .contains("ws-demo: -Dlogback.configurationFile is \"" + file + "\", but there is no such file");
    }

    @Test
    void logIsJsonWhereItIsAskedFor() throws Exception {
        DemoProcess run = run("--address=ws://127.0.0.1:0", "--log-format=json");
        run.awaitOut("registered app /echo");
        ObjectMapper mapper = new ObjectMapper();
        List<String> messages = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            messages.add(mapper.readTree(line).path("message").asText());
        }
        assertThat(messages).anySatisfy(message -> assertThat(message).startsWith("server initialised on ws://"));
    }

    @Test
    void o7WrongVariableIsNamed() throws Exception {
        assertThat(run(Map.of("HEXSOCKET_WORKERS", "x"), "--workers=1").ended(2).err())
                .startsWith("ws-demo: HEXSOCKET_WORKERS is \"x\", must be ")
                .hasLineCount(1);
        assertThat(run(Map.of("HEXSOCKET_WORKER", "1")).ended(2).err())
                .startsWith("ws-demo: unknown environment variable HEXSOCKET_WORKER; the nearest is HEXSOCKET_WORKERS")
                .hasLineCount(1);
    }

    @Test
    void addressInTheFileMayNeedTheCertificateOfTheEnvironment() throws Exception {
        TestMaterial.copy(folder, "fullchain.pem", "privkey.pem");
        Path file = folder.resolve("demo.conf");
        Files.writeString(file, "address = wss://127.0.0.1:0\nworkers = 1\n");
        DemoProcess run = run(
                Map.of(
                        "HEXSOCKET_TLS_CERTIFICATES",
                                folder.resolve("fullchain.pem").toString(),
                        "HEXSOCKET_TLS_KEYS", folder.resolve("privkey.pem").toString()),
                "--config=" + file,
                "--workers=2");
        run.port();
        assertThat(run.out()).contains("2 event loops");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void o1SignalEndsItInOrder(String signal) throws Exception {
        Path log = folder.resolve("demo.log");
        DemoProcess run = run("--address=ws://127.0.0.1:0", "--log-file=" + log);
        int port = run.port();
        Client client = new Client();
        client.connect(port);

        run.signal(signal);
        assertThat(client.closed.get(60, TimeUnit.SECONDS)).isEqualTo(1012);
        run.ended(0);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("registered app /echo", "connect from 127.0.0.1:", "close by the server: 1012");
        assertThat(run.out()).endsWith("closed\n").contains("SIG" + signal);
        assertThat(Files.readString(log)).isEqualTo(run.out());
        try (ServerSocket again = new ServerSocket()) {
            again.setReuseAddress(true);
            again.bind(new java.net.InetSocketAddress("127.0.0.1", port));
        }
    }

    @Test
    void drainDelayKeepsThePortOpenAndHealthSaysSo() throws Exception {
        Path file = folder.resolve("slow.conf");
        Files.writeString(file, "address = ws://127.0.0.1:0\ndrain.delay = 2s\ndrain.window = 250ms\n");
        DemoProcess run = run("--config=" + file);
        int port = run.port();
        HttpRequest health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                .build();
        HttpClient http = HttpClient.newHttpClient();
        assertThat(http.send(health, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(200);
        run.signal("TERM");
        run.awaitOut("draining: still accepting connections for 2.0 s");
        Client late = new Client();
        late.connect(port);
        HttpResponse<String> answer = http.send(health, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("\"status\":\"draining\"");
        assertThat(late.closed.get(60, TimeUnit.SECONDS)).isEqualTo(1012);
        run.ended(0);
        assertThat(run.out()).contains("1 sessions are closed within 0.25 s");
    }

    @Test
    void drainByTheManagementPortIsAnsweredAndEndsIt() throws Exception {
        DemoProcess run = run("--address=ws://127.0.0.1:0", "--admin=127.0.0.1:0");
        Matcher admin = Pattern.compile("management port at (http://127\\.0\\.0\\.1:\\d+)")
                .matcher(run.awaitOut("management port at "));
        assertThat(admin.find()).isTrue();
        HttpRequest drain = HttpRequest.newBuilder(URI.create(admin.group(1) + "/api/drain"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .header("Content-Type", "application/json")
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(drain, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("all sessions closed within 1.0 s");
        run.ended(0);
        assertThat(run.out())
                .contains("POST /api/drain: closing ws://127.0.0.1:")
                .endsWith("closed\n");
    }

    @Test
    void o1SecondSignalEndsItAtOnce() throws Exception {
        DemoProcess run = run("--address=ws://127.0.0.1:0");
        try (Socket silent = new Socket("127.0.0.1", run.port())) {
            // never answers the close frame, for which the server would wait some seconds
            silent.getOutputStream()
                    .write(("GET /echo HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                            .getBytes(ISO_8859_1));
            assertThat(new String(silent.getInputStream().readNBytes(12), ISO_8859_1))
                    .isEqualTo("HTTP/1.1 101");
            run.signal("TERM");
            run.awaitOut("SIGTERM: closing");
            long start = System.nanoTime();
            run.signal("TERM");
            run.ended(128 + 15);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void o1SignalDuringAStartThatWaitsEndsIt() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            DemoProcess run = run(
                    "--address=ws://127.0.0.1:0",
                    "--cluster=redis://127.0.0.1:" + silent.getLocalPort(),
                    "--cluster-secret=" + secret);
            try (Socket asked = silent.accept()) {
                assertThat(asked.getInputStream().read()).isNotNegative();
                run.signal("TERM");
                assertThat(run.ended(128 + 15, Duration.ofSeconds(2)).err())
                        .isEqualTo("ws-demo: SIGTERM before there was a server\n");
            }
        }
    }

    @Test
    void sendReachesABrowser() throws Exception {
        int port = run("--address=ws://127.0.0.1:0").port();
        Client browser = new Client();
        browser.connect(port, "/web");
        String id = browser.id();
        String server = "--address=ws://127.0.0.1:" + port;

        assertThat(run("send", server, "broadcast", "to all").ended(0).err()).isEmpty();
        assertThat(browser.next()).isEqualTo("{\"opcode\":\"broadcast\",\"message\":\"to all\"}");
        assertThat(run("send", server, "feedback", "--uuid", id, "one", "two")
                        .ended(0)
                        .err())
                .isEmpty();
        assertThat(browser.next()).isEqualTo("{\"opcode\":\"feedback\",\"message\":\"one\",\"uuid\":\"" + id + "\"}");
        assertThat(browser.next()).isEqualTo("{\"opcode\":\"feedback\",\"message\":\"two\",\"uuid\":\"" + id + "\"}");
    }

    @Test
    void sendSaysWhatFailed() throws Exception {
        try (Socket taken = new Socket()) {
            // bound, and does not listen
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String nobody = "ws://127.0.0.1:" + taken.getLocalPort();
            assertThat(run("send", "--address=" + nobody, "broadcast", "x")
                            .ended(1)
                            .err())
                    .isEqualTo("ws-demo: no server answers at " + nobody + "/php\n");
        }
        int port = run("--address=ws://127.0.0.1:0").port();
        assertThat(run("send", "--address=ws://127.0.0.1:" + port, "--path=/nope", "broadcast", "x")
                        .ended(1)
                        .err())
                .isEqualTo("ws-demo: ws://127.0.0.1:" + port + "/nope refused with HTTP status 404\n");
    }

    private DemoProcess run(Map<String, String> environment, String... words) throws IOException {
        DemoProcess run = DemoProcess.start(folder, environment, List.of(words));
        processes.add(run);
        return run;
    }

    private DemoProcess run(String... words) throws IOException {
        DemoProcess run = DemoProcess.start(folder, List.of(words));
        processes.add(run);
        return run;
    }

    private static final class Client implements WebSocket.Listener {

        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final java.util.concurrent.BlockingQueue<String> texts =
                new java.util.concurrent.LinkedBlockingQueue<>();

        void connect(int port) {
            connect(port, "/echo");
        }

        void connect(int port, String path) {
            HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + port + path), this)
                    .join();
        }

        String id() throws Exception {
            return next().replaceAll(".*\"uuid\":\"([^\"]+)\".*", "$1");
        }

        String next() throws Exception {
            String text = texts.poll(10, TimeUnit.SECONDS);
            assertThat(text).as("a message").isNotNull();
            return text;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            texts.add(data.toString());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return null;
        }
    }
}
