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
import java.nio.ByteBuffer;
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

    private final List<String> taken = new ArrayList<>();

    private final FakeServer server = new FakeServer()
            .app(
                    "/app",
                    JsonApp.builder()
                            .on("note", (session, packet) -> taken.add(packet.text("message")))
                            .on("echo", (session, packet) -> session.send(packet.message()))
                            .on("fail", (session, packet) -> {
                                throw new IllegalStateException("a bug in the app");
                            })
                            .on("quit", StandardOpcodes.quit())
                            .build());

    private FakeSession client() {
        return server.openBrowser("/app").forgetsSent();
    }

    @Test
    void clientIsGreetedWithItsIdBeforeAnythingElse() {
        FakeSession client = server.openBrowser("/app");

        String os = System.getProperty("os.name").split(" ")[0];
        assertThat(client.sent())
                .containsExactly("{\"opcode\":\"ready\",\"os\":\"" + os + "\",\"uuid\":\"" + client.id() + "\"}");
    }

    @Test
    void greetingAndAcknowledgementFitIntoOneReadOfTheClients() {
        FakeSession script = server.open(FakeRequest.raw("/app")).says("{}");

        // the client of 2021 reads 256 bytes for either
        assertThat(script.sentMessages()).hasSize(2).allMatch(message -> message.size() <= 256);
    }

    @Test
    void messageIsAcknowledgedBeforeTheAppAnswers() {
        FakeSession client = client().says("{\"opcode\":\"echo\",\"n\":1}");

        assertThat(client.sent()).containsExactly(NEXT, "{\"opcode\":\"echo\",\"n\":1}");
    }

    @Test
    void handlerRunsAfterTheAcknowledgementIsOnItsWay() {
        List<String> sentBefore = new ArrayList<>();
        server.app(
                "/order",
                JsonApp.builder()
                        .on("look", (session, packet) -> sentBefore.addAll(((FakeSession) session).sent()))
                        .build());

        server.openBrowser("/order").forgetsSent().says("{\"opcode\":\"look\"}");

        assertThat(sentBefore).containsExactly(NEXT);
    }

    @Test
    void everyMessageIsAcknowledgedOnceAndInOrder() {
        FakeSession client = client().saysAll(
                        "{\"opcode\":\"echo\",\"n\":1}", "{\"opcode\":\"other\"}", "{\"opcode\":\"echo\",\"n\":2}");

        assertThat(client.sent())
                .containsExactly(NEXT, "{\"opcode\":\"echo\",\"n\":1}", NEXT, NEXT, "{\"opcode\":\"echo\",\"n\":2}");
    }

    @Test
    @DisplayName("A3 forwarding leaves the bytes as they are: spaces, order, duplicates, escapes, digits")
    void forwardingLeavesBytesAsTheyAre() {
        String packet =
                " {\"b\" : 1.50e+01,\t\"opcode\":\"ec\\u0068o\", \"b\":\"\\ud800 \\/ ü€😀\", \"a\":-0, \"a\":null}\r\n";

        assertThat(client().says(packet).sent()).containsExactly(NEXT, packet);
    }

    @Test
    void binaryMessageClosesItsSender() {
        FakeSession client = client().saysBinary((byte) '{', (byte) '}');

        assertThat(client.closed()).isEqualTo(new CloseStatus(1003, "this app takes text messages"));
        assertThat(client.sent()).isEmpty();
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
        FakeSession client = client().says(text);

        assertThat(client.closed()).isEqualTo(new CloseStatus(1007, "the message is not JSON"));
        assertThat(client.sent()).isEmpty();
        assertThat(client.appErrors()).isEmpty();
    }

    @Test
    @DisplayName("A14 quit closes without an acknowledgement, and what follows is not delivered")
    void nothingIsDeliveredAfterQuit() throws Exception {
        FakeSession client = client().saysAll("{\"opcode\":\"quit\"}", "{\"opcode\":\"note\",\"message\":\"late\"}");

        assertThat(client.sent()).isEmpty();
        assertThat(client.closed()).isEqualTo(CloseStatus.NORMAL);
        assertThat(taken).isEmpty();
    }

    @Test
    @DisplayName("A14 a message that comes to a closing session all the same is neither acknowledged nor delivered")
    void closingSessionTakesNothing() throws Exception {
        App app = JsonApp.builder()
                .on("note", (session, packet) -> taken.add("late"))
                .build();
        server.app("/late", app);
        FakeSession client = server.openBrowser("/late").forgetsSent();
        Listener listener = app.onOpen(client);
        client.forgetsSent().close();

        listener.onMessage(client, Message.text("{\"opcode\":\"note\"}"));
        listener.onMessage(client, Message.text("bufferON"));

        assertThat(client.sent()).isEmpty();
        assertThat(taken).isEmpty();
    }

    @Test
    void exceptionInHandlerIsTheServersToHandle() {
        FakeSession client = client().says("{\"opcode\":\"fail\"}");

        assertThat(client.appErrors()).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(client.closed()).extracting(CloseStatus::code).isEqualTo(1011);
    }

    @Test
    @DisplayName("A14 reading pauses while acknowledgements are not read, and order is kept")
    void readingPausesWhileAcknowledgementsAreNotRead() {
        FakeSession client = client().stopsReading();
        int messages = 100_000;
        for (int n = 0; n < messages; n++) {
            client.says("{\"opcode\":\"note\",\"message\":\"" + n + "\"}");
        }

        assertThat(client.isBehind()).isTrue();
        assertThat(client.queuedBytes()).isLessThanOrEqualTo(1024 * 1024);
        assertThat(client.unread()).isEqualTo(messages - taken.size()).isPositive();

        for (int read = 0; client.unread() > 0 && read < messages; read++) {
            client.readsAgain().stopsReading();
        }
        assertThat(client.isOpen()).isTrue();
        assertThat(client.sent()).hasSize(messages).containsOnly(NEXT);
        assertThat(taken)
                .isEqualTo(
                        IntStream.range(0, messages).mapToObj(Integer::toString).toList());
    }

    @Test
    @DisplayName("A14 a client whose queue has no room for an acknowledgement is closed, not left waiting for it")
    void clientWithoutRoomForAcknowledgementIsClosed() {
        FakeSession client = client().stopsReading();
        // not the client's doing: others may fill its queue
        server.topic(JsonApp.BROWSERS).send("x".repeat(1024 * 1024));
        client.forgetsSent().says("{\"opcode\":\"note\",\"message\":\"hi\"}");

        assertThat(client.closed()).isEqualTo(new CloseStatus(1008, "you read more slowly than you are sent to"));
        assertThat(taken).isEmpty();
    }

    @Test
    void restOfTheAppGetsWhatNoHandlerTakes() {
        List<String> events = new ArrayList<>();
        server.app(
                "/rest",
                JsonApp.builder()
                        .on("echo", (session, packet) -> session.send(packet.message()))
                        .otherwise(recording(events))
                        .build());

        FakeSession client = server.openBrowser("/rest");
        events.add("greeted with " + client.sent().size());
        client.saysAll("{\"opcode\":\"echo\"}", "{\"opcode\":\"mine\"}", "[1]");
        client.stopsReading();
        client.send("x".repeat(300 * 1024));
        client.readsAgain();
        client.leaves();

        assertThat(events)
                .containsExactly(
                        "asked", "opened", "greeted with 2", "{\"opcode\":\"mine\"}", "[1]", "drained", "closed 1006");
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
        server.app("/closed", app);

        assertThat(server.ask(FakeRequest.browser("/closed"))).isEqualTo(Admission.reject(401, "who are you?"));
        assertThat(server.ask(FakeRequest.raw("/closed"))).isInstanceOf(Admission.Accept.class);
        assertThat(server.ask(FakeRequest.backend("/closed", ""))).isInstanceOf(Admission.Accept.class);
        assertThat(app.options()).isSameAs(options);
    }

    @Test
    void errorAndCloseReachTheRestOfTheApp() {
        List<String> events = new ArrayList<>();
        server.app(
                "/rest",
                JsonApp.builder()
                        .on("fail", (session, packet) -> {
                            throw new IllegalStateException("a bug");
                        })
                        .otherwise(recording(events))
                        .build());
        server.openBrowser("/rest").says("{\"opcode\":\"fail\"}");

        assertThat(events).containsExactly("asked", "opened", "error a bug", "closed 1011 app error");
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
        App app = JsonApp.builder()
                .otherwise(session -> new Listener() {
                    @Override
                    public void onMessage(Session session, Message message) {}

                    @Override
                    public void onPong(Session session, ByteBuffer payload) {
                        pongs.add(payload.remaining());
                    }
                })
                .build();
        server.app("/pong", app);
        FakeSession client = server.openBrowser("/pong");

        app.onOpen(client).onPong(client, ByteBuffer.allocate(3));

        assertThat(pongs).containsExactly(3);
    }

    @Test
    void laterHandlerReplacesTheEarlierOne() {
        server.app(
                "/twice",
                JsonApp.builder()
                        .on("echo", (session, packet) -> session.send("first"))
                        .on("echo", (session, packet) -> session.send("second"))
                        .build());

        assertThat(server.openBrowser("/twice")
                        .forgetsSent()
                        .says("{\"opcode\":\"echo\"}")
                        .sent())
                .containsExactly(NEXT, "second");
    }

    @Test
    void builderDoesNotReachWhatItHasBuilt() {
        JsonApp.Builder builder = JsonApp.builder();
        server.app("/early", builder.build());
        builder.on("echo", (session, packet) -> session.send(packet.message()));

        assertThat(server.openBrowser("/early")
                        .forgetsSent()
                        .says("{\"opcode\":\"echo\"}")
                        .sent())
                .containsExactly(NEXT);
    }

    @Test
    void sessionsShareNothing() {
        FakeSession one = client().says("bufferON");
        FakeSession other = client().says("{\"opcode\":\"note\",\"message\":\"direct\"}");

        assertThat(taken).containsExactly("direct");
        assertThat(one.sent()).containsExactly(NEXT);
        assertThat(other.sent()).containsExactly(NEXT);
    }
}
