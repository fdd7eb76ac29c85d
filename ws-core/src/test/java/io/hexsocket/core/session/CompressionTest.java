package io.hexsocket.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Compression;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;
import io.hexsocket.core.connection.LoopConnections;
import io.hexsocket.core.testkit.ClientDeflate;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.Cuts;
import io.hexsocket.core.testkit.ManualExecutor;
import io.hexsocket.core.testkit.ManualLoop;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.Scenario;
import io.hexsocket.core.testkit.ServerFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A session with compressed messages")
class CompressionTest {

    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";
    private static final Compression ALWAYS = Compression.ON.thresholdBytes(0);
    private static final int COMPRESSED = 0x40;
    private static final boolean ALL_SIZES = "all".equals(System.getProperty("sizes"));
    private static final int PATTERNS = 6;

    /** An echo that compresses whatever it can. */
    private static Scenario echo(boolean takeover) {
        return Scenario.echo()
                .options(AppOptions.DEFAULT.compression(ALWAYS.contextTakeover(takeover)))
                .headers(OFFER);
    }

    private static Scenario limit(int bytes) {
        return Scenario.echo()
                .options(AppOptions.DEFAULT.compression(ALWAYS).maxMessageBytes(bytes))
                .headers(OFFER);
    }

    private static MemoryServer serving(App app, Compression compression) {
        return MemoryServer.serving(app.with(app.options().compression(compression)));
    }

    private static int liveStreams(MemoryServer server) {
        return ((LoopConnections) server.loop().core()).loop().deflateStreams().live();
    }

    private static ClientFrame compressed(int opcode, String hex) {
        return ClientFrame.of(opcode, HexFormat.of().parseHex(hex.replace(" ", "")))
                .rsv(0b100);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] noise(long seed, int length) {
        byte[] noise = new byte[length];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    private static byte[] deflateAlone(byte[] message, int level) {
        Deflater deflater = new Deflater(level, true);
        deflater.setInput(message);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] some = new byte[64 * 1024];
        for (int length = some.length; length == some.length; ) {
            length = deflater.deflate(some, 0, some.length, Deflater.SYNC_FLUSH);
            all.write(some, 0, length);
        }
        deflater.end();
        return Arrays.copyOf(all.toByteArray(), all.size() - 4);
    }

    @Nested
    @DisplayName("reads")
    class Reads {

