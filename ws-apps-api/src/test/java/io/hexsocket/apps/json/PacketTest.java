package io.hexsocket.apps.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Message;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a handler sees of a packet. */
class PacketTest {

    private static void look(String text, Consumer<Packet> look) {
        Message message = Message.text(text);
        look.accept(new Packet("look", message, new PacketReader(1000)));
    }

    @Test
    void stringsAndWholeNumbersAreText() {
        String packet =
                "{\"opcode\":\"look\",\"a\":\"x\",\"b\":4711,\"c\":-12345678901234567890123,\"d\":1.5,\"e\":null,\"f\":true,\"g\":{},\"h\":[]}";
        look(packet, it -> {
            assertThat(it.opcode()).isEqualTo("look");
            assertThat(it.text("a")).isEqualTo("x");
            assertThat(it.text("b")).isEqualTo("4711");
            assertThat(it.text("c")).isEqualTo("-12345678901234567890123");
            for (String other : List.of("d", "e", "f", "g", "h", "missing")) {
                assertThat(it.text(other)).as(other).isNull();
            }
        });
    }

    @Test
    void textIsTheSameWithAndWithoutATree() {
        String packet =
                "{\"opcode\":\"look\",\"a\":\"x\",\"b\":{\"a\":\"inner\",\"n\":1},\"a\":\"last \\u00e4\",\"c\":0,\"d\":[\"a\",2],"
                        + "\"e\":\"\",\"f\":-7,\"g\":false,\"h\":2.0,\"c\":null,\"i\":-0}";
        look(packet, it -> {
            List<String> members = List.of("opcode", "a", "b", "c", "d", "e", "f", "g", "h", "i", "n", "missing");
            List<@Nullable String> without = members.stream().map(it::text).toList();
            it.json();
            assertThat(members.stream().map(it::text).toList()).isEqualTo(without);
            assertThat(without)
                    .containsExactly("look", "last ä", null, null, null, "", "-7", null, null, "0", null, null);
        });
    }

    @Test
    void treeIsBuiltOnceAndOnlyWhenAskedFor() {
        look("{\"opcode\":\"look\",\"a\":{\"b\":[1,2]}}", it -> {
            assertThat(it.text("a")).isNull();
            assertThat(it).extracting("json").isNull();
            assertThat(it.json().at("/a/b/1").intValue()).isEqualTo(2);
            assertThat(it.json()).isSameAs(it.json());
        });
    }

    @Test
    void messageIsThePacketAsItCame() {
        String packet = " {\"opcode\" : \"look\"} ";
        look(packet, it -> {
            assertThat(it.message().isText()).isTrue();
            assertThat(it.message().text()).isEqualTo(packet);
            assertThat(it.message().bytes()).isEqualTo(Message.text(packet).bytes());
        });
    }

    @Test
    void readingTheTreeLeavesTheMessageWhole() {
        String packet = "{\"opcode\":\"look\",\"message\":\"hi\"}";
        look(packet, it -> {
            it.text("message");
            assertThat(it.message().text()).isEqualTo(packet);
        });
    }

    @Test
    void contentIsKeptOutOfLogs() {
        look(
                "{\"opcode\":\"look\",\"message\":\"secret\"}",
                it -> assertThat(it.toString()).doesNotContain("secret", "look"));
    }
}
