package io.hexsocket.apps.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hexsocket.apps.CloseStatus;
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

    private final FakeServer server = new FakeServer()
            .app("/", app())
            .app("/web", app())
            .app("/php", app())
            .app("/plain", session -> (s, message) -> {});

    private JsonApp app() {
        return JsonApp.builder()
                .on(StandardOpcodes.all())
                .on("feedback", StandardOpcodes.feedback(20, 50, () -> now))
                .build();
    }

    private FakeSession browser() {
        return server.openBrowser("/web").forgetsSent();
    }

    private FakeSession backend(String ident) {
        return server.open(FakeRequest.backend("/php", ident)).forgetsSent();
    }

    private FakeSession raw() {
        return server.open(FakeRequest.raw("/php")).forgetsSent();
    }

    private static String feedback(String uuid, String ident) {
        return "{\"opcode\":\"feedback\",\"ident\":\"" + ident + "\",\"uuid\":\"" + uuid + "\",\"message\":\"hi\"}";
    }

    @Test
    void echoComesBackVerbatim() {
        String packet = "{\"opcode\" :\"echo\", \"message\":\"\\u00fc\"}";

        assertThat(browser().says(packet).sent()).containsExactly(NEXT, packet);
        assertThat(backend("x").says(packet).sent()).containsExactly(NEXT, packet);
        assertThat(raw().says(packet).sent()).containsExactly(NEXT, packet);
    }

    @Test
    void echoThatFindsNoRoomClosesInsteadOfGettingLost() {
        FakeSession client = browser().stopsReading();
        // room for the acknowledgement, and none after it
        server.everyone().send("x".repeat(1024 * 1024 - 5));

        client.forgetsSent().says("{\"opcode\":\"echo\"}");

        assertThat(client.sent()).containsExactly(NEXT);
        assertThat(client.closed()).isEqualTo(new CloseStatus(1008, "you read more slowly than you are sent to"));
    }

    @Test
    void broadcastReachesEveryOtherBrowserWhateverItsPath() {
        FakeSession root = server.openBrowser("/").forgetsSent();
        FakeSession web = browser();
        FakeSession php = server.openBrowser("/php").forgetsSent();
        FakeSession sender = browser();
        String packet = "{\"opcode\":\"broadcast\",  \"message\":\"hallo\"}";

        sender.says(packet);

        assertThat(root.sent()).containsExactly(packet);
        assertThat(web.sent()).containsExactly(packet);
        assertThat(php.sent()).containsExactly(packet);
        assertThat(sender.sent()).containsExactly(NEXT);
    }

    @Test
    void broadcastReachesNeitherScriptsNorOtherApps() {
        FakeSession backend = backend("worker");
        FakeSession nameless = backend("");
        FakeSession raw = raw();
        FakeSession plain = server.openBrowser("/plain");

        browser().says("{\"opcode\":\"broadcast\"}");

        for (FakeSession session : List.of(backend, nameless, raw, plain)) {
            assertThat(session.sent()).isEmpty();
        }
    }

    @Test
    void scriptsMayBroadcast() {
        FakeSession page = browser();
        FakeSession backend = backend("worker").says("{\"opcode\":\"broadcast\",\"n\":1}");
        FakeSession raw = raw().says("{\"opcode\":\"broadcast\",\"n\":2}");

        assertThat(page.sent())
                .containsExactly("{\"opcode\":\"broadcast\",\"n\":1}", "{\"opcode\":\"broadcast\",\"n\":2}");
        assertThat(backend.sent()).containsExactly(NEXT);
        assertThat(raw.sent()).containsExactly(NEXT);
    }

    @Test
    void broadcastsOfOneSenderKeepTheirOrderAndLongOnesComeWhole() {
        FakeSession page = browser();
        FakeSession sender = browser();
        String longOne = "{\"opcode\":\"broadcast\",\"message\":\"" + "X".repeat(16 * 1024) + "\"}";
        for (int n = 1; n <= 4; n++) {
            sender.says("{\"opcode\":\"broadcast\",\"n\":" + n + "}");
        }
        sender.saysAll(
                "bufferON",
                longOne.substring(0, 6144),
                longOne.substring(6144, 12288),
                longOne.substring(12288),
                "bufferOFF");

        assertThat(page.sent())
                .containsExactly(
                        "{\"opcode\":\"broadcast\",\"n\":1}",
                        "{\"opcode\":\"broadcast\",\"n\":2}",
                        "{\"opcode\":\"broadcast\",\"n\":3}",
                        "{\"opcode\":\"broadcast\",\"n\":4}",
                        longOne);
    }

    @Test
    void feedbackReachesTheOneWithThatId() {
        FakeSession page = browser();
        FakeSession other = browser();
        String packet = feedback(page.id(), "");

        FakeSession backend = backend("").says(packet);

        assertThat(page.sent()).containsExactly(packet);
        assertThat(other.sent()).isEmpty();
        assertThat(backend.sent()).containsExactly(NEXT);
    }

    @Test
    void feedbackReachesTheOneWithThatAlias() {
        FakeSession page = browser().says("{\"opcode\":\"uuid\",\"message\":\"" + UUID + "\"}");
        assertThat(page.sent()).containsExactly(NEXT);

        raw().says(feedback(UUID, ""));

        assertThat(page.sent()).containsExactly(feedback(UUID, ""));
    }

    @Test
    @DisplayName("A8 feedback by ident: the newest live session of that name gets it")
    void newestOfSeveralIdentsGetsFeedback() {
        FakeSession older = backend("worker");
        FakeSession newer = backend("worker");

        raw().says(feedback("", "worker"));
        assertThat(newer.sent()).containsExactly(feedback("", "worker"));
        assertThat(older.sent()).isEmpty();

        newer.leaves();
        raw().says(feedback("", "worker"));
        assertThat(older.sent()).containsExactly(feedback("", "worker"));
    }

    @Test
    @DisplayName("X4 feedback by a browser reaches no ident, unless the app says so")
    void browsersReachNoIdents() {
        FakeSession worker = backend("worker");

        FakeSession page = browser().says(feedback("", "worker")).says(feedback("nobody", "worker"));
        assertThat(worker.sent()).isEmpty();
        assertThat(page.closed()).isNull();

        server.app(
                "/open",
                JsonApp.builder()
                        .on("feedback", StandardOpcodes.feedbackToIdents(20, 50))
                        .build());
        server.openBrowser("/open").says(feedback("", "worker"));
        assertThat(worker.sent()).containsExactly(feedback("", "worker"));
    }

    @Test
    void uuidGoesBeforeIdent() {
        FakeSession page = browser();
        FakeSession worker = backend("worker");

        raw().says(feedback(page.id(), "worker"));
        assertThat(page.sent()).hasSize(1);
        assertThat(worker.sent()).isEmpty();

        raw().says(feedback("nobody", "worker"));
        assertThat(page.sent()).isEmpty();
        assertThat(worker.sent()).hasSize(1);
    }

    @Test
    void slowClientIsFoundAllTheSame() {
        FakeSession page = browser().stopsReading();
        FakeSession worker = backend("worker");
        server.topic(JsonApp.BROWSERS).send("x".repeat(1024 * 1024));

        backend("").says(feedback(page.id(), "worker"));

        assertThat(worker.sent()).isEmpty();
    }

    @Test
    void identMayBeANumber() {
        FakeSession worker = backend("4711");
        String packet = "{\"opcode\":\"feedback\",\"ident\":4711,\"uuid\":\"\",\"message\":1}";

        raw().says(packet);

        assertThat(worker.sent()).containsExactly(packet);
    }

    @Test
    void emptyNamesMatchNobody() {
        FakeSession nameless = backend("");
        FakeSession page = browser();

        FakeSession sender = browser().says(feedback("", ""));

        assertThat(nameless.sent()).isEmpty();
        assertThat(page.sent()).isEmpty();
        assertThat(sender.sent()).containsExactly(NEXT);
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
        FakeSession victim = server.openBrowser("/").forgetsSent();
        FakeSession worker = backend("worker");

        FakeSession sender = browser().says(packet);

        assertThat(victim.sent()).isEmpty();
        assertThat(worker.sent()).isEmpty();
        assertThat(sender.sent()).containsExactly(NEXT);
        assertThat(sender.isOpen()).isTrue();
    }

    @Test
    @DisplayName("A5 known and unknown uuids get the same answer: none")
    void senderIsNotToldWhetherSomebodyWasThere() {
        FakeSession victim = browser();

        assertThat(browser().says(feedback(victim.id(), "")).sent())
                .isEqualTo(browser().says(feedback(victim.id() + "0", "")).sent());
    }

    @Test
    @DisplayName("A6 a browser may send 50 feedback packets at once and 20 a second, then it is closed with 1008")
    void browserThatSendsTooMuchFeedbackIsClosed() {
        FakeSession page = browser();
        FakeSession sender = browser();
        for (int n = 0; n < 50; n++) {
            sender.says(feedback(page.id(), ""));
        }
        assertThat(page.sent()).hasSize(50);

        now += TimeUnit.SECONDS.toNanos(1);
        for (int n = 0; n < 20; n++) {
            sender.says(feedback(page.id(), ""));
        }
        assertThat(page.sent()).hasSize(20);
        assertThat(sender.isOpen()).isTrue();

        sender.says(feedback(page.id(), ""));
        assertThat(page.sent()).isEmpty();
        assertThat(sender.closed()).isEqualTo(new CloseStatus(1008, "more than 20 feedback packets a second"));
    }

    @Test
    @DisplayName("A6 20 a second and 50 at once are the default")
    void defaultLimitIsTwentyASecond() {
        server.app("/default", JsonApp.builder().on(StandardOpcodes.all()).build());
        FakeSession page = browser();
        FakeSession sender = server.openBrowser("/default");
        // the system's clock runs meanwhile: 400 would take 17 s
        for (int n = 0; n < 400; n++) {
            sender.says(feedback(page.id(), ""));
        }

        assertThat(page.sent()).hasSizeBetween(50, 399);
        assertThat(sender.closed()).isEqualTo(new CloseStatus(1008, "more than 20 feedback packets a second"));
    }

    @Test
    @DisplayName("A6 each browser has a limit of its own, other opcodes do not count")
    void limitsAreNotShared() {
        FakeSession page = browser();
        for (int sender = 0; sender < 3; sender++) {
            FakeSession one = browser();
            for (int n = 0; n < 50; n++) {
                one.saysAll(feedback(page.id(), ""), "{\"opcode\":\"echo\"}", "{\"opcode\":\"other\"}");
            }
            assertThat(one.isOpen()).isTrue();
        }
        assertThat(page.sent()).hasSize(150);
    }

    @Test
    @DisplayName("A6 scripts send as much feedback as they like")
    void scriptsAreNotLimited() {
        FakeSession page = browser();
        for (FakeSession script : List.of(backend("worker"), backend(""), raw())) {
            for (int n = 0; n < 1000; n++) {
                script.says(feedback(page.id(), ""));
            }
            assertThat(script.isOpen()).isTrue();
        }
        assertThat(page.sent()).hasSize(3000);
    }

    @Test
    @DisplayName("A6 an app may refuse feedback by browsers altogether")
    void feedbackByBrowsersCanBeSwitchedOff() {
        server.app(
                "/strict",
                JsonApp.builder().on("feedback", StandardOpcodes.feedback(0, 0)).build());
        FakeSession page = browser();

        FakeSession sender = server.openBrowser("/strict").says(feedback(page.id(), ""));
        FakeSession script = server.open(FakeRequest.backend("/strict", "")).says(feedback(page.id(), ""));

        assertThat(page.sent()).hasSize(1);
        assertThat(sender.closed()).isEqualTo(new CloseStatus(1008, "more than 0 feedback packets a second"));
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
        FakeSession first = browser().says(register);
        FakeSession second = browser().says(register);
        assertThat(second.forgetsSent().isOpen()).isTrue();

        backend("").says(feedback(UUID, ""));
        assertThat(first.sent()).contains(feedback(UUID, ""));
        assertThat(second.sent()).isEmpty();

        first.leaves();
        second.says(register).forgetsSent();
        backend("").says(feedback(UUID, ""));
        assertThat(second.sent()).containsExactly(feedback(UUID, ""));
    }

    @Test
    @DisplayName("A7 of 1000 aliases a session keeps four")
    void sessionKeepsFourAliases() {
        FakeSession client = browser();
        for (int n = 0; n < 1000; n++) {
            client.says("{\"opcode\":\"uuid\",\"message\":\"00000000-0000-4000-8000-%012x\"}".formatted(n));
        }

        assertThat(client.aliases()).hasSize(4);
        assertThat(client.isOpen()).isTrue();
        assertThat(client.sent()).hasSize(1000).containsOnly(NEXT);
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
        FakeSession client = browser().says("{\"opcode\":\"uuid\",\"message\":" + message + "}");

        assertThat(client.aliases()).isEmpty();
        assertThat(client.sent()).containsExactly(NEXT);
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
        FakeSession client = browser().says("{\"opcode\":\"uuid\",\"message\":\"" + uuid + "\"}");

        assertThat(client.aliases()).containsExactly(uuid);
    }

    @Test
    @DisplayName("B7 the acknowledgement is the first thing sent for a message, and a message of its own")
    void acknowledgementIsSentFirstAndAlone() {
        FakeSession script = raw();
        List<String> sent = new ArrayList<>();
        String toItself = feedback(script.id(), "");
        for (String packet : List.of("{\"opcode\":\"echo\"}", toItself, "{\"opcode\":\"other\"}")) {
            script.says(packet);
            sent.addAll(script.sent());
        }

        assertThat(sent).containsExactly(NEXT, "{\"opcode\":\"echo\"}", NEXT, toItself, NEXT);
    }

    @Test
    void quitClosesTheSenderAlone() {
        FakeSession other = browser();
        FakeSession quitting = browser().says("{\"opcode\":\"quit\"}");

        assertThat(quitting.closed()).isEqualTo(CloseStatus.NORMAL);
        assertThat(quitting.sent()).isEmpty();
        assertThat(other.isOpen()).isTrue();
    }

    @Test
    void rawClientThatQuitsIsToldNothing() {
        FakeSession script = raw().says("{\"opcode\":\"quit\"}");

        assertThat(script.isOpen()).isFalse();
        assertThat(script.sent()).isEmpty();
    }

    @Test
    void ownQuitIsAcknowledgedAsAnyPacket() {
        server.app(
                "/own",
                JsonApp.builder()
                        .on("quit", (session, packet) -> session.send("no"))
                        .build());

        assertThat(server.openBrowser("/own")
                        .forgetsSent()
                        .says("{\"opcode\":\"quit\"}")
                        .sent())
                .containsExactly(NEXT, "no");
    }
}