        @Test
        @DisplayName("the examples of RFC 7692 section 7.2.3")
        void sessionWithCompressedMessagesReadsExamplesOfRFC7692Section723() {
            ServerFrame hello = ServerFrame.text("Hello");
            // 7.2.3.1: one block, in one frame and in two
            echo(false).sends(compressed(1, "f2 48 cd c9 c9 07 00")).assertAnswers(hello);
            echo(false)
                    .sends(
                            compressed(1, "f2 48 cd").notFinal(),
                            ClientFrame.continuation(HexFormat.of().parseHex("c9c90700")))
                    .assertAnswers(hello);
            // 7.2.3.2: the second refers to the first
            echo(true)
                    .sends(compressed(1, "f2 48 cd c9 c9 07 00"), compressed(1, "f2 00 11 00 00"))
                    .assertAnswers(hello, hello);
            // 7.2.3.3: a block without compression
            echo(false).sends(compressed(1, "00 05 00 fa ff 48 65 6c 6c 6f 00")).assertAnswers(hello);
            // 7.2.3.5: two blocks
            echo(false)
                    .sends(compressed(1, "f2 48 05 00 00 00 ff ff ca c9 c9 07 00"))
                    .assertAnswers(hello);
        }

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        @DisplayName(
                "D6 a block with BFINAL, with and without what the RFC puts behind it, then a further stream, then a further message")
        void d6BlockWithBfinalIsReadWithAndWithoutWhatRfcPutsBehindItAndFurtherMessagesFollow(boolean takeover) {
            ServerFrame hello = ServerFrame.text("Hello");
            String last = "f3 48 cd c9 c9 07 00";
            // 7.2.3.4
            echo(takeover)
                    .sends(compressed(1, last + "00"), compressed(1, last + "00"), compressed(1, last))
                    .assertAnswers(hello, hello, hello)
                    .assertStaysOpen();
            echo(takeover)
                    .sends(
                            compressed(1, last + last + "f2 48 cd c9 c9 07 00"),
                            compressed(1, last),
                            compressed(1, "f2 48 cd c9 c9 07 00"))
                    .assertAnswers(ServerFrame.text("HelloHelloHello"), hello, hello);
        }

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        @DisplayName("D7 an empty message, compressed to one byte or to none, and nothing of the message before")
        void d7SessionWithCompressedMessagesReadsEmptyMessageCompressedToOneByteOrToNoneAndNothingOfMessageBefore(
                boolean takeover) {
            ClientDeflate client = new ClientDeflate(takeover);
            byte[] before = utf8("what came before");
            echo(takeover)
                    .sends(
                            client.frame(1, before),
                            compressed(1, "00"),
                            compressed(1, ""),
                            compressed(2, "").notFinal(),
                            ClientFrame.continuation(""),
                            ClientFrame.text(""),
                            client.frame(1, before))
                    .assertAnswers(
                            ServerFrame.text(before),
                            ServerFrame.text(""),
                            ServerFrame.text(""),
                            ServerFrame.binary(),
                            ServerFrame.text(""),
                            ServerFrame.text(before));
        }

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        @DisplayName("D7 a tail that should have been removed as a message cut off: 1007")
        void d7SessionWithCompressedMessagesReadsTailThatShouldHaveBeenRemovedAsMessageCutOff1007(boolean takeover) {
            echo(takeover).sends(compressed(2, "00 00 ff ff")).assertTells().assertFailsWith(1007);
            if (!takeover) {
                echo(false)
                        .sends(compressed(1, "f2 48 cd c9 c9 07 00 00 00 ff ff"))
                        .assertTells()
                        .assertFailsWith(1007);
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    // BTYPE 11
                    "07",
                    // LEN without the NLEN that belongs to it
                    "00 05 00 05 00 48 65 6c 6c 6f 00",
                    // RFC 1950's header
                    "78 9c f2 48 cd c9 c9 07 00",
                    // a distance to before the beginning
                    "f2 00 11 00 00",
                    "00 01 00 fe ff 41 02 04 02 00",
                    // what cannot be Huffman codes
                    "05 e0 81 00 ff ff ff ff"
                })
        @DisplayName("D4 no corrupt data: 1007, and its inflater is not lost")
        void d4SessionWithCompressedMessagesReadsNoCorruptData1007AndItsInflaterIsNotLost(String hex) {
            echo(false).sends(compressed(1, hex)).assertTells().assertFailsWith(1007);
            MemoryServer server = serving(RecordingApp.echo(), ALWAYS);
            for (int i = 0; i < 3; i++) {
                MemoryClient client = server.open("/app", OFFER);
                client.send(compressed(2, hex).notFinal(), ClientFrame.continuation("x"));
                assertThat(client.closeStatus().code()).isEqualTo(1007);
                assertThat(liveStreams(server)).isEqualTo(1);
            }
        }

        @Test
        @DisplayName("D5 no message that is cut off, wherever: 1007, and never waits for more")
        void d5SessionWithCompressedMessagesReadsNoMessageThatIsCutOffWherever1007AndNeverWaitsForMore() {
            byte[] whole =
                    deflateAlone(utf8("{\"opcode\":\"echo\",\"message\":\"hello, hello, hello\"}".repeat(20)), 6);
            byte[] stored = deflateAlone(utf8("stored"), 0);
            for (byte[] data : List.of(whole, stored)) {
                // one byte of a stored block is an empty message
                for (int length = data == stored ? 2 : 1; length < data.length - 1; length++) {
                    MemoryServer server = serving(RecordingApp.echo(), ALWAYS);
                    MemoryClient client = server.open("/app", OFFER);
                    client.send(ClientFrame.binary(Arrays.copyOf(data, length)).rsv(0b100));
                    assertThat(client.closeStatus())
                            .as("%d of %d bytes", length, data.length)
                            .isNotNull();
                    assertThat(client.closeStatus().code()).isEqualTo(1007);
                }
            }
        }

