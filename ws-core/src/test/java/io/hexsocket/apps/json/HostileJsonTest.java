package io.hexsocket.apps.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Session;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON that is meant to hurt. */
class HostileJsonTest {

    private static final String NEXT = "{\"opcode\":\"next\"}";
    private static final CloseStatus NOT_JSON = new CloseStatus(1007, "the message is not JSON");
    private static final CloseStatus BEYOND_LIMITS =
            new CloseStatus(1008, "the message is JSON with too many levels or values, or too long names or numbers");

    private final List<Packet> taken = new ArrayList<>();

    private final MemoryServer server = MemoryServer.serving(JsonApp.builder()
            .on(StandardOpcodes.all())
            .on("tree", (session, packet) -> {
                packet.json();
                taken.add(packet);
            })
            // what values of other types look like, to a careless reader
            .on(Map.of("5", HostileJsonTest::fail, "1", HostileJsonTest::fail))
            .on(Map.of("null", HostileJsonTest::fail, "true", HostileJsonTest::fail))
            .on(Map.of("[", HostileJsonTest::fail, "{", HostileJsonTest::fail))
            .build());

    private static void fail(Session session, Packet packet) {
        throw new AssertionError("taken for an opcode: " + packet.message().text());
    }

    private MemoryClient client() {
        return server.open().skip();
    }

    private void assertIgnored(String text) {
        MemoryClient client = client().sendTexts(text);

        assertThat(client.newTexts()).as(text).containsExactly(NEXT);
        assertThat(client.isOpen()).isTrue();
        client.connection().end();
    }

    private void assertClosed(String text, CloseStatus status) {
        MemoryClient client = client().sendTexts(text);

        assertThat(client.closeStatus()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "{\"opcode\":"})
    @DisplayName("A1 100 000 levels close the sender, without an overflow of the stack")
    void hundredThousandLevelsCloseTheSender(String level) {
        assertClosed(level.repeat(100_000), BEYOND_LIMITS);
        // behind an opcode, and around one
        assertClosed("{\"opcode\":\"tree\",\"a\":" + level.repeat(100_000), BEYOND_LIMITS);
    }

    @Test
    @DisplayName("A1 64 levels are taken, 65 are not")
    void sixtyFourLevelsAreTaken() {
        String in = "{\"opcode\":\"tree\",\"a\":" + "[".repeat(63) + "]".repeat(63) + "}";
        MemoryClient client = client().sendTexts(in);
        assertThat(client.isOpen()).isTrue();
        assertThat(taken).hasSize(1);

        assertClosed("{\"opcode\":\"tree\",\"a\":" + "[".repeat(64) + "]".repeat(64) + "}", BEYOND_LIMITS);
    }

    @Test
    @DisplayName("A2 a million digits close the sender at once")
    void millionDigitsCloseTheSender() {
        String digits = "7".repeat(1_000_000);
        for (String number : List.of(digits, "-" + digits, "0." + digits, "1e" + digits)) {
            assertTimeoutPreemptively(
                    Duration.ofSeconds(2),
                    () -> assertClosed("{\"opcode\":\"tree\",\"a\":" + number + "}", BEYOND_LIMITS));
        }
    }

    @Test
    @DisplayName("A2 a number of 1000 digits is taken, 1001 are not")
    void thousandDigitsAreTaken() {
        String digits = "9".repeat(1000);
        client().sendTexts("{\"opcode\":\"tree\",\"a\":" + digits + "}");
        assertThat(taken)
                .singleElement()
                .satisfies(packet -> assertThat(packet.text("a")).isEqualTo(digits));

        assertClosed("{\"opcode\":\"tree\",\"a\":" + digits + "9}", BEYOND_LIMITS);
    }

