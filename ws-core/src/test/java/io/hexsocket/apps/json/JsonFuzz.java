package io.hexsocket.apps.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Message;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client says to an app of packets, its messages separated by the byte 00: JSON is what {@link PlainJson} says it is, the ways to
 * read a member agree, no handler fails, and each message is acknowledged once, and first, or closes its sender.
 */
public final class JsonFuzz {

    private static final String NEXT = "{\"opcode\":\"next\"}";
    private static final Set<String> WORDS = Set.of("bufferON", "bufferOFF");
    private static final Set<Integer> CODES = Set.of(1000, 1007, 1008, 1009);
    private static final List<String> MEMBERS = List.of("opcode", "message", "uuid", "ident", "");

    private static final PacketReader READER = new PacketReader(100_000);
    private static final JsonApp APP = JsonApp.builder()
            .on(StandardOpcodes.all())
            .maxChunks(5)
            .maxChunkBytes(200)
            .build();

    private static final Duration PACE = Duration.ofMillis(20);

    private JsonFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        String[] texts = new String(input, StandardCharsets.UTF_8).split("\0", -1);
        for (String text : texts) {
            checkReader(text);
        }
        checkDialogue(texts);
    }

    private static void checkReader(String text) {
        Message message = Message.text(text);
        PlainJson plain = new PlainJson(text);
        String opcode;
        try {
            opcode = READER.opcode(message);
        } catch (StreamConstraintsException beyondLimits) {
            assertThat(plain.isBeyondLimits()).as("%s", beyondLimits).isTrue();
            return;
        } catch (IOException notJson) {
            assertThat(plain.isJson()).as("%s", notJson).isFalse();
            return;
        }
        assertThat(plain.isJson()).as("is JSON").isTrue();
        assertThat(plain.isBeyondLimits()).as("is beyond limits").isFalse();
        assertThat(opcode).isEqualTo(plain.member("opcode") instanceof String word ? word : null);
        if (plain.isObject()) {
            checkMembers(message, plain);
        }
    }

    private static void checkMembers(Message message, PlainJson plain) {
        ObjectNode tree = READER.tree(message);
        Packet unread = new Packet("", message, READER);
        Packet read = new Packet("", message, READER);
        assertThat(read.json()).isEqualTo(tree);
        for (String member : MEMBERS) {
            String text = expectedText(plain.member(member));
            assertThat(unread.text(member)).as(member).isEqualTo(text);
            JsonNode node = tree.get(member);
            assertThat(node == null).isEqualTo(plain.member(member) == null);
            assertThat(read.text(member)).as("%s of the tree", member).isEqualTo(text);
        }
    }

    private static @Nullable String expectedText(@Nullable Object member) {
        if (member instanceof PlainJson.Digits digits) {
            return digits.text().matches("-?[0-9]+") ? new BigInteger(digits.text()).toString() : null;
        }
        return member instanceof String text ? text : null;
    }

    private static void checkDialogue(String[] texts) {
        MemoryServer server = MemoryServer.serving(APP);
        MemoryClient other = server.open();
        MemoryClient backend = server.open("/app", "Client-Type: php", "Ident: backend");
        for (MemoryClient client : List.of(server.open(), server.open("/app", "Client-Type: php"))) {
            client.skip();
            boolean buffering = false;
            for (String text : texts) {
                buffering = !text.equals("bufferOFF") && (buffering || text.equals("bufferON"));
                client.sendTexts(text);
                server.advance(PACE);
                checkAnswers(client, text, buffering);
                if (!client.isOpen()) {
                    break;
                }
            }
            assertThat(client.connection().unread()).isZero();
            client.connection().end();
        }
        assertThat(other.isOpen()).isTrue();
        assertThat(backend.isOpen()).isTrue();
        for (String passedOn : other.texts()) {
            // in chunks or in one: what is passed on is what came
            assertThat(String.join("", texts).contains(passedOn) || passedOn.startsWith("{\"opcode\":\"ready\""))
                    .as(passedOn)
                    .isTrue();
        }
    }

    private static void checkAnswers(MemoryClient client, String text, boolean buffering) {
        List<String> answers = client.newTexts();
        CloseStatus closed = client.closeStatus();
        if (closed != null) {
            assertThat(CODES).contains(closed.code());
            assertThat(answers).isSubsetOf(NEXT);
            return;
        }
        assertThat(answers).isNotEmpty().first().isEqualTo(NEXT);
        // an echo may follow, of one message or of the chunks before
        boolean mayEcho = !buffering && !text.equals("bufferON");
        assertThat(answers.size()).isLessThanOrEqualTo(mayEcho ? 2 : 1);
        assertThat(WORDS).doesNotContainAnyElementsOf(answers);
    }
}
