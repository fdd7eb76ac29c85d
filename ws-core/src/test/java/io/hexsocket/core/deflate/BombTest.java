package io.hexsocket.core.deflate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Compression;
import io.hexsocket.apps.message.MessageView;
import io.hexsocket.core.handshake.ExtensionOffer;
import io.hexsocket.core.protocol.MessageBuffers;
import io.hexsocket.core.protocol.MessageLimits;
import io.hexsocket.core.protocol.MessageReader;
import io.hexsocket.core.protocol.MessageSink;
import io.hexsocket.core.protocol.ProtocolViolation;
import io.hexsocket.core.testkit.ClientDeflate;
import io.hexsocket.core.testkit.ClientFrame;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A message that is much longer than it looks")
class BombTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int LIMIT = 5 * 1024 * 1024;
    private static final int SLACK = 64 * 1024;
    private static final byte[] BOMB = new ClientDeflate(false).deflate(new byte[64 * 1024 * 1024]);

    private final MessageBuffers buffers = new MessageBuffers();
    private final DeflateStreams streams = new DeflateStreams();
    private final Lengths lengths = new Lengths();

    private static final class Lengths implements MessageSink {
        int last = -1;

        @Override
        public boolean onMessage(MessageView message) {
            last = message.size();
            return true;
        }

        @Override
        public boolean onPing(ByteBuffer payload) {
            return true;
        }

        @Override
        public boolean onPong(ByteBuffer payload) {
            return true;
        }

        @Override
        public void onCloseFrame(CloseStatus status) {}
    }

    private MessageReader reader(int limit) {
        PerMessageDeflate deflate = PerMessageDeflate.negotiate(
                List.of(new ExtensionOffer("permessage-deflate", List.of())),
                Compression.ON,
                streams,
                new ContextBudget(0));
        return new MessageReader(buffers, new MessageLimits(limit, 1024, 32), deflate);
    }

    private void assertStopped(byte[] stream) {
        MessageReader reader = reader(LIMIT);
        ByteBuffer in = ByteBuffer.wrap(stream);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        ProtocolViolation violation = catchThrowableOfType(ProtocolViolation.class, () -> reader.read(in, lengths));
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertThat(violation.status().code()).isEqualTo(1009);
        assertThat(allocated).isLessThanOrEqualTo(LIMIT + SLACK);
        assertThat(buffers.takenBytes()).isLessThanOrEqualTo(LIMIT + SLACK);
        assertThat(lengths.last).isEqualTo(-1);
        reader.release();
        assertThat(buffers.takenBytes()).isZero();
        streams.close();
        assertThat(streams.live()).isZero();
    }

    @Test
    @DisplayName(
            "D1 is inflated to the limit and a byte, and takes no more memory than that, whatever would come: 1009")
    void bombInOneFrameIsInflatedToTheLimitAndNoFurther() {
        assertThat(BOMB).hasSizeLessThan(70_000);
        assertStopped(ClientFrame.binary(BOMB).rsv(0b100).bytes());
    }

    @Test
    @DisplayName("D2 the same over a hundred fragments")
    void bombInFragmentsIsInflatedToTheLimitAndNoFurther() {
        ClientFrame[] frames = ClientFrame.fragments(0x2, BOMB, BOMB.length / 99);
        frames[0] = frames[0].rsv(0b100);
        assertStopped(ClientFrame.join(frames));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4096, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 3_000_000, LIMIT})
    @DisplayName("D1 takes as much as has come out asks for, twice that at most")
    void memoryGrowsToTwiceWhatCameOutAtMost(int length) throws Exception {
        byte[] compressed = new ClientDeflate(false).deflate(new byte[length]);
        for (ClientFrame[] frames : List.of(
                new ClientFrame[] {ClientFrame.binary(compressed)},
                ClientFrame.fragments(0x2, compressed, 1 + compressed.length / 10))) {
            frames[0] = frames[0].rsv(0b100);
            MessageReader reader = reader(LIMIT);
            for (ClientFrame frame : frames) {
                reader.read(ByteBuffer.wrap(frame.bytes()), lengths);
                // zlib gives 1032 bytes for one at most
                assertThat(buffers.takenBytes()).isLessThanOrEqualTo(Math.max(4096, 2L * length));
            }
            assertThat(lengths.last).isEqualTo(length);
            assertThat(buffers.takenBytes()).isZero();
            reader.release();
        }
    }

    @Test
    @DisplayName("that is short and honest costs no memory but its view, once the loop has what it needs")
    void shortHonestMessageCostsNoMemoryButItsView() throws Exception {
        MessageReader reader = reader(LIMIT);
        byte[] frame = new ClientDeflate(false).frame(0x2, new byte[3000]).bytes();
        ByteBuffer in = ByteBuffer.allocateDirect(frame.length);
        PerMessageDeflate deflate = reader.deflate();
        ByteBuffer payload = ByteBuffer.allocateDirect(3000);
        long allocated = 0;
        for (int i = 0; i < 2000; i++) {
            in.clear().put(frame).flip();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            reader.read(in, lengths);
            deflate.deflate(payload.clear());
            if (i >= 1000) {
                allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
            }
        }
        assertThat(lengths.last).isEqualTo(3000);
        // the duplicate of the tail's six bytes, and the message's view
        assertThat(allocated / 1000).isLessThanOrEqualTo(64 + 32);
        reader.release();
    }
}
