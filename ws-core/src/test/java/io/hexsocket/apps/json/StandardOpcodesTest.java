package io.hexsocket.apps.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** echo, broadcast, feedback, uuid and quit. */
class StandardOpcodesTest {

    private static final String NEXT = "{\"opcode\":\"next\"}";
    private static final String UUID = "6f1e8b9a-3c4d-4e5f-8a7b-0123456789ab";

    private long now = Long.MAX_VALUE - 5;

    private final RecordingApp web = new RecordingApp(app());
    private final MemoryServer server = MemoryServer.serving(
            session -> (self, message) -> {},
            config -> config.app("/", app())
                    .app("/web", web)
                    .app("/php", app().with(AppOptions.DEFAULT.rawTcp(true)))
                    .app(
                            "/open",
                            JsonApp.builder()
                                    .on("feedback", StandardOpcodes.feedbackToIdents(20, 50))
                                    .build())
                    .app("/default", JsonApp.builder().on(StandardOpcodes.all()).build())
                    .app(
                            "/strict",
                            JsonApp.builder()
                                    .on("feedback", StandardOpcodes.feedback(0, 0))
                                    .build()));

    private JsonApp app() {
        return JsonApp.builder()
                .on(StandardOpcodes.all())
                .on("feedback", StandardOpcodes.feedback(20, 50, () -> now))
                .on("broadcast", StandardOpcodes.broadcast(32_000, 96_000, () -> now))
                .build();
    }

    private MemoryClient browser() {
        return browser("/web");
    }

    private MemoryClient browser(String path) {
        return server.open(path).skip();
    }

    private MemoryClient backend(String ident) {
        return backend("/php", ident);
    }

    private MemoryClient backend(String path, String ident) {
        return greeted(server.open(path, "Client-Type: php", "Ident: " + ident));
    }

    private MemoryClient raw() {
        return greeted(server.openRaw("/php"));
    }

    private MemoryClient greeted(MemoryClient script) {
        assertThat(sent(script)).hasSize(1);
        return script;
    }

    private static String id(MemoryClient client) {
        return client.texts().get(0).replaceFirst(".*\"uuid\":\"([^\"]+)\".*", "$1");
    }

    /** What has come since the last call of this; scripts get what is pushed to them at a pace. */
    private List<String> sent(MemoryClient client) {
        server.advance(Duration.ofMillis(200));
        return client.newTexts();
    }

    private static String feedback(String uuid, String ident) {
        return "{\"opcode\":\"feedback\",\"ident\":\"" + ident + "\",\"uuid\":\"" + uuid + "\",\"message\":\"hi\"}";
    }

    @Test
    void echoComesBackVerbatim() {
        String packet = "{\"opcode\" :\"echo\", \"message\":\"\\u00fc\"}";

        assertThat(sent(browser().sendTexts(packet))).containsExactly(NEXT, packet);
        assertThat(sent(backend("x").sendTexts(packet))).containsExactly(NEXT, packet);
        assertThat(sent(raw().sendTexts(packet))).containsExactly(NEXT, packet);
    }

    @Test
    void echoThatFindsNoRoomClosesInsteadOfGettingLost() {
        MemoryClient client = browser();
        client.connection().accept(0);
        // with its header, room for the acknowledgement and none after it
        String flood = "x".repeat(1024 * 1024 - 15);
        web.session().hub().everyone().send(flood);
        server.run();

        client.sendTexts("{\"opcode\":\"echo\"}").connection().acceptAll();

        assertThat(sent(client)).containsExactly(flood, NEXT);
        assertThat(client.closeStatus()).isEqualTo(new CloseStatus(1008, "you read more slowly than you are sent to"));
    }

    @Test
    void broadcastReachesEveryOtherBrowserWhateverItsPath() {
        MemoryClient root = browser("/");
        MemoryClient web = browser();
        MemoryClient php = browser("/php");
        MemoryClient sender = browser();
        String packet = "{\"opcode\":\"broadcast\",  \"message\":\"hallo\"}";

        sender.sendTexts(packet);

        assertThat(sent(root)).containsExactly(packet);
        assertThat(sent(web)).containsExactly(packet);
        assertThat(sent(php)).containsExactly(packet);
        assertThat(sent(sender)).containsExactly(NEXT);
    }

    @Test
    void broadcastReachesNeitherScriptsNorOtherApps() {
        MemoryClient backend = backend("worker");
        MemoryClient nameless = backend("");
        MemoryClient raw = raw();
        MemoryClient plain = server.open("/app");

        browser().sendTexts("{\"opcode\":\"broadcast\"}");

        for (MemoryClient session : List.of(backend, nameless, raw, plain)) {
            assertThat(sent(session)).isEmpty();
        }
    }

