package io.hexsocket.transport.vertx;

import static io.hexsocket.transport.vertx.WireClient.BINARY;
import static io.hexsocket.transport.vertx.WireClient.CLOSE;
import static io.hexsocket.transport.vertx.WireClient.CONTINUATION;
import static io.hexsocket.transport.vertx.WireClient.FIN;
import static io.hexsocket.transport.vertx.WireClient.PING;
import static io.hexsocket.transport.vertx.WireClient.PONG;
import static io.hexsocket.transport.vertx.WireClient.TEXT;
import static io.hexsocket.transport.vertx.WireClient.frame;
import static io.hexsocket.transport.vertx.WireClient.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.port.host.HttpAnswer;
import io.hexsocket.transport.nio.NioServer;
import io.hexsocket.transport.vertx.Recorder.Conversation;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Both transports say the same, byte for byte, whatever is said to them: the core speaks, and a transport only carries it. */
class SameBytesTest {

    private static final int MESSAGE_LIMIT = 1024 * 1024;

    private static final Vertx VERTX = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private static NioServer nio;
    private static VertxServer vertx;
    private static VertxServer ownVertx;

    @BeforeAll
    static void start() throws IOException {
        nio = NioServer.start(config());
        vertx = VertxServer.start(VERTX, config())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        // over the native transport, if there is one
        ownVertx = VertxServer.start(config());
    }

