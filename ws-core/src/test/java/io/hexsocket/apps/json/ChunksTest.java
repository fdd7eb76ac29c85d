package io.hexsocket.apps.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Message;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Long messages between bufferON and bufferOFF. */
class ChunksTest {

    private static final String NEXT = "{\"opcode\":\"next\"}";

    private final List<Message> taken = new ArrayList<>();

    private final MemoryServer server = MemoryServer.serving(
            app().build(),
            config -> config.app("/small", app().maxChunks(3).maxChunkBytes(64).build()));

    private JsonApp.Builder app() {
        return JsonApp.builder()
                .on("note", (session, packet) -> taken.add(packet.message().copy()))
                .on("quit", StandardOpcodes.quit());
    }

    private List<String> texts() {
        return taken.stream().map(Message::text).toList();
    }

    private MemoryClient client() {
        return server.open("/app").skip();
    }

    private MemoryClient smallClient() {
        return server.open("/small").skip();
    }

    @Test
    void chunksMakeOneMessageAndEachIsAcknowledged() {
        MemoryClient client =
                client().sendTexts("bufferON", "{\"opcode\":\"no", "te\",\"message\":", "\"ü€😀\"}", "bufferOFF");

        assertThat(texts()).containsExactly("{\"opcode\":\"note\",\"message\":\"ü€😀\"}");
        assertThat(client.newTexts()).isEqualTo(Collections.nCopies(5, NEXT));
    }

    @Test
    void joinedMessageIsTextWithTheBytesOfItsChunks() {
        String packet = "{\"opcode\":\"note\",\"message\":\"" + "é".repeat(8 * 1024) + "\"}";
        MemoryClient client = client().sendTexts("bufferON");
        for (int from = 0; from < packet.length(); from += 1000) {
            client.sendTexts(packet.substring(from, Math.min(packet.length(), from + 1000)));
        }
        client.sendTexts("bufferOFF");

        assertThat(taken).singleElement().satisfies(message -> {
            assertThat(message.isText()).isTrue();
            assertThat(message.bytes()).isEqualTo(Message.text(packet).bytes());
        });
    }

    @Test
    void packetsGoOnAfterChunks() {
        client().sendTexts("bufferON", "{\"opcode\":\"note\"}", "bufferOFF", "{\"opcode\":\"note\",\"n\":2}");

        assertThat(texts()).containsExactly("{\"opcode\":\"note\"}", "{\"opcode\":\"note\",\"n\":2}");
    }

    @Test
    void packetBetweenTheWordsIsAChunk() {
        MemoryClient client = client().sendTexts("bufferON", "{\"opcode\":\"quit\"}");

        assertThat(client.isOpen()).isTrue();
        assertThat(client.newTexts()).containsExactly(NEXT, NEXT);
    }

    @Test
    void wordsAreTakenExactly() {
        for (String almost :
                List.of("bufferOn", "BUFFERON", "bufferON ", " bufferON", "bufferON\n", "bufferONE", "buffer")) {
            MemoryClient client = client().sendTexts(almost);

            assertThat(client.closeStatus()).as(almost).isEqualTo(new CloseStatus(1007, "the message is not JSON"));
        }
    }

    @Test
    @DisplayName("A13 exactly 100 chunks are taken, the next is refused with 1009")
    void hundredAndFirstChunkIsRefused() {
        MemoryClient client = client().sendTexts("bufferON").sendTexts("{\"opcode\":\"note\",\"m\":\"");
        for (int n = 2; n <= 99; n++) {
            client.sendTexts("x");
        }
        client.sendTexts("\"}").sendTexts("bufferOFF");
        assertThat(texts()).containsExactly("{\"opcode\":\"note\",\"m\":\"" + "x".repeat(98) + "\"}");

        client.skip().sendTexts("bufferON");
        for (int n = 1; n <= 101; n++) {
            client.sendTexts("x");
        }
        assertThat(client.closeStatus()).isEqualTo(new CloseStatus(1009, "more than 100 chunks after bufferON"));
        assertThat(client.newTexts()).isEqualTo(Collections.nCopies(101, NEXT));
    }

    @Test
    @DisplayName("A13 empty chunks count")
    void emptyChunksCount() {
        MemoryClient client = smallClient().sendTexts("bufferON", "", "", "", "");

        assertThat(client.closeStatus()).isEqualTo(new CloseStatus(1009, "more than 3 chunks after bufferON"));
    }

    @Test
    @DisplayName("A13 exactly as many bytes as allowed are taken, one more is refused with 1009")
    void oneByteTooManyIsRefused() {
        String packet = "{\"opcode\":\"note\",\"m\":\"" + "x".repeat(64 - 24) + "\"}";
        assertThat(packet).hasSize(64);
        smallClient().sendTexts("bufferON", packet.substring(0, 60), packet.substring(60), "bufferOFF");
        assertThat(texts()).containsExactly(packet);

        MemoryClient client = smallClient().sendTexts("bufferON", packet.substring(0, 60), packet.substring(60) + " ");
        assertThat(client.closeStatus()).isEqualTo(new CloseStatus(1009, "more than 64 bytes after bufferON"));
        assertThat(client.newTexts()).containsExactly(NEXT, NEXT);
    }

