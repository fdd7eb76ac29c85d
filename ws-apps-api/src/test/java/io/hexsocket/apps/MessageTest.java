package io.hexsocket.apps;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that an app makes. */
class MessageTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "ü€😀", "\u0000\uFEFF\uFFFE\uDBFF\uDFFF"})
    void textIsItsUtf8(String text) {
        for (Message message :
                new Message[] {Message.text(text), Message.utf8(ByteBuffer.wrap(text.getBytes(UTF_8)))}) {
            assertThat(message.isText()).isTrue();
            assertThat(message.text()).isEqualTo(text);
            assertThat(message.bytes()).isEqualTo(ByteBuffer.wrap(text.getBytes(UTF_8)));
            assertThat(message.size()).isEqualTo(text.getBytes(UTF_8).length);
            assertThat(message.copy()).isSameAs(message);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "\udc00", "x\ud83d", "\ud83dx", "\ude00\ud83d"})
    @DisplayName("U7 text with half of a surrogate pair is refused instead of becoming a question mark")
    void loneSurrogateIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Message.text(text))
                .withMessageContaining("surrogate");
    }

    @Test
    @DisplayName("U7 bytes that are not UTF-8 make no text")
    void invalidUtf8IsRefused() {
        for (int[] bytes :
                new int[][] {{0x80}, {0xC0, 0x80}, {0xED, 0xA0, 0x80}, {0xF4, 0x90, 0x80, 0x80}, {0xC3}, {0xFF}}) {
            ByteBuffer buffer = ByteBuffer.allocate(bytes.length);
            for (int b : bytes) {
                buffer.put((byte) b);
            }
            assertThatIllegalArgumentException().isThrownBy(() -> Message.utf8(buffer.flip()));
        }
    }

    @Test
    void binaryIsWhatItIs() {
        byte[] bytes = {0, (byte) 0xFF, (byte) 0xC0, 7};
        Message message = Message.binary(bytes);

        assertThat(message.isText()).isFalse();
        assertThat(message.size()).isEqualTo(4);
        assertThat(message.bytes()).isEqualTo(ByteBuffer.wrap(bytes));
        assertThatIllegalStateException().isThrownBy(message::text);
    }

    @Test
    @DisplayName("A12 what happens to the caller's bytes afterwards does not reach the message")
    void messageOwnsItsBytes() {
        byte[] bytes = "hello".getBytes(UTF_8);
        Message ofArray = Message.binary(bytes);
        Message ofBuffer = Message.binary(ByteBuffer.wrap(bytes));
        Message ofText = Message.utf8(ByteBuffer.wrap(bytes));
        Arrays.fill(bytes, (byte) 0);

        for (Message message : new Message[] {ofArray, ofBuffer, ofText}) {
            assertThat(message.bytes()).isEqualTo(ByteBuffer.wrap("hello".getBytes(UTF_8)));
        }
    }

    @Test
    void bufferIsTakenFromPositionToLimitAndLeftAsItIs() {
        ByteBuffer buffer =
                ByteBuffer.wrap("..hello..".getBytes(UTF_8)).position(2).limit(7);

        assertThat(Message.utf8(buffer).text()).isEqualTo("hello");
        assertThat(Message.binary(buffer).size()).isEqualTo(5);
        assertThat(buffer.position()).isEqualTo(2);
        assertThat(buffer.limit()).isEqualTo(7);
    }

    @Test
    void bytesCanBeReadAgainAndNotBeWritten() {
        Message message = Message.text("hello");
        ByteBuffer bytes = message.bytes();
        bytes.get(new byte[5]);

        assertThat(message.bytes().remaining()).isEqualTo(5);
        assertThatThrownBy(() -> message.bytes().put(0, (byte) 'j')).isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void payloadIsKeptOutOfLogs() {
        assertThat(Message.text("secret")).hasToString("text message of 6 bytes");
        assertThat(Message.binary(new byte[3])).hasToString("binary message of 3 bytes");
    }
}