    @AfterAll
    static void stop() {
        nio.close();
        vertx.close();
        ownVertx.close();
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    /** What is served; nothing of it may depend on anything but the conversation. */
    private static ServerConfig config() {
        App echo = session -> Session::send;
        App others = session -> (from, message) -> from.hub().app("/others").send(message, from);
        return ServerConfig.at("ws://127.0.0.1:0")
                .eventLoops(1)
                .limits(Limits.DEFAULT.messageBytes(MESSAGE_LIMIT))
                .responder(request ->
                        CompletableFuture.supplyAsync(() -> HttpAnswer.text(200, "You asked for " + request.path())))
                .app("/echo", echo)
                .app("/pooled", echo.with(AppOptions.DEFAULT.executor(ForkJoinPool.commonPool())))
                .app("/spoken", echo.with(AppOptions.DEFAULT.subprotocols("one", "two")))
                .app("/short", echo.with(AppOptions.DEFAULT.maxMessageBytes(1000)))
                .app("/others", others)
                .app("/rooms/{room}", session -> {
                    session.subscribe(session.request().pathParameter("room"));
                    return (from, message) -> from.hub().topic("red").send(message);
                })
                .app("/raw", echo.with(AppOptions.DEFAULT.rawTcp(true)))
                .app("/fails", session -> {
                    session.send("so far, so good");
                    return (from, message) -> {
                        from.send("not quite");
                        throw new IllegalStateException("a bug, as this test wants it");
                    };
                })
                .app("/bye", session -> {
                    session.send("bye");
                    session.close(new CloseStatus(4000, "had enough"));
                    return Session::send;
                })
                .app("/pings", session -> {
                    session.ping(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                    return new Listener() {
                        @Override
                        public void onMessage(Session from, Message message) {
                            from.send("a message");
                        }

                        @Override
                        public void onPong(Session from, ByteBuffer payload) {
                            from.send("a pong of " + payload.remaining());
                        }
                    };
                })
                .app("/me", session -> (from, message) -> {
                    from.send(from.id());
                    from.hub().send(Target.id(from.id()), "to " + from.id());
                })
                .app("/pauses", session -> (from, message) -> {
                    from.pause();
                    from.send(message);
                    CompletableFuture.runAsync(from::resume);
                })
                .app("/floods", session -> (from, message) -> {
                    for (int i = 0; i < 300; i++) {
                        from.send("line " + i);
                    }
                    from.send(ByteBuffer.allocate(200_000));
                    from.send("done");
                })
                .app(
                        "/paced",
                        admitting(
                                Admission.Accept.class.cast(Admission.accept()).pace(Duration.ofMillis(3))))
                .app("/refused", admitting(Admission.reject(403, "Not you.")))
                .app("/later", admitting(Admission.later(CompletableFuture.supplyAsync(Admission::accept))))
                .app("/never", admitting(Admission.later(CompletableFuture.failedFuture(new IOException("no answer")))))
                .build();
    }

    private static App admitting(Admission admission) {
        return new App() {
            @Override
            public Listener onOpen(Session session) {
                session.send("welcome");
                return Session::send;
            }

            @Override
            public Admission onRequest(OpeningRequest request) {
                return admission;
            }
        };
    }

    // ---- the conversations
    // -----------------------------------------------------------------------------------------

    static Stream<Arguments> conversations() {
        return Stream.of(openings(), refusals(), messages(), violations(), closings(), several(), raw())
                .flatMap(all -> all);
    }

    private static Arguments named(String name, Conversation conversation) {
        return Arguments.of(name, conversation);
    }

    private static Stream<Arguments> openings() {
        return Stream.of(
                named("opening and nothing else", clients -> clients.open("/echo")),
                named(
                        "opening byte by byte",
                        clients -> clients.connect()
                                .sayByteByByte(request("/echo").getBytes(StandardCharsets.US_ASCII))
                                .head()),
                named("opening with a message in the same segment", clients -> {
                    byte[] request = request("/echo").getBytes(StandardCharsets.US_ASCII);
                    byte[] both = Arrays.copyOf(request, request.length + 11);
                    System.arraycopy(frame(FIN | TEXT, bytes("hello")), 0, both, request.length, 11);
                    WireClient client = clients.connect().say(both);
                    client.head();
                    client.frame();
                }),
                named("subprotocol", clients -> clients.open("/spoken", "Sec-WebSocket-Protocol: three, two, one")),
                named("no subprotocol in common", clients -> clients.open("/spoken", "Sec-WebSocket-Protocol: three")),
                named(
                        "extension that is not known",
                        clients -> clients.open("/echo", "Sec-WebSocket-Extensions: x-a; b=c")),
                named(
                        "compression offered",
                        clients -> clients.open("/echo", "Sec-WebSocket-Extensions: permessage-deflate")),
                named(
                        "admitted later",
                        clients -> clients.open("/later").text("hello").frame()),
                named("admitted later, with a message that waits", clients -> {
                    WireClient client = clients.connect().say(request("/later")).text("waits");
                    client.head();
                    client.frame();
                    client.frame();
                }),
                named("paced", clients -> {
                    WireClient client = clients.open("/paced");
                    client.frame();
                    client.text("one").text("two").text("three");
                    client.frame();
                    client.frame();
                    client.frame();
                }),
                named(
                        "plain HTTP",
                        clients -> clients.connect()
                                .say("GET /health?now HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .end()));
    }

    private static Stream<Arguments> refusals() {
        String upgrade = "Host: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        return Stream.of(
                        "GET /nowhere HTTP/1.1\r\n" + upgrade,
                        "GET /refused HTTP/1.1\r\n" + upgrade,
                        "GET /never HTTP/1.1\r\n" + upgrade,
                        "GET /echo HTTP/1.0\r\n" + upgrade,
                        "GET /echo HTTP/2.0\r\n" + upgrade,
                        "POST /echo HTTP/1.1\r\n" + upgrade,
                        "GET /%zz HTTP/1.1\r\n" + upgrade,
                        "GET /" + "x".repeat(5000) + " HTTP/1.1\r\n" + upgrade,
                        "GET /echo HTTP/1.1\r\nCookie: " + "x".repeat(9000) + "\r\n" + upgrade,
                        "GET /echo HTTP/1.1\r\n" + upgrade.replace("13", "8"),
                        "GET /echo HTTP/1.1\r\n" + upgrade.replace("==", "="),
                        "GET /echo HTTP/1.1\r\n" + upgrade.replace("Host: localhost\r\n", ""),
                        "GET /echo HTTP/1.1\nHost: localhost\n\n",
                        "GET /echo HTTP/1.1\r\nContent-Length: 10\r\n" + upgrade + "0123456789",
                        "PUT /echo HTTP/1.1\r\n" + upgrade + "GET /echo HTTP/1.1\r\n" + upgrade,
                        "\u0016\u0003\u0001\u0000\u0005hello",
                        "\u0000\u0001\u0002",
                        "php process\nGET /echo HTTP/1.1\n")
                .map(request -> named(
                        "refused: "
                                + request.substring(0, Math.min(30, request.length()))
                                        .replaceAll("\\p{Cntrl}", " ") + " of " + request.length(),
                        clients -> clients.connect().say(request).end()));
    }

    private static Stream<Arguments> messages() {
        Stream<Arguments> sizes = IntStream.of(0, 1, 125, 126, 65_535, 65_536, 300_000, MESSAGE_LIMIT)
                .mapToObj(size -> named("echo of " + size + " bytes, whole and cut", clients -> {
                    byte[] message = frame(FIN | BINARY, random(size));
                    WireClient client = clients.open("/echo");
                    client.say(message).frame();
                    int third = message.length / 3;
                    client.say(Arrays.copyOf(message, third), Arrays.copyOfRange(message, third, message.length))
                            .frame();
                }));
        Stream<Arguments> kinds = Stream.of(
                named("text in several alphabets", clients -> {
                    WireClient client = clients.open("/echo");
                    for (String text : List.of("ASCII", "Grüße", "Здравствуй", "你好", "🙂🙃", "\u0000\uFFFE")) {
                        client.text(text).frame();
                    }
                }),
                named("a thousand messages in one segment", clients -> {
                    WireClient client = clients.open("/echo");
                    byte[] one = frame(FIN | TEXT, bytes("hello"));
                    byte[] all = new byte[1000 * one.length];
                    for (int i = 0; i < 1000; i++) {
                        System.arraycopy(one, 0, all, i * one.length, one.length);
                    }
                    client.say(all);
                    for (int i = 0; i < 1000; i++) {
                        client.frame();
                    }
                }),
                named(
                        "a message byte by byte",
                        clients -> clients.open("/echo")
                                .sayByteByByte(frame(FIN | TEXT, bytes("hello")))
                                .frame()),
                named("fragments with a ping between, the first one empty", clients -> {
                    WireClient client = clients.open("/echo");
                    client.say(frame(TEXT, bytes("")), frame(CONTINUATION, bytes("hel")));
                    client.say(frame(FIN | PING, bytes("?"))).frame();
                    client.say(frame(FIN | CONTINUATION, bytes("lo"))).frame();
                }),
                named("pings and pongs", clients -> {
                    WireClient client = clients.open("/pings");
                    client.frame();
                    client.say(frame(FIN | PONG, new byte[] {1, 2, 3})).frame();
                    client.say(frame(FIN | PING, new byte[125])).frame();
                    client.text("hello").frame();
                }),
                named("an app on an executor", clients -> {
                    WireClient client = clients.open("/pooled");
                    for (int i = 0; i < 100; i++) {
                        client.text("message " + i);
                    }
                    for (int i = 0; i < 100; i++) {
                        client.frame();
                    }
                }),
                named("an app that pauses", clients -> {
                    WireClient client = clients.open("/pauses");
                    for (int i = 0; i < 50; i++) {
                        client.text("message " + i);
                    }
                    for (int i = 0; i < 50; i++) {
                        client.frame();
                    }
                }),
                named("an app that says much at once", clients -> {
                    WireClient client = clients.open("/floods").text("go");
                    for (int i = 0; i < 302; i++) {
                        client.frame();
                    }
                }),
                named("ids", clients -> {
                    WireClient client = clients.open("/me").text("who?");
                    client.frame();
                    client.frame();
                }));
        return Stream.concat(sizes, kinds);
    }

    private static Stream<Arguments> violations() {
        return Stream.of(
                        Arguments.of("no mask", new byte[] {(byte) (FIN | TEXT), 1, 'x'}),
                        Arguments.of("RSV1", frame(FIN | 0x40 | TEXT, bytes("x"))),
                        Arguments.of("RSV2", frame(FIN | 0x20 | TEXT, bytes("x"))),
                        Arguments.of("opcode 3", frame(FIN | 3, bytes("x"))),
                        Arguments.of("opcode 11", frame(FIN | 11, bytes("x"))),
                        Arguments.of("invalid UTF-8", frame(FIN | TEXT, new byte[] {(byte) 0xC0, (byte) 0x80})),
                        Arguments.of("UTF-8 cut off", frame(FIN | TEXT, new byte[] {(byte) 0xE2, (byte) 0x82})),
                        Arguments.of("continuation of nothing", frame(FIN | CONTINUATION, bytes("x"))),
                        Arguments.of("ping in fragments", frame(PING, bytes("x"))),
                        Arguments.of("ping of 126 bytes", frame(FIN | PING, new byte[126])),
                        Arguments.of("message too long", frame(FIN | BINARY, new byte[1001])),
                        Arguments.of(
                                "length with the highest bit",
                                new byte[] {(byte) (FIN | BINARY), (byte) 0xFF, (byte) 0x80, 0, 0, 0, 0, 0, 0, 1}),
                        Arguments.of(
                                "length not minimal",
                                new byte[] {(byte) (FIN | TEXT), (byte) 0xFE, 0, 1, 0, 0, 0, 0, 'x'}))
                .map(violation -> named("violation: " + violation.get()[0], clients -> {
                    WireClient client = clients.open("/short").text("before");
                    client.frame();
                    client.say((byte[]) violation.get()[1]).say(frame(FIN | TEXT, bytes("after")));
                    client.frame();
                }));
    }

    private static Stream<Arguments> closings() {
        Stream<Arguments> statuses = IntStream.of(999, 1000, 1001, 1005, 1006, 1011, 1015, 2999, 3000, 4999, 5000)
                .mapToObj(status -> named(
                        "close " + status,
                        clients -> clients.open("/echo").close(status).frame()));
        Stream<Arguments> others = Stream.of(
                named(
                        "close without a status",
                        clients -> clients.open("/echo")
                                .say(frame(FIN | CLOSE, new byte[0]))
                                .frame()),
                named(
                        "close with half a status",
                        clients -> clients.open("/echo")
                                .say(frame(FIN | CLOSE, new byte[1]))
                                .frame()),
                named("close behind a message, and more behind it", clients -> {
                    WireClient client = clients.open("/echo").text("last");
                    client.close(1000).text("too late").close(1001);
                    client.frame();
                    client.frame();
                }),
                named("close inside a message", clients -> {
                    WireClient client = clients.open("/echo").say(frame(TEXT, bytes("hel")));
                    client.close(1000).frame();
                }),
                named("close by the app", clients -> {
                    WireClient client = clients.open("/bye");
                    client.frame();
                    client.frame();
                    client.text("ignored").close(4000);
                }),
                named("app that fails", clients -> {
                    WireClient client = clients.open("/fails");
                    client.frame();
                    client.text("go").frame();
                    client.frame();
                }),
                named("end without a close frame", clients -> {
                    WireClient client = clients.open("/echo").text("hello").endOutput();
                    client.frame();
                }),
                named(
                        "end inside a frame",
                        clients -> clients.open("/echo").say(Arrays.copyOf(frame(FIN | TEXT, bytes("hello")), 8))),
                named("end inside the head", clients -> clients.connect().say("GET /echo HT")),
                named("end before anything", clients -> clients.connect()));
        return Stream.concat(statuses, others);
    }

    private static Stream<Arguments> several() {
        return Stream.of(
                named("broadcasts to the others", clients -> {
                    WireClient first = clients.open("/others");
                    WireClient second = clients.open("/others");
                    WireClient third = clients.open("/others");
                    for (int size : new int[] {5, 200, 16 * 1024, 16 * 1024 + 1, 100_000}) {
                        first.say(frame(FIN | BINARY, random(size)));
                        second.frame();
                        third.frame();
                        second.say(frame(FIN | BINARY, random(size)));
                        first.frame();
                        third.frame();
                    }
                }),
                named("broadcasts of one segment", clients -> {
                    WireClient first = clients.open("/others");
                    WireClient second = clients.open("/others");
                    first.say(frame(FIN | TEXT, bytes("one")), frame(FIN | TEXT, bytes("two")));
                    second.frame();
                    second.frame();
                }),
                named("topics", clients -> {
                    WireClient red = clients.open("/rooms/red");
                    WireClient blue = clients.open("/rooms/blue");
                    blue.text("to the reds");
                    red.frame();
                    red.text("to ourselves").frame();
                }));
    }

    private static Stream<Arguments> raw() {
        return Stream.of(
                named("raw: a packet and the end", clients -> {
                    WireClient client = clients.connect().say("php process\nGET /raw HTTP/1.1\n{\"opcode\":\"x\"}");
                    client.bytes(14);
                }),
                named("raw: a packet byte by byte", clients -> {
                    WireClient client =
                            clients.connect().sayByteByByte(bytes("php process\nGET /raw HTTP/1.1\n{\"a\":[1,2]}"));
                    client.bytes(11);
                }),
                named(
                        "raw: ends its side before it is answered",
                        clients -> clients.connect()
                                .say("php process\nGET /raw HTTP/1.1\n{\"a\":1}")
                                .endOutput()
                                .end()),
                named(
                        "raw: no JSON",
                        clients -> clients.connect()
                                .say("php process\nGET /raw HTTP/1.1\nhello")
                                .end()),
                named(
                        "raw: no such path",
                        clients -> clients.connect()
                                .say("php process\nGET /nowhere HTTP/1.1\n")
                                .end()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conversations")
    void bothTransportsSayTheSame(String name, Conversation conversation) throws IOException {
        List<String> expected = Recorder.record(nio.address().port(), conversation);
        assertThat(expected).isNotEmpty();
        assertThat(Recorder.record(vertx.address().port(), conversation)).isEqualTo(expected);
        assertThat(Recorder.record(ownVertx.address().port(), conversation)).isEqualTo(expected);
    }
}
