package io.hexsocket.docs;

import static io.hexsocket.core.testkit.assertj.HexsocketAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Compression;
import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.SlowReaders;
import io.hexsocket.apps.Target;
import io.hexsocket.apps.Typed;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.contract.Await;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.ServerFrame;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The code of docs/writing-apps.md, between marks, on a server in memory; {@link ExamplesPageTest} compares both. */
class WritingAppsExamplesTest {

    @Test
    void smallestApp() {
        // doc> smallest
        App echo = session -> Session::send;
        // <doc
        assertThat(MemoryServer.serving(echo).open().sendTexts("one")).receivesText("one");
    }

    @Test
    void messages() {
        // doc> messages
        App shout = session -> (from, message) -> {
            if (message.isText()) {
                from.send(message.text().toUpperCase(Locale.ROOT)); // a String, decoded when asked for
            } else {
                from.send(message.bytes()); // a ByteBuffer, read-only: no copy
            }
        };
        // <doc
        MemoryClient client = MemoryServer.serving(shout).open().sendTexts("one");
        assertThat(client).receivesText("ONE");
        client.skip().send(ClientFrame.binary((byte) 1, (byte) 2));
        assertThat(client.newFrames()).containsExactly(ServerFrame.binary((byte) 1, (byte) 2));
    }

    // doc> callbacks
    static final class Counter implements App {
        @Override
        public Listener onOpen(Session session) {
            return new Listener() {
                private int count; // state of one client: no locks needed

                @Override
                public void onMessage(Session from, Message message) {
                    from.send("message " + ++count);
                }

                @Override
                public void onClose(Session from, CloseStatus status) {
                    System.out.println("gone after " + count + ": " + status);
                }
            };
        }
    }
    // <doc

    @Test
    void callbacks() {
        MemoryClient client = MemoryServer.serving(new Counter()).open().sendTexts("a", "b");
        assertThat(client).receivesTexts("message 1", "message 2");
    }

    // doc> executor
    static final class Search implements App {

        private final ExecutorService workers = Executors.newFixedThreadPool(8); // from 21 on: virtual threads

        @Override
        public AppOptions options() {
            return AppOptions.DEFAULT.executor(workers);
        }

        @Override
        public Listener onOpen(Session session) {
            return (from, question) -> from.send(ask(question.text())); // may block
        }

        @Override
        public void onStop() {
            workers.shutdown();
        }

        private static String ask(String question) {
            return "nothing was found for " + question;
        }
    }
    // <doc

    @Test
    void executor() {
        Search search = new Search();
        try (MemoryServer server = MemoryServer.serving(search)) {
            MemoryClient client = server.open().sendTexts("tea");
            Await.until("a worker has answered", () -> {
                server.run();
                return !client.texts().isEmpty();
            });
            assertThat(client).receivesText("nothing was found for tea");
        }
        assertThat(search.workers.isShutdown()).isTrue();
    }

    @Test
    void others() {
        List<Session> sessions = new ArrayList<>();
        MemoryServer server = MemoryServer.serving(App.of(opened -> {
                    sessions.add(opened);
                    return Session::send;
                })
                .guardedBy(request -> Admission.accept(() -> request.query("name"))));
        MemoryClient ada = server.open("/app?name=ada");
        MemoryClient bob = server.open("/app?name=bob");
        sessions.get(1).subscribe("news");
        Session session = sessions.get(0);
        Message message = Message.text("for the others");
        String id = sessions.get(1).id();
        // doc> others
        session.subscribe("news");
        session.hub().topic("news").send("hello, readers"); // everybody in the topic
        session.hub().topic("news").send(message, session); // but not to this one
        session.hub().user("ada").send("on all your devices"); // all sessions of one principal
        session.hub().app("/app").send("to all of an app");
        session.hub().everyone().send("the server goes down at noon");

        session.hub().send(Target.id(id), "for you alone").thenAccept(answer -> {
            if (answer != Delivery.DELIVERED) { // UNKNOWN, or SLOW; with several nodes some more
                session.send("that did not arrive: " + answer);
            }
        });
        // <doc
        server.run();
        assertThat(ada)
                .receivesTexts(
                        "hello, readers", "on all your devices", "to all of an app", "the server goes down at noon");
        assertThat(bob)
                .receivesTexts(
                        "hello, readers",
                        "for the others",
                        "to all of an app",
                        "the server goes down at noon",
                        "for you alone");
    }

