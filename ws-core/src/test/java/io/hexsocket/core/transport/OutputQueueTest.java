package io.hexsocket.core.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.core.port.transport.SharedBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutputQueueTest {

    private FakeWire wire = new FakeWire();

    @Test
    void everythingLeavesInOrderAndWhatIsSharedIsLetGoAsSoonAsItIsOut() throws IOException {
        for (int seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            OutputQueue queue = new OutputQueue(new Chunks());
            wire = new FakeWire();
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
                int before = wire.sent.size();
                wire.room = random.nextInt(30_000);
                assertThat(queue.writeTo(wire)).isEqualTo(wire.sent.size() - before);
                for (int j = 0; j < shared.size(); j++) {
                    assertThat(shared.get(j).isHeld()).isEqualTo(ends.get(j) > wire.sent.size());
                }
                assertThat(queue.isEmpty()).isEqualTo(written.size() == wire.sent.size());
            }
            wire.room = Integer.MAX_VALUE;
            queue.writeTo(wire);
            assertThat(queue.isEmpty()).isTrue();
            assertThat(wire.sent.size()).isEqualTo(written.size());
            assertThat(wire.sent.mismatch(written)).as("seed %d", seed).isEqualTo(-1);
        }
    }

    @Test
    void clearLetsGoOfEverything() throws IOException {
        Chunks chunks = new Chunks();
        OutputQueue queue = new OutputQueue(chunks);
        SharedBytes shared = new SharedBytes(ByteBuffer.allocate(100));
        queue.append(ByteBuffer.allocate(40_000));
        queue.append(shared);
        queue.append(shared);
        wire.room = 33_000;
        queue.writeTo(wire);
        queue.clear();
        assertThat(queue.isEmpty()).isTrue();
        assertThat(shared.isHeld()).isFalse();
    }

    @Test
    void failureLeavesEverythingToBeCleared() {
        OutputQueue queue = new OutputQueue(new Chunks());
        SharedBytes shared = new SharedBytes(ByteBuffer.allocate(100_000));
        queue.append(shared);
        queue.append(ByteBuffer.allocate(10));
        wire.failure = new IOException("lost");
        assertThatThrownBy(() -> queue.writeTo(wire)).isSameAs(wire.failure);
        assertThat(shared.isHeld()).isTrue();
        queue.clear();
        assertThat(shared.isHeld()).isFalse();
    }
}
