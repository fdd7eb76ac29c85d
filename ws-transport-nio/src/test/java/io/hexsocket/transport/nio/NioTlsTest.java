package io.hexsocket.transport.nio;

import static io.hexsocket.transport.nio.NioUnderTest.buffersInUse;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Session;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.contract.TestTls;
import io.hexsocket.core.contract.TlsClient;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What only this transport can be asked about TLS; the rest is in the contract. */
class NioTlsTest {

    @Test
    @DisplayName("R6 a hundred idle connections own no buffer")
    void idleConnectionsOwnNoBuffer() throws Exception {
        ServerConfig config = ServerConfig.at("wss://127.0.0.1:0")
                .tls(TestTls.server())
                .eventLoops(1)
                .app("/app", session -> Session::send)
                .build();
        List<TlsClient> clients = new ArrayList<>();
        try (NioServer server = NioServer.start(config)) {
            for (int i = 0; i < 100; i++) {
                TlsClient client = new TlsClient(server.address().port(), TestTls.client());
                clients.add(client);
                open(client);
                client.send(client.seal(ClientFrame.text("hello").bytes()));
                readEcho(client, "hello");
            }
            assertThat(buffersInUse(server)).isZero();

            TlsClient first = clients.get(0);
            byte[] record = first.seal(ClientFrame.text("half of it").bytes());
            first.send(Arrays.copyOf(record, 20));
            await(() -> buffersInUse(server) > 0);
            assertThat(buffersInUse(server)).isEqualTo(1);
            first.send(Arrays.copyOfRange(record, 20, record.length));
            readEcho(first, "half of it");
            assertThat(buffersInUse(server)).isZero();

            TlsClient second = clients.get(1);
            second.send(Arrays.copyOf(second.seal(ClientFrame.text("half of it").bytes()), 20));
            for (TlsClient client : clients) {
                client.close();
            }
            await(() -> server.connections() == 0);
            assertThat(buffersInUse(server)).isZero();
        }
    }

    @Test
    void messageThatIsEncryptedIsNotKeptUntilTheNextOneIs() throws Exception {
        AtomicReference<WeakReference<ByteBuffer>> sent = new AtomicReference<>();
        ServerConfig config = ServerConfig.at("wss://127.0.0.1:0")
                .tls(TestTls.server())
                .eventLoops(1)
                // a ping would be the next one
                .timeouts(Timeouts.DEFAULT.ping(Duration.ZERO))
                .app("/app", session -> (any, message) -> {
                    ByteBuffer large = ByteBuffer.allocateDirect(300_000);
                    sent.set(new WeakReference<>(large));
                    any.send(large);
                })
                .build();
        try (NioServer server = NioServer.start(config);
                TlsClient client = new TlsClient(server.address().port(), TestTls.client())) {
            open(client);
            client.send(client.seal(ClientFrame.text("send").bytes()));
            assertThat(client.read(10 + 300_000)).hasSize(300_010);
            await(() -> {
                System.gc();
                return sent.get().get() == null;
            });
        }
    }

    private static void open(TlsClient client) throws IOException {
        client.shakeHands();
        client.send(client.seal(MemoryClient.request("/app")));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) client.read(1)[0]);
        }
    }

    private static void readEcho(TlsClient client, String text) throws IOException {
        byte[] frame = client.read(2 + text.length());
        assertThat(new String(frame, 2, text.length(), StandardCharsets.US_ASCII))
                .isEqualTo(text);
    }

    private static void await(BooleanSupplier came) throws InterruptedException {
        for (int i = 0; !came.getAsBoolean(); i++) {
            assertThat(i).as("times ten milliseconds").isLessThan(4000);
            Thread.sleep(10);
        }
    }
}