    @Test
    void scriptsMayBroadcast() {
        MemoryClient page = browser();
        MemoryClient backend = backend("worker").sendTexts("{\"opcode\":\"broadcast\",\"n\":1}");
        MemoryClient raw = raw().sendTexts("{\"opcode\":\"broadcast\",\"n\":2}");

        assertThat(sent(page))
                .containsExactly("{\"opcode\":\"broadcast\",\"n\":1}", "{\"opcode\":\"broadcast\",\"n\":2}");
        assertThat(sent(backend)).containsExactly(NEXT);
        assertThat(sent(raw)).containsExactly(NEXT);
    }

    @Test
    void broadcastsOfOneSenderKeepTheirOrderAndLongOnesComeWhole() {
        MemoryClient page = browser();
        MemoryClient sender = browser();
        String longOne = "{\"opcode\":\"broadcast\",\"message\":\"" + "X".repeat(16 * 1024) + "\"}";
        for (int n = 1; n <= 4; n++) {
            sender.sendTexts("{\"opcode\":\"broadcast\",\"n\":" + n + "}");
        }
        sender.sendTexts(
                "bufferON",
                longOne.substring(0, 6144),
                longOne.substring(6144, 12288),
                longOne.substring(12288),
                "bufferOFF");

        assertThat(sent(page))
                .containsExactly(
                        "{\"opcode\":\"broadcast\",\"n\":1}",
                        "{\"opcode\":\"broadcast\",\"n\":2}",
                        "{\"opcode\":\"broadcast\",\"n\":3}",
                        "{\"opcode\":\"broadcast\",\"n\":4}",
                        longOne);
    }

    @Test
    void feedbackReachesTheOneWithThatId() {
        MemoryClient page = browser();
        MemoryClient other = browser();
        String packet = feedback(id(page), "");

        MemoryClient backend = backend("").sendTexts(packet);

        assertThat(sent(page)).containsExactly(packet);
        assertThat(sent(other)).isEmpty();
        assertThat(sent(backend)).containsExactly(NEXT);
    }

    @Test
    void feedbackReachesTheOneWithThatAlias() {
        MemoryClient page = browser().sendTexts("{\"opcode\":\"uuid\",\"message\":\"" + UUID + "\"}");
        assertThat(sent(page)).containsExactly(NEXT);

        raw().sendTexts(feedback(UUID, ""));

        assertThat(sent(page)).containsExactly(feedback(UUID, ""));
    }

    @Test
    @DisplayName("A8 feedback by ident: the newest live session of that name gets it")
    void newestOfSeveralIdentsGetsFeedback() {
        MemoryClient older = backend("worker");
        MemoryClient newer = backend("worker");

        raw().sendTexts(feedback("", "worker"));
        assertThat(sent(newer)).containsExactly(feedback("", "worker"));
        assertThat(sent(older)).isEmpty();

        newer.connection().end();
        raw().sendTexts(feedback("", "worker"));
        assertThat(sent(older)).containsExactly(feedback("", "worker"));
    }

    @Test
    @DisplayName("X4 feedback by a browser reaches no ident, unless the app says so")
    void x4FeedbackOfABrowserReachesNoIdentUnlessTheAppSaysSo() {
        MemoryClient worker = backend("worker");
        MemoryClient page = browser();
        page.sendTexts(feedback("", "worker"), feedback("nobody", "worker"));
        assertThat(sent(worker)).isEmpty();
        assertThat(sent(page)).containsExactly(NEXT, NEXT);

        browser("/open").sendTexts(feedback("", "worker"));
        assertThat(sent(worker)).containsExactly(feedback("", "worker"));
    }

    @Test
    void uuidGoesBeforeIdent() {
        MemoryClient page = browser();
        MemoryClient worker = backend("worker");

        raw().sendTexts(feedback(id(page), "worker"));
        assertThat(sent(page)).hasSize(1);
        assertThat(sent(worker)).isEmpty();

        raw().sendTexts(feedback("nobody", "worker"));
        assertThat(sent(page)).isEmpty();
        assertThat(sent(worker)).hasSize(1);
    }

    @Test
    void slowClientIsFoundAllTheSame() {
        MemoryClient page = browser();
        page.connection().accept(0);
        MemoryClient worker = backend("worker");
        web.session().hub().topic(JsonApp.BROWSERS).send("x".repeat(1024 * 1024));
        server.run();

        backend("").sendTexts(feedback(id(page), "worker"));

        assertThat(sent(worker)).isEmpty();
    }