        @Test
        @DisplayName("U1 text whose code points are cut by fragments and by blocks; U2 not if it ends inside one: 1007")
        void
                u1SessionWithCompressedMessagesReadsTextWhoseCodePointsAreCutByFragmentsAndByBlocksU2NotIfItEndsInsideOne1007() {
            String text = "κόσμε 日本 🌍 ".repeat(30);
            ClientDeflate client = new ClientDeflate(false);
            for (int size : new int[] {1, 2, 3, 7}) {
                echo(false).sends(client.frames(1, utf8(text), size)).assertAnswers(ServerFrame.text(text));
                ClientFrame[] stored = ClientFrame.fragments(1, deflateAlone(utf8(text), 0), size);
                stored[0] = stored[0].rsv(0b100);
                echo(false).sends(stored).assertAnswers(ServerFrame.text(text));
            }
            echo(false)
                    .sends(client.frame(1, Arrays.copyOf(utf8("日本"), 5)))
                    .assertTells()
                    .assertFailsWith(1007);
        }

        @Test
        @DisplayName(
                "U4 no text that is not UTF-8 after it was inflated: 1007, in the fragment where it shows; as binary it is welcome")
        void u4CompressedTextThatIsNotUtf8IsRefusedWith1007InTheFragmentWhereItShows() {
            byte[] bad = HexFormat.of().parseHex("cebae1bdb9cf83cebceda080656469746564");
            ClientDeflate client = new ClientDeflate(false);
            echo(false).sends(client.frame(1, bad)).assertTells().assertFailsWith(1007);
            echo(false).sends(client.frame(2, bad)).assertAnswers(ServerFrame.binary(bad));
            // a stored block has its bytes where they are: the last one that came is the surrogate's second
            byte[] stored = deflateAlone(bad, 0);
            echo(false)
                    .sends(ClientFrame.text(Arrays.copyOf(stored, 5 + 11))
                            .rsv(0b100)
                            .notFinal())
                    .assertFailsWith(1007);
            byte[] soFarSoGood = Arrays.copyOf(stored, 5 + 9);
            echo(false)
                    .sends(ClientFrame.text(soFarSoGood).rsv(0b100).notFinal())
                    .assertStaysOpen();
        }

        @Test
        @DisplayName("F10 pings between compressed fragments, and answers them at once")
        void f10SessionWithCompressedMessagesReadsPingsBetweenCompressedFragmentsAndAnswersThemAtOnce() {
            byte[] message = utf8("hello ".repeat(100));
            ClientFrame[] pieces = new ClientDeflate(true).frames(1, message, 5);
            List<ClientFrame> frames = new ArrayList<>();
            List<ServerFrame> answers = new ArrayList<>();
            for (ClientFrame piece : pieces) {
                frames.add(piece);
                frames.add(ClientFrame.ping("p" + frames.size()));
                answers.add(ServerFrame.pong("p" + (frames.size() - 1)));
            }
            answers.add(answers.size() - 1, ServerFrame.text(message));
            echo(true).sends(frames.toArray(ClientFrame[]::new)).assertAnswers(answers.toArray(ServerFrame[]::new));
        }

        @Test
        @DisplayName("messages that are not compressed between those that are")
        void sessionWithCompressedMessagesReadsMessagesThatAreNotCompressedBetweenThoseThatAre() {
            byte[] message = utf8("hello ".repeat(100));
            ClientDeflate client = new ClientDeflate(true);
            echo(true)
                    .sends(
                            client.frame(1, message),
                            ClientFrame.text(message),
                            client.frame(2, message),
                            ClientFrame.fragments("a", "b")[0],
                            ClientFrame.continuation("c"),
                            client.frame(1, message))
                    .assertAnswers(
                            ServerFrame.text(message),
                            ServerFrame.text(message),
                            ServerFrame.binary(message),
                            ServerFrame.text("ac"),
                            ServerFrame.text(message));
        }

