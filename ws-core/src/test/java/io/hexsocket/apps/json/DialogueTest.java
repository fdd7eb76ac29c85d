package io.hexsocket.apps.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dialogue of an app in packets: greeting, acknowledgements, and what ends it. */
class DialogueTest {

    private static final String NEXT = "{\"opcode\":\"next\"}";

    private static final Duration PACE = Duration.ofMillis(20);

    private final List<String> taken = new ArrayList<>();

    private final RecordingApp app = new RecordingApp(JsonApp.builder()
            .on("note", (session, packet) -> taken.add(packet.text("message")))
            .on("echo", (session, packet) -> session.send(packet.message()))
            .on("fail", (session, packet) -> {
                throw new IllegalStateException("a bug in the app");
            })
            .on("quit", StandardOpcodes.quit())
            .build()
            .with(AppOptions.DEFAULT.rawTcp(true)));
    private final MemoryServer server = MemoryServer.serving(app);

    private MemoryClient client() {
        return server.open().skip();
    }

    private static MemoryClient clientOf(JsonApp.Builder app) {
        return MemoryServer.serving(app.build()).open().skip();
    }

    @Test
    void clientIsGreetedWithItsIdBeforeAnythingElse() {
        MemoryClient client = server.open();

        String os = System.getProperty("os.name").split(" ")[0];
        assertThat(client.newTexts())
                .containsExactly("{\"opcode\":\"ready\",\"os\":\"" + os + "\",\"uuid\":\""
                        + app.session().id() + "\"}");
    }

    @Test
    void greetingAndAcknowledgementFitIntoOneReadOfTheClients() {
        MemoryClient script = server.openRaw("/app");
        server.advance(PACE);
        script.sendTexts("{}");

        // the client of 2021 reads 256 bytes for either
        assertThat(script.connection().writes()).hasSize(2).allMatch(write -> write.length <= 256);
    }