    @Test
    void identMayBeANumber() {
        MemoryClient worker = backend("4711");
        String packet = "{\"opcode\":\"feedback\",\"ident\":4711,\"uuid\":\"\",\"message\":1}";

        raw().sendTexts(packet);

        assertThat(sent(worker)).containsExactly(packet);
    }

    @Test
    void emptyNamesMatchNobody() {
        MemoryClient nameless = backend("");
        MemoryClient page = browser();

        MemoryClient sender = browser().sendTexts(feedback("", ""));

        assertThat(sent(nameless)).isEmpty();
        assertThat(sent(page)).isEmpty();
        assertThat(sent(sender)).containsExactly(NEXT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"opcode\":\"feedback\"}",
                "{\"opcode\":\"feedback\",\"uuid\":null,\"ident\":null}",
                "{\"opcode\":\"feedback\",\"uuid\":[],\"ident\":{}}",
                "{\"opcode\":\"feedback\",\"uuid\":true,\"ident\":1.5}",
                "{\"opcode\":\"feedback\",\"uuid\":\"1-1-1-1-1\",\"ident\":\"0e1\"}",
                "{\"opcode\":\"feedback\",\"uuid\":\"00000000-0000-4000-8000-000000000001\"}",
                "{\"opcode\":\"feedback\",\"uuid\":\"00000000-0000-4000-8000-00000000000\u0661\"}",
                "{\"opcode\":\"feedback\",\"uuid\":\"00000000-0000-4000-8000-000000000001.0\"}"
            })
    @DisplayName("A5 a forged or odd uuid matches nobody, and the sender is not told")
    void forgedUuidMatchesNobody(String packet) {
        MemoryClient victim = browser("/");
        MemoryClient worker = backend("worker");

        MemoryClient sender = browser().sendTexts(packet);

        assertThat(sent(victim)).isEmpty();
        assertThat(sent(worker)).isEmpty();
        assertThat(sent(sender)).containsExactly(NEXT);
        assertThat(sender.isOpen()).isTrue();
    }

    @Test
    @DisplayName("A5 known and unknown uuids get the same answer: none")
    void senderIsNotToldWhetherSomebodyWasThere() {
        MemoryClient victim = browser();

        assertThat(sent(browser().sendTexts(feedback(id(victim), ""))))
                .isEqualTo(sent(browser().sendTexts(feedback(id(victim) + "0", ""))));
    }

    @Test
    @DisplayName("A6 a browser may send 50 feedback packets at once and 20 a second, then it is closed with 1008")
    void browserThatSendsTooMuchFeedbackIsClosed() {
        MemoryClient page = browser();
        MemoryClient sender = browser();
        for (int n = 0; n < 50; n++) {
            sender.sendTexts(feedback(id(page), ""));
        }
        assertThat(sent(page)).hasSize(50);

        now += TimeUnit.SECONDS.toNanos(1);
        for (int n = 0; n < 20; n++) {
            sender.sendTexts(feedback(id(page), ""));
        }
        assertThat(sent(page)).hasSize(20);
        assertThat(sender.isOpen()).isTrue();

        sender.sendTexts(feedback(id(page), ""));
        assertThat(sent(page)).isEmpty();
        assertThat(sender.closeStatus()).isEqualTo(new CloseStatus(1008, "more than 20 feedback packets a second"));
    }

    @Test
    @DisplayName("A6 20 a second and 50 at once are the default")
    void defaultLimitIsTwentyASecond() {
        MemoryClient page = browser();
        MemoryClient sender = browser("/default");
        // the system's clock runs meanwhile: 400 would take 17 s
        for (int n = 0; n < 400; n++) {
            sender.sendTexts(feedback(id(page), ""));
        }

        assertThat(sent(page)).hasSizeBetween(50, 399);
        assertThat(sender.closeStatus()).isEqualTo(new CloseStatus(1008, "more than 20 feedback packets a second"));
    }

    @Test
    @DisplayName("A6 each browser has a limit of its own, other opcodes do not count")
    void limitsAreNotShared() {
        MemoryClient page = browser();
        for (int sender = 0; sender < 3; sender++) {
            MemoryClient one = browser();
            for (int n = 0; n < 50; n++) {
                one.sendTexts(feedback(id(page), ""), "{\"opcode\":\"echo\"}", "{\"opcode\":\"other\"}");
            }
            assertThat(one.isOpen()).isTrue();
        }
        assertThat(sent(page)).hasSize(150);
    }