        @Test
        @DisplayName("F2 RSV1 on no continuation and on no control frame, nor RSV2 or RSV3 anywhere: 1002")
        void f2SessionWithCompressedMessagesReadsRSV1OnNoContinuationAndOnNoControlFrameNorRSV2OrRSV3Anywhere1002() {
            echo(false)
                    .sends(
                            compressed(1, "f2 48 cd").notFinal(),
                            ClientFrame.continuation("x").rsv(0b100))
                    .assertFailsWith(1002);
            echo(false).sends(ClientFrame.ping("").rsv(0b100)).assertFailsWith(1002);
            echo(false).sends(ClientFrame.close(1000).rsv(0b100)).assertFailsWith(1002);
            for (int rsv : new int[] {0b001, 0b010, 0b101, 0b110, 0b111}) {
                echo(false).sends(ClientFrame.text("x").rsv(rsv)).assertFailsWith(1002);
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        @DisplayName("F13 D1 up to the limit once it is inflated, and not a byte more: 1009")
        void f13D1SessionWithCompressedMessagesReadsUpToLimitOnceItIsInflatedAndNotByteMore1009(int opcode) {
            for (int limit : new int[] {100, 125, 4096, 5000, 70_000}) {
                ClientDeflate client = new ClientDeflate(false);
                byte[] most = new byte[limit];
                Arrays.fill(most, (byte) 'a');
                limit(limit).sends(client.frame(opcode, most)).assertAnswers(ServerFrame.of(opcode, most));
                limit(limit).sends(client.frames(opcode, most, 10)).assertAnswers(ServerFrame.of(opcode, most));
                byte[] tooMuch = Arrays.copyOf(most, limit + 1);
                limit(limit).sends(client.frame(opcode, tooMuch)).assertTells().assertFailsWith(1009);
                limit(limit)
                        .sends(client.frames(opcode, tooMuch, 10))
                        .assertTells()
                        .assertFailsWith(1009);
                // what cannot be compressed is a little longer on the wire than it is
                byte[] noise = noise(limit, limit);
                limit(limit)
                        .sends(ClientFrame.binary(deflateAlone(noise, 0)).rsv(0b100))
                        .assertAnswers(ServerFrame.binary(noise));
            }
        }

        @Test
        @DisplayName(
                "D3 no more on the wire than a message of that limit can take, though nothing comes of it: 1009 at the header")
        void
                d3SessionWithCompressedMessagesReadsNoMoreOnWireThanMessageOfThatLimitCanTakeThoughNothingComesOfIt1009AtHeader() {
            byte[] emptyBlocks = new byte[2000];
            for (int i = 0; i + 5 <= emptyBlocks.length; i += 5) {
                emptyBlocks[i + 3] = (byte) 0xFF;
                emptyBlocks[i + 4] = (byte) 0xFF;
            }
            limit(2000)
                    .sends(ClientFrame.text(Arrays.copyOf(emptyBlocks, 1996)).rsv(0b100))
                    .assertAnswers(ServerFrame.text(""));
            limit(1000)
                    .sends(ClientFrame.text(emptyBlocks).rsv(0b100))
                    .assertTells()
                    .assertFailsWith(1009);
            ClientFrame half = ClientFrame.text(Arrays.copyOf(emptyBlocks, 700)).rsv(0b100);
            byte[] header = Arrays.copyOf(
                    ClientFrame.continuation(Arrays.copyOf(emptyBlocks, 700)).bytes(), 4);
            limit(1000)
                    .sends(Cuts.join(List.of(half.notFinal().bytes(), header)))
                    .assertFailsWith(1009);
        }

        @Test
        @DisplayName("F11 no more tiny fragments than of a message that is not compressed: 1008")
        void f11SessionWithCompressedMessagesReadsNoMoreTinyFragmentsThanOfMessageThatIsNotCompressed1008() {
            ClientFrame[] flood = new ClientFrame[1025];
            Arrays.fill(flood, ClientFrame.continuation("").notFinal());
            flood[0] = compressed(1, "").notFinal();
            limit(100_000).sends(flood).assertTells().assertFailsWith(1008);
        }

        @Test
        @DisplayName("what one client sends without keeping the others waiting, though a few bytes of it become many")
        void m7SessionReadsWhatOneClientSendsWithoutKeepingOthersWaitingThoughFewBytesOfItBecomeMany() {
            RecordingApp app = RecordingApp.silent();
            MemoryServer server = serving(app, ALWAYS);
            MemoryClient bomber = server.open("/app", OFFER);
            MemoryClient other = server.open("/app", OFFER);
            app.newEvents();
            byte[] bomb = new ClientDeflate(false).frame(2, new byte[300_000]).bytes();
            ByteArrayOutputStream many = new ByteArrayOutputStream();
            for (int i = 0; i < 20; i++) {
                many.writeBytes(bomb);
            }
            bomber.connection().arriveLater(many.toByteArray());
            other.connection().arriveLater(ClientFrame.text("me too").bytes());
            server.run();
            assertThat(app.events()).hasSize(21).startsWith("text me too");
        }

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        @DisplayName("M7 long compressed messages over several turns, wherever the turns end, and finds what they were")
        void m7LongCompressedMessagesAreReadOverSeveralTurns(boolean text) {
            byte[] message = new byte[3_000_000];
            java.util.Random random = new java.util.Random(text ? 1 : 2);
            for (int i = 0; i < message.length; i++) {
                message[i] = (byte) ('a' + random.nextInt(i % 100_000 < 50_000 ? 1 : 7));
            }
            RecordingApp app = RecordingApp.silent();
            MemoryServer server = serving(app, ALWAYS);
            MemoryClient client = server.open("/app", OFFER);
            app.newEvents();
            int opcode = text ? 1 : 2;
            client.send(new ClientDeflate(false).frames(opcode, message, 100_000));
            client.connection()
                    .arriveLater(ClientFrame.join(
                            new ClientDeflate(false).frame(opcode, message), ClientFrame.text("behind")));
            int turns = 0;
            while (server.loop().runATurn()) {
                turns++;
            }
            client.send(ClientFrame.of(opcode, message));
            List<String> events = app.newEvents();
            assertThat(turns).isGreaterThan(10);
            assertThat(events).hasSize(4);
            assertThat(List.of(events.get(0), events.get(1), events.get(2)))
                    .containsExactly(events.get(3), events.get(3), "text behind");
        }
    }

    @Nested
    @DisplayName("writes")
    class Writes {

        private final byte[] letters = utf8("hello, ".repeat(1000));

        @Test
        @DisplayName(
                "messages from the threshold on in one frame with RSV1, shorter ones and control frames as they are")
        void sessionCompressesMessagesFromThresholdOnInOneFrameWithRsv1AndNoShorterOnesOrControlFrames() {
            MemoryServer server = serving(RecordingApp.echo(), Compression.ON);
            MemoryClient client = server.open("/app", OFFER);
            byte[] below = Arrays.copyOf(letters, 1023);
            byte[] above = Arrays.copyOf(letters, 1024);
            client.send(
                    ClientFrame.text(below),
                    ClientFrame.text(above),
                    ClientFrame.binary(above),
                    ClientFrame.ping("p"),
                    ClientFrame.text(""));
            assertThat(client.framesAsSent())
                    .extracting(ServerFrame::opcode)
                    .containsExactly(1, 1 | COMPRESSED, 2 | COMPRESSED, 0xA, 1);
            assertThat(client.framesAsSent().get(1).payload().remaining()).isLessThan(100);
            assertThat(client.frames())
                    .containsExactly(
                            ServerFrame.text(below),
                            ServerFrame.text(above),
                            ServerFrame.binary(above),
                            ServerFrame.pong("p"),
                            ServerFrame.text(""));
        }

        @Test
        @DisplayName("what would not become shorter as it is")
        void sessionWithCompressedMessagesWritesWhatWouldNotBecomeShorterAsItIs() {
            MemoryServer server = serving(RecordingApp.echo(), ALWAYS);
            MemoryClient client = server.open("/app", OFFER);
            byte[] noise = noise(1, 5000);
            client.send(ClientFrame.binary(noise), ClientFrame.text("a"), ClientFrame.text(letters));
            assertThat(client.framesAsSent()).extracting(ServerFrame::opcode).containsExactly(2, 1, 1 | COMPRESSED);
            assertThat(client.frames())
                    .containsExactly(ServerFrame.binary(noise), ServerFrame.text("a"), ServerFrame.text(letters));
        }

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        @DisplayName("what other threads and apps on an executor send, and in the order in which they did")
        void sessionWithCompressedMessagesWritesWhatOtherThreadsAndAppsOnExecutorSendAndInOrderInWhichTheyDid(
                boolean takeover) {
            ManualExecutor executor = new ManualExecutor();
            App app = session -> (self, message) -> {
                self.send(message);
                self.send("then " + message.size());
                self.ping(ByteBuffer.wrap(utf8("ping")));
            };
            RecordingApp recorder = new RecordingApp(app.with(AppOptions.DEFAULT.executor(executor)));
            MemoryServer server = serving(recorder, ALWAYS.contextTakeover(takeover));
            MemoryClient client = server.open("/app", OFFER);
            byte[] noise = noise(2, 70_000);
            client.send(ClientFrame.text(letters), ClientFrame.binary(noise));
            executor.runAll();
            server.run();
            executor.runAll();
            server.run();
            recorder.session().send(Message.binary(letters));
            server.run();
            assertThat(client.frames())
                    .containsExactly(
                            ServerFrame.text(letters),
                            ServerFrame.text("then " + letters.length),
                            ServerFrame.ping(utf8("ping")),
                            ServerFrame.binary(noise),
                            ServerFrame.text("then 70000"),
                            ServerFrame.ping(utf8("ping")),
                            ServerFrame.binary(letters));
            assertThat(client.framesAsSent().get(0).isCompressed()).isTrue();
            assertThat(client.framesAsSent().get(6).isCompressed()).isTrue();
        }

        @Test
        @DisplayName(
                "a broadcast that was compressed once: to clients with takeover, without it, and without the extension, between messages of their own")
        void broadcastCompressedOnceIsReadByClientsWithTakeoverWithoutItAndWithoutExtension() {
            App app = session -> {
                session.subscribe("all");
                return (self, message) -> {
                    if (message.isText()) {
                        self.hub().topic("all").send(message);
                    } else {
                        self.send(message);
                    }
                };
            };
            MemoryServer server = MemoryServer.serving(
                    app.with(AppOptions.DEFAULT.compression(ALWAYS.contextTakeover(true))),
                    config -> config.app("/alone", app.with(AppOptions.DEFAULT.compression(ALWAYS)))
                            .app("/off", app)
                            .eventLoops(2));
            List<MemoryClient> clients = new ArrayList<>();
            for (ManualLoop loop : List.of(server.loop(0), server.loop(1))) {
                for (String path : List.of("/app", "/app", "/alone", "/off")) {
                    clients.add(server.open(loop, path, OFFER));
                }
            }
            Random random = new Random(7);
            List<List<ServerFrame>> expected = new ArrayList<>();
            clients.forEach(client -> expected.add(new ArrayList<>()));
            for (int round = 0; round < 200; round++) {
                int who = random.nextInt(clients.size());
                String words = "message " + random.nextInt(10) + " of no importance ";
                // short and long ones, some beyond the buffer that is used again and again
                byte[] message = utf8(words.repeat(random.nextInt(10) == 0 ? 3000 : 1 + random.nextInt(20)));
                boolean toAll = random.nextBoolean();
                clients.get(who).send(toAll ? ClientFrame.text(message) : ClientFrame.binary(message));
                server.run();
                for (int i = 0; i < clients.size(); i++) {
                    if (toAll || i == who) {
                        expected.get(i).add(toAll ? ServerFrame.text(message) : ServerFrame.binary(message));
                    }
                }
            }
            for (int i = 0; i < clients.size(); i++) {
                assertThat(clients.get(i).frames()).isEqualTo(expected.get(i));
                boolean off = i % 4 == 3;
                assertThat(clients.get(i).framesAsSent().stream().anyMatch(ServerFrame::isCompressed))
                        .isEqualTo(!off);
            }
            // the same bytes for all on a loop that get it compressed
            int seen = clients.get(0).framesAsSent().size();
            clients.get(3).send(ClientFrame.text(letters));
            server.run();
            ServerFrame shared = clients.get(0).framesAsSent().get(seen);
            assertThat(shared.isCompressed()).isTrue();
            for (int i : new int[] {1, 2}) {
                List<ServerFrame> frames = clients.get(i).framesAsSent();
                assertThat(frames.get(frames.size() - 1)).isEqualTo(shared);
            }
        }

        @Test
        @DisplayName(
                "D9 a broadcast as it is to a client whose window it is too long for, and what fits into it as to all others")
        void d9BroadcastIsNotCompressedForClientWhoseWindowItIsTooLongFor() {
            App app = session -> {
                session.subscribe("all");
                return (self, message) -> self.hub().topic("all").send(message);
            };
            MemoryServer server = serving(app, ALWAYS);
            MemoryClient small =
                    server.open("/app", "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9");
            MemoryClient large = server.open("/app", OFFER);
            for (int length : new int[] {512, 513}) {
                byte[] message = Arrays.copyOf(utf8("to everybody who listens, ".repeat(100)), length);
                large.send(ClientFrame.text(message));
                server.run();
                for (MemoryClient client : List.of(small, large)) {
                    List<ServerFrame> sent = client.framesAsSent();
                    assertThat(sent.get(sent.size() - 1).isCompressed()).isEqualTo(client == large || length == 512);
                    assertThat(client.frames().get(sent.size() - 1)).isEqualTo(ServerFrame.text(message));
                }
            }
        }

        @Test
        @DisplayName("a broadcast to a client that does not read, and others meanwhile, without mixing them up")
        void
                sessionWithCompressedMessagesWritesBroadcastToClientThatDoesNotReadAndOthersMeanwhileWithoutMixingThemUp() {
            RecordingApp app = new RecordingApp(session -> {
                session.subscribe("all");
                return Session::send;
            });
            MemoryServer server = serving(app, ALWAYS.contextTakeover(true));
            MemoryClient slow = server.open("/app", OFFER);
            MemoryClient quick = server.open("/app", OFFER);
            slow.connection().accept(0);
            List<ServerFrame> expected = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                byte[] message = utf8(("broadcast " + i + " ").repeat(200));
                server.loop()
                        .turn(() -> app.session(0).hub().topic("all").send(Message.utf8(ByteBuffer.wrap(message))));
                server.run();
                expected.add(ServerFrame.text(message));
            }
            slow.connection().acceptAll();
            assertThat(slow.frames()).isEqualTo(expected);
            assertThat(quick.frames()).isEqualTo(expected);
        }
    }

