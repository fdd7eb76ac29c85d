package io.hexsocket.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.contract.RawClient.End;
import io.hexsocket.core.contract.TransportUnderTest.RunningServer;
import io.hexsocket.core.port.host.MemoryUse;
import io.hexsocket.core.port.host.RefusalCause;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.port.host.SessionEnd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a server does when its clients make it hold as much as it may, over real sockets. A transport extends this class and adds nothing. */
public abstract class MemoryContract {

    private static final int MIB = 1024 * 1024;

    private final TransportUnderTest type;
    private final Queue<CloseStatus> ends = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> refusals = new ConcurrentLinkedQueue<>();
    private final Queue<MemoryUse> pressure = new ConcurrentLinkedQueue<>();

    @RegisterExtension
    final Opened toClose = new Opened();

    /** The contract for servers on one transport. */
    protected MemoryContract(TransportUnderTest type) {
        this.type = type;
    }

    /** A server on two loops with an echo, at {@code /app}. */
    private RunningServer start(Limits limits, App app) {
        ServerConfig.Builder config = type.wire() == Wire.TLS
                ? ServerConfig.at("wss://127.0.0.1:0").tls(TestTls.server())
                : ServerConfig.at("ws://127.0.0.1:0");
        config.eventLoops(2)
                .limits(limits)
                .timeouts(Timeouts.DEFAULT.head(Duration.ofSeconds(30)))
                .app("/app", app)
                .app("/echo", session -> Session::send)
                .listener(new ServerListener() {
                    @Override
                    public void onClose(long connection, Session session, SessionEnd end) {
                        ends.add(end.status());
                    }

                    @Override
                    public void onRefused(
                            long connection, InetSocketAddress peer, RefusalCause cause, int status, String why) {
                        refusals.add(status);
                    }

                    @Override
                    public void onMemoryPressure(MemoryUse use) {
                        pressure.add(use);
                    }
                });
        try {
            return toClose.add(type.start(config.build()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private WsClient connect(RunningServer server, String path, int receiveBytes) {
        return toClose.add(WsClient.connect(type.wire(), server.port(), path, receiveBytes));
    }

    private static App echo() {
        return session -> Session::send;
    }

    private static byte[] begun(int announced, int sent) {
        byte[] frame = new byte[14 + sent];
        ByteBuffer.wrap(frame)
                .put((byte) 0x82)
                .put((byte) 0xFF)
                .putLong(announced)
                .putInt(0);
        return frame;
    }

    @Test
    @DisplayName("M1 the client with the largest unfinished message is told 1013, and the others do not notice")
    void unfinishedMessages() {
        RunningServer server = start(Limits.DEFAULT.memoryBytes(2 * MIB), echo());
        WsClient small = connect(server, "/app", 0);
        WsClient bystander = connect(server, "/echo", 0);
        WsClient large = connect(server, "/app", 0);
        small.socket().send(begun(300_000, 200_000));
        large.socket().send(begun(5 * MIB, 3 * MIB));
        WsClient.Frame close = large.readMessage();
        assertThat(close.status()).isEqualTo(1013);
        assertThat(new String(close.payload(), StandardCharsets.UTF_8))
                .endsWith("holds as much for its clients as it may");
        bystander.echo("not me");
        small.socket().send(new byte[100_000]);
        assertThat(small.readMessage().payload()).hasSize(300_000);
        assertThat(pressure)
                .isNotEmpty()
                .allSatisfy(use -> assertThat(use.limit()).isEqualTo(2 * MIB));
        assertThat(ends).extracting(CloseStatus::code).containsExactly(1013);
        small.leave();
        bystander.leave();
    }

    @Test
    @DisplayName(
            "M4 M14 the client that does not read what it has asked for is cut, its app hears 1013, and the others do not notice")
    void unreadOutput() {
        App pouring = session -> (self, message) -> {
            for (int i = 0; i < 24 * 16; i++) {
                self.send(ByteBuffer.allocate(64 * 1024));
            }
        };
        RunningServer server = start(Limits.DEFAULT.queuedBytes(64 * MIB).memoryBytes(2 * MIB), pouring);
        WsClient bystander = connect(server, "/echo", 0);
        WsClient deaf = connect(server, "/app", 4 * 1024);
        deaf.send("pour");
        Await.until("the cut", () -> !ends.isEmpty());
        assertThat(ends).extracting(CloseStatus::code).containsExactly(1013);
        assertThat(deaf.socket().awaitEnd()).isEqualTo(End.RST);
        bystander.echo("not me");
        bystander.leave();
        Await.until("the end of all", () -> server.connections() == 0);
        assertThat(server.buffers()).isZero();
    }

    @Test
    @DisplayName("M13 of requests that never end some are refused with 503, and a newcomer is served")
    void heads() {
        RunningServer server = start(Limits.DEFAULT.memoryBytes(400_000), echo());
        String head = "GET /app HTTP/1.1\r\nHost: example.org\r\nX: " + "x".repeat(7_900);
        List<RawClient> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            RawClient one = toClose.add(RawClient.connect(type.wire(), server.port()));
            one.send(head.getBytes(StandardCharsets.US_ASCII));
            all.add(one);
        }
        Await.until("refusals", () -> refusals.size() > 20);
        assertThat(refusals).containsOnly(503);
        connect(server, "/echo", 0).echo("hello");
        all.forEach(RawClient::reset);
        Await.until("only one is left", () -> server.connections() == 1);
    }

    @Test
    @DisplayName("M17 a raw client whose packet does not end is told that the server holds as much as it may")
    void rawPackets() {
        RunningServer server = start(Limits.DEFAULT.memoryBytes(MIB), echo().with(AppOptions.DEFAULT.rawTcp(true)));
        WsClient bystander = connect(server, "/echo", 0);
        RawClient raw = toClose.add(RawClient.connect(type.wire(), server.port()));
        raw.send("php process\nGET /app HTTP/1.1\n".getBytes(StandardCharsets.US_ASCII));
        CompletableFuture<byte[]> heard = Aside.call(raw::readToAnyEnd);
        raw.send("{\"a\":\"".getBytes(StandardCharsets.US_ASCII));
        byte[] more = "x".repeat(32 * 1024).getBytes(StandardCharsets.US_ASCII);
        try {
            for (int i = 0; i < 64 && !heard.isDone(); i++) {
                raw.send(more);
            }
        } catch (UncheckedIOException ended) {
            // it may end before all is sent
        }
        assertThat(new String(heard.join(), StandardCharsets.UTF_8))
                .contains("holds as much for its clients as it may");
        assertThat(ends).extracting(CloseStatus::code).containsExactly(1013);
        bystander.echo("not me");
        bystander.leave();
    }

    @Test
    @DisplayName("M3 what an app keeps of an unfinished message counts, and its client is told 1013")
    void keptByApp() {
        App collecting = session -> new Listener() {
            private final List<Message> parts = new ArrayList<>();
            private int bytes;

            @Override
            public void onMessage(Session self, Message part) {
                parts.add(part.copy());
                bytes += part.size();
            }

            @Override
            public int heldBytes() {
                return bytes;
            }
        };
        RunningServer server = start(Limits.DEFAULT.memoryBytes(MIB), collecting);
        WsClient bystander = connect(server, "/echo", 0);
        WsClient client = connect(server, "/app", 0);
        for (int i = 0; i < 12; i++) {
            client.sendBinary(new byte[100_000]);
        }
        assertThat(client.readMessage().status()).isEqualTo(1013);
        bystander.echo("not me");
        bystander.leave();
    }
}