    @Test
    @DisplayName("A2 1e1000000000 is never expanded")
    void hugeExponentIsNeverExpanded() {
        assertTimeoutPreemptively(Duration.ofSeconds(2), () -> {
            MemoryClient client = client().sendTexts("{\"opcode\":\"tree\",\"ident\":1e1000000000}");
            assertThat(client.isOpen()).isTrue();
            assertThat(taken.get(0).text("ident")).isNull();
            client.sendTexts("{\"opcode\":\"feedback\",\"uuid\":1e1000000000,\"ident\":1e-1000000000}");
            assertThat(client.isOpen()).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"opcode\":null}",
                "{\"opcode\":5}",
                "{\"opcode\":true}",
                "{\"opcode\":[\"echo\"]}",
                "{\"opcode\":{\"echo\":1}}",
                "{}",
                "{\"Opcode\":\"echo\"}",
                "{\"a\":{\"opcode\":\"echo\"}}",
                "[]",
                "[{\"opcode\":\"echo\"}]",
                "\"echo\"",
                "null",
                "5",
                "true",
                "-0.0e-1",
                "{\"opcode\":\"echo\",\"opcode\":1}"
            })
    @DisplayName("A3 JSON without an opcode, or with one that is no string, is ignored")
    void jsonWithoutAnOpcodeIsIgnored(String text) {
        assertIgnored(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\uFEFF{\"opcode\":\"echo\"}",
                "{\"opcode\":\"echo\",\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":-Infinity}",
                "{/* */\"opcode\":\"echo\"}",
                "{\"opcode\":\"echo\"} // bye",
                "# no\n{}",
                "{\"opcode\":\"echo\"}{}",
                "{\"opcode\":\"echo\"} x",
                "{\"opcode\":\"echo\"},",
                "[] []",
                "1 2",
                "null,",
                "{\"opcode\":\"echo\",}",
                "{\"a\":\"\\ud80\"}",
                "\u0000",
                "{\u0000\"\u0000a\u0000\"\u0000:\u00001\u0000}\u0000",
                "\u0000{\u0000}",
                "\u0000\u0000\u0000{\u0000\u0000\u0000}"
            })
    @DisplayName("A3 a BOM, NaN, comments, trailing text, and what looks like UTF-16 or UTF-32 are not JSON")
    void almostJsonClosesTheSender(String text) {
        assertClosed(text, NOT_JSON);
    }

    @Test
    @DisplayName("A3 of duplicate members the last one counts, as in the clients' own parsers")
    void lastOfDuplicateMembersCounts() {
        MemoryClient quitting = client().sendTexts("{\"opcode\":\"echo\",\"opcode\":\"quit\"}");
        assertThat(quitting.closeStatus()).isEqualTo(CloseStatus.NORMAL);

        client().sendTexts("{\"opcode\":\"quit\",\"m\":1,\"opcode\":\"tree\",\"m\":\"2\"}");
        assertThat(taken).singleElement().satisfies(packet -> {
            assertThat(packet.opcode()).isEqualTo("tree");
            assertThat(packet.text("opcode")).isEqualTo("tree");
            assertThat(packet.text("m")).isEqualTo("2");
        });
    }

    @Test
    @DisplayName("A3 half of a surrogate pair is JSON in a value, an opcode and a target; in a name it is not")
    void loneSurrogateIsJson() {
        assertIgnored("{\"opcode\":\"\\ud800\"}");
        assertIgnored("{\"\\ud83d\\ude00\":1}");
        assertClosed("{\"\\udfff\":1}", NOT_JSON);
        assertIgnored("{\"opcode\":\"feedback\",\"uuid\":\"\\ud800\",\"ident\":\"\\udc00\"}");
        assertIgnored("{\"opcode\":\"uuid\",\"message\":\"\\ud800\"}");

        String packet = "{\"opcode\":\"echo\",\"message\":\"\\ud800\"}";
        assertThat(client().sendTexts(packet).newTexts()).containsExactly(NEXT, packet);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "getClass",
                "class",
                "hashCode",
                "ECHO",
                "echo ",
                " echo",
                "",
                "next",
                "ready",
                "close",
                "__proto__"
            })
    @DisplayName("A4 an unknown opcode is ignored")
    void unknownOpcodeIsIgnored(String opcode) {
        assertIgnored("{\"opcode\":\"" + opcode + "\"}");
    }

    @Test
    @DisplayName("A4 an opcode of a megabyte is ignored")
    void opcodeOfOneMegabyteIsIgnored() {
        assertIgnored("{\"opcode\":\"" + "x".repeat(1_000_000) + "\"}");
    }

    @Test
    void nameOfOneMegabyteClosesTheSender() {
        assertClosed("{\"" + "x".repeat(1_000_000) + "\":1}", BEYOND_LIMITS);
    }

    @Test
    void treeIsBoundedByTheNumberOfTokens() {
        assertClosed("{\"opcode\":\"echo\",\"a\":[" + "[],".repeat(60_000) + "[]]}", BEYOND_LIMITS);

        MemoryServer wide = MemoryServer.serving(
                JsonApp.builder().on(StandardOpcodes.all()).maxTokens(200_000).build());
        MemoryClient client = wide.open().sendTexts("{\"opcode\":\"echo\",\"a\":[" + "[],".repeat(60_000) + "[]]}");
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void stringOfFiveMebibytesIsTaken() {
        String text = "x".repeat(5 * 1024 * 1024 - 100);
        client().sendTexts("{\"opcode\":\"tree\",\"message\":\"" + text + "\"}");

        assertThat(taken)
                .singleElement()
                .satisfies(packet -> assertThat(packet.text("message")).isEqualTo(text));
    }

    @Test
    void namesThatCollideDoNotSlowTheParser() {
        StringBuilder json = new StringBuilder("{");
        // "Aa" and "BB" have the same String.hashCode, and so has every string made of them
        for (int n = 0; n < 16_384; n++) {
            json.append(n == 0 ? "\"" : ",\"");
            for (int bit = 0; bit < 14; bit++) {
                json.append((n >> bit & 1) == 0 ? "Aa" : "BB");
            }
            json.append("\":1");
        }
        String text = json.append(",\"opcode\":\"tree\"}").toString();

        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> client().sendTexts(text));
    }
}