    @Test
    void clientIsToldWhenToComeBackBeforeTheServerClosesItToRestart() {
        MemoryClient client = client();
        server.drain(Duration.ZERO);

        assertThat(client.newTexts())
                .singleElement(org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .matches("\\{\"opcode\":\"close\",\"reconnectIn\":[0-9]{1,4}}");
        assertThat(client.closeStatus().code()).isEqualTo(1012);
    }

    @Test
    void rawClientIsToldOnceThatTheServerRestarts() {
        MemoryClient script = server.openRaw("/app");
        server.advance(PACE);
        script.skip();
        server.drain(Duration.ZERO);
        server.advance(PACE);

        assertThat(script.newTexts()).containsExactly("{\"opcode\":\"close\",\"error\":\"the server restarts\"}");
    }

    @Test
    void messageIsAcknowledgedBeforeTheAppAnswers() {
        MemoryClient client = client().sendTexts("{\"opcode\":\"echo\",\"n\":1}");

        assertThat(client.newTexts()).containsExactly(NEXT, "{\"opcode\":\"echo\",\"n\":1}");
    }

    @Test
    void handlerRunsAfterTheAcknowledgementIsOnItsWay() {
        List<Long> queued = new ArrayList<>();
        clientOf(JsonApp.builder().on("look", (session, packet) -> queued.add(session.queuedBytes())))
                .sendTexts("{\"opcode\":\"look\"}");

        assertThat(queued).containsExactly(2L + NEXT.length());
    }

    @Test
    void everyMessageIsAcknowledgedOnceAndInOrder() {
        MemoryClient client = client().sendTexts(
                        "{\"opcode\":\"echo\",\"n\":1}", "{\"opcode\":\"other\"}", "{\"opcode\":\"echo\",\"n\":2}");

        assertThat(client.newTexts())
                .containsExactly(NEXT, "{\"opcode\":\"echo\",\"n\":1}", NEXT, NEXT, "{\"opcode\":\"echo\",\"n\":2}");
    }

    @Test
    @DisplayName("A3 forwarding leaves the bytes as they are: spaces, order, duplicates, escapes, digits")
    void forwardingLeavesBytesAsTheyAre() {
        String packet =
                " {\"b\" : 1.50e+01,\t\"opcode\":\"ec\\u0068o\", \"b\":\"\\ud800 \\/ ü€😀\", \"a\":-0, \"a\":null}\r\n";

        assertThat(client().sendTexts(packet).newTexts()).containsExactly(NEXT, packet);
    }

    @Test
    void binaryMessageClosesItsSender() {
        MemoryClient client = client().send(ClientFrame.binary((byte) '{', (byte) '}'));

        assertThat(client.closeStatus()).isEqualTo(new CloseStatus(1003, "this app takes text messages"));
        assertThat(client.newTexts()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "hello",
                "{",
                "}",
                "{\"opcode\":\"echo\"",
                "{\"opcode\":\"echo\"}}",
                "{'opcode':'echo'}",
                "{opcode:1}",
                "[1,]",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":\"\u0001\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":1 \"b\":2}",
                "True"
            })
    void whatIsNotJsonClosesItsSender(String text) {
        MemoryClient client = client().sendTexts(text);

        assertThat(client.closeStatus()).isEqualTo(new CloseStatus(1007, "the message is not JSON"));
        assertThat(client.newTexts()).isEmpty();
    }

    @Test
    @DisplayName("A14 quit closes without an acknowledgement, and what follows is not delivered")
    void nothingIsDeliveredAfterQuit() throws Exception {
        MemoryClient client = client().sendTexts("{\"opcode\":\"quit\"}", "{\"opcode\":\"note\",\"message\":\"late\"}");

        assertThat(client.newTexts()).isEmpty();
        assertThat(client.closeStatus()).isEqualTo(CloseStatus.NORMAL);
        assertThat(taken).isEmpty();
    }

    @Test
    @DisplayName("A14 a message that comes to a closing session all the same is neither acknowledged nor delivered")
    void closingSessionTakesNothing() throws Exception {
        MemoryClient client = client();
        Session session = app.session();
        Listener listener = app.inner().onOpen(session);
        session.close();
        server.run();
        client.skip();

        listener.onMessage(session, Message.text("{\"opcode\":\"note\"}"));
        listener.onMessage(session, Message.text("bufferON"));
        server.run();

        assertThat(client.newTexts()).isEmpty();
        assertThat(taken).isEmpty();
    }

    @Test
    void exceptionInHandlerIsTheServersToHandle() {
        MemoryClient client = client().sendTexts("{\"opcode\":\"fail\"}");

        assertThat(app.events()).contains("error IllegalStateException: a bug in the app");
        assertThat(client.closeStatus()).extracting(CloseStatus::code).isEqualTo(1011);
    }

    @Test
    @DisplayName("A14 reading pauses while acknowledgements are not read, and order is kept")
    void readingPausesWhileAcknowledgementsAreNotRead() {
        MemoryClient client = client();
        client.connection().accept(0);
        int messages = 100_000;
        for (int n = 0; n < messages; n++) {
            client.sendTexts(note(n));
        }

        assertThat(client.connection().isPaused()).isTrue();
        assertThat(client.connection().queuedBytes()).isLessThanOrEqualTo(1024 * 1024);
        int unread = (messages - taken.size()) * ClientFrame.text(note(0)).bytes().length;
        assertThat(client.connection().unread()).isEqualTo(unread).isPositive();

        while (client.connection().unread() > 0) {
            client.connection().accept(64 * 1024);
        }
        client.connection().acceptAll();
        assertThat(client.isOpen()).isTrue();
        assertThat(client.newTexts()).hasSize(messages).containsOnly(NEXT);
        assertThat(taken)
                .isEqualTo(
                        IntStream.range(0, messages).mapToObj("%06d"::formatted).toList());
    }

    private static String note(int n) {
        return "{\"opcode\":\"note\",\"message\":\"%06d\"}".formatted(n);
    }

    @Test
    @DisplayName("A14 a client whose queue has no room for an acknowledgement is closed, not left waiting for it")
    void clientWithoutRoomForAcknowledgementIsClosed() {
        MemoryClient client = client();
        client.connection().accept(0);
        // not the client's doing: others may fill its queue
        app.session().hub().topic(JsonApp.BROWSERS).send("x".repeat(1024 * 1024));
        server.run();
        client.sendTexts("{\"opcode\":\"note\",\"message\":\"hi\"}")
                .connection()
                .acceptAll();

        assertThat(client.closeStatus()).isEqualTo(new CloseStatus(1008, "you read more slowly than you are sent to"));
        assertThat(taken).isEmpty();
    }

    @Test
    void restOfTheAppGetsWhatNoHandlerTakes() {
        List<String> events = new ArrayList<>();
        RecordingApp whole = new RecordingApp(JsonApp.builder()
                .on("echo", (session, packet) -> session.send(packet.message()))
                .otherwise(recording(events))
                .build());
        MemoryServer server = MemoryServer.serving(whole);

        MemoryClient client = server.open();
        events.add("greeted with " + client.newTexts().size());
        client.sendTexts("{\"opcode\":\"echo\"}", "{\"opcode\":\"mine\"}", "[1]");
        client.connection().accept(0);
        whole.session().send("x".repeat(300 * 1024));
        server.run();
        client.connection().acceptAll();
        client.close();

        assertThat(events)
                .containsExactly(
                        "asked", "opened", "greeted with 2", "{\"opcode\":\"mine\"}", "[1]", "drained", "closed 1000");
    }

    @Test
    void restOfTheAppIsAskedAboutBrowsersAndSetsOptions() {
        AppOptions options = AppOptions.DEFAULT.rawTcp(true);
        App rest = new App() {
            @Override
            public Listener onOpen(Session session) {
                return (s, message) -> {};
            }

            @Override
            public Admission onRequest(OpeningRequest request) {
                return Admission.reject(401, "who are you?");
            }

            @Override
            public AppOptions options() {
                return options;
            }
        };
        App app = JsonApp.builder().otherwise(rest).build();
        MemoryServer server = MemoryServer.serving(app);

        assertThat(server.connect().send(MemoryClient.request("/app")).receivedText())
                .startsWith("HTTP/1.1 401 ")
                .contains("who are you?");
        MemoryClient raw = server.openRaw("/app");
        MemoryClient backend = server.open("/app", "Client-Type: php");
        server.advance(PACE);
        assertThat(raw.texts()).hasSize(1);
        assertThat(backend.texts()).hasSize(1);
        assertThat(app.options()).isSameAs(options);
    }

    @Test
    void errorAndCloseReachTheRestOfTheApp() {
        List<String> events = new ArrayList<>();
        clientOf(JsonApp.builder()
                        .on("fail", (session, packet) -> {
                            throw new IllegalStateException("a bug");
                        })
                        .otherwise(recording(events)))
                .sendTexts("{\"opcode\":\"fail\"}")
                .connection()
                .end();

        assertThat(events).containsExactly("asked", "opened", "error a bug", "closed 1011 the app failed");
    }

    private static App recording(List<String> events) {
        return new App() {
            @Override
            public Admission onRequest(OpeningRequest request) {
                events.add("asked");
                return Admission.accept();
            }

            @Override
            public Listener onOpen(Session session) {
                events.add("opened");
                session.send("{\"opcode\":\"welcome\"}");
                return new Listener() {
                    @Override
                    public void onMessage(Session session, Message message) {
                        events.add(message.text());
                    }

                    @Override
                    public void onDrained(Session session) {
                        events.add("drained");
                    }

                    @Override
                    public void onError(Session session, Throwable cause) {
                        events.add("error " + cause.getMessage());
                    }

                    @Override
                    public void onClose(Session session, CloseStatus status) {
                        events.add("closed " + status);
                    }
                };
            }
        };
    }

    @Test
    void pongReachesTheRestOfTheApp() throws Exception {
        List<Integer> pongs = new ArrayList<>();
        MemoryClient client = clientOf(JsonApp.builder().otherwise(session -> {
            session.ping(ByteBuffer.allocate(3));
            return new Listener() {
                @Override
                public void onMessage(Session session, Message message) {}

                @Override
                public void onPong(Session session, ByteBuffer payload) {
                    pongs.add(payload.remaining());
                }
            };
        }));

        client.send(ClientFrame.pong(new byte[3]));

        assertThat(pongs).containsExactly(3);
    }

    @Test
    void laterHandlerReplacesTheEarlierOne() {
        MemoryClient client = clientOf(JsonApp.builder()
                .on("echo", (session, packet) -> session.send("first"))
                .on("echo", (session, packet) -> session.send("second")));

        assertThat(client.sendTexts("{\"opcode\":\"echo\"}").newTexts()).containsExactly(NEXT, "second");
    }

    @Test
    void builderDoesNotReachWhatItHasBuilt() {
        JsonApp.Builder builder = JsonApp.builder();
        MemoryClient client = clientOf(builder);
        builder.on("echo", (session, packet) -> session.send(packet.message()));

        assertThat(client.sendTexts("{\"opcode\":\"echo\"}").newTexts()).containsExactly(NEXT);
    }

    @Test
    void sessionsShareNothing() {
        MemoryClient one = client().sendTexts("bufferON");
        MemoryClient other = client().sendTexts("{\"opcode\":\"note\",\"message\":\"direct\"}");

        assertThat(taken).containsExactly("direct");
        assertThat(one.newTexts()).containsExactly(NEXT);
        assertThat(other.newTexts()).containsExactly(NEXT);
    }
}
