package io.hexsocket.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.message.MessageView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageReadersTest {

    private static final MessageLimits SHORT = new MessageLimits(4, 16, 1);
    private static final MessageLimits LONG = new MessageLimits(64, 16, 1);

    private final MessageReaders readers = new MessageReaders(new MessageBuffers());
    private final Sizes sizes = new Sizes();

    @Test
    void m20MessageOfUnknownLengthGrowsInPiecesThatG1CanMove() {
        MessageBuffers onTheHeap = new MessageBuffers(0);
        int all = 8 * 1024 * 1024;
        MessageBuffer last = null;
        for (int size = 0; size < all; size = last.sizeBefore() + last.size) {
            last = onTheHeap.extend(last, all);
            last.size = Math.min(last.capacity(), all - last.sizeBefore());
            assertThat(last.capacity()).isLessThan(256 * 1024);
        }
        assertThat(onTheHeap.takenBytes()).isBetween((long) all, all + 256 * 1024L);
        MessageBuffer whole = onTheHeap.join(last);
        assertThat(whole.size).isEqualTo(all);
        onTheHeap.release(whole);
        assertThat(onTheHeap.takenBytes()).isZero();
    }

    @Test
    void readerThatWasGivenBackIsTheNext() throws Exception {
        MessageReader reader = readers.take(LONG);
        reader.read(frame("hello"), sizes);

        readers.giveBack(reader);

        assertThat(readers.take(LONG)).isSameAs(reader);
        assertThat(readers.take(LONG)).isNotSameAs(reader);
    }

    @Test
    void eachHasTheLimitsOfWhoReads() throws Exception {
        MessageReader reader = readers.take(LONG);
        reader.read(frame("hello"), sizes);
        readers.giveBack(reader);

        MessageReader again = readers.take(SHORT);

        assertThat(again).isSameAs(reader);
        assertThatThrownBy(() -> again.read(frame("hello"), sizes))
                .isInstanceOfSatisfying(
                        ProtocolViolation.class,
                        violation -> assertThat(violation.status().code()).isEqualTo(1009));
        assertThat(sizes.all).containsExactly(5);
    }

    @Test
    void readerInsideAFrameIsNotForOthers() throws Exception {
        MessageReader reader = readers.take(LONG);
        reader.read(frame("hello").limit(3), sizes);

        assertThatThrownBy(() -> readers.giveBack(reader)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readerInsideAMessageIsNotForOthers() throws Exception {
        MessageReader reader = readers.take(LONG);
        ByteBuffer first = frame("hello");
        first.put(0, (byte) Opcode.TEXT);
        reader.read(first, sizes);

        assertThat(reader.isInsideFrame()).isFalse();
        assertThatThrownBy(() -> readers.giveBack(reader)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readerThatIsDoneIsNotForOthers() {
        MessageReader reader = readers.take(LONG);
        reader.release();

        assertThatThrownBy(() -> readers.giveBack(reader)).isInstanceOf(IllegalStateException.class);
    }

    /** A whole text frame, masked with zeros. */
    private static ByteBuffer frame(String ascii) {
        ByteBuffer frame = ByteBuffer.allocate(6 + ascii.length());
        frame.put((byte) (0x80 | Opcode.TEXT))
                .put((byte) (0x80 | ascii.length()))
                .putInt(0);
        for (char letter : ascii.toCharArray()) {
            frame.put((byte) letter);
        }
        return frame.flip();
    }

    private static final class Sizes implements MessageSink {

        final List<Integer> all = new ArrayList<>();

        @Override
        public boolean onMessage(MessageView message) {
            all.add(message.size());
            return true;
        }

        @Override
        public boolean onPing(ByteBuffer payload) {
            throw new AssertionError("a ping");
        }

        @Override
        public boolean onPong(ByteBuffer payload) {
            throw new AssertionError("a pong");
        }

        @Override
        public void onCloseFrame(CloseStatus status) {
            throw new AssertionError("a close frame");
        }
    }
}
