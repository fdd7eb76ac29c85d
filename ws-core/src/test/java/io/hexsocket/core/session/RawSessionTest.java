package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.RawDoor;
import io.hexsocket.core.testkit.Cuts;
import io.hexsocket.core.testkit.MemoryConnection;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.RecordingListener;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A raw TCP client")
class RawSessionTest {

    private static final String HELLO = "php process\nGET /app HTTP/1.1\n";

    private final RecordingListener listener = new RecordingListener();

    private static App raw(App app) {
        return app.with(AppOptions.DEFAULT.rawTcp(true));
    }

    private static RecordingApp rawEcho() {
        return new RecordingApp(raw(session -> Session::send));
    }

    private MemoryServer server(App app) {
        return MemoryServer.serving(app, config -> config.listener(listener));
    }

    private static List<String> writes(MemoryConnection connection) {
        return connection.writes().stream()
                .map(write -> new String(write, StandardCharsets.UTF_8))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "127.255.255.254", "::1"})
    @DisplayName("B3 from this host is let in")
    void b3RawTCPClientFromThisHostIsLetIn(String address) {
        RecordingApp app = rawEcho();
        MemoryServer server = server(app);
        MemoryConnection client = server.connect(server.loop(), address);
        client.send(HELLO).send("{\"a\":1}");
        assertThat(client.receivedText()).isEqualTo("{\"a\":1}");
        assertThat(app.session().request().isRawTcp()).isTrue();
        assertThat(app.session().request().path()).isEqualTo("/app");
        client.end();
        server.assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "10.0.0.1", "169.254.0.1", "fe80::1", "2001:db8::1", "::ffff:10.0.0.1"})
    @DisplayName("B1 from elsewhere gets not a byte")
    void b1RawTCPClientFromElsewhereGetsNotByte(String address) {
        RecordingApp app = rawEcho();
        MemoryServer server = server(app);
        MemoryConnection client = server.connect(server.loop(), address);
        client.send(HELLO + "{}");
        assertThat(client.received()).isEmpty();
        assertThat(client.isEnded()).isTrue();
        assertThat(app.events()).isEmpty();
        client.end();
        server.assertNothingIsLeft();
        assertThat(listener.events()).containsExactly("1 connect", "1 refused 0", "1 disconnect");
    }

    @Test
    @DisplayName("B1 from an address on the list is let in, and loopback only if the list is not all there is")
    void b1RawTCPClientFromAddressOnListIsLetInAndLoopbackOnlyIfListIsNotAllThereIs() throws Exception {
        RawDoor door = RawDoor.SHUT.addresses(Set.of(InetAddress.getByName("192.0.2.1")));
        MemoryServer server = MemoryServer.serving(rawEcho(), config -> config.rawDoor(door));
        assertThat(server.connect(server.loop(), "192.0.2.1").send(HELLO + "{}").receivedText())
                .isEqualTo("{}");
        assertThat(server.connect(server.loop(), "127.0.0.1").send(HELLO + "{}").receivedText())
                .isEmpty();
    }

    @Test
    @DisplayName("B2 gets not a byte when the door is shut")
    void b2RawTCPClientGetsNotByteWhenDoorIsShut() {
        MemoryServer server = MemoryServer.serving(rawEcho(), config -> config.rawDoor(RawDoor.SHUT));
        MemoryConnection client = server.connect().send(HELLO + "{}");
        assertThat(client.received()).isEmpty();
        assertThat(client.isEnded()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"/none", "/app/", "/APP"})
    @DisplayName("is told by a close packet that there is no app")
    void rawTCPClientIsToldByClosePacketThatThereIsNoApp(String path) {
        MemoryServer server = server(rawEcho());
        MemoryConnection client = server.connect().send("php process\nGET " + path + " HTTP/1.1\n");
        assertThat(client.receivedText())
                .isEqualTo("{\"opcode\":\"close\",\"error\":\"There is no app for raw TCP at this path.\"}");
        assertThat(client.isEnded()).isTrue();
    }

    @Test
    @DisplayName("is told so, too, of an app that does not open itself to raw TCP")
    void rawTCPClientIsToldSoTooOfAppThatDoesNotOpenItselfToRawTCP() {
        RecordingApp app = RecordingApp.echo();
        MemoryConnection client = server(app).connect().send(HELLO);
        assertThat(client.receivedText()).startsWith("{\"opcode\":\"close\",");
        assertThat(app.events()).isEmpty();
    }

    @Test
    @DisplayName("B5 sends two objects in one segment, and the app gets two messages and gives two answers")
    void b5RawTCPClientSendsTwoObjectsInOneSegmentAndAppGetsTwoMessagesAndGivesTwoAnswers() {
        byte[] stream = (HELLO + "{\"a\":1}{\"b\":2}").getBytes(StandardCharsets.UTF_8);
        List<List<byte[]>> ways = new ArrayList<>(List.of(List.of(stream), Cuts.every(1, stream)));
        for (int seed = 0; seed < 8; seed++) {
            ways.add(Cuts.random(seed, stream));
        }
        for (List<byte[]> pieces : ways) {
            RecordingApp app = rawEcho();
            MemoryServer server = server(app);
            MemoryConnection client = server.connect().send(pieces);
            assertThat(app.events()).containsExactly("open", "text {\"a\":1}", "text {\"b\":2}");
            assertThat(writes(client)).containsExactly("{\"a\":1}", "{\"b\":2}");
            client.end();
            server.assertNothingIsLeft();
            app.assertOrderly();
        }
    }

    @Test
    @DisplayName("B7 gets each message in a write of its own, whoever sends it from wherever")
    void eachInAWriteOfItsOwn() {
        RecordingApp app = new RecordingApp(raw(session -> (self, message) -> {
            self.send("{\"n\":1}");
            self.send("{\"n\":2}");
            self.hub().everyone().send("{\"n\":3}");
        }));
        MemoryServer server = server(app);
        MemoryConnection client = server.connect().send(HELLO).send("{}");
        app.session().send("{\"n\":4}");
        app.session().send(Message.text("{\"n\":5}"));
        app.session().hub().everyone().send("{\"n\":6}");
        app.session().send("{\"n\":7}");
        server.run();
        assertThat(writes(client))
                .containsExactly(
                        "{\"n\":1}", "{\"n\":2}", "{\"n\":3}", "{\"n\":4}", "{\"n\":5}", "{\"n\":6}", "{\"n\":7}");
    }

    @Test
    @DisplayName("B9 is answered after it has ended its side, and then closed")
    void b9RawTCPClientIsAnsweredAfterItHasEndedItsSideAndThenClosed() {
        RecordingApp app = rawEcho();
        MemoryServer server = server(app);
        MemoryConnection client = server.connect();
        client.arriveLater((HELLO + "{}").getBytes(StandardCharsets.UTF_8));
        client.end();
        assertThat(client.receivedText()).isEqualTo("{}");
        assertThat(client.isEnded()).isTrue();
        assertThat(app.events()).containsExactly("open", "text {}", "close 1005");
        server.assertNothingIsLeft();
    }

    @Test
    @DisplayName("B9 is answered to the last message of many, though it had ended its side long before")
    void halfCloseBehindManyMessages() {
        RecordingApp app = rawEcho();
        MemoryServer server = server(app);
        MemoryConnection client = server.connect();
        client.arriveLater((HELLO + "{}".repeat(1000)).getBytes(StandardCharsets.UTF_8));
        client.end();
        assertThat(client.receivedText()).isEqualTo("{}".repeat(1000));
        assertThat(app.events()).hasSize(1002).endsWith("text {}", "close 1005");
    }

    @Test
    @DisplayName("is closed without a word by status 1000")
    void rawTCPClientIsClosedWithoutWordByStatus1000() {
        RecordingApp app = new RecordingApp(raw(session -> (self, message) -> self.close()));
        MemoryServer server = server(app);
        MemoryConnection client = server.connect().send(HELLO + "{}{}");
        assertThat(client.received()).isEmpty();
        assertThat(client.isEnded()).isTrue();
        assertThat(app.events()).containsExactly("open", "text {}", "close 1000");
        client.end();
        server.assertNothingIsLeft();
    }

    @Test
    @DisplayName("is told why it is closed, by a packet, if it is not status 1000")
    void rawTCPClientIsToldWhyItIsClosedByPacketIfItIsNotStatus1000() {
        RecordingApp app = new RecordingApp(raw(session -> (self, message) -> {
            throw new IllegalStateException("no");
        }));
        MemoryServer server = server(app);
        MemoryConnection client = server.connect().send(HELLO + "{}");
        assertThat(client.receivedText()).isEqualTo("{\"opcode\":\"close\",\"error\":\"the app failed\"}");
        assertThat(client.isEnded()).isTrue();
        assertThat(app.events())
                .containsExactly("open", "text {}", "error IllegalStateException: no", "close 1011 the app failed");
    }

    @Test
    @DisplayName("B8 that sends what is neither object nor word is told so and closed")
    void b8RawTCPClientThatSendsWhatIsNeitherObjectNorWordIsToldSoAndClosed() {
        RecordingApp app = rawEcho();
        MemoryConnection client = server(app).connect().send(HELLO + "{}hello");
        assertThat(client.receivedText()).startsWith("{}{\"opcode\":\"close\",\"error\":");
        assertThat(client.isEnded()).isTrue();
        assertThat(app.events().get(app.events().size() - 1)).startsWith("close 1002 ");
    }

    @Test
    @DisplayName("B8 that sends what is not UTF-8 is told so and closed")
    void b8RawTCPClientThatSendsWhatIsNotUTF8IsToldSoAndClosed() {
        RecordingApp app = rawEcho();
        byte[] bytes = (HELLO + "{\"a\":\"?\"}{}").getBytes(StandardCharsets.UTF_8);
        bytes[(HELLO + "{\"a\":\"").length()] = (byte) 0xFF;
        MemoryConnection client = server(app).connect().send(bytes);
        assertThat(client.receivedText()).isEqualTo("{\"opcode\":\"close\",\"error\":\"text is not valid UTF-8\"}");
        assertThat(app.events().get(app.events().size() - 1)).isEqualTo("close 1007 text is not valid UTF-8");
        app.assertOrderly();
    }

    @Test
    @DisplayName("B5 that sends too much is told so and closed with 1009")
    void b5RawTCPClientThatSendsTooMuchIsToldSoAndClosedWith1009() {
        RecordingApp app = rawEcho();
        MemoryServer server = MemoryServer.serving(app, config -> config.limits(Limits.DEFAULT.messageBytes(200)));
        MemoryConnection client = server.connect().send(HELLO + "{\"a\":\"" + "x".repeat(200));
        assertThat(client.receivedText()).startsWith("{\"opcode\":\"close\",\"error\":");
        assertThat(app.events().get(app.events().size() - 1)).startsWith("close 1009 ");
    }

    @Test
    @DisplayName("B4 that does not finish its hello is closed at the deadline of the head")
    void b4RawTCPClientThatDoesNotFinishItsHelloIsClosedAtDeadlineOfHead() {
        RecordingApp app = rawEcho();
        MemoryServer server = server(app);
        MemoryConnection client = server.connect().send("php process\nGET /app");
        server.advance(Duration.ofSeconds(5));
        assertThat(client.isEnded()).isFalse();
        server.advance(Duration.ofSeconds(1));
        assertThat(client.isEnded()).isTrue();
        assertThat(app.events()).isEmpty();
    }

    @Test
    @DisplayName("S2 that stops inside an object is closed with 1008")
    void s2RawTCPClientThatStopsInsideObjectIsClosedWith1008() {
        RecordingApp app = rawEcho();
        MemoryServer server = server(app);
        MemoryConnection client = server.connect().send(HELLO + "{\"a\":");
        server.advance(Duration.ofSeconds(7));
        assertThat(client.isEnded()).isTrue();
        assertThat(app.events().get(app.events().size() - 1)).startsWith("close 1008 ");
    }

    @Test
    @DisplayName("is never pinged, and a ping to it is taken and does nothing")
    void rawTCPClientIsNeverPingedAndPingToItIsTakenAndDoesNothing() {
        RecordingApp app = rawEcho();
        MemoryServer server = server(app);
        MemoryConnection client = server.connect().send(HELLO);
        assertThat(app.session().ping(java.nio.ByteBuffer.allocate(0)).accepted())
                .isTrue();
        server.advance(Duration.ofMinutes(5));
        assertThat(client.received()).isEmpty();
        assertThat(app.session().isOpen()).isTrue();
        app.session().close();
        server.run();
        assertThat(app.session().ping(java.nio.ByteBuffer.allocate(0)).accepted())
                .isFalse();
    }

    @Test
    @DisplayName("A13 sends long messages in chunks between two words, one arrival being one chunk")
    void a13RawTCPClientSendsLongMessagesInChunksBetweenTwoWordsOneArrivalBeingOneChunk() {
        RecordingApp app = rawEcho();
        MemoryServer server = server(app);
        MemoryConnection client = server.connect().send(HELLO);
        client.send("bufferON").send("{\"a\":").send("1}").send("bufferOFF").send("{}");
        assertThat(app.events())
                .containsExactly("open", "text bufferON", "text {\"a\":", "text 1}", "text bufferOFF", "text {}");
        assertThat(writes(client)).containsExactly("bufferON", "{\"a\":", "1}", "bufferOFF", "{}");
    }

    @Test
    @DisplayName(
            "A13 that glues something to a word, sends a chunk too long, or leaves while it buffers, is closed and leaves nothing")
    void a13RawClientThatBreaksTheRulesOfBufferOnIsClosedAndLeavesNothing() {
        List<String> ways = List.of("bufferON{}", "bufferON\u0000" + "x".repeat(201), "bufferON\u0000x");
        List<String> endings = List.of("close 1002 ", "close 1009 ", "close 1005");
        for (int i = 0; i < ways.size(); i++) {
            RecordingApp app = rawEcho();
            MemoryServer server = MemoryServer.serving(app, config -> config.limits(Limits.DEFAULT.messageBytes(200)));
            MemoryConnection client = server.connect().send(HELLO);
            for (String arrival : ways.get(i).split("\u0000")) {
                client.send(arrival);
            }
            client.end();
            assertThat(app.events().get(app.events().size() - 1)).startsWith(endings.get(i));
            server.assertNothingIsLeft();
        }
    }

    @Test
    @DisplayName("B9 that never reads is bounded in what waits for it, and cut by the write stall rule")
    void b9RawTCPClientThatNeverReadsIsBoundedInWhatWaitsForItAndCutByWriteStallRule() {
        RecordingApp app = rawEcho();
        MemoryServer server = server(app);
        MemoryConnection client = server.connect().send(HELLO);
        client.accept(0);
        for (int i = 0; i < 1000; i++) {
            client.arriveLater(("{\"a\":\"" + "x".repeat(5000) + "\"}").getBytes(StandardCharsets.UTF_8));
        }
        server.run();
        assertThat(client.isPaused()).isTrue();
        assertThat(app.session().queuedBytes()).isLessThan(64 * 1024 + 6000);
        server.advance(Duration.ofSeconds(12));
        assertThat(app.events()).endsWith("close 1008 the client reads too slowly");
        server.advance(Duration.ofSeconds(6));
        assertThat(client.isAborted()).isTrue();
        server.assertNothingIsLeft();
    }

    @Test
    @DisplayName("is told nothing more than its end when the server shuts down")
    void rawTCPClientIsToldNothingMoreThanItsEndWhenServerShutsDown() {
        RecordingApp app = rawEcho();
        MemoryServer server = server(app);
        MemoryConnection client = server.connect().send(HELLO);
        server.shutDown();
        assertThat(client.receivedText()).isEqualTo("{\"opcode\":\"close\",\"error\":\"the server is shutting down\"}");
        assertThat(client.isEnded()).isTrue();
        client.end();
        server.assertNothingIsLeft();
        assertThat(app.events()).containsExactly("open", "close 1001 the server is shutting down");
    }

    @Test
    @DisplayName("closed by the app and ended by the client at once is closed by the app")
    void rawTCPClientClosedByAppAndEndedByClientAtOnceIsClosedByApp() {
        RecordingApp app = rawEcho();
        MemoryServer server = server(app);
        MemoryConnection client = server.connect().send(HELLO);
        server.loop().turn(() -> app.session().close(new io.hexsocket.apps.CloseStatus(3000, "x")));
        client.endAtOnce();
        assertThat(app.events()).containsExactly("open", "close 3000 x");
        server.assertNothingIsLeft();
        assertThat(listener.events()).contains("1 close 3000 x by server");
    }
}