    @Test
    @DisplayName("A6 scripts send as much feedback as they like")
    void scriptsAreNotLimited() {
        MemoryClient page = browser();
        for (MemoryClient script : List.of(backend("worker"), backend(""), raw())) {
            for (int n = 0; n < 1000; n++) {
                script.sendTexts(feedback(id(page), ""));
            }
            assertThat(script.isOpen()).isTrue();
        }
        assertThat(sent(page)).hasSize(3000);
    }

    @Test
    @DisplayName("A6 an app may refuse feedback by browsers altogether")
    void feedbackByBrowsersCanBeSwitchedOff() {
        MemoryClient page = browser();

        MemoryClient sender = browser("/strict").sendTexts(feedback(id(page), ""));
        MemoryClient script = backend("/strict", "").sendTexts(feedback(id(page), ""));

        assertThat(sent(page)).hasSize(1);
        assertThat(sender.closeStatus()).isEqualTo(new CloseStatus(1008, "more than 0 feedback packets a second"));
        assertThat(script.isOpen()).isTrue();
    }

    @Test
    void limitsBelowZeroAreMistakes() {
        assertThatIllegalArgumentException().isThrownBy(() -> StandardOpcodes.feedback(-1, 5));
        assertThatIllegalArgumentException().isThrownBy(() -> StandardOpcodes.feedback(5, -1));
    }

    @Test
    @DisplayName("A7 an alias that a live session has is refused, and free again when that one is gone")
    void aliasBelongsToTheFirstLiveSession() {
        String register = "{\"opcode\":\"uuid\",\"message\":\"" + UUID + "\"}";
        MemoryClient first = browser().sendTexts(register);
        MemoryClient second = browser().sendTexts(register);
        assertThat(second.isOpen()).isTrue();
        assertThat(sent(second)).containsExactly(NEXT);

        backend("").sendTexts(feedback(UUID, ""));
        assertThat(sent(first)).contains(feedback(UUID, ""));
        assertThat(sent(second)).isEmpty();

        first.connection().end();
        assertThat(sent(second.sendTexts(register))).containsExactly(NEXT);
        backend("").sendTexts(feedback(UUID, ""));
        assertThat(sent(second)).containsExactly(feedback(UUID, ""));
    }

    @Test
    @DisplayName("A7 of 1000 aliases a session keeps four")
    void sessionKeepsFourAliases() {
        MemoryClient client = browser();
        int names = server.core().names();
        for (int n = 0; n < 1000; n++) {
            client.sendTexts("{\"opcode\":\"uuid\",\"message\":\"00000000-0000-4000-8000-%012x\"}".formatted(n));
        }

        assertThat(server.core().names()).isEqualTo(names + 4);
        assertThat(client.isOpen()).isTrue();
        assertThat(sent(client)).hasSize(1000).containsOnly(NEXT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"\"",
                "null",
                "4711",
                "[]",
                "true",
                "\"1-1-1-1-1\"",
                "\"0e1\"",
                "\"6f1e8b9a-3c4d-1e5f-8a7b-0123456789ab\"", // version 1
                "\"6f1e8b9a-3c4d-7e5f-8a7b-0123456789ab\"", // version 7
                "\"6f1e8b9a-3c4d-4e5f-7a7b-0123456789ab\"", // variant 0
                "\"6f1e8b9a-3c4d-4e5f-ca7b-0123456789ab\"", // variant 110
                "\"6f1e8b9a-3c4d-4e5f-8a7b-0123456789a\"",
                "\"6f1e8b9a-3c4d-4e5f-8a7b-0123456789abc\"",
                "\"6f1e8b9a3c4d4e5f8a7b0123456789ab\"",
                "\"{6f1e8b9a-3c4d-4e5f-8a7b-0123456789ab}\"",
                "\" 6f1e8b9a-3c4d-4e5f-8a7b-0123456789ab\"",
                "\"6f1e8b9a-3c4d-4e5f-8a7b-0123456789ab\\n\"",
                "\"6f1e8b9a-3c4d-4e5f-8a7b-0123456789ag\"",
                "\"6f1e8b9a-3c4d-4e5f-8a7b-01234567\u0668\u0669ab\"", // digits to Character.digit
                "\"\uff16f1e8b9a-3c4d-4e5f-8a7b-0123456789ab\"",
                "\"00000000-0000-0000-0000-000000000000\""
            })
    @DisplayName("A7 what is no UUID of version 4 is no alias")
    void onlyUuidsOfVersionFourAreAliases(String message) {
        MemoryClient client = browser();
        int names = server.core().names();
        client.sendTexts("{\"opcode\":\"uuid\",\"message\":" + message + "}");

        assertThat(server.core().names()).isEqualTo(names);
        assertThat(sent(client)).containsExactly(NEXT);
        assertThat(client.isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                UUID,
                "6F1E8B9A-3C4D-4E5F-9A7B-0123456789AB",
                "00000000-0000-4000-a000-000000000000",
                "ffffffff-ffff-4fff-bfff-ffffffffffff"
            })
    void uuidsOfVersionFourAreAliases(String uuid) {
        MemoryClient client = browser().sendTexts("{\"opcode\":\"uuid\",\"message\":\"" + uuid + "\"}");

        assertThat(sent(client)).containsExactly(NEXT);
        raw().sendTexts(feedback(uuid, ""));

        assertThat(sent(client)).containsExactly(feedback(uuid, ""));
    }