    /** What a message is made of. */
    enum Content {
        ZEROS {
            @Override
            byte[] of(int length) {
                return new byte[length];
            }
        },
        JSON {
            @Override
            byte[] of(int length) {
                String packet = "{\"opcode\":\"feedback\",\"step\":" + length + ",\"message\":\"half way there\"},";
                return utf8(packet.repeat(length / packet.length() + 1).substring(0, length));
            }
        },
        NOISE {
            @Override
            byte[] of(int length) {
                return noise(length, length);
            }
        };

        abstract byte[] of(int length);
    }

    @ParameterizedTest
    @Tag("exhaustive")
    @EnumSource(Content.class)
    @DisplayName(
            "D10 gives back messages of sizes from 0 to 70,000 as they were, in all patterns of fragments, in both modes: of all sizes with -Dsizes=all")
    void d10CompressedMessagesOfSizesFrom0To70000ComeBackAsTheyWereInAllPatternsOfFragments(Content content) {
        for (boolean takeover : new boolean[] {false, true}) {
            for (List<Integer> some : sizes()) {
                // a server remembers what it has sent, and all of it would be gigabytes
                MemoryServer server = serving(RecordingApp.echo(), ALWAYS.contextTakeover(takeover));
                MemoryClient client = server.open("/app", OFFER);
                ClientDeflate deflate = new ClientDeflate(takeover);
                List<ServerFrame> expected = new ArrayList<>();
                for (int size : some) {
                    byte[] message = content.of(size);
                    int opcode = content == Content.JSON ? 1 : 2;
                    // three contents in two modes: each size in each pattern
                    int pattern = (size + 2 * content.ordinal() + (takeover ? 1 : 0)) % PATTERNS;
                    client.send(cut(deflate.frame(opcode, message), pattern));
                    expected.add(ServerFrame.of(opcode, message));
                }
                assertThat(client.frames()).isEqualTo(expected);
                client.close();
                server.shutDown();
                assertThat(liveStreams(server)).isZero();
            }
        }
    }