    @Test
    @DisplayName("A13 5 MiB in chunks are taken, one byte more is refused with 1009")
    void fiveMebibytesAreTheDefaultLimit() {
        int limit = 5 * 1024 * 1024;
        String head = "{\"opcode\":\"note\",\"m\":\"";
        String packet = head + "x".repeat(limit - head.length() - 2) + "\"}";
        client().sendTexts("bufferON", packet.substring(0, limit / 2), packet.substring(limit / 2), "bufferOFF");
        assertThat(taken).singleElement().extracting(Message::size).isEqualTo(limit);

        MemoryClient client = client().sendTexts("bufferON", packet, "x");
        assertThat(client.closeStatus()).isEqualTo(new CloseStatus(1009, "more than 5242880 bytes after bufferON"));
    }

    @Test
    @DisplayName("A13 ON ON: the second begins anew, and the limit with it")
    void secondBufferOnBeginsAnew() {
        MemoryClient client = smallClient()
                .sendTexts("bufferON", "x", "x", "x", "bufferON", "{\"opcode\":", "\"note\"", "}", "bufferOFF");

        assertThat(texts()).containsExactly("{\"opcode\":\"note\"}");
        assertThat(client.isOpen()).isTrue();
        assertThat(client.newTexts()).isEqualTo(Collections.nCopies(9, NEXT));
    }

    @Test
    @DisplayName("A13 ON ON ON for ever keeps nothing and passes no limit")
    void bufferOnForEverKeepsNothing() {
        MemoryClient client = smallClient();
        for (int n = 0; n < 1000; n++) {
            client.sendTexts("bufferON", "x".repeat(64));
        }

        assertThat(client.isOpen()).isTrue();
        assertThat(taken).isEmpty();
    }

    @Test
    @DisplayName("A13 OFF alone, and ON OFF with nothing between, are acknowledged and make no message")
    void bufferOffWithNothingMakesNoMessage() {
        MemoryClient client =
                client().sendTexts("bufferOFF", "bufferON", "bufferOFF", "bufferON", "", "bufferOFF", "bufferOFF");

        assertThat(client.isOpen()).isTrue();
        assertThat(client.newTexts()).isEqualTo(Collections.nCopies(7, NEXT));
        assertThat(taken).isEmpty();

        client.sendTexts("{\"opcode\":\"note\"}");
        assertThat(texts()).containsExactly("{\"opcode\":\"note\"}");
    }

    @Test
    @DisplayName("A13 a binary bufferON is a binary message: 1003; so is a binary chunk")
    void binaryIsRefusedBeforeAndAmongChunks() {
        MemoryClient word = client().send(ClientFrame.binary("bufferON".getBytes(UTF_8)));
        assertThat(word.closeStatus()).isEqualTo(new CloseStatus(1003, "this app takes text messages"));

        MemoryClient chunk = client().sendTexts("bufferON").send(ClientFrame.binary((byte) 'x'));
        assertThat(chunk.closeStatus()).isEqualTo(new CloseStatus(1003, "this app takes text messages"));
    }

    @Test
    @DisplayName("A13 what is collected is given back when the client leaves")
    void chunksAreGivenBackAtClose() {
        JsonApp app = app().build();
        List<Dialogue> dialogues = new ArrayList<>();
        MemoryServer seen = MemoryServer.serving(session -> {
            Dialogue dialogue = (Dialogue) app.onOpen(session);
            dialogues.add(dialogue);
            return dialogue;
        });
        MemoryClient client = seen.open().sendTexts("bufferON", "x".repeat(1000));
        assertThat(dialogues.get(0))
                .extracting("chunks")
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(1);

        client.connection().end();

        assertThat(dialogues.get(0)).extracting("chunks").isNull();
        assertThat(taken).isEmpty();
    }

    @Test
    void chunksThatMakeNoJsonCloseTheirSender() {
        MemoryClient client = client().sendTexts("bufferON", "{\"opcode\"", "bufferOFF");

        assertThat(client.closeStatus()).isEqualTo(new CloseStatus(1007, "the message is not JSON"));
        assertThat(client.newTexts()).containsExactly(NEXT, NEXT, NEXT);
    }

    @Test
    void quitInChunksClosesWithoutAnotherAcknowledgement() {
        MemoryClient client =
                client().sendTexts("bufferON", "{\"opcode\":", "\"quit\"}", "bufferOFF", "{\"opcode\":\"note\"}");

        assertThat(client.closeStatus()).isEqualTo(CloseStatus.NORMAL);
        assertThat(client.newTexts()).isEqualTo(Collections.nCopies(4, NEXT));
        assertThat(taken).isEmpty();
    }

    @Test
    void limitsAreAtLeastOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonApp.builder().maxChunks(0))
                .withMessage("maxChunks is 0, must be at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonApp.builder().maxChunkBytes(-1))
                .withMessageContaining("maxChunkBytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonApp.builder().maxTokens(0))
                .withMessageContaining("maxTokens");
    }
}
