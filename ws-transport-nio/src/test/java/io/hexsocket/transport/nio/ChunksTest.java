package io.hexsocket.transport.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChunksTest {

    private final Chunks chunks = new Chunks();

    @Test
    void chunkComesBackEmptyAndWhole() {
        ByteBuffer first = chunks.take();
        assertThat(first.isDirect()).isTrue();
        first.position(5).limit(7);
        chunks.release(first);
        ByteBuffer second = chunks.take();
        assertThat(second).isSameAs(first);
        assertThat(second.position()).isZero();
        assertThat(second.limit()).isEqualTo(Chunks.BYTES);
    }

    @Test
    void memoryOutsideTheHeapHasABoundAndWhatIsBeyondItIsNotKept() {
        List<ByteBuffer> taken = Stream.generate(chunks::take).limit(2000).toList();
        long direct = taken.stream().filter(ByteBuffer::isDirect).count();
        assertThat(direct).isBetween(64L, 1024L);
        Set<ByteBuffer> different = Collections.newSetFromMap(new IdentityHashMap<>());
        different.addAll(taken);
        assertThat(different).as("never handed out twice").hasSize(2000);

        taken.forEach(chunks::release);
        List<ByteBuffer> again = Stream.generate(chunks::take).limit(2000).toList();
        assertThat(again.stream().filter(ByteBuffer::isDirect).count())
                .as("those that were given up may be made anew")
                .isEqualTo(direct);
        long kept = again.stream().filter(different::contains).count();
        assertThat(kept).isBetween(1L, 128L);
    }
}