    /** A message in one frame, in as many as the pattern says. */
    private static ClientFrame[] cut(ClientFrame whole, int pattern) {
        int opcode = whole.opcode();
        byte[] payload = whole.payload();
        int length = payload.length;
        ClientFrame[] frames = switch (pattern) {
            case 0 -> new ClientFrame[] {whole};
            case 1 -> ClientFrame.fragments(opcode, payload, 1 + length / 2);
            case 2 -> ClientFrame.fragments(opcode, payload, 1 + length / 7);
            case 3 -> ClientFrame.fragments(opcode, payload, 1000);
            case 4 ->
                new ClientFrame[] {
                    ClientFrame.of(opcode, Arrays.copyOf(payload, 1)).notFinal(),
                    ClientFrame.continuation(Arrays.copyOfRange(payload, 1, length))
                };
            default ->
                new ClientFrame[] {
                    ClientFrame.of(opcode, new byte[0]).notFinal(),
                    ClientFrame.continuation(payload).notFinal(),
                    ClientFrame.continuation(new byte[0])
                };
        };
        frames[0] = frames[0].rsv(0b100);
        return frames;
    }

    /**
     * Every size around what the protocol, zlib and our own buffers have as their limits, and some between, or all; a server for each
     * list.
     */
    private static List<List<Integer>> sizes() {
        List<List<Integer>> lists = new ArrayList<>();
        int step = 1;
        for (int size = 0; size <= 70_000; size += step) {
            if (lists.isEmpty() || lists.get(lists.size() - 1).size() == 64) {
                lists.add(new ArrayList<>());
            }
            lists.get(lists.size() - 1).add(size);
            boolean special = ALL_SIZES || size < 300 || (size + 5) % 4096 < 10 || size > 65_520 && size < 65_560;
            step = special ? 1 : Math.min(211, 4096 - (size + 5) % 4096);
        }
        return lists;
    }

