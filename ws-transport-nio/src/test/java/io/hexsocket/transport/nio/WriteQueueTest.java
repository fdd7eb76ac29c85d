package io.hexsocket.transport.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.core.port.transport.SharedBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WriteQueueTest {

    private FakeChannel channel = new FakeChannel(new FakeSelector.Provider(), 1);

    @Test
    void everythingLeavesInOrderAndWhatIsSharedIsLetGoAsSoonAsItIsOut() throws IOException {
        for (int seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            WriteQueue queue = new WriteQueue(new Chunks());
            channel = new FakeChannel(new FakeSelector.Provider(), 1);
            ByteLog written = new ByteLog();
            List<SharedBytes> shared = new ArrayList<>();
            List<Integer> ends = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                byte[] bytes = new byte[random.nextInt(random.nextInt(5) == 0 ? 100_000 : 2000)];
                random.nextBytes(bytes);
                if (random.nextInt(3) == 0 && bytes.length > 0) {
                    SharedBytes one = new SharedBytes(
                            random.nextBoolean()
                                    ? ByteBuffer.wrap(bytes)
                                    : ByteBuffer.allocateDirect(bytes.length).put(0, bytes));
                    queue.append(one);
                    assertThat(one.isHeld()).isTrue();
                    shared.add(one);
                    ends.add(written.size() + bytes.length);
                } else {
                    ByteBuffer buffer = ByteBuffer.wrap(bytes);
                    queue.append(buffer);
                    assertThat(buffer.hasRemaining()).isFalse();
                }
                written.writeBytes(bytes);
                int before = channel.sent.size();
                channel.room = random.nextInt(30_000);
                assertThat(queue.writeTo(channel)).isEqualTo(channel.sent.size() - before);
                for (int j = 0; j < shared.size(); j++) {
                    assertThat(shared.get(j).isHeld()).isEqualTo(ends.get(j) > channel.sent.size());
                }
                assertThat(queue.isEmpty()).isEqualTo(written.size() == channel.sent.size());
            }
            channel.room = Integer.MAX_VALUE;
            queue.writeTo(channel);
            assertThat(queue.isEmpty()).isTrue();
            assertThat(channel.sent.size()).isEqualTo(written.size());
            assertThat(channel.sent.mismatch(written)).as("seed %d", seed).isEqualTo(-1);
            assertThat(channel.longestFromHeap).isLessThanOrEqualTo(64 * 1024);
        }
    }

    @Test
    void clearLetsGoOfEverything() throws IOException {
        Chunks chunks = new Chunks();
        WriteQueue queue = new WriteQueue(chunks);
        SharedBytes shared = new SharedBytes(ByteBuffer.allocate(100));
        queue.append(ByteBuffer.allocate(40_000));
        queue.append(shared);
        queue.append(shared);
        channel.room = 33_000;
        queue.writeTo(channel);
        queue.clear();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(shared.isHeld()).isFalse();
    }

    @Test
    void failureLeavesEverythingToBeCleared() {
        WriteQueue queue = new WriteQueue(new Chunks());
        SharedBytes shared = new SharedBytes(ByteBuffer.allocate(100_000));
        queue.append(shared);
        queue.append(ByteBuffer.allocate(10));
        channel.failure = new IOException("lost");
        assertThatThrownBy(() -> queue.writeTo(channel)).isSameAs(channel.failure);
        assertThat(shared.isHeld()).isTrue();
        queue.clear();
        assertThat(shared.isHeld()).isFalse();
    }
}
