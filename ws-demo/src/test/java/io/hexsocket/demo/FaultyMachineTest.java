package io.hexsocket.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.core.config.ServerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The program on a machine that fails it: killed, without disk, without descriptors; and with an app that does. */
@Timeout(90)
class FaultyMachineTest {

    private static final byte[] HELLO = {(byte) 0x81, (byte) 0x85, 0, 0, 0, 0, 'h', 'e', 'l', 'l', 'o'};

    private static final Pattern LOWERED =
            Pattern.compile("limits\\.connections lowered from 100000 to (?<number>\\d+):");

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "O2 {0}: killed under load, it listens again at once")
    @MethodSource("io.hexsocket.demo.RunningDemo#transports")
    void killedAndStartedAgain(String transport) throws Exception {
        List<Socket> clients = new ArrayList<>();
        int port;
        try (DemoProcess first = start(transport, 0)) {
            port = first.port();
            for (int i = 0; i < 50; i++) {
                clients.add(connect(port));
            }
            first.signal("KILL");
            first.ended(128 + 9);
        }
        // the connections of the dead one are still there, in the hands of their clients
        try (DemoProcess second = start(transport, port)) {
            assertThat(second.port()).isEqualTo(port);
            try (Socket client = connect(port)) {
                assertEchoes(client);
            }
        }
        for (Socket client : clients) {
            client.close();
        }
    }

    @ParameterizedTest(name = "O3 {0}: with a full disk under the log it serves on, and ends in order")
    @MethodSource("io.hexsocket.demo.RunningDemo#transports")
    void serverGoesOnWhenTheDiskIsFull(String transport) throws Exception {
        // no file may grow beyond 8 KiB: what a write says then is no more to a program than what a full disk says
        Path log = folder.resolve("demo.log");
        try (DemoProcess server = DemoProcess.start("ulimit -f 16", folder, words(transport, 0, "--log-file=" + log))) {
            int port = server.port();
            for (int i = 0; i < 200; i++) {
                try (Socket client = connect(port)) {
                    assertEchoes(client);
                }
            }
            assertThat(Files.size(log)).isBetween(4096L, 16 * 1024L);
            server.signal("TERM");
            server.ended(0);
        }
    }

    @ParameterizedTest(
            name = "O8 R2 {0}: with few descriptors it says how many connections it takes, takes them, and no others")
    @MethodSource("io.hexsocket.demo.RunningDemo#transports")
    void serverWithFewDescriptorsTakesAsManyConnectionsAsItSays(String transport) throws Exception {
        try (DemoProcess server = DemoProcess.start("ulimit -n 200", folder, words(transport, 0))) {
            int port = server.port();
            Matcher lowered = LOWERED.matcher(server.out());
            assertThat(lowered.find()).as(server.out()).isTrue();
            int most = Integer.parseInt(lowered.group("number"));
            assertThat(most).isBetween(50, 150);
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < most; i++) {
                clients.add(connect(port));
            }
            // the connections are open files, too, and no reason for fewer of them: it is what it was, and not said
            // again
            server.signal("HUP");
            assertThat(server.awaitOut("SIGHUP: ").substring(lowered.end())).doesNotContain("lowered");
            List<Socket> others = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                others.add(new Socket("127.0.0.1", port));
            }
            for (Socket other : others) {
                other.setSoTimeout(30_000);
                assertThat(opens(other)).isFalse();
                other.close();
            }
            for (Socket client : clients) {
                assertEchoes(client);
                client.close();
            }
            boolean served = false;
            while (!served) {
                // those who have left are noticed one by one
                try (Socket client = new Socket("127.0.0.1", port)) {
                    client.setSoTimeout(30_000);
                    served = opens(client);
                    if (served) {
                        assertEchoes(client);
                    }
                }
            }
        }
    }

    @ParameterizedTest(
            name = "A11 {0}: an app that blocks an event loop is named in the log, with the place where it stands")
    @MethodSource("io.hexsocket.demo.RunningDemo#transports")
    void blockingAppIsNamed(String transport) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        App blocking = session -> (one, message) -> {
            if (!goOn.await(80, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody has let it go");
            }
        };
        ServerConfig config = ServerConfig.at("ws://127.0.0.1:0")
                .eventLoops(1)
                .app("/echo", blocking)
                .build();
        LogLines lines = LogLines.listen();
        try (RunningDemo demo = RunningDemo.start(transport, config);
                Socket client = connect(demo.port())) {
            client.getOutputStream().write(HELLO);
            String told = lines.await(FaultyMachineTest.class.getSimpleName());
            assertThat(told).contains("block");
            goOn.countDown();
        } finally {
            lines.close();
        }
    }

    // ---- small things

    private DemoProcess start(String transport, int port) throws IOException {
        return DemoProcess.start(folder, words(transport, port));
    }

    private static List<String> words(String transport, int port, String... more) {
        List<String> words =
                new ArrayList<>(List.of("--address=ws://127.0.0.1:" + port, "--transport=" + transport, "--workers=2"));
        words.addAll(List.of(more));
        return words;
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(30_000);
        assertThat(opens(socket)).isTrue();
        return socket;
    }

    private static boolean opens(Socket socket) throws IOException {
        try {
            socket.getOutputStream()
                    .write(("GET /echo HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                            .getBytes(ISO_8859_1));
            StringBuilder head = new StringBuilder();
            InputStream in = socket.getInputStream();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return false;
                }
                head.append((char) next);
            }
            return head.toString().startsWith("HTTP/1.1 101 ");
        } catch (java.net.SocketException refused) {
            return false;
        }
    }

    private static void assertEchoes(Socket client) throws IOException {
        client.getOutputStream().write(HELLO);
        assertThat(client.getInputStream().readNBytes(7))
                .isEqualTo(new byte[] {(byte) 0x81, 5, 'h', 'e', 'l', 'l', 'o'});
    }
}