    @Test
    @DisplayName("D12 gives back its streams however it ends, and the loop ends them when it is over")
    void d12SessionWithCompressedMessagesGivesBackItsStreamsHoweverItEndsAndLoopEndsThemWhenItIsOver() {
        byte[] half = new ClientDeflate(true).deflate(utf8("hello ".repeat(1000)));
        ClientFrame begun = ClientFrame.text(Arrays.copyOf(half, 10)).rsv(0b100).notFinal();
        for (boolean takeover : new boolean[] {false, true}) {
            for (int ending = 0; ending < 8; ending++) {
                RecordingApp app = new RecordingApp(session -> (self, message) -> {
                    if (message.isText() && message.text().equals("throw")) {
                        throw new IllegalStateException("on purpose");
                    }
                    self.send(message);
                });
                MemoryServer server = serving(app, ALWAYS.contextTakeover(takeover));
                MemoryClient client = server.open("/app", OFFER);
                client.send(new ClientDeflate(true).frame(1, utf8("hello ".repeat(1000))));
                assertThat(liveStreams(server)).isEqualTo(2);
                switch (ending) {
                    case 0 -> client.send(begun).close();
                    case 1 -> client.send(begun).connection().lose(new java.io.IOException("reset"));
                    case 2 -> client.send(begun, ClientFrame.text("in the middle"));
                    case 3 -> client.send(compressed(1, "07"));
                    case 4 -> client.send(new ClientDeflate(false).frame(1, utf8("throw")));
                    case 5 -> {
                        app.session().close();
                        server.run();
                        client.send(begun);
                        server.advance(Duration.ofSeconds(10));
                    }
                    case 6 -> {
                        // from another thread, and the mailbox is not drained before the end
                        app.session().send("hello ".repeat(1000));
                        client.connection().lose(new java.io.IOException("reset"));
                    }
                    default -> client.send(begun).connection().end();
                }
                client.connection().end();
                server.advance(Duration.ofSeconds(10));
                server.assertNothingIsLeft();
                app.assertOrderly();
                assertThat(liveStreams(server)).as("ending %d", ending).isEqualTo(2);
                server.shutDown();
                assertThat(liveStreams(server)).isZero();
            }
        }
    }

    @Test
    @DisplayName("D12 has its loop end its streams also when it is the last to go after the server has shut down")
    void d12SessionWithCompressedMessagesHasItsLoopEndItsStreamsAlsoWhenItIsLastToGoAfterServerHasShutDown() {
        MemoryServer server = serving(RecordingApp.echo(), ALWAYS.contextTakeover(true));
        MemoryClient client = server.open("/app", OFFER);
        client.send(new ClientDeflate(true).frame(1, utf8("hello ".repeat(1000))));
        server.shutDown();
        assertThat(liveStreams(server)).isEqualTo(2);
        client.send(ClientFrame.close(1001)).connection().end();
        server.advance(Duration.ofSeconds(10));
        server.assertNothingIsLeft();
        assertThat(liveStreams(server)).isZero();
    }
}