    @Test
    void sendResult() {
        // doc> answers of a send
        App flood = session -> (from, message) -> {
            int sent = 0;
            while (sent < 1_000 && from.send("line " + sent) == SendResult.SENT) {
                sent++; // not SENT: go on in onDrained
            }
        };
        // <doc
        MemoryServer server = MemoryServer.serving(flood, config -> config.limits(Limits.DEFAULT.queuedBytes(1024)));
        MemoryClient slow = server.open().stopReading().sendTexts("go");
        server.run();
        assertThat(slow.readAgain().texts()).hasSizeBetween(10, 500).startsWith("line 0", "line 1");
    }

    @Test
    void slowReaders() {
        List<Integer> lacks = new ArrayList<>();
        // doc> slow readers
        App prices = App.of(session -> {
                    session.subscribe("prices");
                    return new Listener() {
                        @Override
                        public void onMessage(Session from, Message question) {
                            from.send("an answer, which is never dropped");
                        }

                        @Override
                        public void onDropped(Session one, int messages) { // at most four times a second
                            lacks.add(messages);
                        }
                    };
                })
                .with(AppOptions.DEFAULT.slowReaders(SlowReaders.KEEP_LATEST).queuedBytes(64 * 1024));
        // <doc
        MemoryServer server = MemoryServer.serving(prices);
        MemoryClient slow = server.open().stopReading();
        for (int i = 0; i < 5_000; i++) {
            server.hub()
                    .topic("prices")
                    .send(Message.text("EURUSD 1." + (10_000 + i)).keyed("EURUSD"));
        }
        server.run();
        // doc> keyed messages
        Message rate = Message.text("EURUSD 1.0842").keyed("EURUSD"); // replaces an EURUSD that still waits
        Message news = Message.text("the exchange has closed"); // without a key: never replaced
        // <doc
        server.hub().topic("prices").send(rate);
        server.hub().topic("prices").send(news);
        server.run();
        server.advance(Duration.ofSeconds(1));
        assertThat(slow.readAgain().texts())
                .hasSizeLessThan(5_000)
                .endsWith("EURUSD 1.0842", "the exchange has closed");
        assertThat(lacks).isNotEmpty();
    }

    // doc> admission
    static final class Members implements App {
        @Override
        public Admission onRequest(OpeningRequest request) {
            String token = request.cookie("token");
            if (token == null) {
                return Admission.reject(401, "Sign in first.").header("WWW-Authenticate", "Bearer");
            }
            return Admission.accept(() -> "ada") // a java.security.Principal
                    .header("Set-Cookie", "seen=1; HttpOnly") // in the 101
                    .attribute("tenant", 7) // in session.attributes()
                    .expiresAt(Instant.now().plusSeconds(900)); // then closed with 4401, CloseStatus.EXPIRED
        }

        @Override
        public Listener onOpen(Session session) {
            session.send("hello, " + session.principal().getName());
            return Session::send;
        }
    }
    // <doc

    @Test
    void admission() {
        RecordingApp app = new RecordingApp(new Members());
        MemoryServer server = MemoryServer.serving(app);
        server.setWallClock(Instant.now());
        assertThat(server.tryOpen("/app")).isAnsweredWith(401).hasHeader("WWW-Authenticate", "Bearer");
        MemoryClient ada = server.open("/app", "Cookie: token=x");
        assertThat(ada).receivesText("hello, ada");
        assertThat(ada.head()).contains("Set-Cookie: seen=1; HttpOnly");
        assertThat(app.session()).hasAttribute("tenant", 7);
        server.advance(Duration.ofMinutes(16));
        assertThat(ada).isClosedWith(4401);
    }

