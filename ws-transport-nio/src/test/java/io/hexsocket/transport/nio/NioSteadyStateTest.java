package io.hexsocket.transport.nio;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.hexsocket.apps.App;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.contract.TestTls;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("In a steady state")
class NioSteadyStateTest {

    private static final int MESSAGES = 10_000;
    // what makes a message that an app has kept harmless
    private static final long VIEW_BYTES = 32;
    // The client may be slow, and does not answer pings
    private static final Timeouts UNHURRIED = Timeouts.DEFAULT
            .head(Duration.ofMinutes(1))
            .idle(Duration.ofHours(1))
            .ping(Duration.ofHours(1))
            .tlsHandshake(Duration.ofMinutes(1));

    private static final byte[] REQUEST =
            ("GET /echo HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FRAME = ByteBuffer.allocate(6 + 32)
            .put((byte) 0x82)
            .put((byte) (0x80 | 32))
            .putInt(0x01020304)
            .array();

    @Test
    @Timeout(180)
    @DisplayName(
            "the event loop allocates the view of each message that it echoes, and less than a byte besides, its ticks included")
    void loopAllocatesTheViewOfEachMessageAndNothingElse() throws Exception {
        ServerConfig.Builder config = ServerConfig.at("ws://127.0.0.1:0");
        assertThat(bytesAllocated(config, Socket::new, MESSAGES)).isLessThan((VIEW_BYTES + 1) * MESSAGES);
    }

    @Test
    @Timeout(180)
    @DisplayName("over TLS, it allocates what the JDK's engine does, and no buffer")
    void echoOverTls() throws Exception {
        ServerConfig.Builder config = ServerConfig.at("wss://127.0.0.1:0").tls(TestTls.server());
        int messages = MESSAGES / 5;
        long bytes = bytesAllocated(config, TestTls.client().getSocketFactory()::createSocket, messages);
        // two engines without a server take 2.6 to 3.1 KB for a message there and back; the least buffer for a record
        // has 16 KiB
        assertThat(bytes).isLessThan(messages * 6000L);
    }

    private interface Connect {
        Socket to(InetAddress host, int port) throws IOException;
    }

    /** What the event loop allocates for the messages. */
    private static long bytesAllocated(ServerConfig.Builder config, Connect connect, int messages) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        CompletableFuture<Thread> loop = new CompletableFuture<>();
        App echo = session -> {
            loop.complete(Thread.currentThread());
            return Session::send;
        };
        try (NioServer server = NioServer.start(config.eventLoops(1)
                        .timeouts(UNHURRIED)
                        .app("/echo", echo)
                        .build());
                Socket client = connect.to(
                        InetAddress.getByName("127.0.0.1"), server.address().port())) {
            client.setTcpNoDelay(true);
            client.getOutputStream().write(REQUEST);
            long id = loop.get().getId();
            awaitEndOfHead(client.getInputStream());
            echo(client, messages / 3);

            long before = threads.getThreadAllocatedBytes(id);
            echo(client, messages);
            return threads.getThreadAllocatedBytes(id) - before;
        }
    }

    private static void awaitEndOfHead(InputStream in) throws IOException {
        int ends = 0;
        while (ends < 4) {
            int b = in.read();
            assertThat(b).isNotNegative();
            ends = b == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : 0;
        }
    }

    private static void echo(Socket client, int messages) throws IOException {
        for (int i = 0; i < messages; i++) {
            client.getOutputStream().write(FRAME);
            assertThat(client.getInputStream().readNBytes(2 + 32)).hasSize(2 + 32);
        }
    }
}
