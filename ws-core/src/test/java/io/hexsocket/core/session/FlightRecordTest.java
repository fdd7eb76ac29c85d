package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.core.port.FlightRecord;
import io.hexsocket.core.port.FlightRecord.Arrival;
import io.hexsocket.core.port.ServerListener;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryConnection;
import io.hexsocket.core.testkit.MemoryServer;
import java.io.ByteArrayOutputStream;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is recorded of a client that breaks a rule")
class FlightRecordTest {

    private static final int MOST = 4096;
    private static final byte[] UNMASKED = {(byte) 0x81, 1, 'a'};

    private final List<FlightRecord> records = new ArrayList<>();
    private final MemoryServer server = server(MOST);

    private MemoryServer server(int most) {
        App app = session -> (one, message) -> {};
        return MemoryServer.serving(
                app.with(AppOptions.DEFAULT.rawTcp(true)),
                config -> config.listener(new ServerListener() {
                    @Override
                    public int recordedBytes() {
                        return most;
                    }

                    @Override
                    public void onRecord(FlightRecord record) {
                        records.add(record);
                    }
                }));
    }

    @Test
    @DisplayName("is what it sent, masked as it came, cut as it came, and when")
    void asItCame() {
        MemoryClient client = server.open();
        byte[] hello = ClientFrame.text("hello").bytes();
        server.advance(Duration.ofSeconds(2));
        client.connection().send(hello);
        server.advance(Duration.ofSeconds(1));
        client.connection().send(UNMASKED);

        assertThat(records).hasSize(1);
        FlightRecord record = records.get(0);
        assertThat(record.pattern()).isEqualTo("/app");
        assertThat(record.code()).isEqualTo(1002);
        assertThat(record.messageBytes())
                .isEqualTo(server.core().config().limits().messageBytes());
        assertThat(new String(bytes(record.opening()), StandardCharsets.ISO_8859_1))
                .startsWith("GET /app HTTP/1.1\r\n")
                .endsWith("\r\n\r\n");
        assertThat(record.rest()).hasSize(2);
        assertThat(record.rest().get(0).bytes()).isEqualTo(hello);
        assertThat(record.rest().get(0).millis()).isEqualTo(2000);
        assertThat(record.rest().get(1).bytes()).isEqualTo(UNMASKED);
        assertThat(record.rest().get(1).millis()).isEqualTo(3000);
        assertThat(record.leftOut()).isZero();
        assertThat(record.lost()).isZero();
    }

    @Test
    @DisplayName("begins with a frame, is bounded, and counts what it leaves out")
    void bounded() {
        MemoryClient client = server.open();
        long sent = 0;
        for (int i = 0; i < 1000; i++) {
            byte[] frame = ClientFrame.binary(new byte[i % 300]).bytes();
            sent += frame.length;
            client.connection().send(frame);
        }
        client.connection().send(UNMASKED);
        FlightRecord record = records.get(0);
        byte[] rest = bytes(record.rest());
        assertThat(bytes(record.opening()).length + rest.length).isLessThanOrEqualTo(MOST);
        assertThat(record.leftOut() + rest.length).isEqualTo(sent + UNMASKED.length);
        assertThat(record.leftOut()).isPositive();
        assertThat(rest[0]).isIn((byte) 0x82, UNMASKED[0]);
        assertThat(record.lost()).isZero();
    }

    @Test
    @DisplayName("is the beginning of a message that is too long to be kept, and how much is lost")
    void tooLong() {
        MemoryClient client = server.open();
        byte[] frame = ClientFrame.binary(new byte[100_000]).notFinal().bytes();
        for (int at = 0; at < frame.length; at += 1000) {
            client.connection().send(Arrays.copyOfRange(frame, at, Math.min(frame.length, at + 1000)));
        }
        client.connection().send(UNMASKED);
        FlightRecord record = records.get(0);
        assertThat(bytes(record.opening()).length + bytes(record.rest()).length).isEqualTo(MOST);
        assertThat(record.lost()).isEqualTo(frame.length + UNMASKED.length - bytes(record.rest()).length);
    }

    @Test
    @DisplayName("is its request, if that was refused for what it is")
    void refusedRequest() {
        server.connect().send("GET / HTTP/1.1\n".getBytes(StandardCharsets.US_ASCII));
        server.connect().send(request("/app", "Sec-WebSocket-Version: 12"));
        server.connect().send(request("/nowhere", "Sec-WebSocket-Version: 13"));
        assertThat(records)
                .hasSize(2)
                .allSatisfy(record -> assertThat(record.pattern()).isNull());
        assertThat(records).extracting(FlightRecord::code).containsExactly(400, 426);
        assertThat(bytes(records.get(1).opening())).isEqualTo(request("/app", "Sec-WebSocket-Version: 12"));
        assertThat(records.get(1).rest()).isEmpty();
    }

    @Test
    @DisplayName("is what a script said at the raw door, from an object on and never from within a bufferON")
    void rawDoor() {
        MemoryConnection script = server.connect(server.loop(), "127.0.0.1");
        script.send("php process\nGET /app HTTP/1.1\n");
        for (int i = 0; i < 1000; i++) {
            script.send("{\"number\":" + i + "}");
        }
        script.send("bufferON");
        for (int i = 0; i < 1000; i++) {
            script.send("chunk");
        }
        script.send("bufferOFF").send("}");
        assertThat(records).hasSize(1);
        FlightRecord record = records.get(0);
        assertThat(record.pattern()).isEqualTo("/app");
        assertThat(record.code()).isEqualTo(1002);
        assertThat(text(record.opening())).isEqualTo("php process\nGET /app HTTP/1.1\n");
        assertThat(text(record.rest())).isEqualTo("}");
        assertThat(record.leftOut()).isGreaterThan(5000);

        MemoryConnection other = server.connect(server.loop(), "127.0.0.1");
        other.send("php process\nGET /app HTTP/1.1\n")
                .send("bufferON")
                .send("chunk")
                .send(new byte[] {(byte) 0xC3});
        other.send("bufferOFF");
        assertThat(text(records.get(1).rest())).startsWith("bufferONchunk").endsWith("bufferOFF");
        assertThat(records.get(1).code()).isEqualTo(1007);
    }

    private static String text(List<Arrival> arrivals) {
        return new String(bytes(arrivals), StandardCharsets.ISO_8859_1);
    }

    private static byte[] request(String path, String version) {
        return ("GET " + path + " HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n" + version + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    @DisplayName("is nothing if nobody asked, or if it closed in order")
    void nothing() {
        MemoryServer silent = server(0);
        silent.open().connection().send(UNMASKED);
        server.open().connection().send(ClientFrame.close(1000, "").bytes());
        server.open().connection().end();
        assertThat(records).isEmpty();
        server.advance(Duration.ofSeconds(10));
        server.assertNothingIsLeft();
    }

    @Test
    @DisplayName("R5 is forgotten with the connection")
    void forgotten() {
        WeakReference<MemoryConnection> gone = comeAndGo();
        server.assertNothingIsLeft();
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (gone.get() != null && System.nanoTime() < deadline) {
            System.gc();
        }
        assertThat(gone.get()).isNull();
    }

    private WeakReference<MemoryConnection> comeAndGo() {
        MemoryConnection connection = server.connect();
        connection.end();
        return new WeakReference<>(connection);
    }

    private static byte[] bytes(List<Arrival> arrivals) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        arrivals.forEach(arrival -> all.writeBytes(arrival.bytes()));
        return all.toByteArray();
    }
}