    @Test
    void redirect() {
        App moved = App.of(session -> Session::send).guardedBy(request -> {
            // doc> redirect
            Admission elsewhere = Admission.redirect(307, "wss://other.example.org/chat");
            // <doc
            return elsewhere;
        });
        assertThat(MemoryServer.serving(moved).tryOpen("/app"))
                .isAnsweredWith(307)
                .hasHeader("Location", "wss://other.example.org/chat");
    }

    @Test
    void around() {
        // doc> around apps
        App chat = App.of(session -> Session::send) // App.of: a lambda has no methods until it has a type
                .with(AppOptions.DEFAULT.maxMessageBytes(4096).subprotocols("v2.chat", "v1.chat"))
                .guardedBy(request -> request.cookie("token") == null ? Admission.reject(401, "Sign in first.") : null)
                .mappingFailures(
                        failed -> failed instanceof IllegalArgumentException ? CloseStatus.POLICY_VIOLATION : null);
        // <doc
        MemoryServer server = MemoryServer.serving(chat);
        assertThat(server.tryOpen("/app")).isAnsweredWith(401);
        MemoryClient client = server.open("/app", "Cookie: token=x", "Sec-WebSocket-Protocol: v1.chat");
        assertThat(client.head()).contains("Sec-WebSocket-Protocol: v1.chat");
        assertThat(client.sendTexts("x".repeat(4097))).isClosedWith(1009);
    }

    // doc> codec
    record Order(String item, int pieces) {}

    record Receipt(String item, int cents) {}

    static final class Orders implements Typed.Codec<Order, Receipt> {

        private final JsonMapper json = new JsonMapper();

        @Override
        public Order decode(Message message) throws Exception {
            return json.readValue(message.text(), Order.class); // what it throws closes the session with 1007
        }

        @Override
        public Message encode(Receipt receipt) {
            return Message.text(json.valueToTree(receipt).toString());
        }
    }
    // <doc

    @Test
    void typed() {
        // doc> typed
        App shop = Typed.app(
                new Orders(), session -> order -> session.send(new Receipt(order.item(), order.pieces() * 320)));
        // <doc
        MemoryServer server = MemoryServer.serving(shop);
        MemoryClient client = server.open().sendTexts("{\"item\":\"tea\",\"pieces\":2}");
        assertThat(client).receivesText("{\"item\":\"tea\",\"cents\":640}");
        assertThat(client.sendTexts("no JSON")).isClosedWith(1007);
    }

    @Test
    void patterns() {
        // doc> pattern
        App room = session -> {
            session.subscribe("room " + session.request().pathParameter("room"));
            return (from, message) -> {};
        };
        // <doc
        MemoryServer server = new MemoryServer(
                ServerConfig.at("ws://localhost").app("/rooms/{room}", room).build());
        server.open("/rooms/green%20tea");
        assertThat(server.hub().topic("room green tea").localSize()).isEqualTo(1);
    }

    @Test
    void compression() {
        // doc> compression
        AppOptions usual = AppOptions.DEFAULT.compression(Compression.ON); // from 1 KiB on, level 1
        AppOptions thorough = AppOptions.DEFAULT.compression(
                Compression.ON.thresholdBytes(4096).level(6));
        AppOptions withMemory = AppOptions.DEFAULT.compression(Compression.ON.contextTakeover(true));
        // <doc
        for (AppOptions options : List.of(usual, thorough, withMemory)) {
            MemoryClient client = MemoryServer.serving(
                            App.of(session -> Session::send).with(options))
                    .open("/app", "Sec-WebSocket-Extensions: permessage-deflate");
            client.sendTexts("a".repeat(5_000));
            assertThat(client.framesAsSent())
                    .singleElement()
                    .satisfies(frame -> assertThat(frame.payload().remaining()).isLessThan(200));
        }
    }
}