    @Test
    @DisplayName("B7 the acknowledgement is the first thing sent for a message, and a message of its own")
    void acknowledgementIsSentFirstAndAlone() {
        MemoryClient script = raw();
        List<String> sent = new ArrayList<>();
        String toItself = feedback(id(script), "");
        for (String packet : List.of("{\"opcode\":\"echo\"}", toItself, "{\"opcode\":\"other\"}")) {
            script.sendTexts(packet);
            sent.addAll(sent(script));
        }

        assertThat(sent).containsExactly(NEXT, "{\"opcode\":\"echo\"}", NEXT, toItself, NEXT);
    }

    @Test
    void quitClosesTheSenderAlone() {
        MemoryClient other = browser();
        MemoryClient quitting = browser().sendTexts("{\"opcode\":\"quit\"}");

        assertThat(quitting.closeStatus()).isEqualTo(CloseStatus.NORMAL);
        assertThat(sent(quitting)).isEmpty();
        assertThat(other.isOpen()).isTrue();
    }

    @Test
    void rawClientThatQuitsIsToldNothing() {
        MemoryClient script = raw().sendTexts("{\"opcode\":\"quit\"}");

        assertThat(script.isOpen()).isFalse();
        assertThat(sent(script)).isEmpty();
    }

    @Test
    void ownQuitIsAcknowledgedAsAnyPacket() {
        MemoryClient client = MemoryServer.serving(JsonApp.builder()
                        .on("quit", (session, packet) -> session.send("no"))
                        .build())
                .open()
                .skip();

        assertThat(client.sendTexts("{\"opcode\":\"quit\"}").newTexts()).containsExactly(NEXT, "no");
    }

    private static String broadcast(int length) {
        String empty = "{\"opcode\":\"broadcast\",\"message\":\"\"}";
        return empty.replace("\"\"}", "\"" + "x".repeat(length - empty.length()) + "\"}");
    }

    @Test
    @DisplayName("M12 a browser's broadcasts count by the bytes that are delivered, then it is closed with 1008")
    void browserWhoseBroadcastsBecomeTooMuchIsClosed() {
        MemoryClient reader = browser();
        MemoryClient sender = browser();
        // counted as to 32 readers: 32,000 each
        sender.sendTexts(broadcast(1000), broadcast(1000), broadcast(1000));
        assertThat(sent(reader)).hasSize(3);
        now += 1_000_000_000L;
        sender.sendTexts(broadcast(1000));
        assertThat(sent(reader)).hasSize(1);
        sender.sendTexts(broadcast(1000));
        assertThat(sent(reader)).isEmpty();
        assertThat(sender.frames().get(sender.frames().size() - 1).status().code())
                .isEqualTo(1008);
        assertThat(reader.isOpen()).isTrue();
    }

    @Test
    @DisplayName("M12 one large packet may go beyond the burst, and the next waits until that has come back")
    void broadcastMayBeginWithinTheBurstAndGoBeyondIt() {
        MemoryClient reader = browser();
        MemoryClient sender = browser();
        sender.sendTexts(broadcast(6000));
        assertThat(sent(reader)).hasSize(1);
        now += 4_000_000_000L;
        sender.sendTexts(broadcast(100));
        assertThat(sent(reader)).hasSize(1);
        assertThat(sender.isOpen()).isTrue();
    }

    @Test
    @DisplayName("M12 scripts may broadcast as much as they like")
    void scriptsBroadcastWithoutLimit() {
        MemoryClient reader = browser();
        MemoryClient script = backend("worker");
        for (int i = 0; i < 20; i++) {
            script.sendTexts(broadcast(1000));
        }
        assertThat(sent(reader)).hasSize(20);
    }
}
